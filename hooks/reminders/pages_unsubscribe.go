package reminders

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/page"
)

type unsubscribePage struct {
	page.Base
	Kind    string // in words
	Whom    string // office and masked address of whose letters stop
	Stopped bool
	Back    bool     // the letters come again since a moment ago
	Still   []string // kinds that come all the same
}

// AskUnsubscribe asks whether letters of a kind are to stop. Mail scanners open every link, so looking changes nothing.
func AskUnsubscribe(e *core.RequestEvent) error {
	return unsubscribe(e, func(*refuser) error { return nil })
}

// Unsubscribe stops letters of a kind at once: a mail program posts here by itself (RFC 8058), without cookie, from
// anywhere and perhaps twice, and follows no redirect.
func Unsubscribe(e *core.RequestEvent) error {
	return unsubscribe(e, func(r *refuser) error { return r.refuse(e.App) })
}

// Resubscribe takes a refusal back.
func Resubscribe(e *core.RequestEvent) error {
	return unsubscribe(e, func(r *refuser) error { return r.accept(e.App) })
}

// unsubscribe does what is asked and shows how things stand, in the language of the letters.
func unsubscribe(e *core.RequestEvent, do func(*refuser) error) error {
	token := e.Request.PathValue("token")
	r, err := refuserOf(e.App, token)
	if err != nil {
		return broken(e, err)
	}
	if err := do(r); err != nil {
		return err
	}
	page.Speak(e, r.language())
	data := unsubscribePage{Base: page.New(e, "reminders.unsubscribe_title")}
	// The same page, whichever step led to it.
	data.Path = mail.StopPath + token
	data.Kind = lang.T(data.Language, "reminder_rules.kind."+r.Kind)
	if data.Stopped, err = r.refused(e.App); err != nil {
		return err
	}
	if data.Whom, err = r.presented(e.App); err != nil {
		return err
	}
	data.Back = !data.Stopped && e.Request.Method == http.MethodPost
	if data.Still, err = stillComing(e.App, data.Language); err != nil {
		return err
	}
	return page.Render(e, http.StatusOK, "reminders/unsubscribe", data)
}
