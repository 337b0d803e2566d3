package outbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// usefulFor is how long a message keeps its use when nobody says otherwise.
const usefulFor = 72 * time.Hour

// Message is one message to one person, before it is written into the ledger.
type Message struct {
	Kind              string    // decides who is asked before it leaves, see Kinds
	Rule              string    // reminder_rules id, may be empty
	Programme         string    // programmes id, may be empty
	SubjectCollection string    // what it is about
	SubjectID         string    //
	Recipient         string    // contacts id, may be empty
	User              string    // users id, may be empty
	Email             string    // sendOne address
	Language          string    // "id" or "en"; empty is the hub's first language
	AnchorAt          string    // the local day or hour it speaks of, so that a moved date makes a new message
	Step              int       // days or hours from the anchor, or the step of an escalation
	Origin            string    // what called for it: an Origin… constant, may be empty
	Sequence          int       // of a meeting, as calendars count its versions
	Fingerprint       string    // of what else a meeting's message says
	Key               string    // unique in the ledger; empty is computed from the fields above
	URL               string    // where the message leads, may be empty
	DueAt             time.Time // earliest instant to send
	UsefulUntil       time.Time // after it the message is not sent any more; zero is DueAt plus 72 hours

	// What cannot be found again when the message leaves, because its cause may be gone: for its kind to read on the row.
	Subject, Words, Calendar string
}

