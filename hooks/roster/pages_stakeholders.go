package roster

import (
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

type stakeholdersPage struct {
	web.Base
	Programme *programmes.Programme
	Tabs      programmes.Tabs
	Jumps     []web.FilterTab
	Parties   []party
	// Gap is the first party that nobody takes part of, nil if there is none or
	// the reader cannot fill it.
	Gap   *party
	Ended []Stakeholder
	Team  bool
}

// party is one of the five with who takes part of it.
type party struct {
	Helix, Label    string
	Members         []Stakeholder
	Missing, AddURL string
	AddLabel        string
}

// Stakeholders shows who takes part in a programme, party by party, and says of an
// empty one what is missing.
func Stakeholders(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	base := p.Page(e, "stakeholders.title")
	data := stakeholdersPage{Base: base.Under(base.Title, ""), Programme: p, Tabs: p.Tabs("stakeholders", base.Language), Team: p.Roles.Team}
	current, ended, err := ListStakeholders(d, p)
	if err != nil {
		return err
	}
	data.Ended = ended
	for _, helix := range programmes.Helices {
		group := party{
			Helix:    helix,
			Label:    programmes.HelixLabel(base.Language, helix),
			Members:  slices.DeleteFunc(slices.Clone(current), func(s Stakeholder) bool { return s.Helix != helix }),
			Missing:  lang.T(base.Language, "stakeholders.missing."+helix),
			AddURL:   p.URL() + "/stakeholders/new?helix=" + helix,
			AddLabel: lang.T(base.Language, "stakeholders.add."+helix),
		}
		data.Parties = append(data.Parties, group)
		if data.Gap == nil && data.Team && len(group.Members) == 0 {
			data.Gap = &group
		}
		jump := web.FilterTab{Label: group.Label, URL: "#" + helix, Count: len(group.Members)}
		if jump.Count == 0 {
			jump.Label += " (" + lang.T(base.Language, "stakeholders.coverage.empty") + ")"
		}
		data.Jumps = append(data.Jumps, jump)
	}
	return web.Render(e, http.StatusOK, "stakeholders/index", data)
}

// NewStakeholder asks who is to take part in a programme.
func NewStakeholder(e *core.RequestEvent) error { return web.Ask(newStakeholder(e)) }

// CreateStakeholder lets an organisation take part in a programme.
func CreateStakeholder(e *core.RequestEvent) error { return web.Submit(newStakeholder(e)) }

// EditStakeholder asks what is to change about how an organisation takes part.
func EditStakeholder(e *core.RequestEvent) error { return web.Ask(storedStakeholder(e)) }

// UpdateStakeholder changes how an organisation takes part.
func UpdateStakeholder(e *core.RequestEvent) error { return web.Submit(storedStakeholder(e)) }

func newStakeholder(e *core.RequestEvent) (*web.CRUD, error) {
	p, d, err := programmes.ForTeam(e)
	if err != nil {
		return nil, err
	}
	r, err := d.New("stakeholders")
	if err != nil {
		return nil, err
	}
	r.Set("programme", p.ID())
	var who joining
	return &web.CRUD{Event: e, Record: r,
		Form: func(bool) (*web.Form, error) { return joinForm(e, p, r) },
		Check: func(form *web.Form) (err error) {
			who, err = whoJoins(d, p, form)
			return err
		},
		Save: func(form *web.Form, r *core.Record) (*core.Record, error) {
			who.organisation, err = who.join(d, form, r)
			return r, err
		},
		Show: func(status int, form *web.Form) error { return showJoin(e, p, status, form) },
		Saved: func(*core.Record) error {
			key := "stakeholders.added"
			if who.matched {
				key = "stakeholders.added_known"
			}
			return web.RedirectWithFlash(e, listURL(p), key, "name", who.organisation.GetString("name"))
		},
	}, nil
}

// place is one stakeholder with what is needed to change it.
type place struct {
	record       *core.Record
	programme    *programmes.Programme
	organisation *core.Record
}

// loadPlace finds the stakeholder of the address for somebody of the team.
func loadPlace(e *core.RequestEvent) (at place, err error) {
	if at.record, at.programme, err = programmes.ViewForTeam(e, "stakeholders"); err != nil {
		return at, err
	}
	at.organisation, err = web.Scope(e).View("organisations", at.record.GetString("organisation"))
	return at, err
}

func storedStakeholder(e *core.RequestEvent) (*web.CRUD, error) {
	at, err := loadPlace(e)
	if err != nil {
		return nil, err
	}
	return &web.CRUD{Event: e, Record: at.record,
		Form: func(bool) (*web.Form, error) {
			return web.RecordForm(e, at.record, web.Choices{"helix": programmes.HelixOptions(web.Language(e))}).Unfold(), nil
		},
		Show:  func(status int, form *web.Form) error { return at.show(e, status, form) },
		Saved: func(*core.Record) error { return at.see(e, "stakeholders.saved") },
	}, nil
}

// EndStakeholder lets an organisation leave a programme today. The row stays; its people
// can no longer enter.
func EndStakeholder(e *core.RequestEvent) error {
	at, err := loadPlace(e)
	if err != nil {
		return err
	}
	day := clock.Today(at.programme.Zone())
	if ended := at.record.GetString("ended_on"); ended != "" && ended <= day {
		return at.see(e, "stakeholders.ended")
	}
	if at.record.GetString("joined_on") > day {
		at.record.Set("joined_on", day)
	}
	at.record.Set("ended_on", day)
	if err := web.Scope(e).Update(at.record); err != nil {
		return err
	}
	return at.see(e, "stakeholders.ended")
}

// ResumeStakeholder lets an organisation that left take part again.
func ResumeStakeholder(e *core.RequestEvent) error {
	at, err := loadPlace(e)
	if err != nil {
		return err
	}
	at.record.Set("ended_on", "")
	if err := web.Scope(e).Update(at.record); err != nil {
		return err
	}
	return at.see(e, "stakeholders.resumed")
}

// see goes back to the list with a word about what was done to whom.
func (at place) see(e *core.RequestEvent, key string) error {
	return web.RedirectWithFlash(e, listURL(at.programme), key, "name", at.organisation.GetString("name"))
}

func (at place) show(e *core.RequestEvent, status int, form *web.Form) error {
	language, name, here := web.Language(e), at.organisation.GetString("name"), "/stakeholders/"+at.record.Id
	data := formPage(web.Titled(e, name), at.programme, form, here+"/edit")
	data.Sub = lang.T(language, "stakeholders.edit_text")
	if at.record.GetString("ended_on") == "" {
		end := lang.T(language, "stakeholders.end")
		data.End = &web.Confirm{Label: end, Title: lang.T(language, "stakeholders.end_title", "name", name),
			Text: lang.T(language, "stakeholders.end_text"), Action: here + "/end", Yes: end, Kind: "bad"}
	}
	return web.ShowForm(e, status, data)
}

func showJoin(e *core.RequestEvent, p *programmes.Programme, status int, form *web.Form) error {
	title, action := "stakeholders.add", listURL(p)
	if helix := wantedHelix(e); helix != "" {
		title, action = "stakeholders.add."+helix, action+"?helix="+helix
	}
	return web.ShowForm(e, status, formPage(web.New(e, title), p, form, action))
}

func formPage(b web.Base, p *programmes.Programme, form *web.Form, action string) web.FormPage {
	b = b.At("programmes")
	b.Crumbs = p.Crumbs(b.Language)
	b = b.Under(lang.T(b.Language, "stakeholders.title"), listURL(p)).Under(b.Title, "")
	return web.FormPage{Base: b, Form: form, Action: action, Cancel: listURL(p),
		Submit: lang.T(b.Language, "stakeholders.save"), Draft: "stakeholder" + action}
}

func listURL(p *programmes.Programme) string { return p.URL() + "/stakeholders" }

// wantedHelix is the party that the address asks to add to, "" for any.
func wantedHelix(e *core.RequestEvent) string {
	helix := e.Request.URL.Query().Get("helix")
	if !slices.Contains(programmes.Helices, helix) {
		return ""
	}
	return helix
}

// unlisted stands in the list of organisations for one who is not on it.
const unlisted = "new"

// joinForm asks who is to take part: an organisation of the list, or a new one
// by name. A helix in the address narrows the list and is filled in for a new one.
func joinForm(e *core.RequestEvent, p *programmes.Programme, r *core.Record) (*web.Form, error) {
	language, helix := web.Language(e), wantedHelix(e)
	known, err := programmes.OrganisationOptions(web.Scope(e), language, p.GetString("province"))
	if err != nil {
		return nil, err
	}
	options := []web.Option{{Value: unlisted, Label: lang.T(language, "stakeholders.organisation_unlisted")}}
	for _, o := range known {
		if helix == "" || o.Group == programmes.HelixLabel(language, helix) {
			options = append(options, o)
		}
	}
	inputs := web.RecordInputs(r, web.Choices{"organisation": options}).After("organisation",
		web.Text("new_name").Unmarked(),
		web.Choice("new_helix", programmes.HelixOptions(language)).Unmarked().Beside(),
		web.Choice("new_subtype", programmes.SubtypeOptions(language)))
	form := web.NewForm(e, "stakeholders", inputs...)
	if len(options) == 1 {
		form.Set("organisation", unlisted) // nobody to choose from
	}
	return form.Set("new_helix", helix), nil
}

// joining is what a form means: who is to take part and whether the hub knew
// them under the name that was typed.
type joining struct {
	programme    *programmes.Programme
	organisation *core.Record // nil for one that is still to be made
	matched      bool
}

// whoJoins finds the organisation a form means and notes on the form what is
// unclear. A name the hub knows in this place is that organisation; one it
// knows elsewhere may be another, so the person decides.
func whoJoins(d *access.Scope, p *programmes.Programme, form *web.Form) (joining, error) {
	chosen, name := form.Value("organisation"), form.Value("new_name")
	switch {
	case !form.OK():
		return joining{programme: p}, nil
	case chosen != unlisted && name != "":
		form.AddError("new_name", "stakeholders.problem_both")
		return joining{programme: p}, nil
	case chosen != unlisted:
		organisation, err := d.View("organisations", chosen)
		return joining{programme: p, organisation: organisation}, err
	case name == "":
		form.AddError("new_name", "problem.needed")
		return joining{programme: p}, nil
	}
	known, err := programmes.LookUp(d, name, p.GetString("regency"))
	if err != nil {
		return joining{programme: p}, err
	}
	switch {
	case known.Found != nil:
		return joining{programme: p, organisation: known.Found, matched: true}, nil
	case known.Several:
		form.AddError("new_name", "organisations.problem_several")
	case known.Elsewhere != nil:
		form.AddError("new_name", "organisations.problem_elsewhere",
			"name", known.Elsewhere.GetString("name"), "place", known.Elsewhere.GetString("regency"))
	default:
		checkKind(form)
	}
	return joining{programme: p}, nil
}

// checkKind wants the helix of a new organisation; its kind says it as well.
func checkKind(form *web.Form) {
	helix, kind := form.Value("new_helix"), form.Value("new_subtype")
	switch {
	case helix == "" && kind == "":
		form.AddError("new_helix", "stakeholders.problem_helix")
	case helix == "":
		form.Set("new_helix", programmes.HelixOf(kind))
	case kind != "" && programmes.HelixOf(kind) != helix:
		form.AddError("new_subtype", "organisations.problem_subtype")
	}
}

// join lets an organisation take part, making it first if it is new: both or
// neither. One that took part before in the same office takes part again.
func (who joining) join(d *access.Scope, form *web.Form, r *core.Record) (organisation *core.Record, err error) {
	err = d.InTransaction(func(inner *access.Scope) (err error) {
		if organisation, err = who.findOrMake(inner, form); err != nil {
			return err
		}
		before, err := placeOf(inner, who.programme, organisation.Id, form.Value("position"))
		if err != nil {
			return err
		}
		if before != nil {
			return again(inner, before, organisation, form)
		}
		form.Into(r)
		r.Set("organisation", organisation.Id)
		return inner.Create(r)
	})
	return organisation, err
}

// findOrMake returns the organisation that joins. A new one is made, unless the
// same form or somebody else made it a moment ago.
func (who joining) findOrMake(d *access.Scope, form *web.Form) (*core.Record, error) {
	if sent := web.SentBefore(d, "stakeholders", form); sent != nil {
		return d.View("organisations", sent.GetString("organisation"))
	}
	if who.organisation != nil {
		return who.organisation, nil
	}
	return programmes.NewOrganisation(d, who.programme.Record, map[string]any{
		"name": form.Value("new_name"), "helix": form.Value("new_helix"), "subtype": form.Value("new_subtype")})
}

// placeOf finds the place an organisation has or had in a programme in one office.
func placeOf(d *access.Scope, p *programmes.Programme, organisation, position string) (*core.Record, error) {
	rows, err := d.List("stakeholders", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"stakeholders.programme": p.ID(), "stakeholders.organisation": organisation,
			"stakeholders.position": position}).Limit(1)
	})
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0], nil
}

// again takes a place up that was given up; one that is still held stays as it
// is, and only the form that made it may be sent again.
func again(d *access.Scope, before, organisation *core.Record, form *web.Form) error {
	if before.GetString("once") == form.Value("once") {
		return nil
	}
	if before.GetString("ended_on") == "" {
		return access.Invalid("organisation", "stakeholders.problem_twice", "name", organisation.GetString("name"))
	}
	once := before.GetString("once")
	form.Into(before)
	before.Load(map[string]any{"organisation": organisation.Id, "once": once, "ended_on": ""})
	return d.Update(before)
}
