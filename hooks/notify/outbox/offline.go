package outbox

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Stamp writes an instant the way the database keeps it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000Z") }

// ReasonByHand marks a message that a person told in another way than by mail.
const ReasonByHand = "by_hand"

// Undoable is how long a message told by hand may be said to be untold after all.
const Undoable = 24 * time.Hour

// stillFresh is how far back messages that no mail brings are worth telling by hand.
const stillFresh = 14 * 24 * time.Hour

// Messages that no mail brings: to people without an address, and to addresses that do not exist. The first condition is
// that of an index; without a mail server a message without an address waits in vain as well.
const (
	unmailed  = `(email = '' OR reason IN ('bounced', 'refused', 'bad_address'))`
	forPeople = `kind NOT IN ('account', 'digest', 'expired_summary', 'rule_test')`
	comesBack = `EXISTS (SELECT 1 FROM suppressions s WHERE s.email = deliveries.email COLLATE NOCASE AND s.reason = 'bounced')`
	forHands  = unmailed + ` AND ` + forPeople + ` AND (state = 'skipped' AND reason IN ('no_address', 'bounced')
		OR state = 'failed' AND (reason = 'bad_address' OR reason = 'refused' AND ` + comesBack + `)
		OR email = '' AND state IN ('planned', 'queued', 'retry', 'held')) AND due_at <= {:now}`
	stillUseful = ` AND due_at > {:since} AND (useful_until_at = '' OR useful_until_at > {:now})`
	toldLately  = `state = 'sent' AND reason = 'by_hand' AND sent_at > {:yesterday}`
)

// Offline is what a person does with the messages of one programme that no mail brings.
type Offline struct {
	Programme string // programmes id
	Person    string // users id of who does it; empty for an administrator
	Now       time.Time
}

// Waiting returns the messages to tell by hand that still help, the newest first.
func (h Offline) Waiting(app core.App) (messages []Delivery, err error) {
	err = app.ConcurrentDB().NewQuery(`SELECT * FROM deliveries WHERE programme = {:programme} AND ` + forHands + stillUseful +
		` ORDER BY due_at DESC, rowid DESC LIMIT 1000`).Bind(h.params()).All(&messages)
	if err != nil {
		return nil, fmt.Errorf("letters to tell by hand: %w", err)
	}
	return messages, nil
}

// MarkContacted writes down that messages were told over WhatsApp. They count as sent and never leave by mail. It returns those it
// moved: another may have told them first.
func (h Offline) MarkContacted(tx core.App, ids []string) ([]Transition, error) {
	return h.move(tx, ids, forHands, `state = 'sent', reason = 'by_hand', sent_at = {:now}, contacted_by = {:person}, channel = 'whatsapp', next_attempt_at = ''`)
}

// UndoContacted takes back what was written down no longer than Undoable ago. A message whose address is used again meanwhile is
// planned anew, the others wait for a person again.
func (h Offline) UndoContacted(tx core.App, ids []string) ([]Transition, error) {
	return h.move(tx, ids, toldLately, `sent_at = '', contacted_by = '', channel = '',
		state = CASE WHEN email = '' OR `+comesBack+` THEN 'skipped' ELSE 'planned' END,
		reason = CASE WHEN email = '' THEN 'no_address' WHEN `+comesBack+` THEN 'bounced' ELSE '' END`)
}

// Dismiss puts messages aside for good that need not be told, with one of DropReasons.
func (h Offline) Dismiss(tx core.App, reason string, ids []string) ([]Transition, error) {
	return h.move(tx, ids, forHands, `state = 'skipped', next_attempt_at = '', reason = '`+reason+`'`)
}

// move changes the messages among ids that belong to the programme and meet a condition.
func (h Offline) move(tx core.App, ids []string, condition, changes string) (moved []Transition, err error) {
	for _, id := range ids {
		m := Transition{ID: id, Programme: h.Programme}
		which := ` WHERE id = {:id} AND programme = {:programme} AND ` + condition
		var found []Transition
		if err := tx.DB().NewQuery(`SELECT id, programme, state, reason FROM deliveries` + which).Bind(h.params()).Bind(dbx.Params{"id": id}).All(&found); err != nil {
			return nil, fmt.Errorf("letter %s by hand: %w", id, err)
		}
		if len(found) == 0 {
			continue
		}
		m.From, m.Reason = found[0].From, found[0].Reason
		err := tx.DB().NewQuery(`UPDATE deliveries SET updated = {:now}, `+changes+which+` RETURNING state, reason`).
			Bind(h.params()).Bind(dbx.Params{"id": id}).Row(&m.To, &m.Why)
		if err != nil {
			return nil, fmt.Errorf("letter %s by hand: %w", id, err)
		}
		moved = append(moved, m)
	}
	return moved, nil
}

func (h Offline) params() dbx.Params {
	return dbx.Params{"programme": h.Programme, "person": h.Person, "now": stamp(h.Now),
		"since": stamp(h.Now.Add(-stillFresh)), "yesterday": stamp(h.Now.Add(-Undoable))}
}