// Key joins what makes a message unique into one short text. The same parts always give the same key.
func Key(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// identity is what makes the message the only one of its sort.
func (l Message) identity() string {
	if l.Key != "" {
		return l.Key
	}
	person := l.Recipient
	if person == "" {
		person = l.User
	}
	if person == "" {
		person = strings.ToLower(l.Email)
	}
	return Key(l.Kind, l.Rule, l.SubjectCollection, l.SubjectID, person, l.AnchorAt)
}

// entry is a message with what only the hub's own writing may set.
type entry struct {
	Message
	state, reason string
	text, html    string
}

// Enqueue writes messages into the ledger as planned rows and returns how many rows it added or changed. It joins the transaction of
// the app it is given. A row whose key exists is left as it is, with two exceptions: a row cancelled before it was sent
// is planned anew, so that a date moved away and back is not forgotten, and a planned row takes another hour or address.
func Enqueue(app core.App, messages ...Message) (int, error) {
	return NewTx(app, clock.Now()).Enqueue(messages...)
}

// columns are the columns of a new row, in the order of entry.values.
var columns = []string{"id", "kind", "rule", "programme", "subject_collection", "subject_id", "recipient", "user",
	"email", "language", "anchor_at", "step", "origin", "sequence", "fingerprint", "key", "url", "due_at", "useful_until_at", "state", "reason", "subject",
	"text_body", "html_body", "words", "calendar", "created", "updated"}

// revive plans a cancelled message anew when the same message is queued again, and brings a planned one up to date. One that
// comes back is told by nobody yet and was read by nobody.
const revive = ` ON CONFLICT DO UPDATE SET state = excluded.state, reason = excluded.reason, digest_id = '', hold_override = FALSE, deferred_by = '', due_at = excluded.due_at,
	read_at = CASE deliveries.state WHEN 'cancelled' THEN '' ELSE deliveries.read_at END,
	useful_until_at = excluded.useful_until_at, user = excluded.user, email = excluded.email, language = excluded.language,
	url = excluded.url, subject = excluded.subject, words = excluded.words, calendar = excluded.calendar, next_attempt_at = '', updated = excluded.updated
	WHERE deliveries.state = 'cancelled' AND deliveries.sent_at = '' OR deliveries.state = 'planned' AND
	(deliveries.due_at, deliveries.useful_until_at, deliveries.user, deliveries.email, deliveries.language, deliveries.url) !=
	(excluded.due_at, excluded.useful_until_at, excluded.user, excluded.email, excluded.language, excluded.url)`

// rowsAtOnce keeps a statement well below SQLite's limit of parameters.
const rowsAtOnce = 100

// write inserts rows as they are: no hooks and no validation, because queueing happens inside other people's saves.
func write(app core.App, entries []entry, now time.Time) (int, error) {
	added := 0
	for len(entries) > 0 {
		part := entries[:min(len(entries), rowsAtOnce)]
		entries = entries[len(part):]
		query, params := insertion(part, now)
		result, err := app.DB().NewQuery(query).Bind(params).Execute()
		if err != nil {
			return added, fmt.Errorf("queue letters: %w", err)
		}
		rows, err := result.RowsAffected()
		if err != nil {
			return added, fmt.Errorf("queue letters: %w", err)
		}
		added += int(rows)
	}
	return added, nil
}

func insertion(entries []entry, now time.Time) (string, dbx.Params) {
	params := make(dbx.Params, len(entries)*len(columns))
	rows := make([]string, len(entries))
	marks := make([]string, len(columns))
	for i, e := range entries {
		for j, value := range e.values(stamp(now)) {
			name := fmt.Sprintf("p%d_%d", i, j)
			params[name] = value
			marks[j] = "{:" + name + "}"
		}
		rows[i] = "(" + strings.Join(marks, ",") + ")"
	}
	return "INSERT INTO deliveries (`" + strings.Join(columns, "`,`") + "`) VALUES " + strings.Join(rows, ",") + revive, params
}

// completed is the message as it is written down.
func (l Message) completed() Message {
	if l.Language == "" {
		l.Language = lang.Languages[0]
	}
	if l.UsefulUntil.IsZero() {
		l.UsefulUntil = l.DueAt.Add(usefulFor)
	}
	l.Email = strings.TrimSpace(l.Email)
	return l
}

// HelpsAt reports whether the message is still of use at an instant.
func (l Message) HelpsAt(t time.Time) bool { return l.completed().UsefulUntil.After(t) }

// Stands reports whether a row with the message's key would stay as it is if the message were queued again: it is planned
// with the same hour, person and address, or on its way already.
func (l Message) Stands(d Delivery) bool {
	if d.State != StatePlanned {
		return d.State != StateCancelled
	}
	l = l.completed()
	return stamp(l.DueAt) == d.DueAt.String() && stamp(l.UsefulUntil) == d.UsefulUntilAt.String() &&
		l.User == d.User && l.Email == d.Email && l.Language == d.Language && l.URL == d.URL
}

func (e entry) values(now string) []any {
	l := e.completed()
	return []any{core.GenerateDefaultRandomId(), e.Kind, e.Rule, e.Programme, e.SubjectCollection, e.SubjectID,
		e.Recipient, e.User, l.Email, l.Language, e.AnchorAt, e.Step, e.Origin, e.Sequence, e.Fingerprint, e.identity(), e.URL,
		stamp(e.DueAt), stamp(l.UsefulUntil), e.state, e.reason, e.Subject, e.text, e.html,
		e.Words, e.Calendar, now, now}
}

// RecordRef is what a message is about: one record.
type RecordRef struct {
	Collection string
	ID         string
}

// Cancel takes back every message about the subject that has not left yet, by itself or within another, except those with
// sendOne of the kept keys, and keeps the reason (ReasonMoved, ReasonDone, …). What is being sent at this moment still goes.
func Cancel(app core.App, about RecordRef, reason string, keep ...string) error {
	return NewTx(app, clock.Now()).Cancel(about, reason, keep...)
}

// CancelKeys takes back the messages with some keys, like Cancel.
func (s Tx) CancelKeys(reason string, keys ...string) error {
	if len(keys) == 0 {
		return nil
	}
	if err := s.takeBack(reason, dbx.In("key", anys(keys)...)); err != nil {
		return fmt.Errorf("withdraw letters: %w", err)
	}
	return nil
}

// ledger is the collection this package keeps.
const ledger = "deliveries"

// The states of a delivery.
const (
	StatePlanned   = "planned"   // written down, its hour may lie ahead
	StateQueued    = "queued"    // to be sent as soon as possible
	StateSending   = "sending"   // lease until leased_until_at
	StateRetry     = "retry"     // surely not accepted yet, tried again at next_attempt_at
	StateSent      = "sent"      // accepted by the mail server
	StateUncertain = "uncertain" // nobody knows: the line broke before the server's answer
	StateFailed    = "failed"    // refused for good
	StateCancelled = "cancelled" // its cause went away before it was sent
	StateSkipped   = "skipped"   // not sent on purpose, the reason says why
	StateDigested  = "digested"  // told by another message
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

// StillInDigest holds for the messages told by another one that has not left and is not being sent at this moment, as SQL
// about the table deliveries. Like those that wait, they can still be taken back.
const StillInDigest = `(deliveries.state = 'digested' AND EXISTS (SELECT 1 FROM deliveries teller
	WHERE teller.id = deliveries.digest_id AND teller.state IN ('planned', 'queued', 'retry', 'held')))`

// waiting lists the states from which a row may still be sent for the first time or again after a refusal.
var waiting = []any{StatePlanned, StateQueued, StateRetry}

// Delivery is one row of the ledger: one message to one person.
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
func (d Delivery) stays() bool { return d.Held && !d.HoldOverride }

// staleAt reports whether the message has lost its use.
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
	Email    string   // the recipient's present address; empty keeps the one in the ledger
	Subject  string   // sendOne line
	Greeting string   // sendOne line
	Lines    []string // sendOne paragraph each
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

	Sections []Section // what a message that tells others lists, under a heading each
	// Without names the messages folded into this one that are not told after all, each with the reason.
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

// Kinds maps the kind of a delivery to its question. The roof hands it to the Sender, so that this package knows no room.
type Kinds map[string]Kind

// brokenError is a panic or a mistake that would happen again: the message fails and the others go on.
type brokenError struct{ cause string }

func (e brokenError) Error() string { return e.cause }

// errUnknownKind is answered when no room answers for a message's kind.
var errUnknownKind = fmt.Errorf("nobody answers for this kind of letter")

// ask puts the kind's question and turns a panic into an error.
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
