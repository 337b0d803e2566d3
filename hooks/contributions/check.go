package contributions

import (
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
)

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

// Check refuses a contribution that contradicts itself or points to another
// programme, and any change of what was verified. It holds for everybody,
// administrators too.
func Check(e *core.RecordEvent) error {
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
