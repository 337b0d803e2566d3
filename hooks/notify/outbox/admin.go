package outbox

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/notify/smtp"
)

// TraceMoves writes into the activity that the person of a scope moved messages.
func TraceMoves(d *access.Scope, moved []Transition) error {
	messages, err := d.App().FindCachedCollectionByNameOrId("deliveries")
	if err != nil {
		return err
	}
	for _, m := range moved {
		r := core.NewRecord(messages)
		r.Id = m.ID
		r.Set("programme", m.Programme)
		changes := map[string]any{"state": []string{m.From, m.To}, "reason": []string{m.Reason, m.Why}}
		if err := d.Note(r, changes); err != nil {
			return err
		}
	}
	return nil
}

// What a person may say when dropping a message. Each has a sentence under deliveries.reason.<code>.
const (
	ReasonDroppedWrong = "dropped_wrong" // it should not have been written
	ReasonDroppedTold  = "dropped_told"  // the person was told in another way
	ReasonDroppedLate  = "dropped_late"  // it helps nobody any more
)

// DropReasons lists them in the order in which they are offered.
var DropReasons = []string{ReasonDroppedLate, ReasonDroppedTold, ReasonDroppedWrong}

// Selector names the messages a person acts on: one by its id, or else all in one state.
type Selector struct{ ID, State string }

// Action is what a person does with messages that have not left: Retry, Release or Drop.
type Action struct {
	from  string // which rows it is for, as SQL
	state string // their new state, as SQL
	also  string // further changes, as SQL
	why   string // their new reason
}

// Transition is one message that a step moved.
type Transition struct {
	ID        string `db:"id"`
	Programme string `db:"programme"`
	From      string `db:"state"`
	Reason    string `db:"reason"` // why it stood there
	To        string
	Why       string
}

// Rows that a person may act on. A message of PocketBase's own is not kept once it has failed, so it cannot be sent anew.
const (
	mayRetry = `(state = 'retry' OR state = 'uncertain' AND next_attempt_at != '' OR ` + mayRenew + `)`
	mayRenew = `kind != 'account' AND (state = 'failed' OR state = 'uncertain' AND next_attempt_at = '')`
	mayDrop  = `state IN ('planned', 'queued', 'retry', 'uncertain', 'held')`
)

// Retry has messages tried with the next tick: one that may have arrived as the same message once more, one that failed
// or stayed uncertain as it would be written now.
func Retry() Action {
	return Action{from: mayRetry, state: `CASE WHEN ` + mayRenew + ` THEN 'queued' ELSE state END`,
		also: `, attempts = CASE WHEN ` + mayRenew + ` THEN 0 ELSE attempts END,
			resend_count = CASE WHEN ` + mayRenew + ` THEN 0 ELSE resend_count END, deferred_by = '', next_attempt_at = {:now}`}
}

// Release lets held messages leave although all others stay held.
func Release() Action {
	return Action{from: `state = 'held'`, state: `'queued'`, also: `, next_attempt_at = '', hold_override = TRUE`}
}

// Dismiss puts messages aside for good, with one of DropReasons.
func Drop(reason string) Action {
	return Action{from: mayDrop, state: `'skipped'`, also: `, message = '', text_body = '', html_body = '', words = '', calendar = '', next_attempt_at = '', leased_until_at = ''`, why: reason}
}

// Take makes a step in the transaction of the app it is given and returns the messages it moved. Those it does not suit,
// or that left meanwhile, stay as they are.
func (s Action) Take(tx core.App, now time.Time, pick Selector) ([]Transition, error) {
	condition, params := ` WHERE `+s.from+` AND state = {:state}`, dbx.Params{"state": pick.State}
	if pick.ID != "" {
		condition, params = ` WHERE `+s.from+` AND id = {:id}`, dbx.Params{"id": pick.ID}
	}
	var moved []Transition
	if err := tx.DB().NewQuery(`SELECT id, programme, state, reason FROM deliveries` + condition).Bind(params).All(&moved); err != nil {
		return nil, fmt.Errorf("letters to move: %w", err)
	}
	for i := range moved {
		m := &moved[i]
		m.Why = s.why
		err := tx.DB().NewQuery(`UPDATE deliveries SET state = ` + s.state + `, reason = {:why}, updated = {:now}` + s.also +
			` WHERE id = {:id} RETURNING state`).Bind(dbx.Params{"id": m.ID, "why": s.why, "now": stamp(now)}).Row(&m.To)
		if err != nil {
			return nil, fmt.Errorf("move letter %s: %w", m.ID, err)
		}
		if err := m.retell(tx, now); err != nil {
			return nil, err
		}
	}
	return moved, nil
}

