package access_test

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"
)

var update = flag.Bool("update", false, "write the table of who may do what anew")

type asker struct {
	name   string
	record *core.Record
}

func askers(w *testkit.World) []asker {
	return []asker{
		{"guest", nil}, {"outsider", w.Outsider}, {"disabled", w.Disabled}, {"bali-partner", w.BaliPartner},
		{"other-partner", w.OtherPartner}, {"partner", w.Partner}, {"observer", w.Observer},
		{"coordinator", w.Coordinator}, {"initiator", w.Initiator}, {"administrator", w.Administrator},
	}
}

// TestDoorAndAPIAgree asks the door and PocketBase's own API the same question
// for every collection, person and verb. Their answers must be the same, and
// must be the ones in the table that people have read and agreed to.
func TestDoorAndAPIAgree(t *testing.T) {
	w := testkit.New(t)
	all := fixtures(w)
	covered(t, w, all)
	var table strings.Builder
	for _, f := range all {
		fmt.Fprintf(&table, "%s\n", f.name)
		for _, a := range askers(w) {
			fmt.Fprintf(&table, "  %-14s %s\n", a.name, verbs(t, w, f, a))
		}
	}
	golden(t, "who_may_do_what.txt", table.String())
}

// covered makes sure that no collection is left out.
func covered(t *testing.T, w *testkit.World, all []fixture) {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range all {
		seen[f.record.Collection().Name] = true
	}
	collections, err := w.App.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range collections {
		if !c.System && !seen[c.Name] {
			t.Errorf("no fixture for collection %s", c.Name)
		}
	}
}

// verbs returns what a person may do with a fixture, as words.
func verbs(t *testing.T, w *testkit.World, f fixture, a asker) string {
	t.Helper()
	asked := []struct {
		verb      string
		door, api bool
		skip      bool
	}{
		{verb: "list", door: doorLists(w, f, a), api: apiLists(w, f, a)},
		{verb: "view", door: doorViews(w, f, a), api: w.As(a.record).API(http.MethodGet, path(f), nil).Status == http.StatusOK},
		{verb: "create", skip: f.body == nil},
		{verb: "update", skip: f.change == nil},
		{verb: "delete"},
	}
	asked[2].door, asked[2].api = creates(w, f, a)
	asked[3].door, asked[3].api = updates(w, f, a)
	asked[4].door, asked[4].api = deletes(w, f, a)
	allowed := []string{}
	for _, q := range asked {
		if q.skip {
			continue
		}
		if q.door != q.api {
			t.Errorf("%s: %s %s: the door says %v, the API says %v", f.name, a.name, q.verb, q.door, q.api)
		}
		if q.api {
			allowed = append(allowed, q.verb)
		}
	}
	if len(allowed) == 0 {
		return "-"
	}
	return strings.Join(allowed, " ")
}

func base(f fixture) string { return "/api/collections/" + f.record.Collection().Name + "/records" }
func path(f fixture) string { return base(f) + "/" + f.record.Id }

func open(w *testkit.World, a asker) *access.Door { return access.Open(w.App, a.record) }

func doorLists(w *testkit.World, f fixture, a asker) bool {
	found, err := open(w, a).List(f.record.Collection().Name)
	return err == nil && slices.ContainsFunc(found, func(r *core.Record) bool { return r.Id == f.record.Id })
}

func apiLists(w *testkit.World, f fixture, a asker) bool {
	r := w.As(a.record).API(http.MethodGet, base(f)+"?perPage=500&skipTotal=1", nil)
	return r.Status == http.StatusOK && strings.Contains(r.Body, `"id":"`+f.record.Id+`"`)
}

func doorViews(w *testkit.World, f fixture, a asker) bool {
	_, err := open(w, a).View(f.record.Collection().Name, f.record.Id)
	return err == nil
}

var errUndo = errors.New("undo")

// tried runs something at the door and takes it back.
func tried(w *testkit.World, a asker, do func(*access.Door) error) bool {
	allowed := false
	err := w.App.RunInTransaction(func(tx core.App) error {
		allowed = do(access.Open(tx, a.record)) == nil
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		w.Fatal(err)
	}
	return allowed
}

func creates(w *testkit.World, f fixture, a asker) (door, api bool) {
	if f.body == nil {
		return false, false
	}
	door = tried(w, a, func(d *access.Door) error {
		r := core.NewRecord(f.record.Collection())
		r.Load(f.body)
		return d.Create(r)
	})
	answer := w.As(a.record).API(http.MethodPost, base(f), f.body)
	if answer.Status != http.StatusOK {
		return door, false
	}
	made, err := w.App.FindRecordById(f.record.Collection().Name, answer.JSON()["id"].(string))
	if err != nil {
		w.Fatal(err)
	}
	if w.App.Delete(made) == nil {
		return door, true
	}
	// What is kept against deletion, such as a verified gift, goes past all reactions.
	if _, err := w.App.DB().Delete(made.Collection().Name, idIs(made.Id)).Execute(); err != nil {
		w.Fatal(err)
	}
	return door, true
}

func updates(w *testkit.World, f fixture, a asker) (door, api bool) {
	if f.change == nil {
		return false, false
	}
	before := w.Fresh(f.record)
	door = tried(w, a, func(d *access.Door) error {
		r := w.Fresh(f.record)
		r.Load(f.change)
		return d.Update(r)
	})
	api = w.As(a.record).API(http.MethodPatch, path(f), f.change).Status == http.StatusOK
	if api {
		restore(w, before, f.change)
	}
	return door, api
}

// restore puts a changed row back as it was, past all reactions.
func restore(w *testkit.World, before *core.Record, change fields) {
	row := map[string]any{}
	for name := range change {
		row[name] = before.GetString(name)
		if before.GetString(name) == "true" || before.GetString(name) == "false" {
			row[name] = before.GetBool(name)
		}
	}
	if _, err := w.App.DB().Update(before.Collection().Name, row, idIs(before.Id)).Execute(); err != nil {
		w.Fatal(err)
	}
}

func deletes(w *testkit.World, f fixture, a asker) (door, api bool) {
	door = tried(w, a, func(d *access.Door) error { return d.Delete(w.Fresh(f.record)) })
	if f.record.Collection().IsView() || !door && a.name != "administrator" {
		return door, w.As(a.record).API(http.MethodDelete, path(f), nil).Status == http.StatusNoContent
	}
	// An allowed deletion is asked of a copy of the world, so that the fixture lives on.
	copied := testkit.New(w.TB)
	for _, other := range fixtures(copied) {
		if other.name == f.name {
			person := named(copied, a.name)
			return door, copied.As(person).API(http.MethodDelete, path(other), nil).Status == http.StatusNoContent
		}
	}
	w.Fatalf("no fixture %s in the copy", f.name)
	return false, false
}

func named(w *testkit.World, name string) *core.Record {
	for _, a := range askers(w) {
		if a.name == name {
			return a.record
		}
	}
	return nil
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}
