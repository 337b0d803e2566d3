package roster

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// place is one stakeholder with what is needed to change it.
type place struct {
	door         *access.Door
	record       *core.Record
	programme    *programmes.Programme
	organisation *core.Record
}

// open finds the stakeholder of the address for somebody of the team.
func open(e *core.RequestEvent) (place, error) {
	d := web.Door(e)
	r, err := d.View("stakeholders", e.Request.PathValue("id"))
	if err != nil {
		return place{}, err
	}
	if !d.May(access.MayEdit, r) {
		return place{}, access.ErrRefused
	}
	p, err := programmes.ByID(d, r.GetString("programme"))
	if err != nil {
		return place{}, err
	}
	organisation, err := d.View("organisations", r.GetString("organisation"))
	return place{door: d, record: r, programme: p, organisation: organisation}, err
}

// EditStakeholder asks what is to change about how an organisation takes part.
func EditStakeholder(e *core.RequestEvent) error {
	at, err := open(e)
	if err != nil {
		return err
	}
	return showPlace(e, at, http.StatusOK, placeForm(e).From(at.record))
}

// UpdateStakeholder changes how an organisation takes part.
func UpdateStakeholder(e *core.RequestEvent) error {
	at, err := open(e)
	if err != nil {
		return err
	}
	form := placeForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if form.Overtaken(placeForm(e).From(at.record)) || !form.OK() {
		return showPlace(e, at, http.StatusUnprocessableEntity, form)
	}
	form.Into(at.record)
	err = at.door.Update(at.record)
	if form.Take(err) {
		return showPlace(e, at, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return at.see(e, "stakeholders.saved")
}

// EndStakeholder lets an organisation leave a programme today. The row stays; its people
// can no longer enter.
func EndStakeholder(e *core.RequestEvent) error {
	at, err := open(e)
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
	if err := at.door.Update(at.record); err != nil {
		return err
	}
	return at.see(e, "stakeholders.ended")
}

// ResumeStakeholder lets an organisation that left take part again.
func ResumeStakeholder(e *core.RequestEvent) error {
	at, err := open(e)
	if err != nil {
		return err
	}
	at.record.Set("ended_on", "")
	if err := at.door.Update(at.record); err != nil {
		return err
	}
	return at.see(e, "stakeholders.resumed")
}

// see goes back to the list with a word about what was done to whom.
func (at place) see(e *core.RequestEvent, key string) error {
	return web.See(e, at.programme.URL()+"/stakeholders", key, "name", at.organisation.GetString("name"))
}

func showPlace(e *core.RequestEvent, at place, status int, form *web.Form) error {
	base := web.Titled(e, at.organisation.GetString("name")).At("programmes").AsForm()
	base.Crumbs = crumbs(at.programme, base)
	here := "/stakeholders/" + at.record.Id
	data := stakeholderFormPage{Base: base, Form: form, Action: here + "/edit", Cancel: at.programme.URL() + "/stakeholders", Unfold: true}
	if at.record.Original().GetString("ended_on") == "" {
		data.EndAction = here + "/end"
	}
	return web.Render(e, status, "stakeholders/form", data)
}
