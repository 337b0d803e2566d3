package reminders

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// FollowInvitation plans a meeting's letters anew when an attendance changes,
// and tells at once who is invited now.
func FollowInvitation(e *core.RecordEvent) error {
	touched := matters(e, "state", "contact", "stakeholder")
	if err := e.Next(); err != nil || !touched {
		return err
	}
	meeting, err := e.App.FindRecordById("meetings", e.Record.GetString("meeting"))
	if err != nil {
		return nil // the meeting is being deleted together with its attendances
	}
	src, _ := sourceFor("meeting_soon")
	if err := newPlanner(e.App, clock.Now()).plan(src, meeting); err != nil {
		return err
	}
	if e.Type == core.ModelEventTypeDelete {
		err = withdraw(e)
	} else {
		invite, _ := sourceFor("meeting_invite")
		err = newPlanner(e.App, clock.Now()).plan(invite, e.Record)
	}
	return errors.Join(err, calling{app: e.App, known: meeting, meeting: meeting, attendance: e.Record.Id}.recall())
}

// FollowSchedule tells those invited when a meeting is called, moved or called off.
func FollowSchedule(e *core.RecordEvent) error {
	touched := changed(e.Record, []string{"starts_at", "ends_at", "status", "time_zone", "mode", "place", "link"})
	known := e.Record.Original()
	if err := e.Next(); err != nil || !touched {
		return err
	}
	err := planRelated(e.App, "meeting_invite", dbx.HashExp{"meeting": e.Record.Id})
	return errors.Join(err, calling{app: e.App, known: known, meeting: e.Record}.recall())
}

// FollowGift plans anew whether its giver is still asked what it gave.
func FollowGift(e *core.RecordEvent) error {
	touched := matters(e, "contributor", "programme", "given_on", "review_status")
	if err := e.Next(); err != nil || !touched {
		return err
	}
	return planRelated(e.App, "contribution_prompt",
		dbx.HashExp{"programme": e.Record.GetString("programme"), "organisation": e.Record.GetString("contributor")})
}

// FollowNothing plans anew whether an organisation is still asked for a month
// of which it said that there is nothing.
func FollowNothing(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	return planRelated(e.App, "contribution_prompt",
		dbx.HashExp{"programme": e.Record.GetString("programme"), "organisation": e.Record.GetString("organisation")})
}

// FollowValue plans anew whether an indicator still waits for its value.
func FollowValue(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	return planRelated(e.App, "indicator_due", dbx.HashExp{"id": e.Record.GetString("indicator")})
}

// planRelated plans anew what a kind says of the records that meet a condition.
func planRelated(app core.App, kind string, which dbx.Expression) error {
	src, _ := sourceFor(kind)
	found, err := app.FindAllRecords(src.collection, which)
	if err != nil {
		return fmt.Errorf("plan %s: %w", kind, err)
	}
	p := newPlanner(app, clock.Now())
	for _, r := range found {
		err := p.plan(src, r)
		if errors.Is(err, sql.ErrNoRows) {
			continue // it is being deleted together with what it belongs to
		}
		if err != nil {
			return fmt.Errorf("plan %s %s: %w", src.collection, r.Id, err)
		}
	}
	return nil
}
