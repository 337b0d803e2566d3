package access_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/golden"
)

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

// TestScopeAndAPIAgree asks the scope and PocketBase's own API the same question
// for every collection, person and verb. Their answers must be the same, and
// must be the ones in the table that people have read and agreed to.
func TestScopeAndAPIAgree(t *testing.T) {
	w := testkit.New(t)
	all := fixtures(w)
	covered(t, w, all)
	s := takeSnapshot(w)
	var table strings.Builder
	for _, f := range all {
		fmt.Fprintf(&table, "%s\n", f.name)
		for _, a := range askers(w) {
			fmt.Fprintf(&table, "  %-14s %s\n", a.name, verbs(s, f, a))
		}
	}
	golden.Check(t, "who_may_do_what.txt", table.String())
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
func verbs(s *snapshot, f fixture, a asker) string {
	w := s.w
	w.Helper()
	asked := []struct {
		verb       string
		scope, api bool
		skip       bool
	}{
		{verb: "list", scope: scopeLists(w, f, a), api: apiLists(w, f, a)},
		{verb: "view", scope: scopeViews(w, f, a), api: w.As(a.record).API(http.MethodGet, path(f), nil).Status == http.StatusOK},
		{verb: "create", skip: f.body == nil},
		{verb: "update", skip: f.change == nil},
		{verb: "delete"},
	}
	asked[2].scope, asked[2].api = creates(s, f, a)
	asked[3].scope, asked[3].api = updates(s, f, a)
	asked[4].scope, asked[4].api = deletes(s, f, a)
	allowed := []string{}
	for _, q := range asked {
		if q.skip {
			continue
		}
		if q.scope != q.api {
			w.Errorf("%s: %s %s: the door says %v, the API says %v", f.name, a.name, q.verb, q.scope, q.api)
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

func open(w *testkit.World, a asker) *access.Scope { return access.As(w.App, a.record) }

func scopeLists(w *testkit.World, f fixture, a asker) bool {
	found, err := open(w, a).List(f.record.Collection().Name)
	return err == nil && slices.ContainsFunc(found, func(r *core.Record) bool { return r.Id == f.record.Id })
}

func apiLists(w *testkit.World, f fixture, a asker) bool {
	r := w.As(a.record).API(http.MethodGet, base(f)+"?perPage=500&skipTotal=1", nil)
	return r.Status == http.StatusOK && strings.Contains(r.Body, `"id":"`+f.record.Id+`"`)
}

func scopeViews(w *testkit.World, f fixture, a asker) bool {
	_, err := open(w, a).View(f.record.Collection().Name, f.record.Id)
	return err == nil
}

var errUndo = errors.New("undo")

// tried runs something at the scope and takes it back.
func tried(w *testkit.World, a asker, do func(*access.Scope) error) bool {
	allowed := false
	err := w.App.RunInTransaction(func(tx core.App) error {
		allowed = do(access.As(tx, a.record)) == nil
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		w.Fatal(err)
	}
	return allowed
}

type request struct {
	method, path string
	body         any
}

// undone asks the API and puts the world back if it did anything.
func undone(s *snapshot, a asker, ask request) bool {
	answer := s.w.As(a.record).API(ask.method, ask.path, ask.body)
	if answer.Status != http.StatusOK && answer.Status != http.StatusNoContent {
		return false
	}
	s.restore()
	return true
}

func creates(s *snapshot, f fixture, a asker) (scope, api bool) {
	if f.body == nil {
		return false, false
	}
	scope = tried(s.w, a, func(d *access.Scope) error { return d.Create(fresh(s.w, f.record.Collection().Name, f.body)) })
	return scope, undone(s, a, request{http.MethodPost, base(f), f.body})
}

func updates(s *snapshot, f fixture, a asker) (scope, api bool) {
	if f.change == nil {
		return false, false
	}
	scope = tried(s.w, a, func(d *access.Scope) error {
		r := s.w.Fresh(f.record)
		r.Load(f.change)
		return d.Update(r)
	})
	return scope, undone(s, a, request{http.MethodPatch, path(f), f.change})
}

func deletes(s *snapshot, f fixture, a asker) (scope, api bool) {
	scope = tried(s.w, a, func(d *access.Scope) error { return d.Delete(s.w.Fresh(f.record)) })
	return scope, undone(s, a, request{http.MethodDelete, path(f), nil})
}
