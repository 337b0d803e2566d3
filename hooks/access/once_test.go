package access_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/testkit"
)

func TestAFormSentAgainWithOtherContentIsToldApart(t *testing.T) {
	w := testkit.New(t)
	if _, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, formKey)); err != nil {
		t.Fatal(err)
	}
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

func TestOnlyWhatThePersonMadeLatelyIsFound(t *testing.T) {
	w := testkit.New(t)
	first, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, formKey))
	if err != nil {
		t.Fatal(err)
	}
	same := dbx.HashExp{"title": first.GetString("title"), "due_on": "2026-12-12"}
	find := func(d *access.Scope, values dbx.HashExp) string {
		found, err := d.FindRecentDuplicate("tasks", time.Minute, values)
		if err != nil {
			t.Fatal(err)
		}
		if found == nil {
			return ""
		}
		return found.Id
	}
	if got := find(at(w, w.Coordinator), same); got != first.Id {
		t.Errorf("found %q, want %q", got, first.Id)
	}
	second, err := at(w, w.Coordinator).CreateIdempotent(keyed(w, "kunci-formulir-2"))
	if err != nil {
		t.Fatal(err)
	}
	if got := find(at(w, w.Coordinator), same); got != second.Id {
		t.Errorf("found %q, want the latest, %q", got, second.Id)
	}
	for name, got := range map[string]string{
		"another person": find(at(w, w.Initiator), same),
		"a guest":        find(at(w, nil), same),
		"another title":  find(at(w, w.Coordinator), dbx.HashExp{"title": "Lain"}),
	} {
		if got != "" {
			t.Errorf("%s finds %q", name, got)
		}
	}
	w.Age("tasks", 2*time.Minute)
	if got := find(at(w, w.Coordinator), same); got != "" {
		t.Errorf("after two minutes finds %q", got)
	}
}
