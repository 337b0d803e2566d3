package access_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

func TestRecordActivity_EveryEntrance_OneSignedEntry(t *testing.T) {
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

func TestRecordActivity_CreateAndDelete_OneEntryEach(t *testing.T) {
	w := testkit.New(t)
	made := w.As(w.Initiator).API(http.MethodPost, records("stages"), fields{"programme": w.Kopi.Id, "position": 1, "name": "Asesmen"}).Want(http.StatusOK)
	id := made.JSON()["id"].(string)
	entry := newest(w, id, 1)
	check.Same(t, "creation is told", []string{entry.GetString("action"), entry.GetString("actor")}, []string{"create", w.Initiator.Id})
	check.Same(t, "creation", changesOf(w, entry), map[string][]string{"position": {"0", "1"}})
	w.As(w.Initiator).API(http.MethodDelete, records("stages")+"/"+id, nil).Want(http.StatusNoContent)
	entry = newest(w, id, 2)
	if entry.GetString("action") != "delete" || entry.GetString("programme") != w.Kopi.Id || len(changesOf(w, entry)) != 0 {
		t.Errorf("deletion is told as %s in %q with %s", entry.GetString("action"), entry.GetString("programme"), entry.GetString("changes"))
	}
}

func TestRecordActivity_FailedSave_NoEntry(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	undone := errors.New("undone")
	attempts := map[string]func(){
		"refused over the API": func() { patch(w, w.Observer, r, fields{"state": "done"}) },
		"refused by the scope": func() { _ = change(w, at(w, w.Observer), r, "done") },
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

func TestRecordActivity_TypedText_NamedWithoutContent(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	if status := patch(w, w.Initiator, r, fields{"title": "Ibu Siti di Jalan Melati", "details": "Rumah ketiga", "urgency": "urgent"}); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	want := map[string][]string{"title": nil, "details": nil, "urgency": {"normal", "urgent"}}
	check.Same(t, "changes", changesOf(w, newest(w, r.Id, 2)), want)
}

func TestRecordActivity_PasswordAndSessions_Named(t *testing.T) {
	w := testkit.New(t)
	before := len(entries(w, w.Partner.Id))
	r := w.Fresh(w.Partner)
	r.SetPassword("kata-sandi-yang-lain")
	check.NoError(t, w.App.Save(r))
	want := map[string][]string{"password": nil, "tokenKey": nil}
	check.Same(t, "changes", changesOf(w, newest(w, r.Id, before+1)), want)
	w.As(r).Post("/me/sign-out-everywhere").Want(http.StatusSeeOther)
	entry := newest(w, r.Id, before+2)
	check.Same(t, "told", []string{entry.GetString("actor"), entry.GetString("via")}, []string{r.Id, access.ViaPage})
}

// publicNames are the only typed words that the activity keeps.
var publicNames = []string{"hub_settings.hub_name", "organisations.name", "programmes.name", "programmes.slug"}

// TestRecordActivity_AllFields_KeepNoTypedWords types a marker into every text of every
// collection and looks for it in the activity.
func TestRecordActivity_AllFields_KeepNoTypedWords(t *testing.T) {
	w := testkit.New(t)
	typedInto, seen := 0, []string{}
	for _, f := range oneOfEach(w) {
		c := f.record.Collection()
		for _, field := range c.Fields {
			name := c.Name + "." + field.GetName()
			if c.Name == "activity" || !holdsWords(field) || !typeInto(w, f.record, field) {
				continue
			}
			typedInto++
			if told(w, f.record.Id, field.GetName()) {
				seen = append(seen, name)
			}
		}
	}
	slices.Sort(seen)
	check.Same(t, "fields whose words are kept", seen, publicNames)
	check.That(t, typedInto >= 60, "only %d fields took the marker", typedInto)
}

// oneOfEach is one stored record of every collection that is no view.
func oneOfEach(w *testkit.World) []fixture {
	out, seen := []fixture{}, map[string]bool{}
	for _, f := range fixtures(w) {
		c := f.record.Collection()
		if !seen[c.Name] && !c.IsView() {
			seen[c.Name] = true
			out = append(out, f)
		}
	}
	return out
}

const marker = "penanda"

func holdsWords(f core.Field) bool {
	switch f.Type() {
	case core.FieldTypeText, core.FieldTypeEditor, core.FieldTypeEmail, core.FieldTypeURL:
		return f.GetName() != core.FieldNameId
	}
	return false
}

// typeInto saves a record with the marker in one field, if it takes it.
func typeInto(w *testkit.World, r *core.Record, f core.Field) bool {
	row := w.Fresh(r)
	value := marker
	switch f.Type() {
	case core.FieldTypeEmail:
		value = marker + "@example.org"
	case core.FieldTypeURL:
		value = "https://example.org/" + marker
	}
	row.Set(f.GetName(), value)
	return w.App.Save(row) == nil
}

// told reports whether an entry about the record holds the marker for the field.
func told(w *testkit.World, id, field string) bool {
	return slices.ContainsFunc(entries(w, id), func(e *core.Record) bool {
		return strings.Contains(strings.Join(changesOf(w, e)[field], " "), marker)
	})
}

func broken(t *testing.T, app core.App) string {
	t.Helper()
	id := check.Must(access.VerifyActivity(app))
	return id
}

func TestVerifyActivity_Untouched_ChainHolds(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	for _, state := range []string{"in_progress", "waiting", "done"} {
		if status := patch(w, w.Initiator, r, fields{"state": state}); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
	}
	check.Equal(t, "an untouched chain is said to break", broken(t, w.App), "")
}

func TestVerifyActivity_Tampered_NamesTheEntry(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	patch(w, w.Initiator, r, fields{"state": "in_progress"})
	row := newest(w, r.Id, 2)
	patch(w, w.Initiator, r, fields{"state": "done"})
	next := newest(w, r.Id, 3)

	for _, column := range []string{"actor", "on_behalf_of", "via", "programme", "collection", "record", "action", "changes", "created", "hash", "previous_hash"} {
		found := tampered(t, w.App, func(tx core.App) *dbx.Query {
			return tx.DB().Update("activity", dbx.Params{column: "lain"}, idIs(row.Id))
		})
		check.That(t, found == row.Id, "another %s is found at %q, want %q", column, found, row.Id)
	}
	removed := tampered(t, w.App, func(tx core.App) *dbx.Query { return tx.DB().Delete("activity", idIs(row.Id)) })
	check.Equal(t, "a removed row", removed, next.Id)
}

// tampered changes the table past all hooks, verifies, and takes it back.
func tampered(t *testing.T, app core.App, with func(core.App) *dbx.Query) (found string) {
	t.Helper()
	err := app.RunInTransaction(func(tx core.App) error {
		if _, err := with(tx).Execute(); err != nil {
			return err
		}
		found = broken(t, tx)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		t.Fatal(err)
	}
	return found
}

func TestActivity_UpdateOrDelete_Refused(t *testing.T) {
	w := testkit.New(t)
	row := newest(w, task(w).Id, 1)
	path := records("activity") + "/" + row.Id
	for name, person := range map[string]*core.Record{"initiator": w.Initiator, "administrator": w.Administrator} {
		if status := w.As(person).API(http.MethodPatch, path, fields{"action": "delete"}).Status; status == http.StatusOK {
			t.Errorf("%s changed an entry", name)
		}
		if status := w.As(person).API(http.MethodDelete, path, nil).Status; status == http.StatusNoContent {
			t.Errorf("%s removed an entry", name)
		}
	}
	if err := w.App.Delete(w.Fresh(row)); err == nil {
		t.Error("code removed an entry")
	}
	w.Fresh(row)
}

func TestVerifyActivity_ConcurrentWriters_OneChain(t *testing.T) {
	w := testkit.New(t)
	done := make(chan error)
	const writers = 8
	for range writers {
		r := w.Fresh(task(w))
		r.Set("state", "done")
		go func() { done <- at(w, w.Initiator).Update(r) }()
	}
	for range writers {
		check.NoError(t, <-done)
	}
	check.Equal(t, "the chain breaks", broken(t, w.App), "")
}

func TestSign_Save_SignatureNotStored(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	access.Sign(r, w.Initiator, access.ViaLink)
	if access.Actor(r).Id != w.Initiator.Id || access.Via(r) != access.ViaLink {
		t.Errorf("signed as %v via %s", access.Actor(r), access.Via(r))
	}
	r.Set("state", "in_progress")
	check.NoError(t, w.App.Save(r))
	again := w.Fresh(r)
	if access.Actor(again) != nil || access.Via(again) != access.ViaJob {
		t.Errorf("read back as %v via %s", access.Actor(again), access.Via(again))
	}
	entry := newest(w, r.Id, 2)
	check.Same(t, "told", []string{entry.GetString("via"), entry.GetString("actor")}, []string{access.ViaLink, w.Initiator.Id})
}

func TestScope_Via_SignsWithItsEntrance(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	check.NoError(t, change(w, at(w, w.Initiator).Through(access.ViaAPI), r, "in_progress"))
	check.Equal(t, "told", newest(w, r.Id, 2).GetString("via"), access.ViaAPI)
}

func TestProgrammeOf_EveryCollection_FollowsRelations(t *testing.T) {
	w := testkit.New(t)
	asked := map[string]bool{}
	for _, f := range fixtures(w) {
		name := f.record.Collection().Name
		switch name {
		case "minutes", "minutes_revisions", "decisions", "attendances", "assessments", "indicator_values", "tasks", "programmes":
			asked[name] = true
			check.Equal(t, f.name+" belongs", access.ProgrammeOf(w.App, f.record), w.Kopi.Id)
		case "users", "organisations", "contacts", "holidays":
			check.Equal(t, f.name+" belongs", access.ProgrammeOf(w.App, f.record), "")
		}
	}
	check.That(t, len(asked) == 8, "only %v asked", asked)
}
