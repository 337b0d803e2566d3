package outbox

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// usefulFor is how long a message keeps its use when nobody says otherwise.
const usefulFor = 72 * time.Hour

// Message is one message to one person, before it is written into the outbox.
type Message struct {
	Kind              string    // decides who is asked before it leaves, see Kinds
	Rule              string    // reminder_rules id, may be empty
	Programme         string    // programmes id, may be empty
	SubjectCollection string    // what it is about
	SubjectID         string    //
	Recipient         string    // contacts id, may be empty
	User              string    // users id, may be empty
	Email             string    // one address
	Language          string    // "id" or "en"; empty is the hub's first language
	AnchorAt          string    // the local day or hour it speaks of, so that a moved date makes a new message
	Step              int       // days or hours from the anchor, or the step of an escalation
	Origin            string    // what called for it: an Origin… constant, may be empty
	Sequence          int       // of a meeting, as calendars count its versions
	Fingerprint       string    // of what else a meeting's message says
	Key               string    // unique in the outbox; empty is computed from the fields above
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

// Enqueue writes messages into the outbox as planned rows and returns how many rows it added or changed. It joins the transaction of
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
// comes back is in no digest and was read by nobody.
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
			return added, fmt.Errorf("queue messages: %w", err)
		}
		rows, err := result.RowsAffected()
		if err != nil {
			return added, fmt.Errorf("queue messages: %w", err)
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
		for j, value := range e.values(Stamp(now)) {
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
	return Stamp(l.DueAt) == d.DueAt.String() && Stamp(l.UsefulUntil) == d.UsefulUntilAt.String() &&
		l.User == d.User && l.Email == d.Email && l.Language == d.Language && l.URL == d.URL
}

func (e entry) values(now string) []any {
	l := e.completed()
	return []any{core.GenerateDefaultRandomId(), e.Kind, e.Rule, e.Programme, e.SubjectCollection, e.SubjectID,
		e.Recipient, e.User, l.Email, l.Language, e.AnchorAt, e.Step, e.Origin, e.Sequence, e.Fingerprint, e.identity(), e.URL,
		Stamp(e.DueAt), Stamp(l.UsefulUntil), e.state, e.reason, e.Subject, e.text, e.html,
		e.Words, e.Calendar, now, now}
}

// RecordRef is what a message is about: one record.
type RecordRef struct {
	Collection string
	ID         string
}

// CancelKeys takes back the messages with some keys, like Cancel.
func (s Tx) CancelKeys(reason string, keys ...string) error {
	if len(keys) == 0 {
		return nil
	}
	if err := s.cancelWhere(reason, dbx.In("key", anys(keys)...)); err != nil {
		return fmt.Errorf("withdraw messages: %w", err)
	}
	return nil
}
