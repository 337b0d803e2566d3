package contributions

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"

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

// Normalize fills in what the giver need not type and what only the hub writes:
// who logged it, its number, its day and its value if it is money. A giver
// that takes no part in the programme is refused.
func Normalize(e *core.RecordEvent) error {
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

const (
	// first is the earliest day of a gift; before that it is a slip of the finger.
	first = "2000-01-01"
	// ahead is how many days a delivered gift may lie in the future: one, for
	// those who are a zone further east. A pledge may be five years off.
	ahead       = 1
	aheadPledge = 5 * 365
	// most is the largest quantity that is kept exactly.
	most = 1e15
)

// Validate refuses a contribution that contradicts itself or points to another
// programme, and any change of what was verified. It holds for everybody,
// administrators too.
func Validate(e *core.RecordEvent) error {
	r := e.Record
	if r.Original().GetString("review_status") == Verified {
		if err := frozen(r); err != nil {
			return err
		}
		return e.Next()
	}
	for _, check := range []func(*core.Record) error{checkUnit, checkDay, checkValue, checkNumber} {
		if err := check(r); err != nil {
			return err
		}
	}
	if err := checkLinks(e.App, r); err != nil {
		return err
	}
	return e.Next()
}

func checkUnit(r *core.Record) error {
	kind, unit, quantity := r.GetString("kind"), r.GetString("unit"), r.GetFloat("quantity")
	if kind != "" && unit != "" && !Suits(kind, unit) {
		return access.Invalid("unit", "contributions.problem_unit")
	}
	if quantity < 0 || quantity > most || math.IsNaN(quantity) {
		return access.Invalid("quantity", "problem.not_a_number")
	}
	if kind == Money && quantity != math.Trunc(quantity) {
		return access.Invalid("quantity", "problem.not_money")
	}
	return nil
}

func checkDay(r *core.Record) error {
	day := r.GetString("given_on")
	limit := ahead
	if r.GetString("stage") == Pledged {
		limit = aheadPledge
	}
	// The latest day anywhere in the country is today's in the east.
	latest := clock.AddDays(clock.Today(clock.Zones[len(clock.Zones)-1]), limit)
	switch {
	case day == "":
		return nil
	case clock.AddDays(day, 0) != day:
		return access.Invalid("given_on", "problem.not_a_date")
	case day < first:
		return access.Invalid("given_on", "contributions.problem_too_early")
	case day > latest:
		return access.Invalid("given_on", "contributions.problem_too_late")
	}
	return nil
}

// checkValue keeps a value and its basis together: a figure without a basis is
// no evidence, and cash is money only.
func checkValue(r *core.Record) error {
	value, basis := r.GetFloat("value_idr"), r.GetString("value_basis")
	valued := basis != "" && basis != "not_valued"
	switch {
	case value > 0 && !valued:
		return access.Invalid("value_basis", "contributions.problem_basis")
	case value == 0 && valued && r.GetString("kind") != Money:
		return access.Invalid("value_idr", "contributions.problem_value")
	case basis == "cash" && r.GetString("kind") != Money:
		return access.Invalid("value_basis", "contributions.problem_cash")
	}
	return nil
}

func checkNumber(r *core.Record) error {
	if number := r.GetString("number"); number != "" && !numbered.MatchString(number) {
		return access.Invalid("number", "problem.not_accepted")
	}
	return nil
}

// checkLinks keeps the task and the pledge that a gift answers within its programme.
func checkLinks(app core.App, r *core.Record) error {
	for field, collection := range map[string]string{"task": "tasks", "pledge": "contributions"} {
		id := r.GetString(field)
		if id == "" || id == r.Original().GetString(field) {
			continue
		}
		other, err := app.FindRecordById(collection, id)
		if errors.Is(err, sql.ErrNoRows) {
			continue // the field's own check speaks
		}
		if err != nil {
			return fmt.Errorf("contributions: %w", err)
		}
		if other.GetString("programme") != r.GetString("programme") {
			return access.Invalid(field, "problem.another_programme")
		}
		if field == "pledge" && (other.Id == r.Id || other.GetString("stage") != Pledged) {
			return access.Invalid(field, "contributions.problem_pledge")
		}
	}
	return nil
}

// open are the fields of a verified contribution that may still change: who
// confirms the receipt may do so later.
var open = []string{"received_quantity", "received_by", "received_at"}

// frozen refuses any other change of what was verified. It can only be taken
// back as a whole, and stays to be seen.
func frozen(r *core.Record) error {
	was := r.Original()
	for _, f := range r.Collection().Fields {
		name := f.GetName()
		if slices.Contains(open, name) || f.Type() == core.FieldTypeAutodate {
			continue
		}
		if name == "review_status" && r.GetString(name) == Withdrawn {
			continue
		}
		if fmt.Sprint(r.Get(name)) != fmt.Sprint(was.Get(name)) {
			return access.Invalid(name, "contributions.problem_frozen")
		}
	}
	return nil
}

// KeepVerified refuses to delete a verified contribution: it is withdrawn, and
// stays to be seen. The example programmes may go with all that is in them.
func KeepVerified(e *core.RecordEvent) error {
	if e.Record.Original().GetString("review_status") != Verified {
		return e.Next()
	}
	var example bool
	err := e.App.DB().Select("example").From("programmes").
		Where(dbx.HashExp{"id": e.Record.GetString("programme")}).Row(&example)
	if errors.Is(err, sql.ErrNoRows) {
		return e.Next() // the programme itself is going, and KeepProgramme agreed
	}
	if err != nil {
		return fmt.Errorf("contributions: %w", err)
	}
	if !example {
		return access.Invalid("review_status", "contributions.problem_kept")
	}
	return e.Next()
}

// KeepProgramme refuses to delete a programme with verified contributions,
// which would go with it.
func KeepProgramme(e *core.RecordEvent) error {
	if e.Record.GetBool("example") {
		return e.Next()
	}
	n, err := e.App.CountRecords("contributions",
		dbx.HashExp{"programme": e.Record.Id, "review_status": Verified})
	if err != nil {
		return fmt.Errorf("contributions: %w", err)
	}
	if n > 0 {
		return access.Invalid("status", "contributions.problem_programme_kept", "n", n)
	}
	return e.Next()
}
