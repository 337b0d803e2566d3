package access_test

import (
	"errors"
	"slices"
	"testing"
	"time"

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

func TestList_EachPerson_HoldsWhatTheRuleAllows(t *testing.T) {
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
		check.That(t, err == nil, "%s: %v", name, err)
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

func TestList_Conditions_Narrow(t *testing.T) {
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

func TestList_NoRule_Refused(t *testing.T) {
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

func TestView_RefusedOrMissing_SameError(t *testing.T) {
	w := testkit.New(t)
	r := baliTask(w)
	_, refused := at(w, w.Partner).View("tasks", r.Id)
	_, missing := at(w, w.Partner).View("tasks", "no-such-record0")
	check.That(t, errors.Is(refused, access.ErrRefused) && refused.Error() == missing.Error(), "refused: %v, missing: %v", refused, missing)
	found, err := at(w, w.BaliPartner).View("tasks", r.Id)
	check.That(t, err == nil && found.GetString("title") == "Antar rantang", "a partner cannot view a task of the own programme: %v", err)
	if _, err := at(w, nil).View("tasks", r.Id); !errors.Is(err, access.ErrRefused) {
		t.Errorf("a guest views a task: %v", err)
	}
}

func TestFirst_Column_UnderTheRule(t *testing.T) {
	w := testkit.New(t)
	found, err := at(w, w.Partner).First("programmes", "slug", "kopi")
	check.That(t, err == nil && found.Id == w.Kopi.Id, "kopi by its slug: %v", err)
	for _, slug := range []string{"rantang", "no-such", "", "kopi' OR '1'='1"} {
		if _, err := at(w, w.Partner).First("programmes", "slug", slug); !errors.Is(err, access.ErrRefused) {
			t.Errorf("%q: %v, want refused", slug, err)
		}
	}
}

func TestWith_Relations_OnlyViewable(t *testing.T) {
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
		check.That(t, row.ExpandedOne("organisation") != nil && row.ExpandedOne("programme").ExpandedOne("owner") != nil, "%s: organisation or owner did not come along", name)
	}
	if err := at(w, w.Partner).With([]*core.Record{w.Fresh(r)}, "no_such_relation"); err == nil {
		t.Error("an unknown relation went unnoticed")
	}
}

func TestNew_Collection_EmptyRecord(t *testing.T) {
	w := testkit.New(t)
	r, err := at(w, w.Partner).New("tasks")
	check.That(t, err == nil && r.IsNew() && r.Collection().Name == "tasks", "%v, %v", r, err)
	if _, err := at(w, w.Partner).New("no_such_thing"); err == nil {
		t.Error("an unknown collection went unnoticed")
	}
}

func stage(w *testkit.World, position int, name string) *core.Record {
	return fresh(w, "stages", fields{"programme": w.Kopi.Id, "position": position, "name": name})
}

func TestCreate_Rule_AllowsOrRefuses(t *testing.T) {
	w := testkit.New(t)
	check.NoError(t, at(w, w.Coordinator).Create(stage(w, 1, "Asesmen")))
	rows, told := w.Count("stages"), w.Count("activity")
	for name, person := range map[string]*core.Record{
		"partner": w.Partner, "observer": w.Observer, "outsider": w.Outsider, "disabled": w.Disabled,
		"initiator of another programme": w.BaliInitiator, "guest": nil,
	} {
		if err := at(w, person).Create(stage(w, 2, "Kunjungan")); !errors.Is(err, access.ErrRefused) {
			t.Errorf("%s: %v, want refused", name, err)
		}
	}
	check.Equal(t, "a refused creation left something behind", w.Count("stages"), rows)
	check.Equal(t, "a refused creation left something behind", w.Count("activity"), told)
}

func TestUpdate_ChangedFields_AreAsked(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	for name, of := range map[string]struct {
		change  fields
		allowed bool
	}{
		"the state alone":                      {fields{"state": "in_progress"}, true},
		"the state, all else sent as it was":   {fields{"state": "waiting", "title": r.GetString("title"), "due_on": "2026-12-10", "organisation": w.Puskesmas.Id}, true},
		"the title":                            {fields{"title": "Lain"}, false},
		"the state and one more day":           {fields{"state": "done", "due_on": "2026-12-11"}, false},
		"who owns it":                          {fields{"organisation": w.Forum.Id}, false},
		"what the hub keeps":                   {fields{"done_by": w.Partner.Id}, false},
		"the programme":                        {fields{"programme": w.Rantang.Id}, false},
		"a reply with its reason":              {fields{"reply": "accepted", "reply_reason": "Siap"}, true},
		"nothing at all":                       {fields{}, true},
		"a number written as another number":   {fields{"position": 0.0}, true},
		"an empty value where one was already": {fields{"details": ""}, true},
	} {
		row := w.Fresh(r)
		row.Load(of.change)
		err := at(w, w.Partner).Update(row)
		check.That(t, (err == nil) == of.allowed, "%s: %v, allowed should be %v", name, err, of.allowed)
		check.That(t, err == nil || errors.Is(err, access.ErrRefused), "%s: %v is no refusal", name, err)
	}
	after := w.Fresh(r)
	for _, f := range []string{"title", "due_on", "organisation", "programme", "done_by"} {
		check.Equal(t, f, after.GetString(f), r.GetString(f))
	}
}

func TestUpdate_InvalidOrRefused_DifferentErrors(t *testing.T) {
	w := testkit.New(t)
	row := w.Fresh(task(w))
	row.Set("state", "lost")
	if err := at(w, w.Initiator).Update(row); err == nil || errors.Is(err, access.ErrRefused) {
		t.Errorf("an unknown state: %v, want a mistake at the field", err)
	}
}

func TestDelete_Rule_AllowsOrRefuses(t *testing.T) {
	w := testkit.New(t)
	r := w.Make("stages", "programme", w.Kopi.Id, "position", 1, "name", "Asesmen")
	for name, person := range map[string]*core.Record{"coordinator": w.Coordinator, "partner": w.Partner, "guest": nil, "stranger": w.BaliInitiator} {
		if err := at(w, person).Delete(w.Fresh(r)); !errors.Is(err, access.ErrRefused) {
			t.Errorf("%s: %v, want refused", name, err)
		}
	}
	check.NoError(t, at(w, w.Initiator).Delete(w.Fresh(r)))
	check.Equal(t, "the stage", w.Count("stages"), 0)
}

func TestCan_NamedRule_AsksStoredRecord(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	for name, of := range map[string]struct {
		person         *core.Record
		answer, edit   bool
		run, lead, own bool
	}{
		"guest":         {nil, false, false, false, false, false},
		"partner":       {w.Partner, true, false, false, false, true},
		"other partner": {w.OtherPartner, false, false, false, false, false},
		"observer":      {w.Observer, false, false, false, false, false},
		"coordinator":   {w.Coordinator, true, true, true, false, false},
		"initiator":     {w.Initiator, true, true, true, true, false},
		"administrator": {w.Administrator, true, true, true, true, true},
	} {
		d := at(w, of.person)
		got := []bool{d.Can(access.MayAnswer, r), d.Can(access.MayEdit, r), d.Can(access.MayRun, w.Kopi), d.Can(access.MayLead, w.Kopi), d.Can(access.MayKeepSelf, w.Partner)}
		for i, want := range []bool{of.answer, of.edit, of.run, of.lead, of.own} {
			if got[i] != want {
				t.Errorf("%s, question %d: %v, want %v", name, i, got[i], want)
			}
		}
	}
	// A change in memory alone convinces nobody.
	moved := w.Fresh(r)
	moved.Set("organisation", w.Forum.Id)
	check.That(t, !at(w, w.OtherPartner).Can(access.MayAnswer, moved), "a change that is not stored opened the record")
}

func TestTransition_AllowedStep_WritesProtectedFields(t *testing.T) {
	w := testkit.New(t)
	r := gift(w, w.Puskesmas, "submitted")
	verify := func(r *core.Record) { r.Set("review_status", "verified") }
	for name, person := range map[string]*core.Record{"the giver": w.Partner, "an observer": w.Observer, "a guest": nil} {
		if err := at(w, person).Transition(access.MayReview, w.Fresh(r), verify); !errors.Is(err, access.ErrRefused) {
			t.Errorf("%s: %v, want refused", name, err)
		}
	}
	direct := w.Fresh(r)
	verify(direct)
	if err := at(w, w.Initiator).Update(direct); !errors.Is(err, access.ErrRefused) {
		t.Errorf("written directly: %v, want refused", err)
	}
	check.NoError(t, at(w, w.Initiator).Transition(access.MayReview, w.Fresh(r), verify))
	check.Equal(t, "the gift", w.Fresh(r).GetString("review_status"), "verified")
}

func TestTransition_Twice_SecondRefused(t *testing.T) {
	w := testkit.New(t)
	r := gift(w, w.Puskesmas, "submitted")
	one, two := w.Fresh(r), w.Fresh(r) // both have the page open
	verify := func(r *core.Record) { r.Set("review_status", "verified") }
	refuse := func(r *core.Record) {
		r.Set("review_status", "rejected")
		r.Set("review_note", "Ganda")
	}
	check.NoError(t, at(w, w.Initiator).Transition(access.MayReview, one, verify))
	if err := at(w, w.Coordinator).Transition(access.MayReview, two, refuse); !errors.Is(err, access.ErrRefused) {
		t.Errorf("the second move: %v, want refused", err)
	}
	check.Equal(t, "the gift", w.Fresh(r).GetString("review_status"), "verified")
}

func TestInTransaction_Error_KeepsNothing(t *testing.T) {
	w := testkit.New(t)
	d := at(w, w.Coordinator)
	err := d.InTransaction(func(d *access.Scope) error {
		if err := d.Create(stage(w, 1, "Asesmen")); err != nil {
			return err
		}
		return d.Create(stage(w, 2, "Kunjungan"))
	})
	if err != nil || w.Count("stages") != 2 {
		t.Fatalf("%d stages, %v", w.Count("stages"), err)
	}
	err = d.InTransaction(func(d *access.Scope) error {
		if err := d.Create(stage(w, 3, "Rujukan")); err != nil {
			return err
		}
		return d.Create(fresh(w, "stages", fields{"programme": w.Rantang.Id, "position": 1, "name": "Dapur"}))
	})
	if !errors.Is(err, access.ErrRefused) || w.Count("stages") != 2 {
		t.Errorf("%d stages, %v; want the first two and a refusal", w.Count("stages"), err)
	}
}

func TestInTransaction_Reads_SeeOwnWrites(t *testing.T) {
	w := testkit.New(t)
	err := at(w, w.Coordinator).InTransaction(func(d *access.Scope) error {
		made := stage(w, 1, "Asesmen")
		if err := d.Create(made); err != nil {
			return err
		}
		_, err := d.View("stages", made.Id)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

const formKey = "kunci-formulir-1"

func keyed(w *testkit.World, once string) *core.Record {
	return fresh(w, "tasks", fields{"programme": w.Kopi.Id, "title": "Siapkan tempat", "organisation": w.Puskesmas.Id,
		"accountable": w.Initiator.Id, "due_on": "2026-12-12", "state": "todo", "urgency": "normal", "once": once})
}

func TestCreateIdempotent_SameKey_OneRecord(t *testing.T) {
	w := testkit.New(t)
	first, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, formKey))
	if err != nil {
		t.Fatal(err)
	}
	told := w.Count("activity")
	again, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, formKey))
	check.That(t, err == nil && again.Id == first.Id, "sent again: %v, %v", again, err)
	if w.Count("tasks") != 1 || w.Count("activity") != told {
		t.Errorf("%d tasks; %d new entries", w.Count("tasks"), w.Count("activity")-told)
	}
	other, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, "kunci-formulir-2"))
	check.That(t, err == nil && other.Id != first.Id, "another form: %v, %v", other, err)
	for range 2 {
		if _, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, "")); err != nil {
			t.Error(err)
		}
	}
	check.Equal(t, "rows of tasks", w.Count("tasks"), 4)
}

