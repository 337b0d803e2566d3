package access_test

import (
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

	"simpul/hooks/testkit/check"
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

// TestScopeAndAPIAgree asks the scope and PocketBase's own API the same question
// for every collection, person and verb. Their answers must be the same, and
// must be the ones in the table that people have read and agreed to.
func TestScopeAndAPIAgree(t *testing.T) {
	w := newAttempts(t)
	all := fixtures(w.World)
	covered(t, w.World, all)
	var table strings.Builder
	for _, f := range all {
		fmt.Fprintf(&table, "%s\n", f.name)
		for _, a := range askers(w.World) {
			fmt.Fprintf(&table, "  %-14s %s\n", a.name, verbs(w, f, a))
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
	collections := check.Must(w.App.FindAllCollections())
	for _, c := range collections {
		if !c.System && !seen[c.Name] {
			t.Errorf("no fixture for collection %s", c.Name)
		}
	}
}

// verbs returns what a person may do with a fixture, as words.
func verbs(w *attempts, f fixture, a asker) string {
	w.Helper()
	asked := []struct {
		verb       string
		scope, api bool
		skip       bool
	}{
		{verb: "list", scope: scopeLists(w.World, f, a), api: apiLists(w.World, f, a)},
		{verb: "view", scope: scopeViews(w.World, f, a), api: w.As(a.record).API(http.MethodGet, path(f), nil).Status == http.StatusOK},
		{verb: "create", skip: f.body == nil},
		{verb: "update", skip: f.change == nil},
		{verb: "delete"},
	}
	asked[2].scope, asked[2].api = creates(w, f, a)
	asked[3].scope, asked[3].api = updates(w, f, a)
	asked[4].scope, asked[4].api = deletes(w, f, a)
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

// tried reports whether the scope allows something, and takes it back.
func tried(w *attempts, a asker, do func(*access.Scope) error) (allowed bool) {
	w.try(func(tx core.App) { allowed = do(access.As(tx, a.record)) == nil })
	return allowed
}

type request struct {
	method, path string
	body         any
}

func creates(w *attempts, f fixture, a asker) (scope, api bool) {
	if f.body == nil {
		return false, false
	}
	scope = tried(w, a, func(d *access.Scope) error { return d.Create(fresh(w.World, f.record.Collection().Name, f.body)) })
	return scope, w.api(a, f, request{http.MethodPost, base(f), f.body}) != nil
}

func updates(w *attempts, f fixture, a asker) (scope, api bool) {
	if f.change == nil {
		return false, false
	}
	scope = tried(w, a, func(d *access.Scope) error {
		r := w.Fresh(f.record)
		r.Load(f.change)
		return d.Update(r)
	})
	return scope, w.api(a, f, request{http.MethodPatch, path(f), f.change}) != nil
}

func deletes(w *attempts, f fixture, a asker) (scope, api bool) {
	scope = tried(w, a, func(d *access.Scope) error { return d.Delete(w.Fresh(f.record)) })
	return scope, w.api(a, f, request{http.MethodDelete, path(f), nil}) != nil
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
