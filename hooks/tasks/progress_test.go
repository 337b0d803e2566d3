package tasks_test

import (
	"testing"

	"simpul/hooks/access"
	"simpul/hooks/tasks"
)

func TestAnAnswerIsForgottenWhenTheQuestionChanges(t *testing.T) {
	w := newWorld(t)
	contact := w.Only("contacts", "organisation", w.Puskesmas.Id)
	for _, c := range []struct {
		name            string
		reply           string
		change          []any
		reply2, contact string
	}{
		{"another title", "more_time", []any{"title", "Judul baru"}, "more_time", contact.Id},
		{"more time was given", "more_time", []any{"due_on", "2026-12-24"}, "", contact.Id},
		{"it had accepted", "accepted", []any{"due_on", "2026-12-24"}, "accepted", contact.Id},
		{"another organisation", "accepted", []any{"organisation", w.Forum.Id}, "", ""},
		{"both at once", "accepted", []any{"organisation", w.Forum.Id, "reply", "more_time"}, "more_time", ""},
	} {
		task := w.Fresh(w.add("due_on", "2026-12-10", "reply", c.reply, "assignee", contact.Id))
		set(task, c.change...)
		if c.name == "both at once" {
			task.Set("assignee", "")
		}
		if err := w.App.Save(task); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if task = w.Fresh(task); task.GetString("reply") != c.reply2 || task.GetString("assignee") != c.contact {
			t.Errorf("%s: reply %q, contact %q", c.name, task.GetString("reply"), task.GetString("assignee"))
		}
	}
}

func TestNobodyTypesWhoDidItAndWhen(t *testing.T) {
	w := newWorld(t)
	task, err := w.try(w.Administrator, "state", "todo", "done_at", "2020-01-01 00:00:00.000Z", "done_by", w.Partner.Id)
	if err != nil || task.GetString("done_by") != "" || !task.GetDateTime("done_at").IsZero() {
		t.Errorf("an open task was done by %s at %s, %v", task.GetString("done_by"), task.GetDateTime("done_at"), err)
	}
	task, err = w.try(w.Coordinator, "state", "done", "done_at", "2020-01-01 00:00:00.000Z", "done_by", w.Partner.Id)
	if err != nil || task.GetString("done_by") != w.Coordinator.Id || task.GetDateTime("done_at").Time().Year() != 2026 {
		t.Errorf("done by %s at %s, %v", task.GetString("done_by"), task.GetDateTime("done_at"), err)
	}
	task = w.Fresh(task)
	task.Set("done_by", w.Partner.Id)
	if err := w.App.Save(access.Sign(task, w.Administrator, access.ViaAdmin)); err != nil || w.Fresh(task).GetString("done_by") != w.Coordinator.Id {
		t.Errorf("rewritten: %v", err)
	}
	// The hub brings its own history along when it loads one.
	kept := w.add("state", "done", "done_at", "2026-11-01 03:00:00.000Z", "done_by", w.Coordinator.Id)
	if kept.GetDateTime("done_at").String() != "2026-11-01 03:00:00.000Z" || kept.GetString("done_by") != w.Coordinator.Id {
		t.Errorf("loaded as done by %s at %s", kept.GetString("done_by"), kept.GetDateTime("done_at"))
	}
}

func TestATaskKnowsHowItStands(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		state, due, today string
		late              int
		open              bool
	}{
		{"todo", "2026-11-26", "2026-11-26", 0, true},
		{"todo", "2026-11-26", "2026-11-27", 1, true},
		{"waiting", "2026-11-26", "2026-12-26", 30, true},
		{"done", "2026-11-26", "2026-12-26", 0, false},
		{"cancelled", "2026-11-26", "2026-12-26", 0, false},
		{"in_progress", "", "2026-12-26", 0, true},
	} {
		task := tasks.Wrap(w.Fresh(w.task))
		task.Set("state", c.state)
		task.Set("due_on", c.due)
		if task.Late(c.today) != c.late || task.Open() != c.open || task.Done() != (c.state == "done") {
			t.Errorf("%+v: late %d, open %v", c, task.Late(c.today), task.Open())
		}
	}
}
