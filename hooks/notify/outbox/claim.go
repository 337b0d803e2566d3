package outbox

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/notify/smtp"
)

// leaseFor is how long a claimed row belongs to its sender. A row still claimed after it was left by a crash.
const leaseFor = 10 * time.Minute

// lease is a row this sender may send now, exactly as it stands in the database.
type lease struct {
	Delivery
	again   bool              // the second try of a message that may have arrived
	without map[string]string // messages folded into this one that are left out, with the reason
}

// claim decides about one row and marks it as being sent, in one transaction. It returns nil and the row's new state when
// the message is not sent, and nil and no state when the row is left alone: not due any more, or messages are held.
// After an error, that of the commit too, nothing may be sent: the row may or may not be claimed.
func (s *Sender) claim(id string, now time.Time) (*lease, string, error) {
	var job *lease
	var state string
	err := s.app.RunInTransaction(func(tx core.App) error {
		d, err := find(tx, id)
		if errors.Is(err, sql.ErrNoRows) || err == nil && (d.stays() || !d.dueAt(now)) {
			return nil
		}
		if err != nil {
			return err
		}
		if left, known := s.book.find(d.Key); known {
			state = StateSent
			return change(tx, id, now, alreadySent(d, left.at))
		}
		c := &lease{Delivery: d, again: d.State == StateUncertain}
		changes, err := s.decide(tx, c, now)
		if err != nil {
			return err
		}
		state, _ = changes["state"].(string)
		if state == StateSending {
			job = c
		}
		if err := leaveOut(tx, c.without, now); err != nil {
			return err
		}
		return errors.Join(change(tx, id, now, changes), untoldWith(tx, id, changes, now))
	})
	if err != nil {
		return nil, "", fmt.Errorf("claim letter %s: %w", id, err)
	}
	return job, state, nil
}

func find(app core.App, id string) (Delivery, error) {
	var d Delivery
	err := app.DB().NewQuery(selectDelivery + "WHERE d.id = {:id}").Bind(dbx.Params{"id": id}).One(&d)
	return d, err
}

// change writes fields of one row. Hooks stay out: nobody reacts to the sender's own bookkeeping.
func change(app core.App, id string, now time.Time, fields dbx.Params) error {
	fields["updated"] = stamp(now)
	_, err := app.DB().Update(ledger, fields, dbx.HashExp{"id": id}).Execute()
	return err
}

// leaveOut puts aside the folded messages that are not told.
func leaveOut(tx core.App, without map[string]string, now time.Time) error {
	for id, reason := range without {
		if err := change(tx, id, now, dbx.Params{"state": StateSkipped, "reason": reason}); err != nil {
			return err
		}
	}
	return nil
}

// untoldWith gives the messages that one was to tell its own end, when that is one in which nobody was told.
func untoldWith(tx core.App, id string, changes dbx.Params, now time.Time) error {
	state := changes["state"]
	if state != StateSkipped && state != StateFailed {
		return nil
	}
	_, err := tx.DB().Update(ledger, dbx.Params{"state": state, "reason": changes["reason"], "updated": stamp(now)},
		dbx.NewExp("digest_id = {:digest} AND +state = 'digested'", dbx.Params{"digest": id})).Execute()
	return err
}

// decide asks everything that speaks against sending and answers with the row's new fields.
func (s *Sender) decide(tx core.App, c *lease, now time.Time) (dbx.Params, error) {
	contents, reason, err := s.wanted(tx, c, now)
	if err != nil {
		return c.undecided(err, now), nil
	}
	if reason != "" {
		return c.unwanted(reason), nil
	}
	if contents.NotBefore.After(now) {
		return c.wait(contents.NotBefore, contents.Because), nil
	}
	if c.Message == "" {
		err = s.freeze(tx, c, contents, now)
	}
	var fault smtp.TransportError
	switch {
	case errors.As(err, &fault):
		return nil, err
	case err != nil:
		return c.undecided(err, now), nil
	}
	return c.start(now), nil
}

// wanted returns the message's contents or the reason why it is not sent.
func (s *Sender) wanted(tx core.App, c *lease, now time.Time) (Contents, string, error) {
	if c.staleAt(now) {
		return Contents{}, ReasonStale, nil
	}
	contents := Contents{Subject: c.Subject}
	if c.Kind != KindAccount {
		var reason string
		var err error
		contents, reason, err = s.kinds.ask(tx, c.Delivery, now)
		c.without = contents.Without
		if err != nil || reason != "" {
			return contents, reason, err
		}
	}
	if contents.Email != "" && !c.again {
		c.Email = contents.Email
	}
	reason, err := addressee(tx, c.Delivery, contents.Mandatory)
	return contents, reason, err
}

// addressee returns why nothing may be sent to the address, or nothing. What is mandatory cannot have been refused.
func addressee(tx core.App, d Delivery, mandatory bool) (string, error) {
	if d.Email == "" {
		return ReasonNoAddress, nil
	}
	if !smtp.ValidAddress(d.Email) {
		return ReasonBadAddress, nil
	}
	if d.Kind == KindAccount {
		// A person asking for a code at this moment is let in, whatever happened to earlier messages.
		return "", nil
	}
	return Suppressed(tx, d, mandatory)
}

