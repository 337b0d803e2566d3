package mail

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/notify/smtp"
)

// lease is how long a claimed row belongs to its sender. A row still claimed after it was left by a crash.
const lease = 10 * time.Minute

// claimed is a row this sender may send now, exactly as it stands in the database.
type claimed struct {
	Delivery
	again   bool              // the second try of a letter that may have arrived
	without map[string]string // letters folded into this one that are left out, with the reason
}

// claim decides about one row and marks it as being sent, in one transaction. It returns nil and the row's new state when
// the letter is not sent, and nil and no state when the row is left alone: not due any more, or letters are held.
// After an error, that of the commit too, nothing may be sent: the row may or may not be claimed.
func (s *Sender) claim(id string, now time.Time) (*claimed, string, error) {
	var job *claimed
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
		c := &claimed{Delivery: d, again: d.State == StateUncertain}
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

// leaveOut puts aside the folded letters that are not told.
func leaveOut(tx core.App, without map[string]string, now time.Time) error {
	for id, reason := range without {
		if err := change(tx, id, now, dbx.Params{"state": StateSkipped, "reason": reason}); err != nil {
			return err
		}
	}
	return nil
}

// untoldWith gives the letters that one was to tell its own end, when that is one in which nobody was told.
func untoldWith(tx core.App, id string, changes dbx.Params, now time.Time) error {
	state := changes["state"]
	if state != StateSkipped && state != StateFailed {
		return nil
	}
	_, err := tx.DB().Update(ledger, dbx.Params{"state": state, "reason": changes["reason"], "updated": stamp(now)},
		dbx.HashExp{"digest": id, "state": StateInDigest}).Execute()
	return err
}

// decide asks everything that speaks against sending and answers with the row's new fields.
func (s *Sender) decide(tx core.App, c *claimed, now time.Time) (dbx.Params, error) {
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
	return c.lend(now), nil
}

// wanted returns the letter's contents or the reason why it is not sent.
func (s *Sender) wanted(tx core.App, c *claimed, now time.Time) (Contents, string, error) {
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
		// A person asking for a code at this moment is let in, whatever happened to earlier letters.
		return "", nil
	}
	return Suppressed(tx, d, mandatory)
}

// Suppressed returns why an address gets no letters of a kind, such as ReasonBounced or ReasonUnsubscribed, or nothing.
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
func (s *Sender) freeze(tx core.App, c *claimed, contents Contents, now time.Time) error {
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

// lend claims the row for the length of a lease.
func (c *claimed) lend(now time.Time) dbx.Params {
	c.Attempts++
	fields := dbx.Params{"state": StateSending, "reason": "", "attempts": c.Attempts, "leased_until_at": stamp(now.Add(lease)),
		"next_attempt_at": "", "email": c.Email, "subject": c.Subject, "message_id": c.MessageID, "message": c.Message}
	if c.again {
		// Read by tidy after a crash: a letter tried twice is never tried a third time.
		fields["reason"] = ReasonSecondTry
	}
	return fields
}

// unwanted puts the letter aside with the reason. One that may have arrived stays uncertain.
func (c *claimed) unwanted(reason string) dbx.Params {
	if reason == ReasonBadAddress || reason == ReasonStale && c.Attempts > 0 {
		return c.close(StateFailed, reason)
	}
	return c.close(StateSkipped, reason)
}

// wait leaves the letter for a later day, without counting an attempt. One that would come too late then is skipped.
func (c *claimed) wait(until time.Time, reason string) dbx.Params {
	if c.staleAt(until) {
		return c.unwanted(reason)
	}
	return merge(c.back(), dbx.Params{"reason": reason, "next_attempt_at": stamp(until)})
}

// undecided answers an error met before sending: a mistake that would happen again fails the letter, anything else is
// tried again later.
func (c *claimed) undecided(err error, now time.Time) dbx.Params {
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
