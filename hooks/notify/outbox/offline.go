package outbox

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"
)

// ReasonByHand marks a message that a person passed on in another way than by mail.
const ReasonByHand = "by_hand"

// Undoable is how long a message marked as passed on may be taken back.
const Undoable = 24 * time.Hour

// stillFresh is how far back messages that no mail brings are worth telling by hand.
const stillFresh = 14 * 24 * time.Hour

// Messages that no mail brings: to people without an address, and to addresses that do not exist. The first condition is
// that of an index; without a mail server a message without an address waits in vain as well.
const (
	unmailed       = `(email = '' OR reason IN ('bounced', 'refused', 'bad_address'))`
	forPeople      = `kind NOT IN ('account', 'digest', 'expired_summary', 'rule_test')`
	addressBounces = `EXISTS (SELECT 1 FROM suppressions s WHERE s.email = deliveries.email COLLATE NOCASE AND s.reason = 'bounced')`
	needsContact   = unmailed + ` AND ` + forPeople + ` AND (state = 'skipped' AND reason IN ('no_address', 'bounced')
		OR state = 'failed' AND (reason = 'bad_address' OR reason = 'refused' AND ` + addressBounces + `)
		OR email = '' AND state IN ('planned', 'queued', 'retry', 'held')) AND due_at <= {:now}`
	stillUseful       = ` AND due_at > {:since} AND (useful_until_at = '' OR useful_until_at > {:now})`
	recentlyContacted = `state = 'sent' AND reason = 'by_hand' AND sent_at > {:yesterday}`
)

// Offline is what a person does with the messages of one programme that no mail brings.
type Offline struct {
	Programme string // programmes id
	Person    string // users id of who does it; empty for an administrator
	Now       time.Time
}

// Waiting returns the messages to pass on by hand that still help, the newest first.
func (h Offline) Waiting(app core.App) (messages []Delivery, err error) {
	err = app.ConcurrentDB().NewQuery(`SELECT * FROM deliveries WHERE programme = {:programme} AND ` + needsContact + stillUseful +
		` ORDER BY due_at DESC, rowid DESC LIMIT 1000`).Bind(h.params()).All(&messages)
	if err != nil {
		return nil, fmt.Errorf("messages to tell by hand: %w", err)
	}
	return messages, nil
}

// OfflineProgrammes returns those of the programmes in which messages wait to be told by hand.
func OfflineProgrammes(app core.App, programmes []string, now time.Time) (found []string, err error) {
	err = app.ConcurrentDB().Select("programme").Distinct(true).From("deliveries").
		Where(dbx.In("programme", list.ToInterfaceSlice(programmes)...)).
		AndWhere(dbx.NewExp(needsContact+stillUseful, Offline{Now: now}.params())).Column(&found)
	if err != nil {
		return nil, fmt.Errorf("programmes with letters to tell by hand: %w", err)
	}
	return found, nil
}

// MarkContacted writes down that messages were passed on over WhatsApp. They count as sent and never leave by mail. It returns those it
// moved: another may have done so first.
func (h Offline) MarkContacted(tx core.App, ids []string) ([]Transition, error) {
	return h.move(tx, ids, needsContact, `state = 'sent', reason = 'by_hand', sent_at = {:now}, contacted_by = {:person}, channel = 'whatsapp', next_attempt_at = ''`)
}

// UndoContacted takes back what was written down no longer than Undoable ago. A message whose address is used again meanwhile is
// planned anew, the others wait for a person again.
func (h Offline) UndoContacted(tx core.App, ids []string) ([]Transition, error) {
	return h.move(tx, ids, recentlyContacted, `sent_at = '', contacted_by = '', channel = '',
		state = CASE WHEN email = '' OR `+addressBounces+` THEN 'skipped' ELSE 'planned' END,
		reason = CASE WHEN email = '' THEN 'no_address' WHEN `+addressBounces+` THEN 'bounced' ELSE '' END`)
}

// Dismiss puts messages aside for good that need not be passed on, with one of DropReasons.
func (h Offline) Dismiss(tx core.App, reason string, ids []string) ([]Transition, error) {
	return h.move(tx, ids, needsContact, `state = 'skipped', next_attempt_at = '', reason = '`+reason+`'`)
}

// move changes the messages among ids that belong to the programme and meet a condition.
func (h Offline) move(tx core.App, ids []string, condition, changes string) (moved []Transition, err error) {
	for _, id := range ids {
		m := Transition{ID: id, Programme: h.Programme}
		which := ` WHERE id = {:id} AND programme = {:programme} AND ` + condition
		var found []Transition
		if err := tx.DB().NewQuery(`SELECT id, programme, state, reason FROM deliveries` + which).Bind(h.params()).Bind(dbx.Params{"id": id}).All(&found); err != nil {
			return nil, fmt.Errorf("message %s by hand: %w", id, err)
		}
		if len(found) == 0 {
			continue
		}
		m.From, m.Reason = found[0].From, found[0].Reason
		err := tx.DB().NewQuery(`UPDATE deliveries SET updated = {:now}, `+changes+which+` RETURNING state, reason`).
			Bind(h.params()).Bind(dbx.Params{"id": id}).Row(&m.To, &m.Why)
		if err != nil {
			return nil, fmt.Errorf("message %s by hand: %w", id, err)
		}
		moved = append(moved, m)
	}
	return moved, nil
}

func (h Offline) params() dbx.Params {
	return dbx.Params{"programme": h.Programme, "person": h.Person, "now": Stamp(h.Now),
		"since": Stamp(h.Now.Add(-stillFresh)), "yesterday": Stamp(h.Now.Add(-Undoable))}
}
