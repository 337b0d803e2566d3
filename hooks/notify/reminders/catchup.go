package reminders

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/notify/outbox"
)

// Messages are written some days ahead. After a longer time off, those that were
// due beyond that were never written: the first planning writes them as they
// would stand there, so that each is sent late, told, or summed up as lost.
// hub_settings.planned_at has the moment of the last planning that went through
// everything.

// lastPlanned is that moment. It is zero on a hub that never planned yet, and
// where the database may not be the newest: what left meanwhile is unknown.
func lastPlanned(app core.App) (time.Time, error) {
	var row struct {
		At    types.DateTime `db:"planned_at"`
		Doubt bool           `db:"doubt"`
	}
	err := app.DB().NewQuery(`SELECT planned_at, mail_held AND mail_held_reason IN ('` + outbox.HoldRestored + `', '` + outbox.HoldCopied + `') AS doubt
		FROM hub_settings LIMIT 1`).One(&row)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return time.Time{}, nil
	case err != nil:
		return time.Time{}, fmt.Errorf("when everything was planned: %w", err)
	case row.Doubt:
		return time.Time{}, nil
	}
	return row.At.Time(), nil
}

// notePlanned writes down that everything was planned at a moment.
func notePlanned(app core.App, now time.Time) error {
	_, err := app.DB().NewQuery("UPDATE hub_settings SET planned_at = {:now}").Bind(dbx.Params{"now": Stamp(now)}).Execute()
	if err != nil {
		return fmt.Errorf("note that everything is planned: %w", err)
	}
	return nil
}

// unwritten reports whether a message was due while the hub was off, and beyond
// what had been written before. A rule or a day that was changed since makes up
// no messages of the past, and what no summary would tell of stays unwritten.
func (p *planner) unwritten(l planned) bool {
	if p.since.IsZero() || l.DueAt.IsZero() || l.DueAt.After(p.Now) {
		return false
	}
	from := Latest(p.since.Add(l.horizon), p.Now.Add(-staleSeen))
	for _, changed := range l.changed {
		if !changed.After(p.Now) { // else the clock was turned back since
			from = Latest(from, changed)
		}
	}
	return l.DueAt.After(from)
}

// lookedKey is where an app notes that it looked for such a time at its start.
const lookedKey = "reminders.overslept"

// overslept reports, once in the life of a process, whether the hub was off for
// longer than messages are written ahead.
func overslept(app core.App, now time.Time) (bool, error) {
	if app.Store().Has(lookedKey) {
		return false, nil
	}
	app.Store().Set(lookedKey, true)
	last, err := lastPlanned(app)
	return !last.IsZero() && now.After(last.Add(horizonBack)), err
}
