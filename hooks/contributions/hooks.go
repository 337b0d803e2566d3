package contributions

import (
	"database/sql"
	"errors"
	"math"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
)

const (
	// firstDay is the earliest day of a contribution; an earlier one is a typing error.
	firstDay = "2000-01-01"
	// A delivered contribution may be dated one day ahead, by those who are a zone further east; a pledge five
	// years.
	daysAhead       = 1
	daysAheadPledge = 5 * 365
	// maxQuantity is the largest quantity that is stored exactly.
	maxQuantity = 1e15
)

// Normalize fills in what the contributor need not type and what only the server writes: who logged it, number,
// day, and the value of money.
func Normalize(e *core.RecordEvent) error {
	r := e.Record
	if r.Original().GetString("review_status") == statusVerified {
		return e.Next()
	}
	zone, err := zoneOf(e.App, r.GetString("programme"))
	if errors.Is(err, sql.ErrNoRows) {
		return e.Next() // the field's own validation reports a missing programme
	}
	if err == nil && r.IsNew() {
		err = setLogger(e.App, r)
	}
	if err != nil {
		return err
	}
	access.SetDefault(r, "stage", stageDelivered)
	access.SetDefault(r, "given_on", clock.Today(zone))
	normalizeValue(r)
	normalizeVerified(r)
	return proceed(e, setNumber(e.App, r, zone))
}

// setLogger records who logged a contribution and whether on behalf of its contributor. A person's new entry waits
// for review, whatever status it names; administrators and jobs may set it.
func setLogger(app core.App, r *core.Record) error {
	if actor := access.Actor(r); actor != nil {
		represents, err := access.Exists(app, "SELECT 1 FROM memberships WHERE user = {:user} AND programme = {:programme} AND organisation = {:organisation}",
			dbx.Params{"user": actor.Id, "programme": r.GetString("programme"), "organisation": r.GetString("contributor")})
		if err != nil {
			return wrapError("memberships", err)
		}
		r.Set("on_behalf", !represents)
	}
	if user := access.UserID(access.Actor(r)); user != "" {
		r.Set("logged_by", user)
		r.Set("review_status", statusSubmitted)
	}
	access.SetDefault(r, "review_status", statusSubmitted)
	return nil
}

// normalizeValue makes the value of money its amount; other kinds are not valued unless somebody gives a value.
func normalizeValue(r *core.Record) {
	if unit := onlyUnit(r.GetString("kind")); unit != "" {
		access.SetDefault(r, "unit", unit)
	}
	if r.GetString("kind") == kindMoney {
		r.Set("value_idr", r.GetFloat("quantity"))
		r.Set("value_basis", "cash")
		return
	}
	if r.GetFloat("value_idr") == 0 {
		access.SetDefault(r, "value_basis", "not_valued")
	}
}

