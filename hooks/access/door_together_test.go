package access_test

import (
	"errors"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestTogetherKeepsAllOrNothing(t *testing.T) {
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

func TestTogetherSeesItsOwnWrites(t *testing.T) {
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

func TestTheSameFormSentTwiceMakesOneRecord(t *testing.T) {
	w := testkit.New(t)
	first, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, formKey))
	if err != nil {
		t.Fatal(err)
	}
	told := w.Count("activity")
	again, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, formKey))
	if err != nil || again.Id != first.Id {
		t.Errorf("sent again: %v, %v", again, err)
	}
	if w.Count("tasks") != 1 || w.Count("activity") != told {
		t.Errorf("%d tasks; %d new entries", w.Count("tasks"), w.Count("activity")-told)
	}
	other, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, "kunci-formulir-2"))
	if err != nil || other.Id == first.Id {
		t.Errorf("another form: %v, %v", other, err)
	}
	for range 2 {
		if _, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, "")); err != nil {
			t.Error(err)
		}
	}
	check.Equal(t, "rows of tasks", w.Count("tasks"), 4)
}

func TestTheSameFormSentEightTimesAtOnceMakesOneRecord(t *testing.T) {
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
	if len(seen) != 1 || w.Count("tasks") != 1 {
		t.Errorf("%d different answers and %d tasks, want one", len(seen), w.Count("tasks"))
	}
}

func TestSomebodyElsesFormKeyOpensNothing(t *testing.T) {
	w := testkit.New(t)
	check.Must(at(w, w.Coordinator).CreateIdempotent(keyed(w, formKey)))
	made, err := at(w, w.BaliInitiator).CreateIdempotent(fresh(w, "tasks", fields{"programme": w.Rantang.Id, "title": "Antar rantang",
		"organisation": w.Bali.Id, "accountable": w.BaliInitiator.Id, "due_on": "2026-12-12", "once": formKey}))
	if err == nil || made != nil {
		t.Errorf("a stranger was answered with %v", made)
	}
	if _, err := at(w, nil).CreateIdempotent(keyed(w, formKey)); !errors.Is(err, access.ErrRefused) {
		t.Errorf("a guest: %v, want refused", err)
	}
}
