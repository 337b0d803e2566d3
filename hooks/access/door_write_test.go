package access_test

import (
	"errors"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func stage(w *testkit.World, position int, name string) *core.Record {
	return fresh(w, "stages", fields{"programme": w.Kopi.Id, "position": position, "name": name})
}

func TestCreateKeepsWhatTheRuleAllowsAndNothingElse(t *testing.T) {
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
	if w.Count("stages") != rows || w.Count("activity") != told {
		t.Error("a refused creation left something behind")
	}
}

func TestUpdateAsksForExactlyTheChangedFields(t *testing.T) {
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
		if (err == nil) != of.allowed {
			t.Errorf("%s: %v, allowed should be %v", name, err, of.allowed)
		}
		if err != nil && !errors.Is(err, access.ErrRefused) {
			t.Errorf("%s: %v is no refusal", name, err)
		}
	}
	after := w.Fresh(r)
	for _, f := range []string{"title", "due_on", "organisation", "programme", "done_by"} {
		check.Equal(t, f, after.GetString(f), r.GetString(f))
	}
}

func TestUpdateTellsAMistakeFromARefusal(t *testing.T) {
	w := testkit.New(t)
	row := w.Fresh(task(w))
	row.Set("state", "lost")
	if err := at(w, w.Initiator).Update(row); err == nil || errors.Is(err, access.ErrRefused) {
		t.Errorf("an unknown state: %v, want a mistake at the field", err)
	}
}

func TestDeleteNeedsItsOwnRule(t *testing.T) {
	w := testkit.New(t)
	r := w.Make("stages", "programme", w.Kopi.Id, "position", 1, "name", "Asesmen")
	for name, person := range map[string]*core.Record{"coordinator": w.Coordinator, "partner": w.Partner, "guest": nil, "stranger": w.BaliInitiator} {
		if err := at(w, person).Delete(w.Fresh(r)); !errors.Is(err, access.ErrRefused) {
			t.Errorf("%s: %v, want refused", name, err)
		}
	}
	if err := at(w, w.Initiator).Delete(w.Fresh(r)); err != nil {
		t.Error(err)
	}
	check.Equal(t, "the stage", w.Count("stages"), 0)
}

func TestMayAsksANamedSentenceOfTheStoredRecord(t *testing.T) {
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
	if at(w, w.OtherPartner).Can(access.MayAnswer, moved) {
		t.Error("a change that is not stored opened the record")
	}
}

func TestMoveWritesWhatThePersonMayNotWriteThemselves(t *testing.T) {
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

func TestTwoPeopleCannotMakeTheSameMove(t *testing.T) {
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
