package programmes

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/markdown"
)

// Settle completes a programme before it is saved and refuses what cannot be:
// an address of its own, a known province and its zone, days in order.
func Settle(e *core.RecordEvent) error {
	r := e.Record
	r.Set("name", strings.Join(strings.Fields(r.GetString("name")), " "))
	if err := settlePlace(r); err != nil {
		return err
	}
	if err := DaysInOrder(r, "starts_on", "ends_on"); err != nil {
		return err
	}
	if r.GetString("status") == "" {
		r.Set("status", firstStatus(r))
	}
	if markdown.SixteenDigits(r.GetString("name")) {
		return access.Invalid("name", "problem.sixteen_digits") // before the address repeats it
	}
	if r.GetString("slug") == "" {
		slug, err := freeSlug(e.App, r.GetString("name"))
		if err != nil {
			return fmt.Errorf("address of a programme: %w", err)
		}
		r.Set("slug", slug)
	}
	if slices.Contains(reserved, r.GetString("slug")) {
		return access.Invalid("slug", "problem.already_there")
	}
	return e.Next()
}

// settlePlace writes the province as it is always written and takes the zone
// from it where none was chosen. A programme that moves takes the new zone if
// it had the old province's.
func settlePlace(r *core.Record) error {
	province := strings.TrimSpace(r.GetString("province"))
	known := ""
	for _, p := range clock.Provinces {
		if strings.EqualFold(p, province) {
			known = p
		}
	}
	if province != "" && known == "" {
		return access.Invalid("province", "programmes.problem_province", "province", province)
	}
	r.Set("province", known)
	was := r.Original()
	moved := !r.IsNew() && was.GetString("province") != known && was.GetString("time_zone") == r.GetString("time_zone")
	followed := was.GetString("time_zone") == clock.ZoneOfProvince(was.GetString("province"))
	if r.GetString("time_zone") == "" || moved && followed {
		r.Set("time_zone", clock.ZoneOfProvince(known))
	}
	return nil
}

// firstStatus is where a programme stands that nobody has placed: under way if
// it has begun, else in planning.
func firstStatus(r *core.Record) string {
	begins := r.GetString("starts_on")
	if begins != "" && begins <= clock.Today(r.GetString("time_zone")) {
		return "active"
	}
	return "planning"
}

// DaysInOrder refuses a record whose two days are no days of the calendar, or
// whose last day comes before the first. Either may be empty.
func DaysInOrder(r *core.Record, from, until string) error {
	for _, field := range []string{from, until} {
		day := r.GetString(field)
		if day != "" && clock.AddDays(day, 0) != day {
			return access.Invalid(field, "problem.not_a_date")
		}
	}
	first, last := r.GetString(from), r.GetString(until)
	if first != "" && last != "" && last < first {
		return access.Invalid(until, "problem.ends_before_start")
	}
	return nil
}

// Welcome lets the person who starts a programme lead it, and gives the owner
// its place among the stakeholders, in the transaction of the saving. What the
// hub itself saves brings its own people along.
func Welcome(e *core.RecordEvent) error {
	fresh := e.Record.IsNew()
	changed := e.Record.Original().GetString("owner") != e.Record.GetString("owner")
	if err := e.Next(); err != nil {
		return err
	}
	actor := access.Actor(e.Record)
	if actor == nil {
		return nil
	}
	if fresh && !actor.IsSuperuser() {
		if err := lead(e.App, e.Record, actor); err != nil {
			return fmt.Errorf("initiator of a programme: %w", err)
		}
	}
	if !changed {
		return nil
	}
	if err := takePart(e.App, e.Record); err != nil {
		return fmt.Errorf("owner of a programme: %w", err)
	}
	return nil
}

func lead(app core.App, programme, person *core.Record) error {
	return save(app, programme, "memberships", map[string]any{
		"programme": programme.Id, "user": person.Id, "role": "initiator",
	})
}

// takePart makes the owner a stakeholder unless it is one in some office already.
func takePart(app core.App, programme *core.Record) error {
	owner := programme.GetString("owner")
	there, err := app.CountRecords("stakeholders", dbx.HashExp{"programme": programme.Id, "organisation": owner})
	if err != nil || there > 0 {
		return err
	}
	return save(app, programme, "stakeholders", map[string]any{
		"programme": programme.Id, "organisation": owner,
		"joined_on": clock.Today(programme.GetString("time_zone")),
	})
}

// save makes a record in the name of whoever saved the programme.
func save(app core.App, cause *core.Record, collection string, fields map[string]any) error {
	c, err := app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return err
	}
	r := core.NewRecord(c)
	r.Load(fields)
	return app.Save(access.Sign(r, access.Actor(cause), access.Via(cause)))
}
