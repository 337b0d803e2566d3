package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

func TestLoadBringsEverythingTheFilesHold(t *testing.T) {
	app := loadedApp(t)
	for collection, want := range map[string]int64{
		"programmes": 12, "organisations": 34, "users": 6, core.CollectionNameSuperusers: 1,
		"stages": 11, "stakeholders": 50, "indicators": 23, "contributions": 14, "meetings": 11, "minutes": 1, "tasks": 11,
	} {
		check.Equal(t, collection, count(t, app, collection), want)
	}
	check.Equal(t, "count", count(t, app, "programmes", dbx.HashExp{"example": true}), 12)
	check.Equal(t, "count", count(t, app, "organisations", dbx.HashExp{"example": true}), 34)
}

func TestLoadingTwiceChangesNothing(t *testing.T) {
	app := loadedApp(t)
	task := find(t, app, "tasks", "skrining")
	task.Set("title", "Judul dari pemakai")
	must(t, app.Save(task))
	before := rows(t, app)
	must(t, Load(app, loadDay.Add(48*time.Hour)))
	check.Same(t, "rows before", before, rows(t, app))
	check.Equal(t, "loading again overwrote a title", find(t, app, "tasks", "skrining").GetString("title"), "Judul dari pemakai")
}

func TestOneRefusedRecordLeavesTheHubEmpty(t *testing.T) {
	app := newApp(t)
	before := rows(t, app)
	app.OnRecordCreate("contributions").BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("item") == "Paket makanan" {
			return errRefused
		}
		return e.Next()
	})
	if err := Load(app, loadDay); err == nil || !strings.Contains(err.Error(), "baru-rantang") {
		t.Errorf("the error should name the record, got %v", err)
	}
	check.Same(t, "rows before", before, rows(t, app))
}