// normalizeVerified takes the quantity as given where the reviewer did not count. The verified value keeps its
// proportion to the quantity.
func normalizeVerified(r *core.Record) {
	given := r.GetFloat("quantity")
	if r.GetString("review_status") != statusVerified || given <= 0 {
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

// setNumber gives a contribution that is no draft its number and the instant of its submission.
func setNumber(app core.App, r *core.Record, zone string) error {
	if r.GetString("review_status") == statusDraft {
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

// zoneOf is the time zone of a programme; sql.ErrNoRows if there is none.
func zoneOf(app core.App, programme string) (zone string, err error) {
	err = app.DB().Select("time_zone").From("programmes").Where(dbx.HashExp{"id": programme}).Row(&zone)
	return zone, wrapError("zone of programme "+programme, err)
}

// proceed goes on with the save unless there is an error.
func proceed(e *core.RecordEvent, err error) error {
	if err != nil {
		return err
	}
	return e.Next()
}

// Validate refuses a contribution that contradicts itself, names a contributor or record of another programme, or
// changes what was verified. It holds for administrators too.
func Validate(e *core.RecordEvent) error {
	r := e.Record
	if r.Original().GetString("review_status") == statusVerified {
		return proceed(e, validateFrozen(r))
	}
	err := validateFields(r)
	if err == nil {
		err = links.Check(e.App, r, dbx.Params{"self": r.Id})
	}
	return proceed(e, err)
}

// links are checked when they are made; a pledge is delivered by another contribution.
var links = access.Links{Anchor: "programme", Fields: []access.Link{
	{Field: "contributor", Problem: "contributions.problem_giver",
		Query: "SELECT 1 FROM stakeholders WHERE programme = {:anchor} AND organisation = {:it}"},
	access.SameProgramme("task", "tasks"),
	access.SameProgramme("pledge", "contributions"),
	{Field: "pledge", Problem: "contributions.problem_pledge",
		Query: "SELECT 1 FROM contributions WHERE id = {:it} AND id != {:self} AND stage = 'pledged'"},
}}

func validateFields(r *core.Record) error {
	kind, unit, quantity := r.GetString("kind"), r.GetString("unit"), r.GetFloat("quantity")
	value, basis := r.GetFloat("value_idr"), r.GetString("value_basis")
	day, number := r.GetString("given_on"), r.GetString("number")
	isValued := basis != "" && basis != "not_valued"
	ahead := daysAhead
	if r.GetString("stage") == stagePledged {
		ahead = daysAheadPledge
	}
	// The latest day of the country is today's in its eastern zone.
	latest := clock.AddDays(clock.Today(clock.Zones[len(clock.Zones)-1]), ahead)
	switch {
	case kind != "" && unit != "" && !suits(kind, unit):
		return access.Invalid("unit", "contributions.problem_unit")
	case quantity < 0 || quantity > maxQuantity || math.IsNaN(quantity):
		return access.Invalid("quantity", "problem.not_a_number")
	case kind == kindMoney && quantity != math.Trunc(quantity):
		return access.Invalid("quantity", "problem.not_money")
	case day != clock.AddDays(day, 0):
		return access.Invalid("given_on", "problem.not_a_date")
	case day != "" && day < firstDay:
		return access.Invalid("given_on", "contributions.problem_too_early")
	case day > latest:
		return access.Invalid("given_on", "contributions.problem_too_late")
	case value > 0 && !isValued:
		return access.Invalid("value_basis", "contributions.problem_basis")
	case value == 0 && isValued && kind != kindMoney:
		return access.Invalid("value_idr", "contributions.problem_value")
	case basis == "cash" && kind != kindMoney:
		return access.Invalid("value_basis", "contributions.problem_cash")
	case number != "" && !numberForm.MatchString(number):
		return access.Invalid("number", "problem.not_accepted")
	}
	return nil
}

// receiptFields of a verified contribution may still change: the receipt may be confirmed later.
var receiptFields = []string{"received_quantity", "received_by", "received_at"}

// validateFrozen refuses any other change of what was verified, except withdrawing it as a whole.
func validateFrozen(r *core.Record) error {
	for _, f := range r.Collection().Fields {
		name := f.GetName()
		if slices.Contains(receiptFields, name) || f.Type() == core.FieldTypeAutodate {
			continue
		}
		if name == "review_status" && r.GetString(name) == statusWithdrawn {
			continue
		}
		if access.Changed(r, name) {
			return access.Invalid(name, "contributions.problem_frozen")
		}
	}
	return nil
}

// ProtectVerified refuses to delete a verified contribution, which can be withdrawn instead. Demo programmes may
// be removed with everything in them, as may a programme that ProtectProgramme allowed to go.
func ProtectVerified(e *core.RecordEvent) error {
	if e.Record.Original().GetString("review_status") != statusVerified {
		return e.Next()
	}
	protected, err := access.Exists(e.App, "SELECT 1 FROM programmes WHERE id = {:id} AND example = FALSE",
		dbx.Params{"id": e.Record.GetString("programme")})
	if protected {
		err = access.Invalid("review_status", "contributions.problem_kept")
	}
	return proceed(e, err)
}

// ProtectProgramme refuses to delete a programme with verified contributions, which would go with it.
func ProtectProgramme(e *core.RecordEvent) error {
	if e.Record.GetBool("example") {
		return e.Next()
	}
	n, err := e.App.CountRecords("contributions", dbx.HashExp{"programme": e.Record.Id, "review_status": statusVerified})
	if n > 0 {
		err = access.Invalid("status", "contributions.problem_programme_kept", "n", n)
	}
	return proceed(e, err)
}
