package access_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestAFormSentAgainWithOtherContentIsToldApart(t *testing.T) {
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

func TestOnlyWhatThePersonMadeLatelyIsFound(t *testing.T) {
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
