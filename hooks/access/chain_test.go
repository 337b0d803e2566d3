package access_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func broken(t *testing.T, app core.App) string {
	t.Helper()
	id := check.Must(access.VerifyActivity(app))
	return id
}

func TestTheChainOfTheActivityHolds(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	for _, state := range []string{"in_progress", "waiting", "done"} {
		if status := patch(w, w.Initiator, r, fields{"state": state}); status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
	}
	check.Equal(t, "an untouched chain is said to break", broken(t, w.App), "")
}

func TestTamperingWithTheActivityIsFound(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	patch(w, w.Initiator, r, fields{"state": "in_progress"})
	row := newest(w, r.Id, 2)
	patch(w, w.Initiator, r, fields{"state": "done"})
	next := newest(w, r.Id, 3)

	for _, column := range []string{"actor", "on_behalf_of", "via", "programme", "collection", "record", "action", "changes", "created", "hash", "previous_hash"} {
		found := tampered(t, w.App, func(tx core.App) *dbx.Query {
			return tx.DB().Update("activity", dbx.Params{column: "lain"}, idIs(row.Id))
		})
		if found != row.Id {
			t.Errorf("another %s is found at %q, want %q", column, found, row.Id)
		}
	}
	removed := tampered(t, w.App, func(tx core.App) *dbx.Query { return tx.DB().Delete("activity", idIs(row.Id)) })
	check.Equal(t, "a removed row", removed, next.Id)
}

// tampered changes the table past all hooks, verifies, and takes it back.
func tampered(t *testing.T, app core.App, with func(core.App) *dbx.Query) (found string) {
	t.Helper()
	err := app.RunInTransaction(func(tx core.App) error {
		if _, err := with(tx).Execute(); err != nil {
			return err
		}
		found = broken(t, tx)
		return errUndo
	})
	if !errors.Is(err, errUndo) {
		t.Fatal(err)
	}
	return found
}

func TestNobodyRewritesTheActivity(t *testing.T) {
	w := testkit.New(t)
	row := newest(w, task(w).Id, 1)
	path := records("activity") + "/" + row.Id
	for name, person := range map[string]*core.Record{"initiator": w.Initiator, "administrator": w.Administrator} {
		if status := w.As(person).API(http.MethodPatch, path, fields{"action": "delete"}).Status; status == http.StatusOK {
			t.Errorf("%s changed an entry", name)
		}
		if status := w.As(person).API(http.MethodDelete, path, nil).Status; status == http.StatusNoContent {
			t.Errorf("%s removed an entry", name)
		}
	}
	if err := w.App.Delete(w.Fresh(row)); err == nil {
		t.Error("code removed an entry")
	}
	w.Fresh(row)
}

func TestWritersAtOnceKeepOneChain(t *testing.T) {
	w := testkit.New(t)
	done := make(chan error)
	const writers = 8
	for range writers {
		r := w.Fresh(task(w))
		r.Set("state", "done")
		go func() { done <- at(w, w.Initiator).Update(r) }()
	}
	for range writers {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	check.Equal(t, "the chain breaks", broken(t, w.App), "")
}
