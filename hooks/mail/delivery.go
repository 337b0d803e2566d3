// Package mail is the ledger of letters and the one sender that empties it.
//
// A Letter queued becomes a row of the collection deliveries under a unique key, in the transaction of whoever queues
// it. Flush takes the rows that are due one by one: it asks the kind's own question ("is this still wanted?"), claims
// the row in a transaction whose commit is checked, sends over one reused connection and writes down at once what the
// mail server said. Every row ends in a state with a reason, so that each letter sent or not sent can be explained.
//
// The package knows no programme, task or meeting: what a kind means is handed in as a table of functions.
package mail

import (
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
)

// ledger is the collection this package keeps.
const ledger = "deliveries"

// The states of a delivery.
const (
	StatePlanned   = "planned"   // written down, its hour may lie ahead
	StateQueued    = "queued"    // to be sent as soon as possible
	StateSending   = "sending"   // claimed until leased_until_at
	StateRetry     = "retry"     // surely not accepted yet, tried again at next_attempt_at
	StateSent      = "sent"      // accepted by the mail server
	StateUncertain = "uncertain" // nobody knows: the line broke before the server's answer
	StateFailed    = "failed"    // refused for good
	StateCancelled = "cancelled" // its cause went away before it was sent
	StateSkipped   = "skipped"   // not sent on purpose, the reason says why
	StateInDigest  = "in_digest" // told by another letter
	StateHeld      = "held"      // waits until letters may leave the hub
)

// The reasons a delivery may carry. Each has a sentence under deliveries.reason.<code>.
const (
	ReasonDone         = "done"
	ReasonCancelled    = "cancelled"
	ReasonMoved        = "moved"
	ReasonDeleted      = "deleted"
	ReasonNoAccess     = "no_access"
	ReasonPaused       = "paused"
	ReasonMuted        = "muted"
	ReasonStale        = "stale"
	ReasonHoliday      = "holiday"
	ReasonWeekend      = "weekend"
	ReasonQuiet        = "quiet"
	ReasonNothingToSay = "nothing_to_say"
	ReasonDisabled     = "disabled"
	ReasonNoAddress    = "no_address"
	ReasonBadAddress   = "bad_address"
	ReasonBounced      = "bounced"
	ReasonUnsubscribed = "unsubscribed"
	ReasonComplaint    = "complaint"
	ReasonSMTPOff      = "smtp_off"
	ReasonMailHeld     = "mail_held"
	ReasonChannel      = "channel"
	ReasonRefused      = "refused"
	ReasonGaveUp       = "gave_up"
	ReasonSecondTry    = "second_try"
	ReasonTwiceUnclear = "twice_unclear"
	ReasonUnknownKind  = "unknown_kind"
	ReasonBroken       = "broken"
	ReasonAlreadySent  = "already_sent"
	ReasonReleased     = "released"
)

// KindAccount marks PocketBase's own mail: codes, links to a new password, test mail, failed backups.
const KindAccount = "account"

// StillFolded holds for the letters told by another one that has not left and is not being sent at this moment, as SQL
// about the table deliveries. Like those that wait, they can still be taken back.
const StillFolded = `(deliveries.state = 'in_digest' AND EXISTS (SELECT 1 FROM deliveries teller
	WHERE teller.id = deliveries.digest AND teller.state IN ('planned', 'queued', 'retry', 'held')))`

// waiting lists the states from which a row may still be sent for the first time or again after a refusal.
var waiting = []any{StatePlanned, StateQueued, StateRetry}

// Delivery is one row of the ledger: one letter to one person.
type Delivery struct {
	ID                string         `db:"id"`
	Kind              string         `db:"kind"`
	Rule              string         `db:"rule"`
	Programme         string         `db:"programme"`
	SubjectCollection string         `db:"subject_collection"`
	SubjectID         string         `db:"subject_id"`
	Recipient         string         `db:"recipient"`
	User              string         `db:"user"`
	Email             string         `db:"email"`
	Language          string         `db:"language"`
	Occurrence        string         `db:"occurrence"`
	Key               string         `db:"key"`
	URL               string         `db:"url"`
	Digest            string         `db:"digest"`
	State             string         `db:"state"`
	Reason            string         `db:"reason"`
	Attempts          int            `db:"attempts"`
	DueAt             types.DateTime `db:"due_at"`
	UsefulUntilAt     types.DateTime `db:"useful_until_at"`
	NextAttemptAt     types.DateTime `db:"next_attempt_at"`
	SentAt            types.DateTime `db:"sent_at"`
	MessageID         string         `db:"message_id"`
	Message           string         `db:"message"` // finished and signed, as long as it may have left without an answer
	Subject           string         `db:"subject"`
	TextBody          string         `db:"text_body"`
	HTMLBody          string         `db:"html_body"`
	Words             string         `db:"words"`
	Calendar          string         `db:"calendar"`
	ServerReply       string         `db:"server_reply"`
	LastError         string         `db:"last_error"`
	Answer            string         `db:"answer"`
	AnsweredAt        types.DateTime `db:"answered_at"`
	Replaced          string         `db:"replaced"`
	// Read together with the row: the recipient's time zone, the hub's name, whether an administrator holds all letters.
	Zone string `db:"zone"`
	Hub  string `db:"hub"`
	Held bool   `db:"held"`
}

// dueAt reports whether the row may be claimed at the given moment.
func (d Delivery) dueAt(now time.Time) bool {
	if d.NextAttemptAt.Time().After(now) || d.DueAt.Time().After(now) {
		return false
	}
	switch d.State {
	case StatePlanned, StateQueued, StateRetry:
		return true
	case StateUncertain:
		// Without a next attempt an uncertain letter stays as it is.
		return !d.NextAttemptAt.IsZero()
	}
	return false
}

// stays reports whether the row is held back with all letters; one that a person let go leaves all the same.
func (d Delivery) stays() bool { return d.Held && d.Reason != ReasonReleased }

// staleAt reports whether the letter has lost its use.
func (d Delivery) staleAt(now time.Time) bool {
	return !d.UsefulUntilAt.IsZero() && !d.UsefulUntilAt.Time().After(now)
}

// selectDelivery reads a row with all that is needed to decide about it.
const selectDelivery = `SELECT d.*, COALESCE(NULLIF(u.time_zone, ''), NULLIF(c.time_zone, ''), '') AS zone,
		COALESCE((SELECT hub_name FROM hub_settings LIMIT 1), '') AS hub,
		COALESCE((SELECT mail_held FROM hub_settings LIMIT 1), FALSE) AS held
	FROM deliveries d LEFT JOIN users u ON u.id = d.user LEFT JOIN contacts c ON c.id = d.recipient `

// stamp writes an instant the way PocketBase stores it; the zero instant is empty.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(types.DefaultDateLayout)
}

// maxWords is how much of an error is kept, in bytes.
const maxWords = 500

// clip makes valid text of at most max bytes.
func clip(text string, max int) string {
	return strings.ToValidUTF8(text[:min(len(text), max)], "")
}
