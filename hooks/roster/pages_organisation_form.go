package roster

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

type organisationFormPage struct {
	web.Base
	Form           *web.Form
	Action, Cancel string
	// Known is the organisation that bears the typed name already.
	Known *Organisation
}

// NewOrganisation asks about an organisation that the hub does not know yet.
func NewOrganisation(e *core.RequestEvent) error {
	if may, err := mayRecord(web.Door(e)); err != nil || !may {
		return refused(err)
	}
	return showOrganisationForm(e, http.StatusOK, organisationFormPage{Form: organisationForm(e)}, nil)
}

// CreateOrganisation records an organisation, unless it is recorded already.
func CreateOrganisation(e *core.RequestEvent) error {
	d := web.Door(e)
	if may, err := mayRecord(d); err != nil || !may {
		return refused(err)
	}
	r, err := d.New("organisations")
	if err != nil {
		return err
	}
	form := organisationForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if sent, err := d.First("organisations", "once", form.Value("once")); err == nil && form.Value("once") != "" {
		return web.See(e, "/organisations/"+sent.Id, "organisations.created", "name", sent.GetString("name"))
	}
	return saveOrganisation(e, r, form)
}

// EditOrganisation asks what is to change about an organisation.
func EditOrganisation(e *core.RequestEvent) error {
	r, _, err := tended(e)
	if err != nil {
		return err
	}
	return showOrganisationForm(e, http.StatusOK, organisationFormPage{Form: organisationForm(e).From(r)}, r)
}

// UpdateOrganisation changes what the hub keeps about an organisation.
func UpdateOrganisation(e *core.RequestEvent) error {
	r, _, err := tended(e)
	if err != nil {
		return err
	}
	form := organisationForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	form.Set("once", r.GetString("once"))
	form.Overtaken(organisationForm(e).From(r))
	return saveOrganisation(e, r, form)
}

// saveOrganisation writes the form into the record unless something is wrong
// with it or the organisation exists under another entry.
func saveOrganisation(e *core.RequestEvent, r *core.Record, form *web.Form) error {
	d := web.Door(e)
	save, done := d.Update, "organisations.saved"
	if r.IsNew() {
		save, done = d.Create, "organisations.created"
	}
	complete(form)
	double, err := refuseDouble(d, form, r)
	if err != nil {
		return err
	}
	data := organisationFormPage{Form: form}
	if double != nil {
		data.Known = &Organisation{ID: double.Id, Name: double.GetString("name")}
	}
	stored := r.Fresh()
	if form.OK() {
		form.Into(r)
		if err = save(r); err == nil {
			return web.See(e, "/organisations/"+r.Id, done, "name", r.GetString("name"))
		}
	}
	if err == nil || form.Take(err) {
		return showOrganisationForm(e, http.StatusUnprocessableEntity, data, stored)
	}
	return err
}

// tended finds the organisation that the address names for somebody who works
// with it.
func tended(e *core.RequestEvent) (*core.Record, *access.Door, error) {
	d := web.Door(e)
	r, err := d.View("organisations", e.Request.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	if !d.May(access.MayTendTo, r) {
		return nil, nil, access.ErrRefused
	}
	return r, d, nil
}

func refused(err error) error {
	if err != nil {
		return err
	}
	return access.ErrRefused
}

// showOrganisationForm shows the form for a new organisation, or for r.
func showOrganisationForm(e *core.RequestEvent, status int, data organisationFormPage, r *core.Record) error {
	title := "organisations.new"
	data.Action, data.Cancel = "/organisations", "/organisations"
	if r != nil && r.Id != "" {
		title = "organisations.edit"
		data.Cancel = "/organisations/" + r.Id
		data.Action = data.Cancel + "/edit"
	}
	base := web.New(e, title).At("organisations").AsForm()
	base = base.Under(lang.T(base.Language, "organisations.title"), "/organisations")
	if data.Cancel != "/organisations" {
		base = base.Under(r.GetString("name"), data.Cancel)
	}
	data.Base = base.Under(base.Title, "")
	return web.Render(e, status, "organisations/form", data)
}