func TestCreateIdempotent_EightAtOnce_OneRecord(t *testing.T) {
	w := testkit.New(t)
	type answer struct {
		id  string
		err error
	}
	answers := make(chan answer)
	const senders = 8
	for range senders {
		r, d := keyed(w, formKey), at(w, w.Coordinator)
		go func() {
			made, err := d.CreateIdempotent(r)
			if err != nil {
				answers <- answer{err: err}
				return
			}
			answers <- answer{id: made.Id}
		}()
	}
	seen := map[string]bool{}
	for range senders {
		a := <-answers
		if a.err != nil {
			t.Error(a.err)
		}
		seen[a.id] = true
	}
	check.Equal(t, "number of seen", len(seen), 1)
	check.Equal(t, "rows of tasks", w.Count("tasks"), 1)
}

func TestCreateIdempotent_KeyOfAnother_Refused(t *testing.T) {
	w := testkit.New(t)
	check.Must(at(w, w.Coordinator).CreateIdempotent(keyed(w, formKey)))
	made, err := at(w, w.BaliInitiator).CreateIdempotent(fresh(w, "tasks", fields{"programme": w.Rantang.Id, "title": "Antar rantang",
		"organisation": w.Bali.Id, "accountable": w.BaliInitiator.Id, "due_on": "2026-12-12", "once": formKey}))
	check.That(t, err != nil && made == nil, "a stranger was answered with %v", made)
	if _, err := at(w, nil).CreateIdempotent(keyed(w, formKey)); !errors.Is(err, access.ErrRefused) {
		t.Errorf("a guest: %v, want refused", err)
	}
}

