package reminders

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// undone tells which records of a collection may still call for a letter.
var undone = map[string]dbx.Expression{
	"tasks":         dbx.NewExp("state IN ('todo', 'in_progress', 'waiting') AND due_on != ''"),
	"meetings":      dbx.NewExp("status = 'scheduled'"),
	"contributions": dbx.NewExp("review_status = 'submitted'"),
}

// PlanAll plans anew everything still open: each night the horizon moves on by
// a day, and days that ended change who is told. It stops early when ctx ends.
func PlanAll(ctx context.Context, app core.App, now time.Time) error {
	for _, src := range sources {
		ids := []string{}
		if err := app.DB().Select("id").From(src.collection).Where(undone[src.collection]).Column(&ids); err != nil {
			return fmt.Errorf("plan %s: %w", src.collection, err)
		}
		for _, id := range ids {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err := again(app, src, id, now); err != nil {
				return fmt.Errorf("plan %s %s: %w", src.collection, id, err)
			}
		}
	}
	return nil
}

// again plans one record in a transaction of its own, so that planning a whole
// hub never keeps people from saving for long.
func again(app core.App, src source, id string, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		r, err := tx.FindRecordById(src.collection, id)
		if err != nil {
			return nil // deleted meanwhile: nothing to plan
		}
		return plan(tx, src, r, now)
	})
}

// FollowRule plans anew what a changed rule speaks of, in the transaction of
// its change.
func FollowRule(e *core.RecordEvent) error {
	kind, programme := e.Record.GetString("kind"), e.Record.GetString("programme")
	if err := e.Next(); err != nil {
		return err
	}
	for _, src := range sources {
		if !slices.Contains(src.kinds, kind) {
			continue
		}
		where := []dbx.Expression{undone[src.collection]}
		if programme != "" {
			where = append(where, dbx.HashExp{"programme": programme})
		}
		open, err := e.App.FindAllRecords(src.collection, where...)
		if err != nil {
			return fmt.Errorf("plan %s: %w", src.collection, err)
		}
		for _, r := range open {
			if err := plan(e.App, src, r, clock.Now()); err != nil {
				return err
			}
		}
	}
	return nil
}

// FollowInvitation plans a meeting's letters anew when an attendance changes.
func FollowInvitation(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	meeting, err := e.App.FindRecordById("meetings", e.Record.GetString("meeting"))
	if err != nil {
		return nil // the meeting is being deleted together with its attendances
	}
	src, _ := sourceOf("meetings")
	return plan(e.App, src, meeting, clock.Now())
}

// FollowPerson plans anew the open tasks of an organisation when who speaks for
// it changes.
func FollowPerson(e *core.RecordEvent) error {
	organisation := e.Record.GetString("organisation")
	if err := e.Next(); err != nil {
		return err
	}
	open, err := e.App.FindAllRecords("tasks", undone["tasks"], dbx.HashExp{"organisation": organisation})
	if err != nil {
		return fmt.Errorf("plan tasks of %s: %w", organisation, err)
	}
	src, _ := sourceOf("tasks")
	for _, r := range open {
		if err := plan(e.App, src, r, clock.Now()); err != nil {
			return err
		}
	}
	return nil
}

// CheckRule refuses a rule that could never be carried out.
func CheckRule(e *core.RecordEvent) error {
	if at := e.Record.GetString("at"); at == "" {
		e.Record.Set("at", "08:00")
	}
	return e.Next()
}
