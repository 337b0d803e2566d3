package roster

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/web"
)

// EndContact ends a position's term; who held it no longer speaks for the
// organisation.
func EndContact(e *core.RequestEvent) error {
	r, organisation, err := loadContact(e)
	if err != nil {
		return err
	}
	leave(r)
	if err := web.Scope(e).Update(r); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, organisationURL(organisation), "contacts.ended", "position", r.GetString("position"))
}

// NewContact is the form of a new contact.
func NewContact(e *core.RequestEvent) (*web.CRUD, error) {
	organisation, d, err := tended(e)
	if err != nil {
		return nil, err
	}
	r, err := d.New("contacts")
	if err != nil {
		return nil, err
	}
	r.Set("organisation", organisation.Id)
	c := contactForm(e, r, organisation)
	c.Save = func(form *web.Form, r *core.Record) (*core.Record, error) {
		form.Into(r)
		return r, appoint(d, r)
	}
	return c, nil
}

// StoredContact is the form of a contact.
func StoredContact(e *core.RequestEvent) (*web.CRUD, error) {
	r, organisation, err := loadContact(e)
	if err != nil {
		return nil, err
	}
	c := contactForm(e, r, organisation)
	c.Fill = func(form *web.Form) { form.Set("phone", lang.Phone(r.GetString("phone"))) }
	return c, nil
}

// contactForm asks about a position and who holds it.
func contactForm(e *core.RequestEvent, r, organisation *core.Record) *web.CRUD {
	language, home, done := web.Language(e), organisationURL(organisation), "contacts.saved"
	if r.IsNew() {
		done = "contacts.created"
	}
	languages := []web.Option{}
	for _, code := range lang.Languages {
		languages = append(languages, web.Option{Value: code, Label: lang.T(language, "users.language."+code)})
	}
	return &web.CRUD{Event: e, Record: r,
		Form: func(bool) (*web.Form, error) { return web.RecordForm(e, r, web.Choices{"language": languages}), nil },
		Show: func(status int, form *web.Form) error {
			title, action := "contacts.new", home+"/contacts/new"
			if !r.IsNew() {
				title, action = "contacts.edit_title", "/contacts/"+r.Id+"/edit"
			}
			remarks, err := remarksOn(e, r)
			if err != nil {
				return err
			}
			b := web.New(e, title).At("organisations").Under(lang.T(language, "organisations.title"), "/organisations")
			b = b.Under(organisation.GetString("name"), home).Under(b.Title, "")
			return web.ShowForm(e, status, web.FormPage{Base: b, Form: form, Before: remarks, Action: action, Cancel: home,
				Submit: lang.T(language, "contacts.save"), Draft: "contact" + action})
		},
		Saved: func(r *core.Record) error {
			return web.RedirectWithFlash(e, home, done, "position", r.GetString("position"))
		},
	}
}

// remarksOn says that a contact opens programmes to an account, and that messages
// come back from its address.
func remarksOn(e *core.RequestEvent, r *core.Record) (remarks []web.Callout, err error) {
	if r.IsNew() {
		return nil, nil
	}
	if r.GetString("user") != "" {
		remarks = append(remarks, web.Callout{Kind: "info", Text: lang.T(web.Language(e), "contacts.account_text")})
	}
	email := r.GetString("email")
	reason, err := outbox.Suppressed(e.App, outbox.Delivery{Email: email}, true)
	if reason == outbox.ReasonBounced && email != "" {
		remarks = append(remarks, web.Callout{Text: lang.T(web.Language(e), "contacts.bounced", "email", email)})
	}
	return remarks, err
}

// loadContact finds the contact of the address, and its organisation, for
// somebody who works with it.
func loadContact(e *core.RequestEvent) (r, organisation *core.Record, err error) {
	d := web.Scope(e)
	if r, err = d.View("contacts", e.Request.PathValue("id")); err != nil {
		return nil, nil, err
	}
	organisation, err = d.View("organisations", r.GetString("organisation"))
	if err == nil && !d.Can(access.MayTendTo, organisation) {
		err = access.ErrRefused
	}
	return r, organisation, err
}