func entered(t *testing.T, w *testkit.World, person, programme *core.Record) *access.Scope {
	t.Helper()
	d := at(w, person)
	check.Must(d.View("programmes", programme.Id))
	return d
}

func TestQueryIn_Programme_ReadsItsRows(t *testing.T) {
	w := testkit.New(t)
	mine := task(w)
	baliTask(w)
	for name, d := range map[string]*access.Scope{
		"partner":       entered(t, w, w.Partner, w.Kopi),
		"observer":      entered(t, w, w.Observer, w.Kopi),
		"administrator": at(w, w.Administrator),
	} {
		q, err := d.QueryIn(w.Kopi, "tasks")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var got []string
		if err := q.Select("tasks.id").Column(&got); err != nil || !slices.Equal(got, []string{mine.Id}) {
			t.Errorf("%s reads %v, %v", name, got, err)
		}
	}
}

func TestQueryIn_ProgrammeNotViewed_Refused(t *testing.T) {
	w := testkit.New(t)
	if _, err := at(w, w.Partner).QueryIn(w.Kopi, "tasks"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("without viewing the programme: %v", err)
	}
	if _, err := entered(t, w, w.Partner, w.Kopi).QueryIn(w.Rantang, "tasks"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("after viewing another programme: %v", err)
	}
	d := at(w, w.Partner)
	if _, err := d.View("programmes", w.Rantang.Id); !errors.Is(err, access.ErrRefused) {
		t.Fatal(err)
	}
	if _, err := d.QueryIn(w.Rantang, "tasks"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("after being refused: %v", err)
	}
	check.Must(d.View("tasks", task(w).Id))
	if _, err := d.QueryIn(w.Kopi, "tasks"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("after viewing something else in it: %v", err)
	}
}

