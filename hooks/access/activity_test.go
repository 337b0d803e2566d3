package access_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestEveryWayOfChangingLeavesOneSignedEntry(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	ways := []struct {
		via   string
		actor *core.Record
		to    string
		write func(to string)
	}{
		{access.ViaPage, w.Initiator, "in_progress", func(to string) {
			w.As(w.Initiator).Post("/tasks/"+r.Id+"/state", "state", to).Want(http.StatusSeeOther)
		}},
		{access.ViaAPI, w.Partner, "waiting", func(to string) {
			if status := patch(w, w.Partner, r, fields{"state": to}); status != http.StatusOK {
				t.Fatalf("status %d", status)
			}
		}},
		{access.ViaAdmin, w.Administrator, "in_progress", func(to string) {
			if status := patch(w, w.Administrator, r, fields{"state": to}); status != http.StatusOK {
				t.Fatalf("status %d", status)
			}
		}},
		{access.ViaJob, nil, "waiting", func(to string) {
			row := w.Fresh(r)
			row.Set("state", to)
			check.NoError(t, w.App.Save(row))
		}},
	}
	before := "todo"
	for i, way := range ways {
		way.write(way.to)
		entry := newest(w, r.Id, i+2) // the first is the creation
		actor := ""
		if way.actor != nil {
			actor = way.actor.Id
		}
		got := []string{entry.GetString("via"), entry.GetString("actor"), entry.GetString("programme"), entry.GetString("collection"), entry.GetString("action")}
		check.Same(t, way.via, got, []string{way.via, actor, w.Kopi.Id, "tasks", "update"})
		check.Same(t, way.via+": state", changesOf(w, entry)["state"], []string{before, way.to})
		before = way.to
	}
}

func TestCreationAndDeletionLeaveOneEntryEach(t *testing.T) {
	w := testkit.New(t)
	made := w.As(w.Initiator).API(http.MethodPost, records("stages"), fields{"programme": w.Kopi.Id, "position": 1, "name": "Asesmen"}).Want(http.StatusOK)
	id := made.JSON()["id"].(string)
	entry := newest(w, id, 1)
	if entry.GetString("action") != "create" || entry.GetString("actor") != w.Initiator.Id {
		t.Errorf("creation is told as %s by %q", entry.GetString("action"), entry.GetString("actor"))
	}
	check.Same(t, "creation", changesOf(w, entry), map[string][]string{"position": {"0", "1"}})
	w.As(w.Initiator).API(http.MethodDelete, records("stages")+"/"+id, nil).Want(http.StatusNoContent)
	entry = newest(w, id, 2)
	if entry.GetString("action") != "delete" || entry.GetString("programme") != w.Kopi.Id || len(changesOf(w, entry)) != 0 {
		t.Errorf("deletion is told as %s in %q with %s", entry.GetString("action"), entry.GetString("programme"), entry.GetString("changes"))
	}
}

func TestWhatDidNotHappenLeavesNoEntry(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	undone := errors.New("undone")
	attempts := map[string]func(){
		"refused over the API": func() { patch(w, w.Observer, r, fields{"state": "done"}) },
		"refused at the door":  func() { _ = change(w, at(w, w.Observer), r, "done") },
		"refused page":         func() { w.As(w.OtherPartner).Post("/tasks/"+r.Id+"/state", "state", "done") },
		"not a state":          func() { patch(w, w.Initiator, r, fields{"state": "lost"}) },
		"the same once more":   func() { patch(w, w.Initiator, r, fields{"state": "todo"}) },
		"creation refused": func() {
			w.As(w.Partner).API(http.MethodPost, records("stages"), fields{"programme": w.Kopi.Id, "position": 1, "name": "x"})
		},
		"deletion refused":       func() { w.As(w.Partner).API(http.MethodDelete, records("tasks")+"/"+r.Id, nil) },
		"transaction taken back": func() { takeBack(w, r, undone) },
	}
	before := w.Count("activity")
	for name, attempt := range attempts {
		attempt()
		if n := w.Count("activity"); n != before {
			t.Errorf("%s left %d entries", name, n-before)
			before = n
		}
	}
	check.Equal(t, "the task", w.Fresh(r).GetString("state"), "todo")
}

func change(w *testkit.World, d *access.Scope, r *core.Record, state string) error {
	row := w.Fresh(r)
	row.Set("state", state)
	return d.Update(row)
}

func takeBack(w *testkit.World, r *core.Record, why error) {
	err := at(w, w.Initiator).InTransaction(func(d *access.Scope) error {
		if err := change(w, d, r, "done"); err != nil {
			return err
		}
		return why
	})
	if !errors.Is(err, why) {
		w.Fatal(err)
	}
}

func TestAnEntryNamesTypedTextWithoutItsWords(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	if status := patch(w, w.Initiator, r, fields{"title": "Ibu Siti di Jalan Melati", "details": "Rumah ketiga", "urgency": "urgent"}); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	want := map[string][]string{"title": nil, "details": nil, "urgency": {"normal", "urgent"}}
	check.Same(t, "changes", changesOf(w, newest(w, r.Id, 2)), want)
}

func TestANewPasswordAndEndedSessionsAreNamed(t *testing.T) {
	w := testkit.New(t)
	before := len(entries(w, w.Partner.Id))
	r := w.Fresh(w.Partner)
	r.SetPassword("kata-sandi-yang-lain")
	check.NoError(t, w.App.Save(r))
	want := map[string][]string{"password": nil, "tokenKey": nil}
	check.Same(t, "changes", changesOf(w, newest(w, r.Id, before+1)), want)
	w.As(r).Post("/me/sign-out-everywhere").Want(http.StatusSeeOther)
	entry := newest(w, r.Id, before+2)
	if entry.GetString("actor") != r.Id || entry.GetString("via") != access.ViaPage {
		t.Errorf("told as %s by %q", entry.GetString("via"), entry.GetString("actor"))
	}
}
