package outbox

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Link is a place a message leads to.
type Link struct {
	Label string
	URL   string
}

// Section is a heading and what stands under it.
type Section struct {
	Title string
	Items []Item
	More  string // says how many are left out; empty when none are
}

// Item is one line of a section that leads somewhere.
type Item struct {
	Link
	Note  string // what is to be known of it, such as its day and programme
	Links []Link // what the reader may answer or open at once
}

// Contents is a message in words: whole sentences in the recipient's language, no markup.
type Contents struct {
	Template string   // name of the template pair; empty is "message"
	Email    string   // the recipient's present address; empty keeps the one in the outbox
	Subject  string   // one line
	Greeting string   // one line
	Lines    []string // one paragraph each
	Join     Link     // an address outside the hub that is written out; none without a URL
	Button   Link     // the one thing to do; none without a URL
	Answers  []Link   // what the reader may answer at once; each leads to a page that asks before anything happens
	Why      string   // why this came
	Stop     Link     // where to stop such messages; empty is the page that stops this kind with one press
	Wishes   Link     // where the reader sets how messages come; filled in by the sender

	// Calendar is an iCalendar object (RFC 5545) that goes along; empty for none.
	Calendar string

	// Mandatory messages cannot be refused: nothing says how to stop them, and no earlier refusal holds them back.
	Mandatory bool

	// NotBefore, when it lies ahead, is until when the message waits, and Because is the reason, such as ReasonHoliday.
	NotBefore time.Time
	Because   string

	Sections []Section // what a digest lists, under a heading each
	// Without names the members of this one that are left out after all, each with the reason.
	Without map[string]string

	stopURL string // what mail programs offer as a button
}

// Kind is one sort of message.
type Kind struct {
	// Wanted is asked in the transaction that claims a row, with that transaction's app and the moment of the claim: is
	// this message still wanted by this person then? It reads no clock, so that days to come can be asked about too. It returns the contents, or the reason why not (a code such as ReasonDone or ReasonNoAccess), or an
	// error when it could not find out, and then the message is tried again later.
	Wanted func(app core.App, d Delivery, now time.Time) (contents Contents, reason string, err error)
}

// Kinds maps the kind of a delivery to its question. The schedule hands it to the Sender, so that this package knows no feature.
type Kinds map[string]Kind

// brokenError is a panic or a mistake that would happen again: the message fails and the others go on.
type brokenError struct{ cause string }

func (e brokenError) Error() string { return e.cause }

// errUnknownKind is answered when nobody answers for a message's kind.
var errUnknownKind = fmt.Errorf("nobody answers for this kind of message")

// ask asks the kind and turns a panic into an error.
func (k Kinds) ask(app core.App, d Delivery, now time.Time) (contents Contents, reason string, err error) {
	kind, known := k[d.Kind]
	if !known {
		return Contents{}, "", errUnknownKind
	}
	defer broken(&err)
	contents, reason, err = kind.Wanted(app, d, now)
	if err == nil && reason == "" {
		err = errors.Join(contents.offerStop(app, d), contents.offerWishes(app, d))
	}
	return contents, reason, err
}

// broken turns a panic of the calling function into a brokenError. It must be deferred.
func broken(err *error) {
	if p := recover(); p != nil {
		*err = brokenError{clip(fmt.Sprintf("panic: %v\n%s", p, debug.Stack()), 1500)}
	}
}
