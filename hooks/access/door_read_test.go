package access_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// baliTask is a task in a programme in which nobody of Kopi takes part.
func baliTask(w *testkit.World) *core.Record {
	return w.Make("tasks", "programme", w.Rantang.Id, "title", "Antar rantang", "organisation", w.Bali.Id,
		"accountable", w.BaliInitiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
}

func TestListHoldsWhatTheRuleAllows(t *testing.T) {
	w := testkit.New(t)
	kopi, bali := task(w), baliTask(w)
	for name, of := range map[string]struct {
		person *core.Record
		want   []string
	}{
		"partner of Kopi":    {w.Partner, []string{kopi.Id}},
		"observer of Kopi":   {w.Observer, []string{kopi.Id}},
		"partner of Rantang": {w.BaliPartner, []string{bali.Id}},
		"outsider":           {w.Outsider, []string{}},
		"disabled member":    {w.Disabled, []string{}},
		"administrator":      {w.Administrator, []string{kopi.Id, bali.Id}},
	} {
		found, err := at(w, of.person).List("tasks", func(q *dbx.SelectQuery) { q.OrderBy("tasks._rowid_") })
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		check.Same(t, name, ids(found), of.want)
	}
}

func ids(found []*core.Record) []string {
	out := []string{}
	for _, r := range found {
		out = append(out, r.Id)
	}
	return out
}

func TestListIsNarrowedByTrustedConditions(t *testing.T) {
	w := testkit.New(t)
	first, second, third := task(w), task(w), task(w)
	third.Set("state", "done")
	check.NoError(t, w.App.Save(third))
	open := func(q *dbx.SelectQuery) { q.AndWhere(dbx.HashExp{"tasks.state": "todo"}).OrderBy("tasks._rowid_ DESC") }
	one := func(q *dbx.SelectQuery) { q.Limit(1) }
	found, err := at(w, w.Partner).List("tasks", open)
	if err != nil || !slices.Equal(ids(found), []string{second.Id, first.Id}) {
		t.Errorf("open tasks, newest first: %v, %v", ids(found), err)
	}
	found, err = at(w, w.Partner).List("tasks", open, one)
	if err != nil || !slices.Equal(ids(found), []string{second.Id}) {
		t.Errorf("the newest open task: %v, %v", ids(found), err)
	}
}

func TestListRefusesWhomNoRuleMentions(t *testing.T) {
	w := testkit.New(t)
	if _, err := at(w, nil).List("tasks"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("a guest lists tasks: %v", err)
	}
	if _, err := at(w, w.Initiator).List("hub_settings"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("an initiator lists the hub's settings: %v", err)
	}
	if _, err := at(w, w.Initiator).List("no_such_thing"); err == nil || errors.Is(err, access.ErrRefused) {
		t.Errorf("an unknown collection is a mistake in the code, not a refusal: %v", err)
	}
}

func TestViewTellsNotWhetherTheRecordExists(t *testing.T) {
	w := testkit.New(t)
	r := baliTask(w)
	_, refused := at(w, w.Partner).View("tasks", r.Id)
	_, missing := at(w, w.Partner).View("tasks", "no-such-record0")
	if !errors.Is(refused, access.ErrRefused) || refused.Error() != missing.Error() {
		t.Errorf("refused: %v, missing: %v", refused, missing)
	}
	found, err := at(w, w.BaliPartner).View("tasks", r.Id)
	if err != nil || found.GetString("title") != "Antar rantang" {
		t.Errorf("a partner cannot view a task of the own programme: %v", err)
	}
	if _, err := at(w, nil).View("tasks", r.Id); !errors.Is(err, access.ErrRefused) {
		t.Errorf("a guest views a task: %v", err)
	}
}

func TestFirstFindsByColumnUnderTheRule(t *testing.T) {
	w := testkit.New(t)
	found, err := at(w, w.Partner).First("programmes", "slug", "kopi")
	if err != nil || found.Id != w.Kopi.Id {
		t.Errorf("kopi by its slug: %v", err)
	}
	for _, slug := range []string{"rantang", "no-such", "", "kopi' OR '1'='1"} {
		if _, err := at(w, w.Partner).First("programmes", "slug", slug); !errors.Is(err, access.ErrRefused) {
			t.Errorf("%q: %v, want refused", slug, err)
		}
	}
}

func TestWithBringsOnlyRelationsThatMayBeViewed(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "organisation", w.Puskesmas.Id)
	r := task(w)
	r.Set("assignee", contact.Id)
	check.NoError(t, w.App.Save(r))
	for name, of := range map[string]struct {
		person   *core.Record
		assignee bool
	}{
		"partner of the organisation": {w.Partner, true},
		"other partner":               {w.OtherPartner, false},
		"coordinator":                 {w.Coordinator, true},
		"administrator":               {w.Administrator, true},
	} {
		row := w.Fresh(r)
		if err := at(w, of.person).With([]*core.Record{row}, "assignee", "organisation", "programme.owner"); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		check.Equal(t, name+": the contact came along", row.ExpandedOne("assignee") != nil, of.assignee)
		if row.ExpandedOne("organisation") == nil || row.ExpandedOne("programme").ExpandedOne("owner") == nil {
			t.Errorf("%s: organisation or owner did not come along", name)
		}
	}
	if err := at(w, w.Partner).With([]*core.Record{w.Fresh(r)}, "no_such_relation"); err == nil {
		t.Error("an unknown relation went unnoticed")
	}
}

func TestNewGivesAnEmptyRecord(t *testing.T) {
	w := testkit.New(t)
	r, err := at(w, w.Partner).New("tasks")
	if err != nil || !r.IsNew() || r.Collection().Name != "tasks" {
		t.Errorf("%v, %v", r, err)
	}
	if _, err := at(w, w.Partner).New("no_such_thing"); err == nil {
		t.Error("an unknown collection went unnoticed")
	}
}
