package outbox

import (
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// ledger is the collection this package keeps.
const ledger = "deliveries"

// The states of a delivery.
const (
	StatePlanned   = "planned"   // written down, its hour may lie ahead
	StateQueued    = "queued"    // to be sent as soon as possible
	StateSending   = "sending"   // lease until leased_until_at
	StateRetry     = "retry"     // surely not accepted yet, tried again at next_attempt_at
	StateSent      = "sent"      // accepted by the mail server
	StateUncertain = "uncertain" // nobody knows: the connection broke before the server's answer
	StateFailed    = "failed"    // refused for good
	StateCancelled = "cancelled" // its cause went away before it was sent
	StateSkipped   = "skipped"   // not sent on purpose, the reason says why
	StateDigested  = "digested"  // part of another message
	StateHeld      = "held"      // waits until messages may leave the hub
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
	ReasonRefused      = "refused"
	ReasonGaveUp       = "gave_up"
	ReasonTwiceUnclear = "twice_unclear"
	ReasonUnknownKind  = "unknown_kind"
	ReasonBroken       = "broken"
	ReasonAlreadySent  = "already_sent"
)

// What defers a delivery that may leave otherwise (column deferred_by). Each has a sentence under deliveries.reason.<code>.
const (
	DeferredBySMTP = "smtp" // the mail server cannot be used
	DeferredByRate = "rate" // as many left within the hour as the mail server allows
)

// What called for a delivery.
const (
	OriginRule       = "rule"       // a time that its rule names
	OriginEscalation = "escalation" // nothing happened until then
	OriginSnooze     = "snooze"     // the reader put it off
	OriginInvite     = "invite"     // a meeting's invitation, or what takes it back
)

// KindAccount marks PocketBase's own mail: codes, links to a new password, test mail, failed backups.
const KindAccount = "account"

// StillInDigest holds for the messages part of another one that has not left and is not being sent at this moment, as SQL
// about the table deliveries. Like those that wait, they can still be taken back.
const StillInDigest = `(deliveries.state = 'digested' AND EXISTS (SELECT 1 FROM deliveries teller
	WHERE teller.id = deliveries.digest_id AND teller.state IN ('planned', 'queued', 'retry', 'held')))`

// waiting lists the states from which a row may still be sent for the first time or again after a refusal.
var waiting = []any{StatePlanned, StateQueued, StateRetry}

// Delivery is one row of the outbox: one message to one person.
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
	AnchorAt          string         `db:"anchor_at"`
	Step              int            `db:"step"`
	Origin            string         `db:"origin"`
	Sequence          int            `db:"sequence"`
	Fingerprint       string         `db:"fingerprint"`
	Key               string         `db:"key"`
	URL               string         `db:"url"`
	DigestID          string         `db:"digest_id"`
	State             string         `db:"state"`
	Reason            string         `db:"reason"`
	Attempts          int            `db:"attempts"`
	ResendCount       int            `db:"resend_count"`  // how often it was sent again because it may have arrived
	HoldOverride      bool           `db:"hold_override"` // an administrator lets it leave although all messages are held
	DeferredBy        string         `db:"deferred_by"`
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
	// Read together with the row: the recipient's time zone, the hub's name, whether an administrator holds all messages.
	Zone string `db:"zone"`
	Hub  string `db:"hub"`
	Held bool   `db:"held"`
}

// DisplayReason is the code under deliveries.reason that a page shows for the row: its reason, else what steers its sending.
func (d Delivery) DisplayReason() string {
	switch {
	case d.Reason != "":
		return d.Reason
	case d.State == StateSending && d.ResendCount > 0:
		return "resend"
	case d.State == StateQueued && d.HoldOverride:
		return "hold_override"
	case d.State == StateQueued || d.State == StateRetry || d.State == StateUncertain:
		return d.DeferredBy
	}
	return ""
}

// DisplayReasonOf is DisplayReason for a record of deliveries.
func DisplayReasonOf(r *core.Record) string {
	return Delivery{State: r.GetString("state"), Reason: r.GetString("reason"), DeferredBy: r.GetString("deferred_by"),
		ResendCount: r.GetInt("resend_count"), HoldOverride: r.GetBool("hold_override")}.DisplayReason()
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
		// Without a next attempt an uncertain message stays as it is.
		return !d.NextAttemptAt.IsZero()
	}
	return false
}

// stays reports whether the row is held back with all messages; one that a person let go leaves all the same.
func (d Delivery) isHeld() bool { return d.Held && !d.HoldOverride }

// staleAt reports whether the message has lost its use.
func (d Delivery) staleAt(now time.Time) bool {
	return !d.UsefulUntilAt.IsZero() && !d.UsefulUntilAt.Time().After(now)
}

// selectDelivery reads a row with all that is needed to decide about it.
const selectDelivery = `SELECT d.*, COALESCE(NULLIF(u.time_zone, ''), NULLIF(c.time_zone, ''), '') AS zone,
		COALESCE((SELECT hub_name FROM hub_settings LIMIT 1), '') AS hub,
		COALESCE((SELECT mail_held FROM hub_settings LIMIT 1), FALSE) AS held
	FROM deliveries d LEFT JOIN users u ON u.id = d.user LEFT JOIN contacts c ON c.id = d.recipient `

// Stamp writes an instant the way PocketBase stores it; the zero instant is empty.
func Stamp(t time.Time) string {
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
