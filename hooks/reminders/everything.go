package reminders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// undone tells which records of a collection may still call for a letter.
var undone = map[string]dbx.Expression{
	"tasks":         dbx.NewExp("state IN ('todo', 'in_progress', 'waiting') AND due_on != ''"),
	"meetings":      dbx.NewExp("status = 'scheduled'"),
	"contributions": dbx.NewExp("review_status = 'submitted'"),
}

// maxFaults ends a planning of everything when the trouble is not one record's.
const maxFaults = 10

// PlanAll plans anew everything still open: each night the horizon moves on by
// a day, and days that ended change who is told. What cannot be planned does not
// keep the rest from it. It stops early when ctx ends.
func PlanAll(ctx context.Context, app core.App, now time.Time) error {
	var faults []error
	for _, src := range sources {
		ids, err := open(app, src)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := again(app, src, id, now); err != nil {
				faults = append(faults, fmt.Errorf("plan %s %s: %w", src.collection, id, err))
			}
			if len(faults) == maxFaults {
				return errors.Join(faults...)
			}
		}
	}
	return errors.Join(faults...)
}

// open lists what of a collection may call for a letter, narrowed by conditions.
func open(app core.App, src source, where ...dbx.Expression) (ids []string, err error) {
	q := app.DB().Select("id").From(src.collection).Where(undone[src.collection])
	for _, condition := range where {
		q.AndWhere(condition)
	}
	if err := q.OrderBy("id").Column(&ids); err != nil {
		return nil, fmt.Errorf("plan %s: %w", src.collection, err)
	}
	return ids, nil
}

// again plans one record in a transaction of its own, so that planning a whole
// hub never keeps people from saving for long.
func again(app core.App, src source, id string, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		r, err := tx.FindRecordById(src.collection, id)
		if err != nil {
			return nil // deleted meanwhile: nothing to plan
		}
		return newPlanner(tx, now).plan(src, r)
	})
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
		whenDone(p.app, func() { p.app.Store().Set(pendingKey, true) })
		return nil
	}
	for _, id := range ids {
		r, err := p.app.FindRecordById(src.collection, id)
		if err != nil {
			return fmt.Errorf("plan %s %s: %w", src.collection, id, err)
		}
		if err := p.plan(src, r); err != nil {
			return err
		}
	}
	return nil
}

// whenDone calls back after the transaction, whichever way it ends.
func whenDone(app core.App, call func()) {
	if tx := app.TxInfo(); tx != nil {
		tx.OnComplete(func(error) error { call(); return nil })
		return
	}
	call()
}

// PlanPending plans everything anew if a change left that to be done. Each tick
// asks it before letters leave, so that none goes by a rule of yesterday.
func PlanPending(ctx context.Context, app core.App, now time.Time) error {
	if pending, _ := app.Store().Get(pendingKey).(bool); !pending {
		return nil
	}
	app.Store().Remove(pendingKey)
	err := PlanAll(ctx, app, now)
	if ctx.Err() != nil {
		app.Store().Set(pendingKey, true)
	}
	return err
}
