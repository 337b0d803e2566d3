package mail

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/smtp"
)

// Conditions of the rows that tidy moves, as SQL.
const (
	// A lease that ends too far ahead was given by a clock that has been set back since.
	leftByCrash = `state = 'sending' AND (leased_until_at <= {:now} OR leased_until_at > {:leases})`
	// So was the hour of an attempt that lies further ahead than any refusal puts it. Letters put off on purpose say why.
	setBack     = `state IN ('retry', 'uncertain') AND reason IN ('', 'channel') AND next_attempt_at > {:waits}`
	nowDue      = `state IN ('planned', 'queued', 'retry') AND due_at <= {:now}`
	notLetGo    = ` AND reason != 'released'`
	waitingHeld = `state = 'held' AND reason IN ('smtp_off', 'mail_held')`
	// A letter skipped by this very sweep tells nobody of those folded into it.
	untold = `UPDATE deliveries SET state = 'planned', digest = '', updated = {:now} WHERE state = 'in_digest' AND digest IN
		(SELECT id FROM deliveries WHERE state IN ('skipped', 'failed') AND reason = 'stale' AND updated = {:now})`
	nowUseless = `state IN ('planned', 'queued', 'retry') AND useful_until_at != '' AND useful_until_at <= {:now}`
)

// closed blanks what final blanks; a code in the subject goes with the whole subject.
const closed = `message = '', text_body = '', html_body = '', next_attempt_at = '', subject = CASE kind WHEN 'account' THEN '' ELSE subject END`

// tidy moves whole groups of rows whose time has come: those left by a crash, those past their use, those that must wait
// because no letter may leave, and those that need not wait any longer. It returns why letters are held back, or nothing.
func tidy(app core.App, now time.Time, tally Tally) (held string, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		s := sweep{tx, now, tally}
		if err := s.leases(); err != nil {
			return err
		}
		if held, err = holding(tx); err != nil {
			return err
		}
		switch held {
		case ReasonSMTPOff:
			return s.move(StateHeld, `reason = 'smtp_off'`, nowDue)
		case ReasonMailHeld:
			return s.move(StateHeld, `reason = 'mail_held'`, nowDue+notLetGo)
		}
		if err := s.letGo(); err != nil {
			return err
		}
		return s.stale()
	})
	if err != nil {
		return "", fmt.Errorf("tidy the ledger: %w", err)
	}
	return held, nil
}

// sweep is one tidying of the ledger.
type sweep struct {
	tx    core.App
	now   time.Time
	tally Tally
}

// letGo frees the letters that were held. They are sorted like all others, so that many of them do not leave one by one;
// for PocketBase's own somebody is waiting.
func (s sweep) letGo() error {
	if err := s.move(StateQueued, `reason = ''`, waitingHeld+` AND kind = '`+KindAccount+`'`); err != nil {
		return err
	}
	return s.move(StatePlanned, `reason = ''`, waitingHeld)
}

// leases takes back rows whose sender died. The letter may have arrived: it is tried once more under the same
// Message-ID, and after a second crash it stays uncertain.
func (s sweep) leases() error {
	err := s.move(StateUncertain, closed+`, reason = 'twice_unclear', leased_until_at = ''`, leftByCrash+` AND reason = 'second_try'`)
	if err != nil {
		return err
	}
	err = s.move(StateUncertain, `reason = '', leased_until_at = '', next_attempt_at = {:now}`, leftByCrash)
	if err != nil {
		return err
	}
	_, err = s.tx.DB().NewQuery(`UPDATE deliveries SET next_attempt_at = {:now}, updated = {:now} WHERE ` + setBack).
		Bind(dbx.Params{"now": stamp(s.now), "waits": stamp(s.now.Add(2 * waits[len(waits)-1]))}).Execute()
	return err
}

// stale puts aside what has lost its use. What one of those letters was to tell is planned anew if it still helps.
func (s sweep) stale() error {
	for {
		before := s.tally[StateFailed] + s.tally[StateSkipped]
		// A letter the server kept refusing has failed; one that never had its turn is skipped.
		err := errors.Join(s.move(StateFailed, closed+`, reason = 'stale'`, nowUseless+` AND attempts > 0`),
			s.move(StateSkipped, closed+`, reason = 'stale', words = '', calendar = ''`, nowUseless))
		if err != nil || s.tally[StateFailed]+s.tally[StateSkipped] == before {
			return err
		}
		result, err := s.tx.DB().NewQuery(untold).Bind(dbx.Params{"now": stamp(s.now)}).Execute()
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows == 0 {
			return err
		}
	}
}

// move gives all rows that meet a condition a new state and counts them.
func (s sweep) move(state, fields, condition string) error {
	result, err := s.tx.DB().NewQuery(`UPDATE deliveries SET updated = {:now}, state = {:state}, ` + fields + ` WHERE ` + condition).
		Bind(dbx.Params{"now": stamp(s.now), "leases": stamp(s.now.Add(2 * lease)), "state": state}).Execute()
	if err != nil {
		return err
	}
	rows, err := result.RowsAffected()
	if rows > 0 && state != StateQueued && state != StatePlanned {
		s.tally[state] += int(rows)
	}
	return err
}

// holding returns why no letter may leave the hub, or nothing.
func holding(app core.App) (string, error) {
	if !app.Settings().SMTP.Enabled {
		return ReasonSMTPOff, nil
	}
	var held bool
	err := app.DB().NewQuery(`SELECT mail_held FROM hub_settings LIMIT 1`).Row(&held)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if held {
		return ReasonMailHeld, err
	}
	return "", err
}

// due looks up the rows to send now, PocketBase's own first and then the oldest; while letters are held only those that
// a person let go.
func due(app core.App, now time.Time, held bool) ([]string, error) {
	var ids []string
	err := app.DB().NewQuery(`SELECT id FROM deliveries
		WHERE state IN ('queued', 'retry', 'uncertain') AND due_at <= {:now} AND next_attempt_at <= {:now}
			AND (state != 'uncertain' OR next_attempt_at != '') AND (reason = 'released' OR NOT {:held})
		ORDER BY kind != {:own}, due_at, created, id LIMIT {:batch}`).
		Bind(dbx.Params{"now": stamp(now), "batch": batch, "held": held, "own": KindAccount}).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("look for due letters: %w", err)
	}
	return ids, nil
}

// postpone writes on a row why the mail server could not be used. It counts no attempt, sets no new hour (the channel
// rests, not the letter), and a letter that may have arrived stays uncertain.
func postpone(app core.App, id string, channel smtp.Breaker) error {
	_, err := app.DB().NewQuery(`UPDATE deliveries SET state = CASE state WHEN 'uncertain' THEN state ELSE 'retry' END,
			reason = {:reason}, last_error = {:words}
		WHERE id = {:id} AND state IN ('planned', 'queued', 'retry', 'uncertain')`).
		Bind(dbx.Params{"id": id, "reason": ReasonChannel, "words": channel.Detail}).Execute()
	if err != nil {
		return fmt.Errorf("postpone letter %s: %w", id, err)
	}
	return nil
}
