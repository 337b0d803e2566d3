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
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/notify/smtp"
)

// Conditions of the rows that tidy moves, as SQL.
const (
	// A lease that ends too far ahead was given by a clock that has been set back since.
	leftByCrash = `state = 'sending' AND (leased_until_at <= {:now} OR leased_until_at > {:leases})`
	// So was the hour of an attempt that lies further ahead than any refusal puts it. Messages put off on purpose say why.
	setBack     = `state IN ('retry', 'uncertain') AND reason = '' AND next_attempt_at > {:waits}`
	nowDue      = `state IN ('planned', 'queued', 'retry') AND due_at <= {:now}`
	notLetGo    = ` AND NOT hold_override`
	waitingHeld = `state = 'held' AND reason IN ('smtp_off', 'mail_held')`
	// A message skipped by this very sweep tells nobody of those folded into it.
	untold = `UPDATE deliveries SET state = 'planned', digest_id = '', updated = {:now} WHERE +state = 'digested' AND digest_id IN
		(SELECT id FROM deliveries WHERE state IN ('skipped', 'failed') AND reason = 'stale' AND updated = {:now})`
	nowUseless = `state IN ('planned', 'queued', 'retry') AND useful_until_at != '' AND useful_until_at <= {:now}`
)

// closed blanks what final blanks; a code in the subject goes with the whole subject.
const closed = `message = '', text_body = '', html_body = '', next_attempt_at = '', subject = CASE kind WHEN 'account' THEN '' ELSE subject END`

