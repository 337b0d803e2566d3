package outbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/smtp"
)

// Conditions of the rows that maintain moves, as SQL.
const (
	// A lease that ends too far ahead was given by a clock that has been set back since.
	leaseLost = `state = 'sending' AND (leased_until_at <= {:now} OR leased_until_at > {:leases})`
	// So was the hour of an attempt that lies further ahead than any refusal puts it. Messages put off on purpose say why.
	setBack     = `state IN ('retry', 'uncertain') AND reason = '' AND next_attempt_at > {:waits}`
	nowDue      = `state IN ('planned', 'queued', 'retry') AND due_at <= {:now}`
	notReleased = ` AND NOT hold_override`
	waitingHeld = `state = 'held' AND reason IN ('smtp_off', 'mail_held')`
	// A message skipped by this very sweep takes its members it.
	reviveMembers = `UPDATE deliveries SET state = 'planned', digest_id = '', updated = {:now} WHERE +state = 'digested' AND digest_id IN
		(SELECT id FROM deliveries WHERE state IN ('skipped', 'failed') AND reason = 'stale' AND updated = {:now})`
	expired = `state IN ('planned', 'queued', 'retry') AND useful_until_at != '' AND useful_until_at <= {:now}`
)

// closed blanks what final blanks; a code in the subject goes with the whole subject.
const closed = `message = '', text_body = '', html_body = '', next_attempt_at = '', subject = CASE kind WHEN 'account' THEN '' ELSE subject END`

// maintain moves whole groups of rows whose time has come: those left by a crash, those past their use, those that must wait
// because no message may leave, and those that need not wait any longer. It returns why messages are held back, or nothing.
func maintain(app core.App, now time.Time, tally Tally) (held string, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		s := sweep{tx, now, tally}
		if err := s.recoverLeases(); err != nil {
			return err
		}
		if held, err = holding(tx); err != nil {
			return err
		}
		switch held {
		case ReasonSMTPOff:
			return s.move(StateHeld, `reason = 'smtp_off'`, nowDue)
		case ReasonMailHeld:
			return s.move(StateHeld, `reason = 'mail_held'`, nowDue+notReleased)
		}
		if err := s.releaseHeld(); err != nil {
			return err
		}
		return s.expire()
	})
	if err != nil {
		return "", fmt.Errorf("tidy the ledger: %w", err)
	}
	return held, nil
}

// sweep is one tidying of the outbox.
type sweep struct {
	tx    core.App
	now   time.Time
	tally Tally
}

// releaseHeld frees the messages that were held. They are sorted like all others, so that many of them do not leave one by one;
// for PocketBase's own somebody is waiting.
func (s sweep) releaseHeld() error {
	if err := s.move(StateQueued, `reason = ''`, waitingHeld+` AND kind = '`+KindAccount+`'`); err != nil {
		return err
	}
	return s.move(StatePlanned, `reason = ''`, waitingHeld)
}

// recoverLeases takes back rows whose sender died. The message may have arrived: it is tried once more under the same
// Message-ID, and after a second crash it stays uncertain.
func (s sweep) recoverLeases() error {
	err := s.move(StateUncertain, closed+`, reason = 'twice_unclear', leased_until_at = ''`, leaseLost+` AND resend_count > 0`)
	if err != nil {
		return err
	}
	err = s.move(StateUncertain, `reason = '', leased_until_at = '', next_attempt_at = {:now}`, leaseLost)
	if err != nil {
		return err
	}
	_, err = s.tx.DB().NewQuery(`UPDATE deliveries SET next_attempt_at = {:now}, updated = {:now} WHERE ` + setBack).
		Bind(dbx.Params{"now": Stamp(s.now), "waits": Stamp(s.now.Add(2 * waits[len(waits)-1]))}).Execute()
	return err
}

// expire puts aside what has lost its use. The members of such a message are planned anew if it still helps.
func (s sweep) expire() error {
	for {
		before := s.tally[StateFailed] + s.tally[StateSkipped]
		// A message the server kept refusing has failed; one that was never tried is skipped.
		err := errors.Join(s.move(StateFailed, closed+`, reason = 'stale'`, expired+` AND attempts > 0`),
			s.move(StateSkipped, closed+`, reason = 'stale', words = '', calendar = ''`, expired))
		if err != nil || s.tally[StateFailed]+s.tally[StateSkipped] == before {
			return err
		}
		result, err := s.tx.DB().NewQuery(reviveMembers).Bind(dbx.Params{"now": Stamp(s.now)}).Execute()
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
		Bind(dbx.Params{"now": Stamp(s.now), "leases": Stamp(s.now.Add(2 * leaseFor)), "state": state}).Execute()
	if err != nil {
		return err
	}
	rows, err := result.RowsAffected()
	if rows > 0 && state != StateQueued && state != StatePlanned {
		s.tally[state] += int(rows)
	}
	return err
}

// holding returns why no message may leave the hub, or nothing.
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

// due lists the rows to send now, PocketBase's own first and then the oldest; while messages are held only those that
// a person let go.
func due(app core.App, now time.Time, held bool) ([]string, error) {
	var ids []string
	err := app.DB().NewQuery(`SELECT id FROM deliveries
		WHERE state IN ('queued', 'retry', 'uncertain') AND due_at <= {:now} AND next_attempt_at <= {:now}
			AND (state != 'uncertain' OR next_attempt_at != '') AND (hold_override OR NOT {:held})
		ORDER BY kind != {:own}, due_at, created, id LIMIT {:batch}`).
		Bind(dbx.Params{"now": Stamp(now), "batch": batch, "held": held, "own": KindAccount}).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("look for due messages: %w", err)
	}
	return ids, nil
}

