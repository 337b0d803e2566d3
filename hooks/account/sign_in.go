// Package account is about the person: signing in and out, and how the hub
// speaks to them.
package account

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/web"
)

const (
	codeCookie = "code"
	nextCookie = "next"
	// codeLife is how long a one-time code and its cookie last, in seconds.
	codeLife = 600
	// longestNext is how long an address to come back to may be, in bytes, so
	// that it fits a cookie.
	longestNext = 1000
)

type signInPage struct {
	web.Base
	Form *web.Form
	// Ended is the key of what is said to somebody whose session ended while
	// they sent a form, empty for all others.
	Ended string
}

func signInForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "account", web.Email("email").Need(), web.Password("password"),
		web.Hidden("next").Max(0), web.Hidden("kept").Max(0))
}

// ShowSignIn asks for an address, and for a password of those who want one.
func ShowSignIn(e *core.RequestEvent) error {
	next := onward(e.Request.URL.Query().Get("next"))
	if e.Auth != nil {
		return web.RedirectWithFlash(e, next, "")
	}
	form := signInForm(e).Set("next", next)
	return web.Render(e, http.StatusOK, "account/sign_in", signInPage{Base: web.New(e, "account.sign_in").At("sign-in"), Form: form})
}

// onward is where a person goes after signing in: a page of this hub.
func onward(target string) string {
	if len(target) > longestNext {
		return "/"
	}
	return web.Local(target)
}

// SignIn takes the address: with a password it signs in, without one it mails
// a one-time code. Known and unknown addresses get the same answer.
func SignIn(e *core.RequestEvent) error {
	form := signInForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if form.OK() && form.Value("password") != "" {
		return withPassword(e, form)
	}
	if form.OK() {
		return sendCode(e, form)
	}
	return refuse(e, form)
}

func refuse(e *core.RequestEvent, form *web.Form) error {
	data := signInPage{Base: web.New(e, "account.sign_in").At("sign-in"), Form: form}
	if form.Value("kept") != "" {
		data.Ended = "account.ended_kept"
	}
	return web.Render(e, http.StatusUnprocessableEntity, "account/sign_in", data)
}

// session is PocketBase's answer to a successful sign-in.
type session struct {
	Token string `json:"token"`
}

// withPassword tries the people of the hub first, then its administrators.
func withPassword(e *core.RequestEvent, form *web.Form) error {
	typed := map[string]string{"identity": form.Value("email"), "password": form.Value("password")}
	for _, collection := range []string{"users", core.CollectionNameSuperusers} {
		var got session
		status, err := web.Post(e, "/api/collections/"+collection+"/auth-with-password", typed, &got)
		if err != nil {
			return err
		}
		if status == http.StatusTooManyRequests {
			return e.TooManyRequestsError("", nil)
		}
		if status == http.StatusOK && got.Token != "" {
			return enter(e, got.Token, form.Value("next"), form.Value("kept"))
		}
	}
	form.AddError("password", "account.problem_password")
	return refuse(e, form)
}

// sendCode has PocketBase mail a code. For an unknown address it answers with
// an identity that fits no code, so nothing tells the two apart.
func sendCode(e *core.RequestEvent, form *web.Form) error {
	var got struct {
		ID string `json:"otpId"`
	}
	status, err := web.Post(e, "/api/collections/users/request-otp",
		map[string]string{"email": form.Value("email")}, &got)
	if err != nil {
		return err
	}
	switch status {
	case http.StatusOK:
		web.Keep(e, codeCookie, got.ID, codeLife)
		web.Keep(e, nextCookie, url.QueryEscape(onward(form.Value("next"))), codeLife)
		if kept := form.Value("kept"); kept != "" {
			return showCode(e, http.StatusOK, codeForm(e).Set("kept", kept).Set("email", form.Value("email")))
		}
		return web.RedirectWithFlash(e, "/sign-in/code", "")
	case http.StatusTooManyRequests:
		return e.TooManyRequestsError("", nil)
	}
	return e.InternalServerError("", fmt.Errorf("request-otp answers %d", status))
}

func codeForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "account", web.Code("code").Need().Max(20), web.Hidden("kept").Max(0), web.Hidden("email"))
}

// ShowCode asks for the code that was mailed.
func ShowCode(e *core.RequestEvent) error {
	if _, err := e.Request.Cookie(codeCookie); err != nil {
		return web.RedirectWithFlash(e, "/sign-in", "")
	}
	return showCode(e, http.StatusOK, codeForm(e))
}

func showCode(e *core.RequestEvent, status int, form *web.Form) error {
	return web.Render(e, status, "account/code", signInPage{Base: web.New(e, "account.code_title").At("sign-in"), Form: form})
}

// EnterCode signs in with the code.
func EnterCode(e *core.RequestEvent) error {
	sent, err := e.Request.Cookie(codeCookie)
	if err != nil {
		return web.RedirectWithFlash(e, "/sign-in", "account.code_again")
	}
	form := codeForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if form.OK() {
		var got session
		status, err := web.Post(e, "/api/collections/users/auth-with-otp",
			map[string]string{"otpId": sent.Value, "password": digits(form.Value("code"))}, &got)
		if err != nil {
			return err
		}
		if status == http.StatusOK && got.Token != "" {
			return enter(e, got.Token, remembered(e), form.Value("kept"))
		}
		form.AddError("code", "account.problem_code")
	}
	return showCode(e, http.StatusUnprocessableEntity, form)
}

