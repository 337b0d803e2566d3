package outbox

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Tx writes down what a Scheduler or a planner decided, in the transaction of the app it was made with. The moment
// is its own: it reads no clock.
type Tx struct {
	app core.App
	now time.Time
}

// NewTx starts writing down decisions taken at now.
func NewTx(tx core.App, now time.Time) Tx { return Tx{tx, now} }

// Enqueue is the function Enqueue at the moment of the transaction.
func (s Tx) Enqueue(messages ...Message) (int, error) {
	entries := make([]entry, len(messages))
	for i, l := range messages {
		entries[i] = entry{Message: l, state: StatePlanned}
	}
	return write(s.app, entries, s.now)
}

// Cancel takes back every message about the subject that has not left yet, by itself or within another, except those with
// one of the kept keys, and keeps the reason (ReasonMoved, ReasonDone, …). What is being sent at this moment still goes.
func (s Tx) Cancel(about RecordRef, reason string, keep ...string) error {
	err := s.cancelWhere(reason, dbx.And(dbx.HashExp{"subject_collection": about.Collection, "subject_id": about.ID},
		dbx.NotIn("key", anys(keep)...)))
	if err != nil {
		return fmt.Errorf("cancel messages about %s %s: %w", about.Collection, about.ID, err)
	}
	return nil
}

// cancelWhere cancels those of some messages that have not left yet, by themselves or within another.
func (s Tx) cancelWhere(reason string, which dbx.Expression) error {
	_, err := s.app.DB().Update(ledger, dbx.Params{"state": StateCancelled, "reason": reason, "digest_id": "",
		"text_body": "", "html_body": "", "words": "", "calendar": "", "updated": Stamp(s.now)},
		dbx.And(which, dbx.Or(dbx.In("state", append([]any{StateHeld}, waiting...)...), dbx.NewExp(StillInDigest)))).Execute()
	return err
}

// Release lets planned messages leave as soon as possible.
func (s Tx) Release(ids ...string) error {
	return s.mark(ids, dbx.Params{"state": StateQueued, "reason": "", "next_attempt_at": ""})
}

// AddToDigest adds planned messages to another message of the outbox.
func (s Tx) AddToDigest(into string, ids ...string) error {
	return s.mark(ids, dbx.Params{"state": StateDigested, "digest_id": into, "reason": "", "next_attempt_at": ""})
}

// Snooze leaves planned messages for a later hour and keeps the reason. It counts no attempt.
func (s Tx) Snooze(until time.Time, reason string, ids ...string) error {
	return s.mark(ids, dbx.Params{"reason": reason, "next_attempt_at": Stamp(until)})
}

// Skip puts planned messages aside for good.
func (s Tx) Skip(reason string, ids ...string) error {
	return s.mark(ids, dbx.Params{"state": StateSkipped, "reason": reason, "next_attempt_at": ""})
}

// RemoveFromDigest takes messages out of one that will not leave, for the reason it has: those still of use at an instant are heartbeat
// at again then, the others are put aside.
func (s Tx) RemoveFromDigest(from string, until time.Time, reason string) error {
	_, err := s.app.DB().NewQuery(`UPDATE deliveries SET digest_id = '', reason = {:reason}, updated = {:now},
		next_attempt_at = CASE WHEN useful_until_at = '' OR useful_until_at > {:until} THEN {:until} ELSE '' END,
		state = CASE WHEN useful_until_at = '' OR useful_until_at > {:until} THEN 'planned' ELSE 'skipped' END
		WHERE digest_id = {:from} AND +state = 'digested'`).
		Bind(dbx.Params{"from": from, "until": Stamp(until), "reason": reason, "now": Stamp(s.now)}).Execute()
	if err != nil {
		return fmt.Errorf("messages within message %s: %w", from, err)
	}
	return nil
}

// mark writes fields of planned rows; those that are not planned any more stay as they are.
func (s Tx) mark(ids []string, fields dbx.Params) error {
	fields["updated"] = Stamp(s.now)
	for len(ids) > 0 {
		part := ids[:min(len(ids), rowsAtOnce)]
		ids = ids[len(part):]
		_, err := s.app.DB().Update(ledger, fields, dbx.And(dbx.In("id", anys(part)...), dbx.NewExp("+state = 'planned'"))).Execute()
		if err != nil {
			return fmt.Errorf("sort messages: %w", err)
		}
	}
	return nil
}

// Members reads the members of one, in the order in which they were due.
func Members(app core.App, digest string) ([]Delivery, error) {
	var rows []Delivery
	err := app.DB().NewQuery(selectDelivery + "WHERE d.digest_id = {:id} AND +d.state = 'digested' ORDER BY d.due_at, d.key").
		Bind(dbx.Params{"id": digest}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("messages within message %s: %w", digest, err)
	}
	return rows, nil
}

// Recent returns, for some addresses in lower case, when messages left since an instant; one that is about to leave counts as
// leaving at now. Messages of the given kinds and mandatory ones are left out.
func (s Tx) Recent(since time.Time, addresses []string, without ...string) (map[string][]time.Time, error) {
	var rows []struct {
		Address string         `db:"address"`
		At      types.DateTime `db:"at"`
	}
	err := s.app.DB().Select("LOWER(email) AS address", "sent_at AS at").From(ledger).
		Where(dbx.Or(dbx.In("state", StateQueued, StateSending, StateRetry, StateUncertain),
			dbx.NewExp("state = 'sent' AND due_at >= {:old} AND sent_at >= {:since}",
				dbx.Params{"old": Stamp(since.Add(-usefulFor)), "since": Stamp(since)}))).
		AndWhere(dbx.NotIn("kind", anys(without)...)).
		AndWhere(dbx.NewExp("rule NOT IN (SELECT id FROM reminder_rules WHERE mandatory = TRUE)")).
		AndWhere(dbx.In("LOWER(email)", anys(addresses)...)).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("messages that left: %w", err)
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
