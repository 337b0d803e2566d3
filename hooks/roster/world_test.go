package roster_test

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// saved changes a record as the hub.
func saved(w *testkit.World, r *core.Record, fields ...any) *core.Record {
	w.Helper()
	r = w.Fresh(r)
	for i := 0; i+1 < len(fields); i += 2 {
		r.Set(fields[i].(string), fields[i+1])
	}
	check.NoError(w, w.App.Save(r))
	return r
}

// partners counts the partner memberships of a person in a programme.
func partners(w *testkit.World, programme, person *core.Record) int64 {
	w.Helper()
	n := check.Must(w.App.CountRecords("memberships",
		dbx.HashExp{"programme": programme.Id, "user": person.Id, "role": "partner"}))
	return n
}

// place finds an organisation's place in a programme.
func place(w *testkit.World, programme, organisation *core.Record) *core.Record {
	w.Helper()
	found, err := w.App.FindAllRecords("stakeholders",
		dbx.HashExp{"programme": programme.Id, "organisation": organisation.Id})
	if err != nil || len(found) == 0 {
		w.Fatalf("%d places, %v", len(found), err)
	}
	return found[0]
}

// enter opens the scope for a person who has seen the programme.
func enter(w *testkit.World, person, programme *core.Record) (*access.Scope, *programmes.Programme) {
	w.Helper()
	d := access.As(w.App, person)
	p := check.Must(programmes.ByID(d, programme.Id))
	return d, p
}

// stand moves the clock for the rest of a test.
func stand(t *testing.T, at time.Time) {
	t.Helper()
	t.Cleanup(clock.Freeze(at))
}