// enter turns PocketBase's token into this browser's session. A form that was
// kept meanwhile is offered to be sent again.
func enter(e *core.RequestEvent, token, next, sealed string) error {
	r, err := e.App.FindAuthRecordByToken(token, core.TokenTypeAuth)
	if err != nil {
		return err
	}
	web.Keep(e, codeCookie, "", -1)
	web.Keep(e, nextCookie, "", -1)
	if err := web.SignIn(e, r); err != nil {
		return err
	}
	var kept unsent
	if web.Unseal(e, unsentSeal, sealed, &kept) {
		e.Auth = r
		return offer(e, kept)
	}
	return web.RedirectWithFlash(e, onward(next), "")
}

// SignOut ends this browser's session and has it forget what it kept of ours.
func SignOut(e *core.RequestEvent) error {
	web.SignOut(e)
	e.Response.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return web.RedirectWithFlash(e, "/sign-in", "account.signed_out")
}

// digits keeps the figures of a code, which people type with spaces.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, typed)
}

// remembered is where the person wanted to go before the code was asked for.
func remembered(e *core.RequestEvent) string {
	c, err := e.Request.Cookie(nextCookie)
	if err != nil {
		return "/"
	}
	next, err := url.QueryUnescape(c.Value)
	if err != nil {
		return "/"
	}
	return next
}

// The messages that PocketBase sends lead here. Mail scanners open every link,
// so opening one changes nothing; only the button on the page does.

// link is what a page behind a link in a message asks and does.
type link struct {
	kind  string // its words stand under account.<kind>_…
	token string // the type of token that fits
	api   string // where PocketBase takes the token
	form  func(e *core.RequestEvent) *web.Form
}

var (
	resetLink = link{"reset", core.TokenTypePasswordReset, "confirm-password-reset", func(e *core.RequestEvent) *web.Form {
		return web.NewForm(e, "account", web.NewPassword("password").Label("account.new_password").Hint("account.new_password_hint").Need(),
			web.NewPassword("passwordConfirm").Label("account.password_again").Need())
	}}
	verifyLink = link{"verify", core.TokenTypeVerification, "confirm-verification", func(e *core.RequestEvent) *web.Form {
		return web.NewForm(e, "account")
	}}
	addressLink = link{"new_address", core.TokenTypeEmailChange, "confirm-email-change", func(e *core.RequestEvent) *web.Form {
		return web.NewForm(e, "account", web.Password("password").Need())
	}}
)

type linkPage struct {
	web.Base
	Form *web.Form
	Kind string
}

// ShowReset asks for a new password, where a message's link still works.
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

func (l link) render(e *core.RequestEvent, status int, form *web.Form) error {
	return web.Render(e, status, "account/link", linkPage{web.New(e, "account."+l.kind+"_title").At("sign-in"), form, l.kind})
}

// expired tells that a link has been used, is too old, or never was one.
func (l link) expired(e *core.RequestEvent) error {
	return web.Render(e, http.StatusGone, "account/expired", linkPage{web.New(e, "account.expired_title").At("sign-in"), nil, l.kind})
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
	var refused web.Refusal
	status, err := web.Post(e, "/api/collections/users/"+l.api, sent, &refused)
	if err != nil {
		return err
	}
	_, dead := refused.Data["token"]
	switch {
	case status == http.StatusNoContent:
		web.SignOut(e)
		return web.RedirectWithFlash(e, "/sign-in", "account."+l.kind+"_done")
	case dead:
		return l.expired(e)
	case form.AddErrors(refused.Err()):
		return l.render(e, http.StatusUnprocessableEntity, form)
	case status == http.StatusTooManyRequests:
		return e.TooManyRequestsError("", nil)
	}
	return e.InternalServerError("", fmt.Errorf("%s answers %d", l.api, status))
}

func resetForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "account", web.Email("email").Need())
}

// AskReset asks for the address to which a link to a new password is mailed.
func AskReset(e *core.RequestEvent) error {
	return web.Render(e, http.StatusOK, "account/reset", signInPage{Base: web.New(e, "account.ask_reset_title").At("sign-in"), Form: resetForm(e)})
}

// SendReset mails the link. Known and unknown addresses get the same answer.
func SendReset(e *core.RequestEvent) error {
	form := resetForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if !form.OK() {
		return web.Render(e, http.StatusUnprocessableEntity, "account/reset",
			signInPage{Base: web.New(e, "account.ask_reset_title").At("sign-in"), Form: form})
	}
	var refused web.Refusal
	status, err := web.Post(e, "/api/collections/users/request-password-reset", map[string]string{"email": form.Value("email")}, &refused)
	if err != nil {
		return err
	}
	switch status {
	case http.StatusNoContent:
		return web.RedirectWithFlash(e, "/sign-in", "account.reset_sent")
	case http.StatusTooManyRequests:
		return e.TooManyRequestsError("", nil)
	}
	return e.InternalServerError("", fmt.Errorf("request-password-reset answers %d", status))
}
