package programmes

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// unlisted stands in the list of owners for one who is not on it.
const unlisted = "new"

// NewProgramme decides whether the form is shown; the rule decides the rest.
func NewProgramme(e *core.RequestEvent) (*web.CRUD, error) {
	d := web.Scope(e)
	if !d.Super() && !d.Person().GetBool("may_create_programmes") {
		return nil, access.ErrRefused
	}
	r, err := d.New("programmes")
	if err != nil {
		return nil, err
	}
	return &web.CRUD{Event: e, Record: r,
		Form: func(quick bool) (*web.Form, error) {
			choices, err := choicesOf(e, r, quick)
			inputs := web.RecordInputs(r, choices).After("owner",
				web.Text("owner_name").Unmarked(),
				web.Choice("owner_helix", HelixOptions(web.Language(e))).Unmarked())
			return web.NewForm(e, "programmes", inputs...), err
		},
		Check: func(form *web.Form) error { return checkOwner(d, form) },
		Save:  func(form *web.Form, r *core.Record) (*core.Record, error) { return start(d, form, r) },
		Show: func(status int, form *web.Form) error {
			b := web.New(e, "programmes.title_new").At("programmes")
			b = b.Under(lang.T(b.Language, "programmes.title"), "/programmes").Under(b.Title, "")
			return web.ShowForm(e, status, web.FormPage{Base: b, Form: form, Sub: lang.T(b.Language, "programmes.new_text"),
				Action: "/programmes", Cancel: "/programmes", Submit: lang.T(b.Language, "programmes.create"), Draft: "programme/programmes"})
		},
		Saved: func(r *core.Record) error {
			p := Wrap(d, r)
			return web.RedirectWithFlash(e, p.URL(), "programmes.created", "name", p.Name())
		},
	}, nil
}

// StoredProgramme is the form of a programme.
func StoredProgramme(e *core.RequestEvent) (*web.CRUD, error) {
	p, _, err := ForTeam(e)
	if err != nil {
		return nil, err
	}
	return &web.CRUD{Event: e, Record: p.Record,
		Form: func(quick bool) (*web.Form, error) {
			choices, err := choicesOf(e, p.Record, quick)
			return web.RecordForm(e, p.Record, choices).Unfold(), err
		},
		Show: func(status int, form *web.Form) error {
			b := p.Page(e, "programmes.title_edit")
			return web.ShowForm(e, status, web.FormPage{Base: b.Under(b.Title, ""), Form: form, Action: p.URL() + "/edit",
				Cancel: p.URL(), Submit: lang.T(b.Language, "programmes.save"), Draft: "programme" + p.URL() + "/edit"})
		},
		Saved: func(*core.Record) error { return web.RedirectWithFlash(e, p.URL(), "programmes.saved") },
	}, nil
}

// choicesOf reads who can own a programme, where and in which zone it can run.
// A new owner can be named; a stored one can always be kept.
func choicesOf(e *core.RequestEvent, r *core.Record, quick bool) (web.Choices, error) {
	if quick {
		return nil, nil
	}
	d, language := web.Scope(e), web.Language(e)
	owners, err := OrganisationOptions(d, language, r.GetString("province"))
	if err != nil {
		return nil, err
	}
	if r.IsNew() {
		owners = append([]web.Option{{Value: unlisted, Label: lang.T(language, "programmes.owner_unlisted")}}, owners...)
	} else {
		owner, err := d.View("organisations", r.GetString("owner"))
		if err != nil {
			return nil, err
		}
		owners = Including(owners, language, owner)
	}
	return web.Choices{"owner": owners, "province": ProvinceOptions(), "time_zone": zoneOptions(language)}, nil
}

// ProvinceOptions offers the 38 provinces from west to east.
func ProvinceOptions() []web.Option {
	options := make([]web.Option, 0, len(clock.Provinces))
	for _, province := range clock.Provinces {
		options = append(options, web.Option{Value: province, Label: province})
	}
	return options
}

// zoneOptions begins with the zone of the province, which is right nearly always.
func zoneOptions(language string) []web.Option {
	options := []web.Option{{Label: lang.T(language, "programmes.zone_of_province")}}
	for _, zone := range clock.Zones {
		options = append(options, web.Option{Value: zone, Label: lang.T(language, "users.time_zone."+zone)})
	}
	return options
}

// checkOwner looks at an owner who is named rather than chosen from the list. A
// name that the hub knows already chooses the organisation of that name.
func checkOwner(d *access.Scope, form *web.Form) error {
	chosen, name := form.Value("owner"), form.Value("owner_name")
	switch {
	case chosen != unlisted && name != "":
		form.AddError("owner_name", "programmes.problem_owner_twice")
		return nil
	case chosen != unlisted:
		return nil
	case name == "":
		form.AddError("owner_name", "problem.needed")
		return nil
	}
	known, err := LookUp(d, name, form.Value("regency"))
	if err != nil {
		return err
	}
	switch {
	case known.Found != nil:
		form.Set("owner", known.Found.Id).Set("owner_name", "")
	case known.Several:
		form.AddError("owner_name", "organisations.problem_several")
	case form.Value("owner_helix") == "":
		form.AddError("owner_helix", "programmes.problem_owner_helix")
	}
	return nil
}

// start saves a new programme and, if it is new too, its owner: both or
// neither. A form that was sent before answers with what it made then.
func start(d *access.Scope, form *web.Form, programme *core.Record) (made *core.Record, err error) {
	err = d.InTransaction(func(inner *access.Scope) (err error) {
		if made = web.SentBefore(inner, "programmes", form); made != nil {
			return nil
		}
		form.Into(programme)
		if form.Value("owner") == unlisted {
			owner, err := NewOrganisation(inner, programme, map[string]any{
				"name": form.Value("owner_name"), "helix": form.Value("owner_helix")})
			if err != nil {
				return err
			}
			programme.Set("owner", owner.Id)
		}
		made = programme
		return inner.Create(programme)
	})
	return made, err
}
