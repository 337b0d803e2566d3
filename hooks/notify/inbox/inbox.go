// Package deliveries shows messages where no mail is read: to their own reader as
// a list on a page, and to a team what it has to tell people whom no mail reaches.
package inbox

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/web"
)

const (
	// perPage is how many messages a page lists.
	perPage = 30
	// fresh is how long a message that nobody read asks to be read.
	fresh = 30 * 24 * time.Hour
	// mostCounted is where the count stops counting.
	mostCounted = 10
)

// isTold holds for the messages that a person was told or would have been told:
// also those that only the mail kept back, such as a kind the person muted. Not
// told are those that did not hold any more at their hour. Every page asks this,
// and a text is searched in a third of the time that a list takes.
const isTold = `user = {:me} AND user != '' AND due_at <= {:now} AND instr(' digest ` + reminders.KindTrial + ` ` + outbox.KindAccount + ` ', ' ' || kind || ' ') = 0
	AND (instr(' planned queued retry sending sent uncertain digested held ', ' ' || state || ' ') > 0
		OR state = 'failed' AND reason != 'stale'
		OR state = 'skipped' AND instr(' no_address bad_address bounced unsubscribed complaint muted paused quiet weekend holiday ',
			' ' || reason || ' ') > 0)`

// isUnread holds for those of them that still ask to be read. The count and the
// list share it.
const isUnread = `read_at = '' AND due_at > {:since} AND (useful_until_at = '' OR useful_until_at > {:now})`

// The questions the page and its count ask.
const (
	countUnread = `SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE ` + isTold + ` AND ` + isUnread + ` LIMIT {:most})`
	listTold    = `SELECT *, ` + isUnread + ` AS unread FROM deliveries WHERE ` + isTold
	listUnread  = listTold + ` AND ` + isUnread
	newestFirst = ` ORDER BY due_at DESC, rowid DESC LIMIT {:most} OFFSET {:skip}`
)

// Unread counts the messages that the reader of the scope has not read and that
// still matter; ten stands for more than nine.
func Unread(d *access.Scope) (n int, err error) {
	err = d.App().ConcurrentDB().NewQuery(countUnread).
		Bind(about(d.Person(), clock.Now())).Bind(dbx.Params{"most": mostCounted}).Row(&n)
	if err != nil {
		return 0, fmt.Errorf("unread letters: %w", err)
	}
	return n, nil
}

// about are the values that the conditions name.
func about(person *core.Record, now time.Time) dbx.Params {
	return dbx.Params{"me": person.Id, "now": outbox.Stamp(now), "since": outbox.Stamp(now.Add(-fresh))}
}

// own reads one page of the reader's messages, the newest first, and whether
// there are more.
func own(d *access.Scope, unread bool, number int) (messages []letter, more bool, err error) {
	q := listTold
	if unread {
		q = listUnread
	}
	err = d.App().ConcurrentDB().NewQuery(q + newestFirst).
		Bind(about(d.Person(), clock.Now())).Bind(dbx.Params{"most": perPage + 1, "skip": (number - 1) * perPage}).All(&messages)
	if err != nil {
		return nil, false, fmt.Errorf("letters to read: %w", err)
	}
	if more = len(messages) > perPage; more {
		messages = messages[:perPage]
	}
	return messages, more, nil
}

// message is one row of the ledger with whether it still asks to be read.
type letter struct {
	outbox.Delivery
	Unread bool `db:"unread"`
}

// item is one thing that the reader was told of, with every message about it on
// the page. Title and URL are empty when it is not open to the reader any more.
type item struct {
	matter
	// ID is the newest message, Also the others that are not read.
	ID      string
	Also    []string
	Unread  bool
	Letters []line
}

// line is one message in words.
type line struct{ Kind, When, How string }

// itemsOf puts messages under what they are about, in the order of the newest.
func itemsOf(d *access.Scope, b web.Base, messages []letter) ([]*item, error) {
	plain := make([]outbox.Delivery, len(messages))
	for i, l := range messages {
		plain[i] = l.Delivery
	}
	subjects, err := matters(d, clock.Now(), plain)
	if err != nil {
		return nil, err
	}
	items, place := []*item{}, map[string]*item{}
	for _, l := range messages {
		about := subjects[l.ID]
		key := about.URL + " " + about.Title
		if about.URL == "" {
			key = l.SubjectID
		}
		it := place[key]
		if it == nil {
			it = &item{matter: about, ID: l.ID}
			items, place[key] = append(items, it), it
		}
		it.add(l, b)
	}
	return items, nil
}

func (it *item) add(l letter, b web.Base) {
	it.Letters = append(it.Letters, line{Kind: lang.T(b.Language, "reminder_rules.kind."+l.Kind),
		When: lang.Moment(b.Language, l.DueAt.Time(), b.Zone), How: how(b.Language, l.Delivery)})
	if !l.Unread {
		return
	}
	it.Unread = true
	if l.ID != it.ID {
		it.Also = append(it.Also, l.ID)
	}
}

// how says whether the message went out by mail, and if not, why.
func how(language string, l outbox.Delivery) string {
	if key := "deliveries.reason." + l.DisplayReason(); lang.Has(key) && (l.State != outbox.StateSent || l.Reason == outbox.ReasonByHand) {
		return lang.T(language, key)
	}
	return lang.T(language, "deliveries.state."+l.State)
}

// ownMessage returns a message by its id if it is the reader's own; that a team
// may look at others' messages does not make them its own to read.
func ownMessage(d *access.Scope, id string) (*core.Record, error) {
	r, err := d.View("deliveries", id)
	if err != nil {
		return nil, err
	}
	if d.Super() || !d.Can(access.MayMarkRead, r) {
		return nil, access.ErrRefused
	}
	return r, nil
}

// read takes messages of the reader as read. Those of others among the ids stay
// as they are.
func read(d *access.Scope, ids ...string) error {
	some := make([]any, min(len(ids), perPage))
	for i := range some {
		some[i] = ids[i]
	}
	return outbox.MarkRead(d.App(), clock.Now(), dbx.And(dbx.HashExp{"user": d.Person().Id}, dbx.In("id", some...)))
}

// readUntil takes everything as read that the reader was told up to an instant:
// what came while the page was open was not on it.
func readUntil(d *access.Scope, until time.Time) error {
	return outbox.MarkRead(d.App(), clock.Now(), dbx.NewExp("user = {:me} AND user != '' AND due_at <= {:until}",
		dbx.Params{"me": d.Person().Id, "until": outbox.Stamp(until)}))
}

// seenUntil reads the instant at which a page was made; now for what is none, or
// lies ahead.
func seenUntil(typed string) time.Time {
	until, err := time.Parse(time.RFC3339Nano, strings.Replace(typed, " ", "T", 1))
	if now := clock.Now(); err != nil || until.After(now) {
		return now
	}
	return until
}

// Leave takes what a person was told about a programme as read when the person
// leaves it: nothing there can be opened any more.
func Leave(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	of := dbx.HashExp{"user": e.Record.GetString("user"), "programme": e.Record.GetString("programme")}
	left, err := e.App.CountRecords("memberships", of)
	if err != nil || left > 0 {
		return err
	}
	return outbox.MarkRead(e.App, clock.Now(), dbx.And(of, dbx.NewExp("user != '' AND due_at <= {:now}", dbx.Params{"now": outbox.Stamp(clock.Now())})))
}