// Suppressed returns why an address gets no messages of a kind, such as ReasonBounced or ReasonUnsubscribed, or nothing.
// What is mandatory cannot have been refused.
func Suppressed(app core.App, d Delivery, mandatory bool) (string, error) {
	var reason string
	err := app.DB().NewQuery(`SELECT reason FROM suppressions
		WHERE email = {:email} COLLATE NOCASE AND (kind = '' OR kind = {:kind})
			AND NOT (reason = 'unsubscribed' AND {:mandatory}) LIMIT 1`).
		Bind(dbx.Params{"email": d.Email, "kind": d.Kind, "mandatory": mandatory}).Row(&reason)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return reason, err
}

// freeze writes the finished message, signed, so that a second try sends the same bytes.
func (s *Sender) freeze(tx core.App, c *lease, contents Contents, now time.Time) error {
	meta := s.app.Settings().Meta
	b := body{c.Subject, c.TextBody, c.HTMLBody}
	if c.Kind != KindAccount {
		var err error
		if b, err = s.paper.render(c.page(contents, meta, now)); err != nil {
			return err
		}
	}
	c.Subject = b.subject
	if c.MessageID == "" {
		c.MessageID = c.ID + "." + security.RandomString(12) + "@" + smtp.Domain(meta)
	}
	raw, err := c.message(b, contents, meta, now).Bytes()
	if err != nil {
		return err
	}
	c.Message = string(s.sign(tx, raw))
	return nil
}

// start claims the row for the length of a lease.
func (c *lease) start(now time.Time) dbx.Params {
	c.Attempts++
	if c.again {
		// Read after a crash: a message whose second attempt was cut off is never tried a third time.
		c.ResendCount++
	}
	return dbx.Params{"state": StateSending, "reason": "", "deferred_by": "", "hold_override": false, "attempts": c.Attempts,
		"resend_count": c.ResendCount, "leased_until_at": stamp(now.Add(leaseFor)), "next_attempt_at": "", "email": c.Email,
		"subject": c.Subject, "message_id": c.MessageID, "message": c.Message}
}

// unwanted puts the message aside with the reason. One that may have arrived stays uncertain.
func (c *lease) unwanted(reason string) dbx.Params {
	if reason == ReasonBadAddress || reason == ReasonStale && c.Attempts > 0 {
		return c.close(StateFailed, reason)
	}
	return c.close(StateSkipped, reason)
}

// wait leaves the message for a later day, without counting an attempt. One that would come too late then is skipped.
func (c *lease) wait(until time.Time, reason string) dbx.Params {
	if c.staleAt(until) {
		return c.unwanted(reason)
	}
	return merge(c.back(), dbx.Params{"reason": reason, "next_attempt_at": stamp(until)})
}

// undecided answers an error met before sending: a mistake that would happen again fails the message, anything else is
// tried again later.
func (c *lease) undecided(err error, now time.Time) dbx.Params {
	var mistake brokenError
	words := clip(err.Error(), maxWords)
	switch {
	case errors.Is(err, errUnknownKind):
		return merge(c.close(StateFailed, ReasonUnknownKind), dbx.Params{"last_error": words})
	case errors.As(err, &mistake):
		return merge(c.close(StateFailed, ReasonBroken), dbx.Params{"last_error": words})
	}
	c.Attempts++
	return c.later(now, words)
}

// secondTry is how long after an unclear attempt the same message is sent once more.
const secondTry = 10 * time.Minute

// waits is how long a message waits after its first refusal, its second, and so on; the last one repeats.
var waits = []time.Duration{1 * time.Minute, 5 * time.Minute, 15 * time.Minute, 60 * time.Minute, 180 * time.Minute, 360 * time.Minute}

// outcome is the outcome of an attempt on its way into the ledger.
type outcome struct {
	id       string
	state    string
	fields   dbx.Params
	suppress string // an address that does not exist
	key      string
	left     string // Message-ID of a message the server has taken, else empty
	at       time.Time
}

// result turns a result into the row's new fields.
func (c *lease) result(result smtp.Result, now time.Time) *outcome {
	s := &outcome{id: c.ID, key: c.Key, at: now, fields: c.outcome(result, now)}
	s.state, _ = s.fields["state"].(string)
	if result.UnknownAddress {
		s.suppress = c.Email
	}
	if result.Class == smtp.Accepted {
		s.left = c.MessageID
	}
	return s
}