// retell takes the messages that one was to tell along: put aside with it, and folded back into a failed one that is
// tried anew.
func (m *Transition) retell(tx core.App, now time.Time) error {
	if m.From != StateFailed || m.To != StateQueued {
		return untoldWith(tx, m.ID, dbx.Params{"state": m.To, "reason": m.Why}, now)
	}
	_, err := tx.DB().Update(ledger, dbx.Params{"state": StateDigested, "reason": "", "updated": stamp(now)},
		dbx.NewExp("digest_id = {:digest} AND +state = 'failed'", dbx.Params{"digest": m.ID})).Execute()
	if err != nil {
		return fmt.Errorf("letters within letter %s: %w", m.ID, err)
	}
	return nil
}

// Wake lets the next tick try a mail server that rests after a fault. It does nothing without the app's sender.
func Wake(app core.App) {
	if s := senderOf(app); s != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.channel.PausedUntil = time.Time{}
	}
}

// QueueItem is one message as the mailbox page shows it.
type QueueItem struct {
	ID, Kind, Programme, State, To, Language string
	Reason                                   string // why it is in this state; for a waiting message why it would not be sent
	Subject, Text, HTML                      string // empty once sent, or when the message is not wanted any more
	URL                                      string
	LastError, ServerReply                   string
	Attempts                                 int
	DueAt, UsefulUntil, SentAt, NextAttempt  time.Time // zero when unknown
	Zone                                     string    // the recipient's; empty when unknown
	Rule                                     string    // name of the rule it came from, if any
	SubjectCollection, SubjectID             string    // what it is about
}

// Page is one page of the mailbox.
type Page struct {
	State string // sendOne state; empty is every message whose hour has come
	Skip  int    // how many messages come before
	Size  int    // how many it lists at most
}

// query is the page's condition and order. Both orders are those of an index; the plus keeps SQLite from sorting all that was sent.
func (p Page) query() (condition, order string) {
	const latest = `COALESCE(NULLIF(d.sent_at, ''), d.due_at) DESC`
	switch p.State {
	case "":
		return `d.state != 'planned' AND (d.due_at <= {:now} OR d.sent_at != '')`, latest
	case StateSent:
		return `+d.state = {:state} AND d.state != 'planned'`, latest
	case StatePlanned:
		return `d.state = {:state}`, `d.due_at`
	}
	return `d.state = {:state}`, `d.due_at DESC`
}

// filed is a row of the ledger with the name of its rule.
type filed struct {
	Delivery
	RuleName string `db:"rule_name"`
}

// Mailbox lists messages, the latest first: one that left by when it left, any other by when it is or was due; with one
// state of messages to come, the next first. Messages that have not left yet are rendered as they would be now, which needs
// the app's sender; without one they show only what the ledger keeps.
func Mailbox(app core.App, sheet Page) ([]QueueItem, error) {
	condition, order := sheet.query()
	var rows []filed
	query := strings.Replace(selectDelivery, "SELECT d.*", "SELECT d.*, COALESCE((SELECT name FROM reminder_rules WHERE id = d.rule), '') AS rule_name", 1)
	err := app.DB().NewQuery(query + `WHERE ` + condition + ` ORDER BY ` + order + `, d.id LIMIT {:size} OFFSET {:skip}`).
		Bind(dbx.Params{"state": sheet.State, "now": stamp(clock.Now()), "size": sheet.Size, "skip": sheet.Skip}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read the mailbox: %w", err)
	}
	sender := senderOf(app)
	posts := make([]QueueItem, len(rows))
	for i, d := range rows {
		posts[i] = post(d)
		switch {
		case d.TextBody != "":
		case d.Message != "":
			posts[i].Text, posts[i].HTML = smtp.ReadParts(d.Message)
		case sender != nil && d.unsent():
			sender.preview(&posts[i], d.Delivery)
		}
	}
	return posts, nil
}

