package access_test

import (
	"encoding/json"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// at opens the scope for a person, nil for a guest.
func at(w *testkit.World, person *core.Record) *access.Scope { return access.As(w.App, person) }

// task is a task of Puskesmas in Kopi.
func task(w *testkit.World) *core.Record {
	return w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
}

// fresh is a new record of a collection, not saved.
func fresh(w *testkit.World, collection string, body fields) *core.Record {
	w.Helper()
	c := check.Must(w.App.FindCachedCollectionByNameOrId(collection))
	r := core.NewRecord(c)
	r.Load(body)
	return r
}

// entries are the rows of the activity about one record, oldest first.
func entries(w *testkit.World, id string) []*core.Record {
	w.Helper()
	found := []*core.Record{}
	check.NoError(w, w.App.RecordQuery("activity").AndWhere(dbx.HashExp{"record": id}).OrderBy("_rowid_").All(&found))
	return found
}

// newest is the last entry about a record, which must be the nth.
func newest(w *testkit.World, id string, n int) *core.Record {
	w.Helper()
	found := entries(w, id)
	if len(found) != n {
		w.Fatalf("%d entries about %s, want %d", len(found), id, n)
	}
	return found[n-1]
}

// changesOf decodes what an entry says has changed.
func changesOf(w *testkit.World, entry *core.Record) map[string][]string {
	w.Helper()
	out := map[string][]string{}
	check.NoError(w, json.Unmarshal([]byte(entry.GetString("changes")), &out))
	return out
}

func records(collection string) string { return "/api/collections/" + collection + "/records" }

// patch changes a record over the API and returns the status.
func patch(w *testkit.World, person, r *core.Record, body fields) int {
	return w.As(person).API(http.MethodPatch, records(r.Collection().Name)+"/"+r.Id, body).Status
}
