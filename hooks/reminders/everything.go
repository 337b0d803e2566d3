package reminders

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// maxFaults ends a planning of everything when the trouble is not one record's.
const maxFaults = 10

// everything is one planning of all that is still open.
type everything struct {
	app   core.App
	now   time.Time
	since time.Time // when the last one was complete
}

// PlanAll plans anew everything still open: each night the horizon moves on by
// a day, and days that ended change who is told. What was due while the hub was
// off for long is written down now. What cannot be planned does not keep the rest
// from it. It stops early when ctx ends.
func PlanAll(ctx context.Context, app core.App, now time.Time) error {
	since, err := lastPlanned(app)
	if err != nil {
		return err
	}
	all := everything{app: app, now: now, since: since}
	var faults []error
	for _, src := range sources {
		ids, err := open(app, src)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(ids, together) {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			faults = append(faults, all.again(src, some)...)
			if len(faults) >= maxFaults {
				return errors.Join(faults...)
			}
		}
	}
	return errors.Join(append(faults, notePlanned(app, now))...)
}

// open lists what of a collection may call for a letter, narrowed by conditions.
func open(app core.App, src source, where ...dbx.Expression) (ids []string, err error) {
	if src.pending == nil {
		return nil, nil
	}
	q := app.DB().Select("id").From(src.collection).Where(src.pending)
	for _, condition := range where {
		q.AndWhere(condition)
	}
	if err := q.OrderBy("id").Column(&ids); err != nil {
		return nil, fmt.Errorf("plan %s: %w", src.collection, err)
	}
	return ids, nil
}

// together is how many records one transaction of the night plans: enough to
// spare the disk, and so few that nobody's save waits for long.
const together = 20

// again plans some records in one transaction. If that fails, each is planned by
// itself, so that the fault of one is not another's.
func (a everything) again(src source, ids []string) (faults []error) {
	err := a.app.RunInTransaction(func(tx core.App) error {
		records, err := tx.FindRecordsByIds(src.collection, ids)
		if err != nil {
			return fmt.Errorf("plan %s: %w", src.collection, err)
		}
		p := newPlanner(tx, a.now)
		p.since = a.since
		for _, r := range records {
			if err := p.plan(src, r); err != nil {
				return fmt.Errorf("plan %s %s: %w", src.collection, r.Id, err)
			}
		}
		return nil
	})
	if err == nil {
		return nil
	}
	if len(ids) == 1 {
		return []error{err}
	}
	for _, id := range ids {
		faults = append(faults, a.again(src, []string{id})...)
	}
	return faults
}

// one plans a record by its id; one deleted meanwhile needs no plan.
func (p *planner) one(src source, id string) error {
	r, err := maybe(p.app, src.collection, id)
	if err != nil || r == nil {
		return err
	}
	return p.plan(src, r)
}

// atOnce is how many records are planned anew within the save that calls for
// it; more would keep everybody else from saving.
const atOnce = 200

// pendingKey is where an app notes that everything must be planned anew.
const pendingKey = "reminders.pending"

// replan plans some records anew now, in the transaction of the change, or with
// the next tick when they are many.
func (p *planner) replan(src source, ids []string) error {
	if len(ids) > atOnce {
		planLater(p.app)
		return nil
	}
	for _, id := range ids {
		if err := p.one(src, id); err != nil {
			return fmt.Errorf("plan %s %s: %w", src.collection, id, err)
		}
	}
	return nil
}

func planLater(app core.App) {
	whenDone(app, func() { app.Store().Set(pendingKey, true) })
}

// whenDone calls back after the transaction, whichever way it ends.
func whenDone(app core.App, call func()) {
	if tx := app.TxInfo(); tx != nil {
		tx.OnComplete(func(error) error { call(); return nil })
		return
	}
	call()
}

// PlanPending plans everything anew if a change left that to be done, or if the
// hub was off for long. Each tick asks it before letters leave, so that none goes
// by a rule of yesterday and one summary tells of all that was lost.
func PlanPending(ctx context.Context, app core.App, now time.Time) error {
	late, err := overslept(app, now)
	if err != nil {
		return err
	}
	if pending, _ := app.Store().Get(pendingKey).(bool); !pending && !late {
		return nil
	}
	app.Store().Remove(pendingKey)
	err = PlanAll(ctx, app, now)
	if ctx.Err() != nil {
		app.Store().Set(pendingKey, true)
	}
	return err
}
