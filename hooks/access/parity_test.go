package access_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"simpul/hooks/access"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
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

// TestScope_EveryCollectionPersonVerb_AgreesWithAPI asks the scope and PocketBase's own API the same question
// for every collection, person and verb. Their answers must be the same, and
// must be the ones in the table that people have read and agreed to.
func TestScope_EveryCollectionPersonVerb_AgreesWithAPI(t *testing.T) {
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
	golden.Check(t, "who_may_do_what.txt", table.String())
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
		check.That(t, c.System || seen[c.Name], "no fixture for collection %s", c.Name)
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
		check.That(w, q.scope == q.api, "%s: %s %s: the scope says %v, the API says %v", f.name, a.name, q.verb, q.scope, q.api)
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

var errUndo = errors.New("undo")

// attempts is a world in which changes are tried and taken back: a request to the
// API joins the transaction of the attempt that it is part of.
type attempts struct {
	*testkit.World
	tx core.App
}

func newAttempts(t testing.TB) *attempts {
	t.Helper()
	s := &attempts{}
	s.World = testkit.New(t, func(app core.App) {
		app.OnServe().BindFunc(func(se *core.ServeEvent) error {
			se.Router.Bind(&hook.Handler[*core.RequestEvent]{Priority: -100_000, Func: func(e *core.RequestEvent) error {
				if s.tx != nil {
					e.App = s.tx
				}
				return e.Next()
			}})
			return se.Next()
		})
	})
	return s
}

// try does something in a transaction that is rolled back.
func (s *attempts) try(do func(tx core.App)) {
	s.Helper()
	err := s.App.RunInTransaction(func(tx core.App) error {
		s.tx = tx
		defer func() { s.tx = nil }()
		do(tx)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		s.Fatal(err)
	}
}

// api sends a request within an attempt and returns the record that it made or
// changed, nil if it was refused. PocketBase writes no answer before the
// transaction ends, so only a refusal has one.
func (s *attempts) api(a asker, f fixture, ask request) (changed *core.Record) {
	s.Helper()
	s.try(func(tx core.App) {
		answer := s.As(a.record).API(ask.method, ask.path, ask.body)
		check.That(s, answer.Status < http.StatusInternalServerError, "%s: %s %v: status %d", f.name, a.name, ask, answer.Status)
		if answer.Status >= http.StatusBadRequest {
			return
		}
		if ask.method == http.MethodDelete {
			changed = f.record
			return
		}
		query := tx.RecordQuery(f.record.Collection()).OrderBy("_rowid_ DESC").Limit(1)
		if ask.method == http.MethodPatch {
			query.AndWhere(dbx.HashExp{"id": f.record.Id})
		}
		changed = &core.Record{}
		check.NoError(s, query.One(changed))
	})
	return changed
}

// TestUpdate_EachFieldAlone_OnlyAllowedChange sends, for every collection and person, each
// field alone as a change. What was changed by it must be what people have
// read and agreed to. The administrator's line shows what can change at all.
func TestUpdate_EachFieldAlone_OnlyAllowedChange(t *testing.T) {
	w := newAttempts(t)
	all := fixtures(w.World)
	var table strings.Builder
	seen := map[string]bool{}
	for _, f := range all {
		if f.record.Collection().IsView() || seen[f.record.Id] {
			continue
		}
		seen[f.record.Id] = true
		fmt.Fprintf(&table, "%s\n", f.name)
		for _, a := range askers(w.World) {
			fmt.Fprintf(&table, "  %-14s %s\n", a.name, words(changeable(w, f, a)))
		}
	}
	golden.Check(t, "which_fields_change.txt", table.String())
}

func words(names []string) string {
	if len(names) == 0 {
		return "-"
	}
	return strings.Join(names, " ")
}

// changeable lists the fields of a record that a person can change one by one.
func changeable(w *attempts, f fixture, a asker) (out []string) {
	before := w.Fresh(f.record)
	for _, field := range before.Collection().Fields {
		name := field.GetName()
		value := another(w.World, before, field)
		if value == nil {
			continue
		}
		after := w.api(a, f, request{http.MethodPatch, path(f), fields{name: value}})
		if after != nil && fmt.Sprint(after.Get(name)) != fmt.Sprint(before.Get(name)) {
			out = append(out, name)
		}
	}
	return out
}

func TestUpdate_CreatedAndUpdated_Ignored(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	for _, field := range []string{"created", "updated"} {
		check.Equal(t, field+": status", patch(w, w.Administrator, r, fields{field: "2020-01-02 03:04:05.000Z"}), http.StatusOK)
		if got := w.Fresh(r).GetDateTime(field); got.Time().Year() == 2020 {
			t.Errorf("%s is %s", field, got)
		}
	}
}

// A duplicate is printed unescaped, so it always comes from its source.
func TestUpdate_RenderedField_FollowsItsSource(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	r.Set("details", "Bawa **kartu**")
	check.NoError(t, w.App.Save(r))
	rendered := w.Fresh(r).GetString("details_html")
	if status := patch(w, w.Administrator, r, fields{"details_html": "<script>alert(1)</script>"}); status != http.StatusOK {
		t.Fatalf("status %d", status)
	}
	if got := w.Fresh(r).GetString("details_html"); got != rendered || !strings.Contains(got, "<strong>kartu</strong>") {
		t.Errorf("the rendered field reads %s", got)
	}
}

// TestCreate_EachFieldAlone_OnlyAllowedAreSet adds each field in turn to a body that
// is accepted, and looks for the value in what was made of it.
func TestCreate_EachFieldAlone_OnlyAllowedAreSet(t *testing.T) {
	w := newAttempts(t)
	all := fixtures(w.World)
	var table strings.Builder
	for _, f := range all {
		if f.body == nil || strings.Contains(f.name, "by the giver") {
			continue
		}
		fmt.Fprintf(&table, "%s\n", f.name)
		for _, a := range askers(w.World) {
			if w.api(a, f, request{http.MethodPost, base(f), f.body}) == nil {
				continue
			}
			fmt.Fprintf(&table, "  %-14s %s\n", a.name, words(settable(w, f, a)))
		}
	}
	golden.Check(t, "which_fields_are_set.txt", table.String())
}

// settable lists the fields besides those of the body that a person can set.
func settable(w *attempts, f fixture, a asker) (out []string) {
	for _, field := range f.record.Collection().Fields {
		name := field.GetName()
		value := another(w.World, f.record, field)
		if _, sent := f.body[name]; sent || value == nil || name == core.FieldNameId {
			continue
		}
		made := w.api(a, f, request{http.MethodPost, base(f), with(f.body, name, value)})
		sent := fresh(w.World, f.record.Collection().Name, fields{name: value})
		if made != nil && fmt.Sprint(made.Get(name)) == fmt.Sprint(sent.Get(name)) {
			out = append(out, name)
		}
	}
	return out
}

// another is a value for a field that is valid and differs from what the
// record holds; nil when there is none that JSON could carry.
func another(w *testkit.World, r *core.Record, f core.Field) any {
	w.Helper()
	switch f := f.(type) {
	case *core.TextField:
		return anotherText(r, f)
	case *core.SelectField:
		return anotherChoice(r, f)
	case *core.RelationField:
		return anotherRelation(w, r, f)
	case *core.NumberField:
		return r.GetFloat(f.Name) + 1
	case *core.BoolField:
		return !r.GetBool(f.Name)
	case *core.DateField:
		return "2027-01-02 03:04:05.000Z"
	case *core.EmailField:
		return "lain@example.org"
	case *core.URLField:
		return "https://example.org/lain"
	case *core.JSONField:
		return []string{"lain"}
	}
	return nil
}

func anotherText(r *core.Record, f *core.TextField) any {
	switch {
	case f.Name == core.FieldNameId:
		return "lainlainlain123"
	case strings.HasPrefix(f.Pattern, `^\d{4}`):
		return "2026-12-20"
	case strings.Contains(f.Pattern, `[0-5]`):
		return "09:30"
	case f.Name == "slug":
		return "lain-lain"
	case f.Name == core.FieldNameTokenKey:
		return strings.Repeat("lain", 13)
	}
	return "Lain"
}

func anotherChoice(r *core.Record, f *core.SelectField) any {
	held := r.GetStringSlice(f.Name)
	for _, code := range f.Values {
		if slices.Contains(held, code) {
			continue
		}
		if f.MaxSelect > 1 {
			return []string{code}
		}
		return code
	}
	return nil
}

func anotherRelation(w *testkit.World, r *core.Record, f *core.RelationField) any {
	w.Helper()
	target := check.Must(w.App.FindCachedCollectionByNameOrId(f.CollectionId))
	found := check.Must(w.App.FindAllRecords(target.Name))
	held := append(r.GetStringSlice(f.Name), r.Id)
	for _, other := range slices.Backward(found) {
		if !slices.Contains(held, other.Id) {
			return other.Id
		}
	}
	return nil
}