func (c *lease) outcome(result smtp.Result, now time.Time) dbx.Params {
	switch {
	case result.SenderRefused:
		// Not the message's fault: the attempt does not count, and the message waits for the channel only.
		return merge(c.back(), dbx.Params{"reason": "", "deferred_by": DeferredBySMTP, "attempts": c.Attempts - 1, "leased_until_at": "",
			"last_error": result.Reply, "next_attempt_at": stamp(now)})
	case result.Class == smtp.Accepted:
		return merge(final(c.Delivery, StateSent, ""), dbx.Params{"sent_at": stamp(now), "server_reply": result.Reply, "last_error": ""})
	case result.Class == smtp.Rejected && !c.again:
		return merge(final(c.Delivery, StateFailed, ReasonRefused), dbx.Params{"last_error": result.Reply})
	case result.Class == smtp.Deferred:
		return c.later(now, result.Reply)
	case c.again:
		return merge(final(c.Delivery, StateUncertain, ReasonTwiceUnclear), dbx.Params{"last_error": result.Reply})
	}
	return dbx.Params{"state": StateUncertain, "reason": "", "leased_until_at": "",
		"last_error": result.Reply, "next_attempt_at": stamp(now.Add(secondTry))}
}

// back is the state to which a message goes back that surely did not leave. Unless an earlier copy may have left, it is
// written anew.
func (c *lease) back() dbx.Params {
	if c.again {
		return dbx.Params{"state": StateUncertain}
	}
	return dbx.Params{"state": StateRetry, "message": ""}
}

// later plans the next attempt, a little before the message loses its use at the latest. Without room for another it
// gives up.
func (c *lease) later(now time.Time, words string) dbx.Params {
	wait := waits[min(max(c.Attempts, 1), len(waits))-1]
	next := now.Add(jitter(wait))
	if useful := c.UsefulUntilAt.Time(); !useful.IsZero() && next.After(useful.Add(-time.Minute)) {
		next = useful.Add(-time.Minute)
	}
	if next.Before(now.Add(waits[0] / 2)) {
		return merge(c.close(StateFailed, ReasonGaveUp), dbx.Params{"last_error": words, "attempts": c.Attempts})
	}
	return merge(c.back(), dbx.Params{"reason": "", "deferred_by": "", "attempts": c.Attempts, "leased_until_at": "",
		"last_error": words, "next_attempt_at": stamp(next)})
}

// close ends the row like final, except that a message which may have arrived stays uncertain.
func (c *lease) close(state, reason string) dbx.Params {
	if c.again {
		state = StateUncertain
	}
	return final(c.Delivery, state, reason)
}

// jitter keeps refused messages from coming back all at once: ±10 %.
func jitter(wait time.Duration) time.Duration {
	return time.Duration(float64(wait) * (0.9 + 0.2*rand.Float64()))
}

// codes finds one-time codes, which some subjects carry.
var codes = regexp.MustCompile(`\d{4,}`)

// final closes a row: nothing will be sent any more, so its message is blanked. What cannot be found again stays while
// somebody may still have the message tried anew.
func final(d Delivery, state, reason string) dbx.Params {
	fields := dbx.Params{"state": state, "reason": reason, "message": "", "text_body": "", "html_body": "",
		"leased_until_at": "", "next_attempt_at": ""}
	byHand := reason == ReasonNoAddress || reason == ReasonBounced // a person may still have to tell it
	if state == StateSent || state == StateSkipped && !byHand {
		fields["words"], fields["calendar"] = "", ""
	}
	if d.Kind == KindAccount {
		fields["subject"] = codes.ReplaceAllString(d.Subject, "••••")
	}
	return fields
}

func merge(fields, more dbx.Params) dbx.Params {
	maps.Copy(fields, more)
	return fields
}

// save writes an outcome into the sent log and the ledger at once. If one of them refuses, the outcome stays in memory and
// no message is sent until it could be written: a sent message that nobody remembers would be sent again and again.
func (s *Sender) save(outcome *outcome) (err error) {
	s.stuck = outcome
	if outcome.left != "" {
		err = s.book.note(outcome.key, outcome.left, outcome.at)
	}
	if err == nil {
		err = s.app.RunInTransaction(outcome.write)
	}
	if err != nil {
		return fmt.Errorf("letter %s is %s but cannot be written down, sending stops: %w", outcome.id, outcome.state, err)
	}
	s.stuck = nil
	return nil
}

// write writes the outcome down.
func (s *outcome) write(tx core.App) error {
	if err := suppress(tx, s); err != nil {
		return err
	}
	return errors.Join(change(tx, s.id, s.at, s.fields), untoldWith(tx, s.id, s.fields, s.at))
}

// unstick tries again to write the outcome the database refused.
func (s *Sender) unstick() error {
	if s.stuck == nil {
		return nil
	}
	return s.save(s.stuck)
}

// suppress notes an address that does not exist, once.
func suppress(tx core.App, outcome *outcome) error {
	if outcome.suppress == "" {
		return nil
	}
	// An address suppressed for everything already stays as it is.
	_, err := tx.DB().NewQuery(`INSERT INTO suppressions (id, email, reason, kind, created, updated)
		VALUES ({:id}, {:email}, {:reason}, '', {:now}, {:now}) ON CONFLICT DO NOTHING`).
		Bind(dbx.Params{"id": core.GenerateDefaultRandomId(), "email": strings.ToLower(outcome.suppress),
			"reason": ReasonBounced, "now": stamp(outcome.at)}).Execute()
	return err
}