// tidy moves whole groups of rows whose time has come: those left by a crash, those past their use, those that must wait
// because no message may leave, and those that need not wait any longer. It returns why messages are held back, or nothing.
func tidy(app core.App, now time.Time, tally Tally) (held string, err error) {
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
			return s.move(StateHeld, `reason = 'mail_held'`, nowDue+notLetGo)
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

// sweep is one tidying of the ledger.
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
	err := s.move(StateUncertain, closed+`, reason = 'twice_unclear', leased_until_at = ''`, leftByCrash+` AND resend_count > 0`)
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

// expire puts aside what has lost its use. What one of those messages was to tell is planned anew if it still helps.
func (s sweep) expire() error {
	for {
		before := s.tally[StateFailed] + s.tally[StateSkipped]
		// A message the server kept refusing has failed; one that never had its turn is skipped.
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
		Bind(dbx.Params{"now": stamp(s.now), "leases": stamp(s.now.Add(2 * leaseFor)), "state": state}).Execute()
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

// due looks up the rows to send now, PocketBase's own first and then the oldest; while messages are held only those that
// a person let go.
func due(app core.App, now time.Time, held bool) ([]string, error) {
	var ids []string
	err := app.DB().NewQuery(`SELECT id FROM deliveries
		WHERE state IN ('queued', 'retry', 'uncertain') AND due_at <= {:now} AND next_attempt_at <= {:now}
			AND (state != 'uncertain' OR next_attempt_at != '') AND (hold_override OR NOT {:held})
		ORDER BY kind != {:own}, due_at, created, id LIMIT {:batch}`).
		Bind(dbx.Params{"now": stamp(now), "batch": batch, "held": held, "own": KindAccount}).Column(&ids)
	if err != nil {
		return nil, fmt.Errorf("look for due letters: %w", err)
	}
	return ids, nil
}

// postpone writes on a row why the mail server could not be used. It counts no attempt, sets no new hour (the channel
// rests, not the message), and a message that may have arrived stays uncertain.
func postpone(app core.App, id string, channel smtp.Breaker) error {
	_, err := app.DB().NewQuery(`UPDATE deliveries SET state = CASE state WHEN 'uncertain' THEN state ELSE 'retry' END,
			reason = '', deferred_by = {:deferred}, last_error = {:words}
		WHERE id = {:id} AND state IN ('planned', 'queued', 'retry', 'uncertain')`).
		Bind(dbx.Params{"id": id, "deferred": DeferredBySMTP, "words": channel.Detail}).Execute()
	if err != nil {
		return fmt.Errorf("postpone letter %s: %w", id, err)
	}
	return nil
}

// within leaves out the messages that are too many for this hour, by the limit that an administrator set; they stay
// queued and say why. PocketBase's own always leave: somebody waits for them.
func within(app core.App, ids []string, now time.Time) ([]string, error) {
	limit, err := hourly(app)
	if err != nil || limit == 0 || len(ids) == 0 {
		return ids, err
	}
	var left int
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM deliveries WHERE state = 'sent' AND due_at >= {:old} AND sent_at > {:hour} AND kind != {:own}`).
		Bind(dbx.Params{"old": stamp(now.Add(-usefulFor)), "hour": stamp(now.Add(-time.Hour)), "own": KindAccount}).Row(&left)
	if err != nil {
		return nil, fmt.Errorf("letters of this hour: %w", err)
	}
	var own []string
	err = app.DB().Select("id").From(ledger).Where(dbx.In("id", anys(ids)...)).AndWhere(dbx.HashExp{"kind": KindAccount}).Column(&own)
	if err != nil {
		return nil, fmt.Errorf("letters of this hour: %w", err)
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
	return may, waitTurn(app, wait, now)
}

// waitTurn writes on queued messages why they do not leave yet.
func waitTurn(app core.App, ids []string, now time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := app.DB().Update(ledger, dbx.Params{"deferred_by": DeferredByRate, "updated": stamp(now)},
		dbx.And(dbx.In("id", anys(ids)...), dbx.HashExp{"state": StateQueued, "deferred_by": ""})).Execute()
	if err != nil {
		return fmt.Errorf("letters that wait for their turn: %w", err)
	}
	return nil
}

// hourly is how many messages may leave in an hour; zero is no limit.
func hourly(app core.App) (limit int, err error) {
	err = app.DB().NewQuery(`SELECT mails_per_hour FROM hub_settings LIMIT 1`).Row(&limit)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return limit, err
}

// Scheduler decides what becomes of the planned messages whose hour has come, before any of them leaves: each is released,
// folded into another message, put off or skipped. What it leaves as it is stays planned and is asked about again.
type Scheduler func(ctx context.Context, app core.App, now time.Time) error

// ScheduleWith hands the sender its sorter. Without one every message leaves by itself.
func (s *Sender) ScheduleWith(sorter Scheduler) { s.sort = sorter }

// releaseAll is the sorter of a sender that was given none.
func releaseAll(_ context.Context, app core.App, now time.Time) error {
	_, err := app.DB().NewQuery(`UPDATE deliveries SET state = 'queued', reason = '', updated = {:now}
		WHERE state = 'planned' AND due_at <= {:now} AND next_attempt_at <= {:now}`).
		Bind(dbx.Params{"now": stamp(now)}).Execute()
	if err != nil {
		return fmt.Errorf("release letters: %w", err)
	}
	return nil
}

// Tx writes down what a Sorter or a planner decided, in the transaction of the app it was made with. The moment
// is its own: it reads no clock.
type Tx struct {
	app core.App
	now time.Time
}

// NewTx starts writing down decisions taken at now.
func NewTx(tx core.App, now time.Time) Tx { return Tx{tx, now} }

// Enqueue is Queue at the moment of the sorting.
func (s Tx) Enqueue(messages ...Message) (int, error) {
	entries := make([]entry, len(messages))
	for i, l := range messages {
		entries[i] = entry{Message: l, state: StatePlanned}
	}
	return write(s.app, entries, s.now)
}

// Cancel is Cancel at the moment of the sorting.
func (s Tx) Cancel(about RecordRef, reason string, keep ...string) error {
	err := s.takeBack(reason, dbx.And(dbx.HashExp{"subject_collection": about.Collection, "subject_id": about.ID},
		dbx.NotIn("key", anys(keep)...)))
	if err != nil {
		return fmt.Errorf("cancel letters about %s %s: %w", about.Collection, about.ID, err)
	}
	return nil
}

// takeBack cancels those of some messages that have not left yet, by themselves or within another.
func (s Tx) takeBack(reason string, which dbx.Expression) error {
	_, err := s.app.DB().Update(ledger, dbx.Params{"state": StateCancelled, "reason": reason, "digest_id": "",
		"text_body": "", "html_body": "", "words": "", "calendar": "", "updated": stamp(s.now)},
		dbx.And(which, dbx.Or(dbx.In("state", append([]any{StateHeld}, waiting...)...), dbx.NewExp(StillInDigest)))).Execute()
	return err
}

// Release lets planned messages leave as soon as possible.
func (s Tx) Release(ids ...string) error {
	return s.mark(ids, dbx.Params{"state": StateQueued, "reason": "", "next_attempt_at": ""})
}

// AddToDigest has planned messages told by another message of the ledger.
func (s Tx) AddToDigest(into string, ids ...string) error {
	return s.mark(ids, dbx.Params{"state": StateDigested, "digest_id": into, "reason": "", "next_attempt_at": ""})
}

// Snooze leaves planned messages for a later hour and keeps the reason. It counts no attempt.
func (s Tx) Snooze(until time.Time, reason string, ids ...string) error {
	return s.mark(ids, dbx.Params{"reason": reason, "next_attempt_at": stamp(until)})
}

// Skip puts planned messages aside for good.
func (s Tx) Skip(reason string, ids ...string) error {
	return s.mark(ids, dbx.Params{"state": StateSkipped, "reason": reason, "next_attempt_at": ""})
}

// RemoveFromDigest takes messages out of one that will not leave, for the reason it has: those still of use at an instant are looked
// at again then, the others are put aside.
func (s Tx) RemoveFromDigest(from string, until time.Time, reason string) error {
	_, err := s.app.DB().NewQuery(`UPDATE deliveries SET digest_id = '', reason = {:reason}, updated = {:now},
		next_attempt_at = CASE WHEN useful_until_at = '' OR useful_until_at > {:until} THEN {:until} ELSE '' END,
		state = CASE WHEN useful_until_at = '' OR useful_until_at > {:until} THEN 'planned' ELSE 'skipped' END
		WHERE digest_id = {:from} AND +state = 'digested'`).
		Bind(dbx.Params{"from": from, "until": stamp(until), "reason": reason, "now": stamp(s.now)}).Execute()
	if err != nil {
		return fmt.Errorf("letters within letter %s: %w", from, err)
	}
	return nil
}

// mark writes fields of planned rows; those that are not planned any more stay as they are. The plus keeps SQLite from
// going through all planned rows by the index of states.
func (s Tx) mark(ids []string, fields dbx.Params) error {
	fields["updated"] = stamp(s.now)
	for len(ids) > 0 {
		part := ids[:min(len(ids), rowsAtOnce)]
		ids = ids[len(part):]
		_, err := s.app.DB().Update(ledger, fields, dbx.And(dbx.In("id", anys(part)...), dbx.NewExp("+state = 'planned'"))).Execute()
		if err != nil {
			return fmt.Errorf("sort letters: %w", err)
		}
	}
	return nil
}

// Members reads the messages folded into one, in the order in which they were due.
func Members(app core.App, digest string) ([]Delivery, error) {
	var rows []Delivery
	err := app.DB().NewQuery(selectDelivery + "WHERE d.digest_id = {:id} AND +d.state = 'digested' ORDER BY d.due_at, d.key").
		Bind(dbx.Params{"id": digest}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("letters within letter %s: %w", digest, err)
	}
	return rows, nil
}

// Recent tells, for some addresses in lower case, when messages left since an instant; one that is about to leave counts as
// leaving at now. Messages of the given kinds and mandatory ones are left out.
func (s Tx) Recent(since time.Time, addresses []string, without ...string) (map[string][]time.Time, error) {
	var rows []struct {
		Address string         `db:"address"`
		At      types.DateTime `db:"at"`
	}
	err := s.app.DB().Select("LOWER(email) AS address", "sent_at AS at").From(ledger).
		Where(dbx.Or(dbx.In("state", StateQueued, StateSending, StateRetry, StateUncertain),
			dbx.NewExp("state = 'sent' AND due_at >= {:old} AND sent_at >= {:since}",
				dbx.Params{"old": stamp(since.Add(-usefulFor)), "since": stamp(since)}))).
		AndWhere(dbx.NotIn("kind", anys(without)...)).
		AndWhere(dbx.NewExp("rule NOT IN (SELECT id FROM reminder_rules WHERE mandatory = TRUE)")).
		AndWhere(dbx.In("LOWER(email)", anys(addresses)...)).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("letters that left: %w", err)
	}
	left := map[string][]time.Time{}
	for _, row := range rows {
		at := row.At.Time()
		if at.IsZero() {
			at = s.now
		}
		left[row.Address] = append(left[row.Address], at)
	}
	return left, nil
}

func anys(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}
