package mail

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/smtp"
)

// secondTry is how long after an unclear attempt the same letter is sent once more.
const secondTry = 10 * time.Minute

// waits is how long a letter waits after its first refusal, its second, and so on; the last one repeats.
var waits = []time.Duration{1 * time.Minute, 5 * time.Minute, 15 * time.Minute, 60 * time.Minute, 180 * time.Minute, 360 * time.Minute}

// settlement is the outcome of an attempt on its way into the ledger.
type settlement struct {
	id       string
	state    string
	fields   dbx.Params
	suppress string // an address that does not exist
	key      string
	left     string // Message-ID of a letter the server has taken, else empty
	at       time.Time
}

// settle turns a result into the row's new fields.
func (c *claimed) settle(result smtp.Result, now time.Time) *settlement {
	s := &settlement{id: c.ID, key: c.Key, at: now, fields: c.outcome(result, now)}
	s.state, _ = s.fields["state"].(string)
	if result.UnknownAddress {
		s.suppress = c.Email
	}
	if result.Class == smtp.Accepted {
		s.left = c.MessageID
	}
	return s
}

func (c *claimed) outcome(result smtp.Result, now time.Time) dbx.Params {
	switch {
	case result.SenderRefused:
		// Not the letter's fault: the attempt does not count, and the letter waits for the channel only.
		return merge(c.back(), dbx.Params{"reason": ReasonChannel, "attempts": c.Attempts - 1, "leased_until_at": "",
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

// back is the state to which a letter goes back that surely did not leave. Unless an earlier copy may have left, it is
// written anew.
func (c *claimed) back() dbx.Params {
	if c.again {
		return dbx.Params{"state": StateUncertain}
	}
	return dbx.Params{"state": StateRetry, "message": ""}
}

// later plans the next attempt, a little before the letter loses its use at the latest. Without room for another it
// gives up.
func (c *claimed) later(now time.Time, words string) dbx.Params {
	wait := waits[min(max(c.Attempts, 1), len(waits))-1]
	next := now.Add(jitter(wait))
	if useful := c.UsefulUntilAt.Time(); !useful.IsZero() && next.After(useful.Add(-time.Minute)) {
		next = useful.Add(-time.Minute)
	}
	if next.Before(now.Add(waits[0] / 2)) {
		return merge(c.close(StateFailed, ReasonGaveUp), dbx.Params{"last_error": words, "attempts": c.Attempts})
	}
	return merge(c.back(), dbx.Params{"reason": "", "attempts": c.Attempts, "leased_until_at": "",
		"last_error": words, "next_attempt_at": stamp(next)})
}

// close ends the row like final, except that a letter which may have arrived stays uncertain.
func (c *claimed) close(state, reason string) dbx.Params {
	if c.again {
		state = StateUncertain
	}
	return final(c.Delivery, state, reason)
}

// jitter keeps refused letters from coming back all at once: ±10 %.
func jitter(wait time.Duration) time.Duration {
	return time.Duration(float64(wait) * (0.9 + 0.2*rand.Float64()))
}

// codes finds one-time codes, which some subjects carry.
var codes = regexp.MustCompile(`\d{4,}`)

// final closes a row: nothing will be sent any more, so its message is blanked. What cannot be found again stays while
// somebody may still have the letter tried anew.
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
// no letter is sent until it could be written: a sent letter that nobody remembers would be sent again and again.
func (s *Sender) save(outcome *settlement) (err error) {
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
func (s *settlement) write(tx core.App) error {
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
func suppress(tx core.App, outcome *settlement) error {
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
