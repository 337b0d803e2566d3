package push

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

const (
	path    = "/devices"
	cookie  = "device"        // holds the id of this browser's subscription
	testTTL = 5 * time.Minute // of a test message
)

type showPage struct {
	web.Base
	PublicKey     string
	Problem       string
	On            bool // this browser is subscribed
	Subscriptions []row
}

type row struct {
	ID, Trouble, Since string
	LastSent           time.Time
	Here, Off          bool // Off after maxFailures
}

// RequireMember refuses administrators, who get no reminders.
func RequireMember(e *core.RequestEvent) error {
	if e.Auth.IsSuperuser() {
		return access.ErrRefused
	}
	return e.Next()
}

// Show lists the reader's subscriptions and offers to subscribe this browser.
func Show(e *core.RequestEvent) error { return show(e, http.StatusOK, "") }

func show(e *core.RequestEvent, status int, problem string) error {
	b := web.New(e, "push.title").At("me").Under(lang.T(web.Language(e), "users.me"), "/me")
	s, err := newSender(e.App, clock.Now())
	if err != nil {
		return err
	}
	found, err := web.Scope(e).List(subscriptions, func(q *dbx.SelectQuery) { q.OrderBy(subscriptions+".created", subscriptions+".id") })
	if err != nil {
		return err
	}
	data := showPage{Base: b, PublicKey: s.publicKey, Problem: problem}
	for _, r := range found {
		row := row{ID: r.Id, Here: r.Id == currentID(e), Off: r.GetInt("failures") >= maxFailures, Since: clock.Day(r.GetDateTime("created").Time(), b.Zone),
			LastSent: r.GetDateTime("last_ok_at").Time()}
		if status, err := strconv.Atoi(r.GetString("last_error")); err == nil {
			row.Trouble = trouble(b.Language, result{status: status})
		}
		data.On = data.On || row.Here && !row.Off
		data.Subscriptions = append(data.Subscriptions, row)
	}
	return web.Render(e, status, "push/show", data)
}

// trouble says in words why a message was not sent.
func trouble(language string, res result) string {
	switch {
	case res.gone():
		return lang.T(language, "push.gone")
	case res.status == 0:
		return lang.T(language, "push.trouble_unreachable")
	case res.retry():
		return lang.T(language, "push.trouble_busy", "status", res.status)
	}
	return lang.T(language, "push.trouble_refused", "status", res.status)
}

// currentID is the subscription that this browser's cookie names, "" if none.
func currentID(e *core.RequestEvent) string {
	if c, err := e.Request.Cookie(cookie); err == nil {
		return c.Value
	}
	return ""
}

// Subscribe stores this browser's subscription for the reader.
func Subscribe(e *core.RequestEvent) error {
	value := e.Request.PostFormValue
	s := webpush.Subscription{Endpoint: value("endpoint"), Keys: webpush.Keys{P256dh: value("p256dh"), Auth: value("auth")}}
	if problem := validate(s); problem != "" {
		return show(e, http.StatusUnprocessableEntity, lang.T(web.Language(e), problem))
	}
	id, err := subscribe(e.App, e.Auth.Id, s, currentID(e))
	if errors.Is(err, errTooMany) {
		return show(e, http.StatusUnprocessableEntity, lang.T(web.Language(e), "push.problem_full", "n", maxPerPerson))
	}
	if err != nil {
		return err
	}
	web.SetPreferenceCookie(e, cookie, id)
	return web.RedirectWithFlash(e, path, "push.turned_on")
}

// Unsubscribe deletes one of the reader's subscriptions.
func Unsubscribe(e *core.RequestEvent) error {
	r, err := web.Scope(e).View(subscriptions, e.Request.PathValue("id"))
	if err == nil {
		err = web.Scope(e).Delete(r)
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, path, "push.turned_off")
}

// SendTest sends a test message to one of the reader's subscriptions at once and shows what the push service answered.
func SendTest(e *core.RequestEvent) error {
	r, err := web.Scope(e).View(subscriptions, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	now, language := clock.Now(), web.Language(e)
	s, err := newSender(e.App, now)
	if err != nil {
		return err
	}
	m := &message{Subscription: r.Id, Endpoint: r.GetString("endpoint"), P256dh: r.GetString("p256dh"), Auth: r.GetString("auth"), expiresAt: now.Add(testTTL),
		payload: payload{Body: lang.T(language, "push.test_body"), URL: path, Tag: security.RandomString(16)}}
	res := s.send(e.Request.Context(), m)
	if err := m.record(e.App, res, now); err != nil {
		return err
	}
	if !res.sent() {
		return show(e, http.StatusUnprocessableEntity, trouble(language, res))
	}
	return web.RedirectWithFlash(e, path, "push.tried")
}
