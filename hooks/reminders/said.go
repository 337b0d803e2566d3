package reminders

import (
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/mail"
)

// Sentence is what a letter says when a person tells it.
type Sentence struct {
	Greeting string
	Title    string    // what it is about
	Line     string    // the whole of it, in the recipient's language
	Join     mail.Link // where an online meeting is joined; none without a URL
	URL      string    // where it leads, with the hub's address
}

// Say asks about a letter that no mail brings what the sender would ask, but for
// the address, and returns what to tell, or the reason why it is not wanted now.
func Say(app core.App, d mail.Delivery, now time.Time) (Sentence, string, error) {
	if _, ruled := sourceFor(d.Kind); !ruled {
		return sayUnruled(app, d, now)
	}
	a := &asked{app: app, letter: d, now: now}
	if reason, err := a.unwanted(); err != nil || reason != "" {
		return Sentence{}, reason, err
	}
	if reason, err := a.refused(); err != nil || reason != "" {
		return Sentence{}, reason, err
	}
	lines := append(a.lines(), a.place()...)
	if own := a.own("subject"); own != "" {
		lines = slices.Insert(lines, 0, own) // nobody sees the subject of a text otherwise
	}
	return Sentence{Greeting: greeting(d.Language, a.user, a.contact), Title: a.subject.Title,
		Line: strings.Join(lines, "\n"), Join: a.joined(), URL: home(app) + a.subject.URL}, "", nil
}

// sayUnruled is Say for letters that no rule sends: only a meeting called off is
// something to pass on.
func sayUnruled(app core.App, d mail.Delivery, now time.Time) (Sentence, string, error) {
	if d.Kind != kindCalledOff {
		return Sentence{}, mail.ReasonUnknownKind, nil
	}
	c, reason, err := calledOff(app, d, now)
	if err != nil || reason != "" {
		return Sentence{}, reason, err
	}
	return Sentence{Greeting: c.Greeting, Title: d.Subject, Line: strings.Join(c.Lines, " "), URL: c.Button.URL}, "", nil
}

// refused tells whether the person asked not to be told this, at whatever address.
func (a *asked) refused() (reason string, err error) {
	if a.letter.Email == "" || a.rule.Mandatory() {
		return "", nil
	}
	var n int
	err = a.app.DB().NewQuery(`SELECT COUNT(*) FROM suppressions WHERE email = {:email} COLLATE NOCASE
		AND reason IN ('unsubscribed', 'complaint') AND kind IN ('', {:kind})`).
		Bind(dbx.Params{"email": a.letter.Email, "kind": a.letter.Kind}).Row(&n)
	if n > 0 {
		return mail.ReasonUnsubscribed, err
	}
	return "", err
}
