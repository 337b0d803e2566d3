package tasks_test

import (
	"errors"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/tasks"
)

func (w *world) meeting() *core.Record {
	return w.Make("meetings", "programme", w.Kopi.Id, "title", "Rapat", "kind", "coordination", "status", "held",
		"starts_at", "2026-11-20 02:00:00.000Z", "time_zone", "Asia/Jakarta", "mode", "in_person")
}

func TestALineOfMinutesBecomesOneTaskHoweverOftenItIsSaved(t *testing.T) {
	w := newWorld(t)
	meeting := w.meeting()
	cause := access.Sign(w.Fresh(meeting), w.Coordinator, access.ViaPage)
	draft := tasks.Draft{Programme: w.Kopi.Id, Title: "Jadwal home visit", Organisation: w.Puskesmas.Id,
		DueOn: "2026-12-10", Meeting: meeting.Id, SourceKey: "baris-1"}
	made, err := tasks.New(w.App, draft, cause)
	if err != nil {
		t.Fatal(err)
	}
	if made.GetString("accountable") != w.Coordinator.Id || made.GetString("due_on") != "2026-12-10" || made.GetString("source_key") != "baris-1" {
		t.Errorf("made %s for %s", made.GetString("source_key"), made.GetString("accountable"))
	}
	draft.Title = "Jadwal home visit, diubah"
	again, err := tasks.New(w.App, draft, cause)
	if err != nil || again.Id != made.Id || again.GetString("title") != "Jadwal home visit" {
		t.Errorf("the same line again made %s, %v", again.GetString("title"), err)
	}
	draft.SourceKey = "baris-2"
	other, err := tasks.New(w.App, draft, cause)
	if err != nil || other.Id == made.Id {
		t.Errorf("another line made no task of its own: %v", err)
	}
	trace := w.Only("activity", "record", made.Id)
	if trace.GetString("actor") != w.Coordinator.Id || trace.GetString("via") != access.ViaPage {
		t.Errorf("made by %s via %s", trace.GetString("actor"), trace.GetString("via"))
	}
}

func TestATaskOfALineDiesWithItsTransaction(t *testing.T) {
	w := newWorld(t)
	meeting, before := w.meeting(), w.Count("tasks")
	undone := errors.New("undone")
	err := w.App.RunInTransaction(func(tx core.App) error {
		draft := tasks.Draft{Programme: w.Kopi.Id, Title: "Jadwal", Organisation: w.Puskesmas.Id, Meeting: meeting.Id, SourceKey: "baris-1"}
		if _, err := tasks.New(tx, draft, meeting); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) || w.Count("tasks") != before {
		t.Errorf("%v, %d tasks left behind", err, w.Count("tasks")-before)
	}
}

func TestALineThatCannotBeATaskSaysWhy(t *testing.T) {
	w := newWorld(t)
	meeting := w.meeting()
	for field, draft := range map[string]tasks.Draft{
		"organisation": {Programme: w.Kopi.Id, Title: "Jadwal", Organisation: w.Bali.Id},
		"meeting":      {Programme: w.Rantang.Id, Title: "Jadwal", Organisation: w.Bali.Id},
		"title":        {Programme: w.Kopi.Id, Organisation: w.Puskesmas.Id},
	} {
		draft.Meeting, draft.SourceKey = meeting.Id, "baris-"+field
		if _, err := tasks.New(w.App, draft, meeting); fieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}
