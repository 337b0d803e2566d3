package demo

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

func TestLoadBringsEverythingTheFilesHold(t *testing.T) {
	app := loadedApp(t)
	for collection, want := range map[string]int64{
		"programmes": 12, "organisations": 34, "users": 6, core.CollectionNameSuperusers: 1,
		"stages": 11, "stakeholders": 50, "indicators": 23, "contributions": 14, "meetings": 11, "minutes": 1, "tasks": 11,
	} {
		if got := count(t, app, collection); got != want {
			t.Errorf("%s: %d, want %d", collection, got, want)
		}
	}
	if marked := count(t, app, "programmes", dbx.HashExp{"example": true}); marked != 12 {
		t.Errorf("%d programmes are marked as examples", marked)
	}
	if marked := count(t, app, "organisations", dbx.HashExp{"example": true}); marked != 34 {
		t.Errorf("%d organisations are marked as examples", marked)
	}
}

func TestLoadingTwiceChangesNothing(t *testing.T) {
	app := loadedApp(t)
	task := find(t, app, "tasks", "skrining")
	task.Set("title", "Judul dari pemakai")
	must(t, app.Save(task))
	before := rows(t, app)
	must(t, Load(app, loadDay.Add(48*time.Hour)))
	if after := rows(t, app); !maps.Equal(before, after) {
		t.Errorf("rows before %v, after %v", before, after)
	}
	if got := find(t, app, "tasks", "skrining").GetString("title"); got != "Judul dari pemakai" {
		t.Errorf("loading again overwrote a title: %s", got)
	}
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
	if after := rows(t, app); !maps.Equal(before, after) {
		t.Errorf("rows before %v, after %v", before, after)
	}
}
