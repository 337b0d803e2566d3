package roster

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/web"
)

type contactFormPage struct {
	web.Base
	Form           *web.Form
	Action, Cancel string
	// HasAccount says that the contact opens programmes to an account.
	HasAccount bool
	// Bounced is the contact's address if letters come back from it.
	Bounced string
}

// NewContact asks about a position at an organisation.
func NewContact(e *core.RequestEvent) error {
	organisation, _, err := tended(e)
	if err != nil {
		return err
	}
	return showContact(e, http.StatusOK, office{organisation: organisation}, contactForm(e))
}

// CreateContact records a position at an organisation. Whether it comes with
// an account is for the administrator.
func CreateContact(e *core.RequestEvent) error {
	organisation, d, err := tended(e)
	if err != nil {
		return err
	}
	r, err := d.New("contacts")
	if err != nil {
		return err
	}
	form := contactForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if form.OK() {
		form.Into(r)
		r.Set("organisation", organisation.Id)
		err = appoint(d, r)
		if err == nil {
			return web.See(e, "/organisations/"+organisation.Id, "contacts.created", "position", r.GetString("position"))
		}
	}
	if err == nil || form.Take(err) {
		return showContact(e, http.StatusUnprocessableEntity, office{organisation: organisation}, form)
	}
	return err
}

// EditContact asks what is to change about a position.
func EditContact(e *core.RequestEvent) error {
	at, err := held(e)
	if err != nil {
		return err
	}
	return showContact(e, http.StatusOK, at, at.opened(e))
}

// opened is the form of a position as it stands now.
func (at office) opened(e *core.RequestEvent) *web.Form {
	return contactForm(e).From(at.contact).Set("phone", showPhone(at.contact.GetString("phone")))
}

// UpdateContact changes a position.
func UpdateContact(e *core.RequestEvent) error {
	at, err := held(e)
	if err != nil {
		return err
	}
	form := contactForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if !form.Overtaken(at.opened(e)) && form.OK() {
		form.Into(at.contact)
		err = web.Door(e).Update(at.contact)
		if err == nil {
			return web.See(e, "/organisations/"+at.organisation.Id, "contacts.saved", "position", at.contact.GetString("position"))
		}
	}
	if err == nil || form.Take(err) {
		return showContact(e, http.StatusUnprocessableEntity, at, form)
	}
	return err
}

// EndContact ends a position's term; who held it no longer speaks for the
// organisation.
func EndContact(e *core.RequestEvent) error {
	at, err := held(e)
	if err != nil {
		return err
	}
	leave(at.contact)
	if err := web.Door(e).Update(at.contact); err != nil {
		return err
	}
	return web.See(e, "/organisations/"+at.organisation.Id, "contacts.ended", "position", at.contact.GetString("position"))
}

// office is a position at an organisation; the contact is nil for a new one.
type office struct{ organisation, contact *core.Record }

// held finds the contact of the address, and its organisation, for somebody
// who works with it.
func held(e *core.RequestEvent) (at office, err error) {
	d := web.Door(e)
	if at.contact, err = d.View("contacts", e.Request.PathValue("id")); err != nil {
		return at, err
	}
	if at.organisation, err = d.View("organisations", at.contact.GetString("organisation")); err != nil {
		return at, err
	}
	if !d.May(access.MayTendTo, at.organisation) {
		return at, access.ErrRefused
	}
	return at, nil
}

// bounced is the contact's address if letters come back from it, else nothing.
func (at office) bounced(app core.App) (string, error) {
	email := at.contact.GetString("email")
	reason, err := outbox.Suppressed(app, outbox.Delivery{Email: email}, true)
	if reason != outbox.ReasonBounced {
		return "", err
	}
	return email, err
}

// showContact shows the form for a position.
func showContact(e *core.RequestEvent, status int, at office, form *web.Form) error {
	title, home := "contacts.new", "/organisations/"+at.organisation.Id
	data := contactFormPage{Form: form, Action: home + "/contacts/new", Cancel: home}
	if at.contact != nil {
		title, data.Action = "contacts.edit_title", "/contacts/"+at.contact.Id+"/edit"
		data.HasAccount = at.contact.GetString("user") != ""
		var err error
		if data.Bounced, err = at.bounced(e.App); err != nil {
			return err
		}
	}
	base := web.New(e, title).At("organisations").AsForm()
	data.Base = base.Under(lang.T(base.Language, "organisations.title"), "/organisations").
		Under(at.organisation.GetString("name"), home).Under(base.Title, "")
	return web.Render(e, status, "organisations/contact", data)
}
