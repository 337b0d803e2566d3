package access_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

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
		if answer.Status >= http.StatusInternalServerError {
			s.Errorf("%s: %s %v: status %d", f.name, a.name, ask, answer.Status)
		}
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
