package reminders

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// FollowRule plans anew what a changed rule speaks of and what it spoke of
// before: in the transaction of its change, or with the next tick if it is much.
func FollowRule(e *core.RecordEvent) error {
	was, is := e.Record.Original(), e.Record
	if err := e.Next(); err != nil {
		return err
	}
	shelfOf(e.App).outdate(e.App)
	p := newPlanner(e.App, clock.Now())
	for _, src := range sources {
		ids := map[string]bool{}
		for _, r := range []*core.Record{was, is} {
			if !slices.Contains(src.kinds, r.GetString("kind")) {
				continue
			}
			found, err := open(e.App, src, src.ofProgramme(r.GetString("programme"))...)
			if err != nil {
				return err
			}
			for _, id := range found {
				ids[id] = true
			}
		}
		if err := p.replan(src, sorted(ids)); err != nil {
			return err
		}
	}
	return nil
}

// FollowHoliday has everything planned anew with the next tick: a year of
// holidays is entered one after the other.
func FollowHoliday(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	shelfOf(e.App).outdate(e.App)
	planLater(e.App)
	return nil
}

// ofProgramme narrows to a programme; a rule without one speaks of all.
func (s source) ofProgramme(programme string) []dbx.Expression {
	if programme == "" {
		return nil
	}
	return []dbx.Expression{dbx.HashExp{s.column(): programme}}
}

func sorted(set map[string]bool) []string {
	out := make([]string, 0, len(set))
	for id := range set {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// matters reports whether a save is more than an update of other fields.
func matters(e *core.RecordEvent, fields ...string) bool {
	return e.Type != core.ModelEventTypeUpdate || changed(e.Record, fields)
}

// FollowPerson plans anew what an organisation is reminded of when who speaks
// for it changes.
func FollowPerson(e *core.RecordEvent) error {
	organisations := []any{e.Record.Original().GetString("organisation"), e.Record.GetString("organisation")}
	touched := matters(e, "organisation", "user", "email", "focal_point", "from_on", "until_on", "language", "time_zone")
	if err := e.Next(); err != nil || !touched {
		return err
	}
	p := newPlanner(e.App, clock.Now())
	for _, src := range sources {
		if src.pending == nil || !slices.Contains(src.fields, "organisation") {
			continue
		}
		ids, err := open(e.App, src, dbx.In("organisation", organisations...))
		if err != nil {
			return err
		}
		if err := p.replan(src, ids); err != nil {
			return err
		}
	}
	return nil
}

// untilTomorrow reaches beyond the next night, which brings all letters up to date.
const untilTomorrow = 36 * time.Hour

// FollowUser brings the next letters to a person up to date when the person
// chooses another hour, zone or language. Later letters follow at night.
func FollowUser(e *core.RecordEvent) error {
	return followSoon(e, dbx.HashExp{"user": e.Record.Id}, "send_at", "time_zone", "language")
}

// FollowOrganisation does the same when an organisation chooses another hour.
func FollowOrganisation(e *core.RecordEvent) error {
	return followSoon(e, dbx.NewExp("recipient IN (SELECT id FROM contacts WHERE organisation = {:id})", dbx.Params{"id": e.Record.Id}), "send_at")
}

// FollowProgramme does the same when a programme chooses another hour.
func FollowProgramme(e *core.RecordEvent) error {
	return followSoon(e, dbx.HashExp{"programme": e.Record.Id}, "send_at")
}

// followSoon plans anew what some of the next letters are about when one of the
// fields of a record changes.
func followSoon(e *core.RecordEvent, letters dbx.Expression, fields ...string) error {
	touched := matters(e, fields...)
	if err := e.Next(); err != nil || !touched {
		return err
	}
	p := newPlanner(e.App, clock.Now())
	for _, src := range sources {
		if src.pending == nil {
			continue
		}
		ids := []string{}
		err := e.App.DB().Select("subject_id").Distinct(true).From("deliveries").Where(letters).
			AndWhere(dbx.HashExp{"subject_collection": src.collection, "state": "planned"}).
			AndWhere(dbx.NewExp("due_at <= {:soon}", dbx.Params{"soon": stamp(p.now.Add(untilTomorrow))})).Column(&ids)
		if err != nil {
			return fmt.Errorf("letters of %s %s: %w", e.Record.Collection().Name, e.Record.Id, err)
		}
		if err := p.replan(src, ids); err != nil {
			return err
		}
	}
	return nil
}
