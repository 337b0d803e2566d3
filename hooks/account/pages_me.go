package account

import (
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/reminders"
)

type mePage struct {
	page.Base
	Form  *page.Form
	Email string
	// Until is when this browser's sign-in ends if it is not used again.
	Until time.Time
	// Muted lists the kinds of reminders with whether the person muted them.
	Muted []page.Option
	Facts []reminders.Fact // what holds about letters now
}

func meForm(e *core.RequestEvent) *page.Form {
	inputs := []*page.Input{
		page.Text("name").Need(),
		page.Text("position"),
		page.Codes("language", lang.Languages...).Need(),
		page.Codes("time_zone", clock.Zones...).Need(),
	}
	return page.NewForm(e, "users", append(inputs, reminders.WishInputs()...)...)
}

// Me shows the reader's own settings.
func Me(e *core.RequestEvent) error {
	form := meForm(e)
	if !e.Auth.IsSuperuser() {
		form.From(e.Auth)
	}
	return showMe(e, http.StatusOK, form)
}

func showMe(e *core.RequestEvent, status int, form *page.Form) error {
	data := mePage{Base: page.New(e, "users.me").At("me").AsForm(), Form: form, Email: e.Auth.Email(), Until: page.Until(e)}
	if e.Auth.IsSuperuser() {
		return page.Render(e, status, "account/me", data)
	}
	var err error
	if data.Muted, err = reminders.MutedKinds(e, e.Auth.GetStringSlice("muted_kinds")); err != nil {
		return err
	}
	if data.Facts, err = reminders.InForce(e.App, e.Auth, nil, data.Language); err != nil {
		return err
	}
	return page.Render(e, status, "account/me", data)
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
	me, err := page.Door(e).View("users", e.Auth.Id)
	if err != nil {
		return err
	}
	ticked, err := reminders.TickedKinds(e, me.GetStringSlice("muted_kinds"))
	if err != nil {
		return err
	}
	form.Into(me)
	me.Set("muted_kinds", ticked)
	err = page.Door(e).Update(me)
	if form.Take(err) {
		return showMe(e, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return page.See(e, "/me", "users.saved")
}

// SignOutEverywhere ends every session of the reader, on all devices and over
// the API, this one included.
func SignOutEverywhere(e *core.RequestEvent) error {
	door := page.Door(e)
	me := e.Auth
	if !me.IsSuperuser() {
		var err error
		if me, err = door.View("users", e.Auth.Id); err != nil {
			return err
		}
	}
	err := door.Move(access.MayKeepSelf, me, func(r *core.Record) { r.RefreshTokenKey() })
	if err != nil {
		return err
	}
	page.Forget(e)
	return page.See(e, "/sign-in", "users.signed_out_everywhere")
}

// SetLanguage changes the language of the reader, or of a guest's browser.
func SetLanguage(e *core.RequestEvent) error {
	value := e.Request.PostFormValue("value")
	if !slices.Contains(lang.Languages, value) {
		return e.BadRequestError("", nil)
	}
	page.Remember(e, "language", value)
	if e.Auth != nil && !e.Auth.IsSuperuser() {
		me, err := page.Door(e).View("users", e.Auth.Id)
		if err != nil {
			return err
		}
		me.Set("language", value)
		if err := page.Door(e).Update(me); err != nil {
			return err
		}
	}
	return page.See(e, page.Local(e.Request.PostFormValue("back")), "")
}

// SetTheme changes how light or dark this browser shows the hub.
func SetTheme(e *core.RequestEvent) error {
	value := e.Request.PostFormValue("value")
	if !slices.Contains([]string{"auto", "light", "dark"}, value) {
		return e.BadRequestError("", nil)
	}
	page.Remember(e, "theme", value)
	return page.See(e, page.Local(e.Request.PostFormValue("back")), "")
}
