package devices

import (
	"errors"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/page"
)

// cookie names the device that this browser is.
const cookie = "device"

type devicesPage struct {
	page.Base
	Key     string // the hub's public key, for the browser
	Problem string // why this browser was not taken
	On      bool   // this browser is among the devices
	Devices []row
}

type row struct {
	ID, Name, Trouble string
	Facts             []string
	Here, Off         bool
	// Naming asks for a name; Input is its one field.
	Naming *page.Form
	Input  page.Field
}

// said is what the page answers to a press: a problem of this browser, or a name that one device cannot have.
type said struct {
	problem string
	device  string
	naming  *page.Form
}

// Show lists the reader's devices and offers to switch this one on.
func Show(e *core.RequestEvent) error { return show(e, http.StatusOK, said{}) }

func show(e *core.RequestEvent, status int, answer said) error {
	if e.Auth.IsSuperuser() {
		return access.ErrRefused
	}
	b := page.New(e, "devices.title").At("me").Under(lang.T(page.Language(e), "users.me"), "/me")
	data := devicesPage{Base: b, Problem: answer.problem}
	k, err := keysOf(e.App)
	if err != nil {
		return err
	}
	data.Key = k.public
	found, err := page.Door(e).List("devices", func(q *dbx.SelectQuery) { q.OrderBy("devices.created", "devices.rowid") })
	if err != nil {
		return err
	}
	here := here(e)
	for _, r := range found {
		d := wrap(r)
		form := answer.naming
		if d.Id != answer.device {
			form = naming(e, d)
		}
		row := d.row(data.Base, here)
		row.Naming, row.Input = form, form.Field(d.field())
		data.Devices = append(data.Devices, row)
		data.On = data.On || d.Id == here && !d.Off()
	}
	return page.Render(e, status, "devices/show", data)
}

// row is the device as the page lists it.
func (d *Device) row(b page.Base, here string) row {
	say := func(key string, args ...any) string { return lang.T(b.Language, key, args...) }
	r := row{ID: d.Id, Name: d.Name(), Trouble: d.Trouble(b.Language), Here: d.Id == here, Off: d.Off()}
	r.Facts = []string{say("devices.since", "day", lang.DayShort(b.Language, clock.Day(d.GetDateTime("created").Time(), b.Zone)))}
	if last := d.GetDateTime("last_ok_at").Time(); last.IsZero() {
		r.Facts = append(r.Facts, say("devices.never"))
	} else {
		r.Facts = append(r.Facts, say("devices.last", "when", lang.Moment(b.Language, last, b.Zone)))
	}
	return r
}

// here is the device that this browser was switched on as, "" if none.
func here(e *core.RequestEvent) string {
	c, err := e.Request.Cookie(cookie)
	if err != nil {
		return ""
	}
	return c.Value
}

// TurnOn keeps this browser as one of the reader's devices.
func TurnOn(e *core.RequestEvent) error {
	if e.Auth.IsSuperuser() {
		return access.ErrRefused
	}
	typed, language := e.Request.PostFormValue, page.Language(e)
	s := Subscription{Endpoint: typed("endpoint"), Key: typed("p256dh"), Secret: typed("auth")}
	if problem := s.problem(); problem != "" {
		return show(e, http.StatusUnprocessableEntity, said{problem: lang.T(language, problem)})
	}
	id, err := register(e.App, e.Auth, s, names{guess(language, e.Request.UserAgent()), here(e)})
	if errors.Is(err, errFull) {
		return show(e, http.StatusUnprocessableEntity, said{problem: lang.T(language, "devices.problem_full", "n", most)})
	}
	if err != nil {
		return err
	}
	page.Remember(e, cookie, id)
	return page.See(e, "/devices", "devices.turned_on")
}

// own is the device in the address, if it is the reader's.
func own(e *core.RequestEvent) (*Device, error) {
	if e.Auth.IsSuperuser() {
		return nil, access.ErrRefused
	}
	r, err := page.Door(e).View("devices", e.Request.PathValue("id"))
	if err != nil {
		return nil, err
	}
	return wrap(r), nil
}

// TurnOff forgets one of the reader's devices.
func TurnOff(e *core.RequestEvent) error {
	d, err := own(e)
	if err != nil {
		return err
	}
	if err := page.Door(e).Delete(d.ProxyRecord()); err != nil {
		return err
	}
	return page.See(e, "/devices", "devices.turned_off", "name", d.Name())
}

// Try sends a test to one of the reader's devices and tells what its push service said.
func Try(e *core.RequestEvent) error {
	d, err := own(e)
	if err != nil {
		return err
	}
	p, err := pusherOf(e.App)
	if err != nil {
		return err
	}
	v, err := p.try(e.Request.Context(), d, page.Language(e))
	switch {
	case err != nil:
		return err
	case v.gone:
		return show(e, http.StatusUnprocessableEntity, said{problem: lang.T(page.Language(e), "devices.gone", "name", d.Name())})
	case !v.sent:
		return show(e, http.StatusUnprocessableEntity, said{problem: trouble(page.Language(e), v.words)})
	}
	return page.See(e, "/devices", "devices.tried", "name", d.Name())
}
