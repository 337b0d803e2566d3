package account

import (
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/page"
)

// The letters that PocketBase sends lead here. Mail scanners open every link,
// so opening one changes nothing; only the button on the page does.

// link is what a page behind a link in a letter asks and does.
type link struct {
	kind  string // its words stand under account.<kind>_…
	token string // the type of token that fits
	api   string // where PocketBase takes the token
	form  func(e *core.RequestEvent) *page.Form
}

var (
	resetLink = link{"reset", core.TokenTypePasswordReset, "confirm-password-reset", func(e *core.RequestEvent) *page.Form {
		return page.NewForm(e, "account", page.NewPassword("password").Label("account.new_password").Hint("account.new_password_hint").Need(),
			page.NewPassword("passwordConfirm").Label("account.password_again").Need())
	}}
	verifyLink = link{"verify", core.TokenTypeVerification, "confirm-verification", func(e *core.RequestEvent) *page.Form {
		return page.NewForm(e, "account")
	}}
	addressLink = link{"new_address", core.TokenTypeEmailChange, "confirm-email-change", func(e *core.RequestEvent) *page.Form {
		return page.NewForm(e, "account", page.Password("password").Need())
	}}
)

type linkPage struct {
	page.Base
	Form *page.Form
	Kind string
}

// ShowReset asks for a new password, where a letter's link still works.
func ShowReset(e *core.RequestEvent) error { return resetLink.show(e) }

// Reset sets the new password; every device is signed out by it.
func Reset(e *core.RequestEvent) error { return resetLink.use(e) }

// ShowVerify asks whether an address is the reader's.
func ShowVerify(e *core.RequestEvent) error { return verifyLink.show(e) }

// Verify marks the address as the person's own.
func Verify(e *core.RequestEvent) error { return verifyLink.use(e) }

// ShowNewAddress asks for the password before an address is replaced.
func ShowNewAddress(e *core.RequestEvent) error { return addressLink.show(e) }

// TakeNewAddress replaces the address; every device is signed out by it.
func TakeNewAddress(e *core.RequestEvent) error { return addressLink.use(e) }

func (l link) show(e *core.RequestEvent) error {
	if _, err := e.App.FindAuthRecordByToken(e.Request.PathValue("token"), l.token); err != nil {
		return l.expired(e)
	}
	return l.render(e, http.StatusOK, l.form(e))
}

func (l link) render(e *core.RequestEvent, status int, form *page.Form) error {
	return page.Render(e, status, "account/link", linkPage{page.New(e, "account."+l.kind+"_title").At("sign-in"), form, l.kind})
}

// expired tells that a link has been used, is too old, or never was one.
func (l link) expired(e *core.RequestEvent) error {
	return page.Render(e, http.StatusGone, "account/expired", linkPage{page.New(e, "account.expired_title").At("sign-in"), nil, l.kind})
}

// use hands token and form to PocketBase.
func (l link) use(e *core.RequestEvent) error {
	form := l.form(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if !form.OK() {
		return l.render(e, http.StatusUnprocessableEntity, form)
	}
	sent := map[string]string{"token": e.Request.PathValue("token")}
	for _, f := range form.Fields() {
		sent[f.Name] = f.Value
	}
	var refused page.Refusal
	status, err := page.Post(e, "/api/collections/users/"+l.api, sent, &refused)
	if err != nil {
		return err
	}
	_, dead := refused.Data["token"]
	switch {
	case status == http.StatusNoContent:
		page.Forget(e)
		return page.See(e, "/sign-in", "account."+l.kind+"_done")
	case dead:
		return l.expired(e)
	case form.Take(refused.Err()):
		return l.render(e, http.StatusUnprocessableEntity, form)
	case status == http.StatusTooManyRequests:
		return e.TooManyRequestsError("", nil)
	}
	return e.InternalServerError("", fmt.Errorf("%s answers %d", l.api, status))
}