func TestQueryIn_ProgrammeBySlug_Allowed(t *testing.T) {
	w := testkit.New(t)
	d := at(w, w.Partner)
	check.Must(d.First("programmes", "slug", "kopi"))
	if _, err := d.QueryIn(w.Kopi, "stakeholders"); err != nil {
		t.Error(err)
	}
}

// TestQueryIn_CollectionWithOwnRule_Refused asks for every collection
// that names a programme: only those under the common rule may be read so.
func TestQueryIn_CollectionWithOwnRule_Refused(t *testing.T) {
	w := testkit.New(t)
	d := entered(t, w, w.Partner, w.Kopi)
	common := check.Must(w.App.FindCollectionByNameOrId("tasks"))
	collections := check.Must(w.App.FindAllCollections())
	opened, kept := []string{}, []string{}
	for _, c := range collections {
		if c.Fields.GetByName("programme") == nil {
			continue
		}
		if _, err := d.QueryIn(w.Kopi, c.Name); err == nil {
			opened = append(opened, c.Name)
			check.Equal(t, c.Name+" has another rule and was opened", *c.ListRule, *common.ListRule)
			continue
		}
		kept = append(kept, c.Name)
	}
	slices.Sort(opened)
	want := []string{"indicators", "meetings", "milestones", "stages", "stakeholders", "tasks", "verified_contributions"}
	check.Same(t, "opened", opened, want)
	for _, name := range []string{"contributions", "comments", "evidence", "deliveries", "activity", "memberships"} {
		check.That(t, slices.Contains(kept, name), "%s was opened", name)
	}
}

