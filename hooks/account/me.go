package account

import (
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/preferences"
	"simpul/hooks/web"
)

type mePage struct {
	web.Base
	Form  *web.Form
	Email string
	// Until is when this browser's sign-in ends if it is not used again.
	Until time.Time
	// Muted lists the kinds of reminders with whether the person muted them.
	Muted []web.Option
	Facts []web.Fact // what holds about messages now
}

func meForm(e *core.RequestEvent) *web.Form {
	inputs := []*web.Input{
		web.Text("name").Need(),
		web.Text("position"),
		web.Codes("language", lang.Languages...).Need(),
		web.Codes("time_zone", clock.Zones...).Need(),
	}
	return web.NewForm(e, "users", append(inputs, preferences.WishInputs()...)...)
}

// Me shows the reader's own settings.
func Me(e *core.RequestEvent) error {
	form := meForm(e)
	if !e.Auth.IsSuperuser() {
		form.From(e.Auth)
	}
	return showMe(e, http.StatusOK, form)
}

func showMe(e *core.RequestEvent, status int, form *web.Form) error {
	data := mePage{Base: web.New(e, "users.me").At("me").AsForm(), Form: form, Email: e.Auth.Email(), Until: web.Until(e)}
	if e.Auth.IsSuperuser() {
		return web.Render(e, status, "account/me", data)
	}
	var err error
	if data.Muted, err = preferences.MutedKinds(e, e.Auth.GetStringSlice("muted_kinds")); err != nil {
		return err
	}
	if data.Facts, err = preferences.InForce(e.App, e.Auth, nil, data.Language); err != nil {
		return err
	}
	return web.Render(e, status, "account/me", data)
}

// SaveMe keeps the reader's settings.
func SaveMe(e *core.RequestEvent) error {
	if e.Auth.IsSuperuser() {
		return access.ErrRefused
	}
	form := meForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if !form.OK() {
		return showMe(e, http.StatusUnprocessableEntity, form)
	}
	me, err := web.Scope(e).View("users", e.Auth.Id)
	if err != nil {
		return err
	}
	ticked, err := preferences.TickedKinds(e, me.GetStringSlice("muted_kinds"))
	if err != nil {
		return err
	}
	form.Into(me)
	me.Set("muted_kinds", ticked)
	err = web.Scope(e).Update(me)
	if form.AddErrors(err) {
		return showMe(e, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, "/me", "users.saved")
}

// SignOutEverywhere ends every session of the reader, on all devices and over
// the API, this one included.
func SignOutEverywhere(e *core.RequestEvent) error {
	scope := web.Scope(e)
	me := e.Auth
	if !me.IsSuperuser() {
		var err error
		if me, err = scope.View("users", e.Auth.Id); err != nil {
			return err
		}
	}
	err := scope.Transition(access.MayKeepSelf, me, func(r *core.Record) { r.RefreshTokenKey() })
	if err != nil {
		return err
	}
	web.SignOut(e)
	return web.RedirectWithFlash(e, "/sign-in", "users.signed_out_everywhere")
}

// SetLanguage changes the language of the reader, or of a guest's browser.
func SetLanguage(e *core.RequestEvent) error {
	value := e.Request.PostFormValue("value")
	if !slices.Contains(lang.Languages, value) {
		return e.BadRequestError("", nil)
	}
	web.SetPreferenceCookie(e, "language", value)
	if e.Auth != nil && !e.Auth.IsSuperuser() {
		me, err := web.Scope(e).View("users", e.Auth.Id)
		if err != nil {
			return err
		}
		me.Set("language", value)
		if err := web.Scope(e).Update(me); err != nil {
			return err
		}
	}
	return web.RedirectWithFlash(e, web.Local(e.Request.PostFormValue("back")), "")
}

// SetTheme changes how light or dark this browser shows the hub.
func SetTheme(e *core.RequestEvent) error {
	value := e.Request.PostFormValue("value")
	if !slices.Contains([]string{"auto", "light", "dark"}, value) {
		return e.BadRequestError("", nil)
	}
	web.SetPreferenceCookie(e, "theme", value)
	return web.RedirectWithFlash(e, web.Local(e.Request.PostFormValue("back")), "")
}

// Prepare gives a new user the settings that suit most. Only administrators
// make users, so the address counts as verified: otherwise the first one-time
// code would replace the password.
func Prepare(e *core.RecordEvent) error {
	defaults := map[string]string{
		"language":  lang.Languages[0],
		"time_zone": clock.Zones[0],
	}
	for field, value := range defaults {
		if e.Record.GetString(field) == "" {
			e.Record.Set(field, value)
		}
	}
	e.Record.SetVerified(true)
	return e.Next()
}

// EndSessions makes every token of a user worthless in the moment that the
// user is disabled.
func EndSessions(e *core.RecordEvent) error {
	if e.Record.GetBool("disabled") && !e.Record.Original().GetBool("disabled") {
		e.Record.RefreshTokenKey()
	}
	return e.Next()
}

// NoCodeForDisabled keeps codes from people who may not sign in. They are
// answered like strangers.
func NoCodeForDisabled(e *core.RecordCreateOTPRequestEvent) error {
	if e.Record != nil && e.Record.GetBool("disabled") {
		e.Record = nil
	}
	return e.Next()
}

// NoResetForDisabled keeps new passwords from people who may not sign in. They
// are answered like everybody.
func NoResetForDisabled(e *core.RecordRequestPasswordResetRequestEvent) error {
	if e.Record.GetBool("disabled") {
		return e.NoContent(http.StatusNoContent)
	}
	return e.Next()
}
