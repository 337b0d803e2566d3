package roster

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
)

// NormalizeOrganisation refuses a kind of organisation that belongs to another
// helix than the one chosen.
func NormalizeOrganisation(e *core.RecordEvent) error {
	r := e.Record
	r.Set("name", strings.Join(strings.Fields(r.GetString("name")), " "))
	kind, helix := r.GetString("subtype"), r.GetString("helix")
	if kind != "" && helix != "" && programmes.HelixOf(kind) != "" && programmes.HelixOf(kind) != helix {
		return access.Invalid("subtype", "organisations.problem_subtype")
	}
	return e.Next()
}

// NormalizeStakeholder leaves a helix out that only repeats the organisation's, so
// that a later correction there is felt here, and keeps the days in order.
func NormalizeStakeholder(e *core.RecordEvent) error {
	r := e.Record
	if err := programmes.DaysInOrder(r, "joined_on", "ended_on"); err != nil {
		return err
	}
	if helix := r.GetString("helix"); helix != "" {
		organisation, err := e.App.FindRecordById("organisations", r.GetString("organisation"))
		if err != nil {
			return access.Invalid("organisation", "problem.not_a_choice")
		}
		if organisation.GetString("helix") == helix {
			r.Set("helix", "")
		}
	}
	return e.Next()
}

// NormalizeAssessment signs an assessment with the person who makes it and dates
// it today unless another day is given.
func NormalizeAssessment(e *core.RecordEvent) error {
	r := e.Record
	if actor := access.Actor(r); actor != nil && !actor.IsSuperuser() {
		r.Set("assessor", actor.Id)
	}
	if r.GetString("assessed_on") == "" {
		r.Set("assessed_on", clock.Today(clock.Western))
	}
	return e.Next()
}

// NormalizeContact keeps a contact's number and days in order and leaves it to the
// administrator who may enter through it.
func NormalizeContact(e *core.RecordEvent) error {
	r := e.Record
	if phone := r.GetString("phone"); phone != "" {
		digits, ok := lang.ParsePhone(phone)
		if !ok {
			return access.Invalid("phone", "contacts.problem_phone")
		}
		r.Set("phone", digits)
	}
	if err := programmes.DaysInOrder(r, "from_on", "until_on"); err != nil {
		return err
	}
	if err := checkAccount(e.App, r); err != nil {
		return err
	}
	return e.Next()
}

// checkAccount guards the link between a contact and an account: it opens every
// programme in which the organisation takes part, also those that the person
// who saves does not run.
func checkAccount(app core.App, r *core.Record) error {
	actor := access.Actor(r)
	was := r.Original()
	if was.GetString("user") != r.GetString("user") {
		if actor != nil && !actor.IsSuperuser() {
			return access.Invalid("user", "contacts.problem_user")
		}
		return isOpen(app, r.GetString("user"))
	}
	if r.IsNew() || r.GetString("user") == "" || actor == nil || actor.IsSuperuser() {
		return nil
	}
	field := opened(r)
	if field == "" {
		return nil
	}
	foreign, err := runElsewhere(app, r.GetString("organisation"), actor.Id)
	if err != nil {
		return fmt.Errorf("programmes of a contact: %w", err)
	}
	if foreign > 0 {
		return access.Invalid(field, "contacts.problem_account")
	}
	return nil
}

// isOpen refuses to link an account that is closed.
func isOpen(app core.App, user string) error {
	if user == "" {
		return nil
	}
	account, err := app.FindRecordById("users", user)
	if err != nil || account.GetBool("disabled") {
		return access.Invalid("user", "contacts.problem_closed")
	}
	return nil
}

// opened names the field by which a change lets the account in for longer than
// before or sends its messages elsewhere, "" if the change does neither.
func opened(r *core.Record) string {
	was := r.Original()
	before, after := was.GetString("until_on"), r.GetString("until_on")
	if before != "" && (after == "" || after > before) {
		return "until_on"
	}
	before, after = was.GetString("from_on"), r.GetString("from_on")
	if before != "" && after < before {
		return "from_on"
	}
	if was.GetString("email") != r.GetString("email") {
		return "email"
	}
	return ""
}

// runElsewhere counts the programmes in which an organisation takes part but
// which the person does not run.
func runElsewhere(app core.App, organisation, person string) (n int, err error) {
	err = app.DB().Select("COUNT(*)").From("stakeholders s").
		Where(dbx.HashExp{"s.organisation": organisation}).
		AndWhere(dbx.NewExp(`NOT EXISTS (SELECT 1 FROM memberships m WHERE m.programme = s.programme
			AND m.user = {:person} AND m.role IN ('initiator', 'coordinator', 'member'))`, dbx.Params{"person": person})).
		Row(&n)
	return n, err
}
