package offline

import (
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/invitations"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
)

// sentence is what a message says when a person tells it.
type sentence struct {
	Greeting string
	Title    string      // what it is about
	Line     string      // the whole of it, in the recipient's language
	Join     outbox.Link // where an online meeting is joined; none without a URL
	URL      string      // where it leads, with the hub's address
}

// say asks about a message that no mail brings what the sender would ask, but for
// the address, and returns what to tell, or the reason why it is not wanted now.
func say(app core.App, d outbox.Delivery, now time.Time) (sentence, string, error) {
	if _, ruled := reminders.SourceFor(d.Kind); !ruled {
		return sayUnruled(app, d, now)
	}
	a := &reminders.Candidate{App: app, Message: d, Now: now}
	if reason, err := a.Unwanted(); err != nil || reason != "" {
		return sentence{}, reason, err
	}
	if reason, err := refused(a); err != nil || reason != "" {
		return sentence{}, reason, err
	}
	return sentence{Greeting: reminders.Greeting(d.Language, a.User, a.Contact), Title: a.Subject.Title,
		Line: a.Spoken(), Join: a.Joined(), URL: reminders.Home(app) + a.Subject.URL}, "", nil
}

// sayUnruled is say for messages that no rule sends: only a meeting called off is
// something to pass on.
func sayUnruled(app core.App, d outbox.Delivery, now time.Time) (sentence, string, error) {
	if d.Kind != reminders.KindCalledOff {
		return sentence{}, outbox.ReasonUnknownKind, nil
	}
	c, reason, err := invitations.CalledOff(app, d, now)
	if err != nil || reason != "" {
		return sentence{}, reason, err
	}
	return sentence{Greeting: c.Greeting, Title: d.Subject, Line: strings.Join(c.Lines, " "), URL: c.Button.URL}, "", nil
}

// refused tells whether the person asked not to be told this, at whatever address.
func refused(a *reminders.Candidate) (reason string, err error) {
	if a.Message.Email == "" || a.Rule.Mandatory() {
		return "", nil
	}
	var n int
	err = a.App.DB().NewQuery(`SELECT COUNT(*) FROM suppressions WHERE email = {:email} COLLATE NOCASE
		AND reason IN ('unsubscribed', 'complaint') AND kind IN ('', {:kind})`).
		Bind(dbx.Params{"email": a.Message.Email, "kind": a.Message.Kind}).Row(&n)
	if n > 0 {
		return outbox.ReasonUnsubscribed, err
	}
	return "", err
}
