package contributions

import (
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
)

// surroundings is what a gift's programme says about it.
type surroundings struct {
	Zone string `db:"zone"`
	// TakesPart: the giver is or was a stakeholder. Speaks: whoever saves
	// speaks for the giver.
	TakesPart bool `db:"takes_part"`
	Speaks    bool `db:"speaks"`
}

const around = `SELECT p.time_zone AS zone,
	EXISTS (SELECT 1 FROM stakeholders s WHERE s.programme = p.id AND s.organisation = {:giver}) AS takes_part,
	EXISTS (SELECT 1 FROM memberships m WHERE m.user = {:person} AND m.programme = p.id AND m.organisation = {:giver}) AS speaks
	FROM programmes p WHERE p.id = {:programme}`

// Settle fills in what the giver need not type and what only the hub writes:
// who logged it, its number, its day and its value if it is money. A giver
// that takes no part in the programme is refused.
func Settle(e *core.RecordEvent) error {
	r := e.Record
	if r.Original().GetString("review_status") == Verified {
		return e.Next()
	}
	near, err := look(e.App, r)
	if err != nil {
		return err
	}
	if near == nil {
		return e.Next() // without a programme the field's own check speaks
	}
	moved := r.IsNew() || r.Original().GetString("contributor") != r.GetString("contributor")
	if moved && r.GetString("contributor") != "" && !near.TakesPart {
		return access.Invalid("contributor", "contributions.problem_giver")
	}
	if r.IsNew() {
		logged(r, near.Speaks)
	}
	setDefault(r, "stage", Delivered)
	setDefault(r, "given_on", clock.Today(near.Zone))
	settleValue(r)
	settleVerified(r)
	if err := hand(e.App, r, near.Zone); err != nil {
		return err
	}
	return e.Next()
}

func look(app core.App, r *core.Record) (*surroundings, error) {
	person := ""
	if actor := access.Actor(r); actor != nil {
		person = actor.Id
	}
	near := &surroundings{}
	err := app.DB().NewQuery(around).Bind(dbx.Params{
		"programme": r.GetString("programme"), "giver": r.GetString("contributor"), "person": person,
	}).One(near)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("contributions: %w", err)
	}
	return near, nil
}

// logged writes down whose hand it was. A person's new entry waits for review,
// whatever it says of itself; administrators and the hub may place it.
func logged(r *core.Record, speaks bool) {
	actor := access.Actor(r)
	if actor != nil {
		r.Set("on_behalf", !speaks)
	}
	if actor != nil && !actor.IsSuperuser() {
		r.Set("logged_by", actor.Id)
		r.Set("review_status", Submitted)
	}
	setDefault(r, "review_status", Submitted)
}

// settleValue makes the value of money its amount; other kinds are not valued
// unless somebody says so.
func settleValue(r *core.Record) {
	if unit := onlyUnit(r.GetString("kind")); unit != "" {
		setDefault(r, "unit", unit)
	}
	if r.GetString("kind") == Money {
		r.Set("value_idr", r.GetFloat("quantity"))
		r.Set("value_basis", "cash")
		return
	}
	if r.GetFloat("value_idr") == 0 {
		setDefault(r, "value_basis", "not_valued")
	}
}

// settleVerified takes what was given as what was found, where whoever verified
// it did not count anew. The value keeps its proportion to the quantity.
func settleVerified(r *core.Record) {
	given := r.GetFloat("quantity")
	if r.GetString("review_status") != Verified || given <= 0 {
		return
	}
	if r.GetFloat("verified_quantity") == 0 {
		r.Set("verified_quantity", given)
	}
	if r.GetFloat("verified_value_idr") == 0 {
		r.Set("verified_value_idr", math.Round(r.GetFloat("value_idr")*r.GetFloat("verified_quantity")/given))
	}
	if r.GetDateTime("reviewed_at").IsZero() {
		r.Set("reviewed_at", clock.Now())
	}
}

// hand gives a contribution that is no draft its number and the instant of its
// submission.
func hand(app core.App, r *core.Record, zone string) error {
	if r.GetString("review_status") == Draft {
		return nil
	}
	at := r.GetDateTime("submitted_at")
	if at.IsZero() {
		at, _ = types.ParseDateTime(clock.Now())
		r.Set("submitted_at", at)
	}
	if r.GetString("number") != "" {
		return nil
	}
	number, err := nextNumber(app, clock.Day(at.Time(), zone)[:4])
	r.Set("number", number)
	return err
}

func setDefault(r *core.Record, field string, value any) {
	if r.GetString(field) == "" {
		r.Set(field, value)
	}
}