// postpone writes on a row why the mail server could not be used. It counts no attempt, sets no new hour (the breaker
// rests, not the message), and a message that may have arrived stays uncertain.
func deferBySMTP(app core.App, id string, channel smtp.Breaker) error {
	_, err := app.DB().NewQuery(`UPDATE deliveries SET state = CASE state WHEN 'uncertain' THEN state ELSE 'retry' END,
			reason = '', deferred_by = {:deferred}, last_error = {:words}
		WHERE id = {:id} AND state IN ('planned', 'queued', 'retry', 'uncertain')`).
		Bind(dbx.Params{"id": id, "deferred": DeferredBySMTP, "words": channel.Detail}).Execute()
	if err != nil {
		return fmt.Errorf("postpone message %s: %w", id, err)
	}
	return nil
}

// within leaves out the messages that are too many for this hour, by the limit that an administrator set; they stay
// queued and say why. PocketBase's own always leave: somebody waits for them.
func withinRate(app core.App, ids []string, now time.Time) ([]string, error) {
	limit, err := hourlyLimit(app)
	if err != nil || limit == 0 || len(ids) == 0 {
		return ids, err
	}
	var left int
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM deliveries WHERE state = 'sent' AND due_at >= {:old} AND sent_at > {:hour} AND kind != {:own}`).
		Bind(dbx.Params{"old": Stamp(now.Add(-usefulFor)), "hour": Stamp(now.Add(-time.Hour)), "own": KindAccount}).Row(&left)
	if err != nil {
		return nil, fmt.Errorf("messages of this hour: %w", err)
	}
	var own []string
	err = app.DB().Select("id").From(ledger).Where(dbx.In("id", anys(ids)...)).AndWhere(dbx.HashExp{"kind": KindAccount}).Column(&own)
	if err != nil {
		return nil, fmt.Errorf("messages of this hour: %w", err)
	}
	room := max(0, limit-left)
	var may, wait []string
	for _, id := range ids {
		switch {
		case slices.Contains(own, id):
			may = append(may, id)
		case room > 0:
			may, room = append(may, id), room-1
		default:
			wait = append(wait, id)
		}
	}
	return may, deferByRate(app, wait, now)
}

// waitTurn writes on queued messages why they do not leave yet.
func deferByRate(app core.App, ids []string, now time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := app.DB().Update(ledger, dbx.Params{"deferred_by": DeferredByRate, "updated": Stamp(now)},
		dbx.And(dbx.In("id", anys(ids)...), dbx.HashExp{"state": StateQueued, "deferred_by": ""})).Execute()
	if err != nil {
		return fmt.Errorf("messages that wait for their turn: %w", err)
	}
	return nil
}

// hourly is how many messages may leave in an hour; zero is no limit.
func hourlyLimit(app core.App) (limit int, err error) {
	err = app.DB().NewQuery(`SELECT mails_per_hour FROM hub_settings LIMIT 1`).Row(&limit)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return limit, err
}

// Scheduler decides what becomes of the planned messages whose hour has come, before any of them leaves: each is released,
// added to another message, put off or skipped. What it leaves as it is stays planned and is asked about again.
type Scheduler func(ctx context.Context, app core.App, now time.Time) error

// ScheduleWith sets the scheduler. Without one every message leaves by itself.
func (s *Sender) ScheduleWith(sorter Scheduler) { s.sort = sorter }

// releaseAll is the scheduler of a sender that was given none.
func releaseAll(_ context.Context, app core.App, now time.Time) error {
	_, err := app.DB().NewQuery(`UPDATE deliveries SET state = 'queued', reason = '', updated = {:now}
		WHERE state = 'planned' AND due_at <= {:now} AND next_attempt_at <= {:now}`).
		Bind(dbx.Params{"now": Stamp(now)}).Execute()
	if err != nil {
		return fmt.Errorf("release messages: %w", err)
	}
	return nil
}

func anys(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}
