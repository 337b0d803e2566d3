package mail

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// What a person may say when dropping a letter. Each has a sentence under deliveries.reason.<code>.
const (
	ReasonDroppedWrong = "dropped_wrong" // it should not have been written
	ReasonDroppedTold  = "dropped_told"  // the person was told in another way
	ReasonDroppedLate  = "dropped_late"  // it helps nobody any more
)

// DropReasons lists them in the order in which they are offered.
var DropReasons = []string{ReasonDroppedLate, ReasonDroppedTold, ReasonDroppedWrong}

// Pick names the letters a person acts on: one by its id, or else all in one state.
type Pick struct{ ID, State string }

// Step is what a person does with letters that have not left: Retry, Release or Drop.
type Step struct {
	from  string // which rows it is for, as SQL
	state string // their new state, as SQL
	also  string // further changes, as SQL
	why   string // their new reason
}

// Moved is one letter that a step moved.
type Moved struct {
	ID        string `db:"id"`
	Programme string `db:"programme"`
	From      string `db:"state"`
	Reason    string `db:"reason"` // why it stood there
	To        string
	Why       string
}

// Rows that a person may act on. A letter of PocketBase's own is not kept once it has failed, so it cannot be sent anew.
const (
	mayRetry = `(state = 'retry' OR state = 'uncertain' AND next_attempt_at != '' OR ` + mayRenew + `)`
	mayRenew = `kind != 'account' AND (state = 'failed' OR state = 'uncertain' AND next_attempt_at = '')`
	mayDrop  = `state IN ('planned', 'queued', 'retry', 'uncertain', 'held')`
)

// Retry has letters tried with the next tick: one that may have arrived as the same letter once more, one that failed
// or stayed uncertain as it would be written now.
func Retry() Step {
	return Step{from: mayRetry, state: `CASE WHEN ` + mayRenew + ` THEN 'queued' ELSE state END`,
		also: `, attempts = CASE WHEN ` + mayRenew + ` THEN 0 ELSE attempts END, next_attempt_at = {:now}`}
}

// Release lets held letters leave although all others stay held.
func Release() Step {
	return Step{from: `state = 'held'`, state: `'queued'`, also: `, next_attempt_at = ''`, why: ReasonReleased}
}

// Drop puts letters aside for good, with one of DropReasons.
func Drop(reason string) Step {
	return Step{from: mayDrop, state: `'skipped'`, also: `, message = '', text_body = '', html_body = '', words = '', calendar = '', next_attempt_at = '', leased_until_at = ''`, why: reason}
}

// Take makes a step in the transaction of the app it is given and returns the letters it moved. Those it does not suit,
// or that left meanwhile, stay as they are.
func (s Step) Take(tx core.App, now time.Time, pick Pick) ([]Moved, error) {
	condition, params := ` WHERE `+s.from+` AND state = {:state}`, dbx.Params{"state": pick.State}
	if pick.ID != "" {
		condition, params = ` WHERE `+s.from+` AND id = {:id}`, dbx.Params{"id": pick.ID}
	}
	var moved []Moved
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

// retell takes the letters that one was to tell along: put aside with it, and folded back into a failed one that is
// tried anew.
func (m *Moved) retell(tx core.App, now time.Time) error {
	if m.From != StateFailed || m.To != StateQueued {
		return untoldWith(tx, m.ID, dbx.Params{"state": m.To, "reason": m.Why}, now)
	}
	_, err := tx.DB().Update(ledger, dbx.Params{"state": StateInDigest, "reason": "", "updated": stamp(now)},
		dbx.HashExp{"digest": m.ID, "state": StateFailed}).Execute()
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
