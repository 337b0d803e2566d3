package roster

import (
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

var (
	partnerStatuses  = []string{"identified", "contacted", "committed", "agreed", "active", "dormant", "ended"}
	engagementLevels = []string{"inform", "consult", "involve", "collaborate", "empower"}
)

// unlisted stands in the list of organisations for one who is not on it.
const unlisted = "new"

// joinForm asks who is to take part: an organisation of the list, or a new one
// by name. A helix narrows the list and is filled in for a new one.
func joinForm(e *core.RequestEvent, d *access.Door, p *programmes.Programme, helix string) (*web.Form, error) {
	language := web.Language(e)
	known, err := programmes.OrganisationOptions(d, language, p.GetString("province"))
	if err != nil {
		return nil, err
	}
	options := []web.Option{{Value: unlisted, Label: lang.T(language, "stakeholders.organisation_unlisted")}}
	for _, o := range known {
		if helix == "" || o.Group == programmes.HelixLabel(language, helix) {
			options = append(options, o)
		}
	}
	inputs := []*web.Input{
		web.Hidden("once"),
		web.Choice("organisation", options).Need(),
		web.Text("new_name").Unmarked(),
		web.Choice("new_helix", programmes.HelixOptions(language)).Unmarked(),
		web.Choice("new_subtype", subtypeOptions(language)),
	}
	form := web.NewForm(e, "stakeholders", append(inputs, engagement()...)...)
	if len(options) == 1 {
		form.Set("organisation", unlisted) // nobody to choose from
	}
	return form.Set("new_helix", helix), nil
}

// placeForm asks what can change about a place in a programme.
func placeForm(e *core.RequestEvent) *web.Form {
	inputs := append(engagement(), web.Seen(), web.Choice("helix", programmes.HelixOptions(web.Language(e))))
	return web.NewForm(e, "stakeholders", inputs...)
}

// engagement is what the team notes about how an organisation takes part.
func engagement() []*web.Input {
	return []*web.Input{
		web.Text("position"),
		web.Text("role"),
		web.Long("responsibility").Max(2000).Draft(),
		web.Date("joined_on"),
		web.Codes("partner_status", partnerStatuses...),
		web.Codes("engagement_level", engagementLevels...),
		web.Long("comms_strategy").Max(5000).Draft(),
		web.Check("urgent"),
	}
}

// joining is what a form means: who is to take part and whether the hub knew
// them under the name that was typed.
type joining struct {
	organisation *core.Record // nil for one that is still to be made
	matched      bool
}

// whoJoins finds the organisation a form means and notes on the form what is
// unclear. A name the hub knows in this place is that organisation; one it
// knows elsewhere may be another, so the person decides.
func whoJoins(d *access.Door, p *programmes.Programme, form *web.Form) (joining, error) {
	chosen, name := form.Value("organisation"), form.Value("new_name")
	switch {
	case !form.OK():
		return joining{}, nil
	case chosen != unlisted && name != "":
		form.Refuse("new_name", "stakeholders.problem_both")
		return joining{}, nil
	case chosen != unlisted:
		organisation, err := d.View("organisations", chosen)
		return joining{organisation: organisation}, err
	case name == "":
		form.Refuse("new_name", "problem.needed")
		return joining{}, nil
	}
	known, err := programmes.LookUp(d, name, p.GetString("regency"))
	if err != nil {
		return joining{}, err
	}
	switch {
	case known.Found != nil:
		return joining{organisation: known.Found, matched: true}, nil
	case known.Several:
		form.Refuse("new_name", "organisations.problem_several")
	case known.Elsewhere != nil:
		form.Refuse("new_name", "organisations.problem_elsewhere",
			"name", known.Elsewhere.GetString("name"), "place", known.Elsewhere.GetString("regency"))
	default:
		checkKind(form)
	}
	return joining{}, nil
}

// checkKind wants the helix of a new organisation; its kind says it as well.
func checkKind(form *web.Form) {
	helix, kind := form.Value("new_helix"), form.Value("new_subtype")
	switch {
	case helix == "" && kind == "":
		form.Refuse("new_helix", "stakeholders.problem_helix")
	case helix == "":
		form.Set("new_helix", helixOf(kind))
	case kind != "" && helixOf(kind) != helix:
		form.Refuse("new_subtype", "organisations.problem_subtype")
	}
}

// join lets an organisation take part, making it first if it is new: both or
// neither. One that took part before in the same office takes part again.
func join(d *access.Door, p *programmes.Programme, form *web.Form, who joining) (organisation *core.Record, err error) {
	err = d.Together(func(inner *access.Door) (err error) {
		if organisation, err = settled(inner, p, form, who); err != nil {
			return err
		}
		before, err := placeOf(inner, p, organisation.Id, form.Value("position"))
		if err != nil {
			return err
		}
		if before != nil {
			return again(inner, before, form)
		}
		r, err := inner.New("stakeholders")
		if err != nil {
			return err
		}
		form.Into(r)
		r.Set("programme", p.ID())
		r.Set("organisation", organisation.Id)
		return inner.Create(r)
	})
	return organisation, err
}

// settled returns the organisation that joins. A new one is made, unless the
// same form or somebody else made it a moment ago.
func settled(d *access.Door, p *programmes.Programme, form *web.Form, who joining) (*core.Record, error) {
	if sent := programmes.Sent(d, "stakeholders", form); sent != nil {
		return d.View("organisations", sent.GetString("organisation"))
	}
	if who.organisation != nil {
		return who.organisation, nil
	}
	known, err := programmes.LookUp(d, form.Value("new_name"), p.GetString("regency"))
	if err != nil || known.Found != nil {
		return known.Found, err
	}
	r, err := d.New("organisations")
	if err != nil {
		return nil, err
	}
	r.Set("name", form.Value("new_name"))
	r.Set("helix", form.Value("new_helix"))
	r.Set("subtype", form.Value("new_subtype"))
	r.Set("province", p.GetString("province"))
	r.Set("regency", p.GetString("regency"))
	return r, d.Create(r)
}

// placeOf finds the place an organisation has or had in a programme in one office.
func placeOf(d *access.Door, p *programmes.Programme, organisation, position string) (*core.Record, error) {
	rows, err := d.List("stakeholders", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"stakeholders.programme": p.ID(), "stakeholders.organisation": organisation,
			"stakeholders.position": position}).Limit(1)
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

var errTwice = errors.New("roster: takes part already")

// again takes a place up that was given up; one that is still held stays as it
// is, and only the form that made it may be sent again.
func again(d *access.Door, before *core.Record, form *web.Form) error {
	if before.GetString("once") == form.Value("once") {
		return nil
	}
	if before.GetString("ended_on") == "" {
		return errTwice
	}
	once := before.GetString("once")
	form.Into(before)
	before.Set("once", once)
	before.Set("ended_on", "")
	return d.Update(before)
}