func TestQueryIn_UnknownCollection_Fails(t *testing.T) {
	w := testkit.New(t)
	if _, err := entered(t, w, w.Partner, w.Kopi).QueryIn(w.Kopi, "no_such_thing"); err == nil {
		t.Error("went unnoticed")
	}
}

func TestFindRecentDuplicate_OtherContent_NotFound(t *testing.T) {
	w := testkit.New(t)
	check.Must(at(w, w.Coordinator).CreateIdempotent(keyed(w, formKey)))
	other := keyed(w, formKey)
	other.Set("title", "Siapkan kursi")
	if made, err := at(w, w.Coordinator).CreateIdempotent(other); !errors.Is(err, access.ErrSentOtherwise) {
		t.Errorf("other content: %v, %v", made, err)
	}
	err := at(w, w.Coordinator).InTransaction(func(d *access.Scope) error {
		other := keyed(w, formKey)
		other.Set("title", "Siapkan kursi")
		_, err := d.CreateIdempotent(other)
		return err
	})
	if !errors.Is(err, access.ErrSentOtherwise) || w.Count("tasks") != 1 {
		t.Errorf("inside a transaction: %v, %d tasks", err, w.Count("tasks"))
	}
}

func TestFindRecentDuplicate_OtherPersonOrOlder_NotFound(t *testing.T) {
	w := testkit.New(t)
	first := check.Must(at(w, w.Coordinator).CreateIdempotent(keyed(w, formKey)))
	same := dbx.HashExp{"title": first.GetString("title"), "due_on": "2026-12-12"}
	find := func(d *access.Scope, values dbx.HashExp) string {
		found := check.Must(d.FindRecentDuplicate("tasks", time.Minute, values))
		if found == nil {
			return ""
		}
		return found.Id
	}
	check.Equal(t, "found", find(at(w, w.Coordinator), same), first.Id)
	second := check.Must(at(w, w.Coordinator).CreateIdempotent(keyed(w, "kunci-formulir-2")))
	check.Equal(t, "found", find(at(w, w.Coordinator), same), second.Id)
	for name, got := range map[string]string{
		"another person": find(at(w, w.Initiator), same),
		"a guest":        find(at(w, nil), same),
		"another title":  find(at(w, w.Coordinator), dbx.HashExp{"title": "Lain"}),
	} {
		check.Equal(t, name, got, "")
	}
	w.Age("tasks", 2*time.Minute)
	check.Equal(t, "after two minutes", find(at(w, w.Coordinator), same), "")
}