func post(d filed) QueueItem {
	return QueueItem{ID: d.ID, Kind: d.Kind, Programme: d.Programme, State: d.State, Reason: d.DisplayReason(), To: d.Email,
		Language: d.Language, Subject: d.Subject, Text: d.TextBody, HTML: d.HTMLBody, URL: d.URL, LastError: d.LastError,
		ServerReply: d.ServerReply, Attempts: d.Attempts, DueAt: d.DueAt.Time(), UsefulUntil: d.UsefulUntilAt.Time(),
		SentAt: d.SentAt.Time(), NextAttempt: d.NextAttemptAt.Time(), Zone: d.Zone, Rule: d.RuleName,
		SubjectCollection: d.SubjectCollection, SubjectID: d.SubjectID}
}

func (d Delivery) unsent() bool {
	switch d.State {
	case StatePlanned, StateQueued, StateRetry, StateHeld:
		return d.Kind != KindAccount
	}
	return false
}

// preview writes a waiting message as it would be sent now, or the reason why it would not.
func (s *Sender) preview(p *QueueItem, d Delivery) {
	now := clock.Now()
	contents, reason, err := s.kinds.ask(s.app, d, now)
	if err != nil {
		p.LastError = clip(err.Error(), maxWords)
		return
	}
	if reason != "" {
		p.Reason = reason
		return
	}
	b, err := s.paper.render(d.page(contents, s.app.Settings().Meta, now))
	if err != nil {
		p.LastError = clip(err.Error(), maxWords)
		return
	}
	p.Subject, p.Text, p.HTML = b.subject, b.text, b.html
}

// Health tells an administrator how sending stands.
type Health struct {
	Held      string         // ReasonSMTPOff or ReasonMailHeld while nothing may leave, else empty
	Hold      string         // why all messages are held: a Hold… code, or an administrator's own words
	Channel   smtp.Breaker   // the way to the mail server; its zero value means that nothing is wrong
	States    map[string]int // messages by state
	OldestDue time.Time      // when the oldest message still waiting was due; zero when none is late
	Tick      time.Time      // when the sender last looked for messages; zero when it has not in this process
}

// Report reads how sending stands at now.
func Report(app core.App, now time.Time) (Health, error) {
	h := Health{States: map[string]int{}}
	if err := h.read(app, now); err != nil {
		return h, fmt.Errorf("report on letters: %w", err)
	}
	if s := senderOf(app); s != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		h.Channel, h.Tick = s.channel, s.looked
	}
	return h, nil
}

func (h *Health) read(app core.App, now time.Time) (err error) {
	if h.Held, err = holding(app); err != nil {
		return err
	}
	if h.Held == ReasonMailHeld {
		if err := app.DB().NewQuery(`SELECT mail_held_reason FROM hub_settings LIMIT 1`).Row(&h.Hold); err != nil {
			return err
		}
	}
	var counts []struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	if err := app.DB().NewQuery(`SELECT state, COUNT(*) AS n FROM deliveries GROUP BY state`).All(&counts); err != nil {
		return err
	}
	for _, c := range counts {
		h.States[c.State] = c.N
	}
	var oldest types.DateTime
	err = app.DB().NewQuery(`SELECT COALESCE(MIN(due_at), '') FROM deliveries
		WHERE state IN ('planned', 'queued', 'retry', 'held') AND due_at <= {:now}`).
		Bind(dbx.Params{"now": stamp(now)}).Row(&oldest)
	h.OldestDue = oldest.Time()
	return err
}

// MarkRead takes the messages that meet a condition as read, those that were not yet. It writes this one column only, so
// that it never disturbs the sender, which goes on writing the same rows.
func MarkRead(app core.App, now time.Time, which dbx.Expression) error {
	_, err := app.DB().Update(ledger, dbx.Params{"read_at": stamp(now)}, dbx.And(dbx.HashExp{"read_at": ""}, which)).Execute()
	if err != nil {
		return fmt.Errorf("mark letters as read: %w", err)
	}
	return nil
}
