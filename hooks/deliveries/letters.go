// Package deliveries shows letters where no mail is read: to their own reader as
// a list on a page, and to a team what it has to tell people whom no mail reaches.
package deliveries

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/mail"
	"simpul/hooks/reminders"
)

const (
	// perPage is how many letters a page lists.
	perPage = 30
	// fresh is how long a letter that nobody read asks to be read.
	fresh = 30 * 24 * time.Hour
	// mostCounted is where the bell stops counting.
	mostCounted = 10
)

// isTold holds for the letters that a person was told or would have been told:
// also those that only the mail kept back, such as a kind the person muted. Not
// told are those that did not hold any more at their hour. Every page asks this,
// and a text is searched in a third of the time that a list takes.
const isTold = `user = {:me} AND user != '' AND due_at <= {:now} AND instr(' digest ` + reminders.KindTrial + ` ` + mail.KindAccount + ` ', ' ' || kind || ' ') = 0
	AND (instr(' planned queued retry sending sent uncertain in_digest held ', ' ' || state || ' ') > 0
		OR state = 'failed' AND reason != 'stale'
		OR state = 'skipped' AND instr(' no_address bad_address bounced unsubscribed complaint muted paused quiet weekend holiday ',
			' ' || reason || ' ') > 0)`

// isUnread holds for those of them that still ask to be read. The bell and the
// list share it.
const isUnread = `read_at = '' AND due_at > {:since} AND (useful_until_at = '' OR useful_until_at > {:now})`

// The questions the page and its bell ask.
const (
	countUnread = `SELECT COUNT(*) FROM (SELECT 1 FROM deliveries WHERE ` + isTold + ` AND ` + isUnread + ` LIMIT {:most})`
	listTold    = `SELECT *, ` + isUnread + ` AS unread FROM deliveries WHERE ` + isTold
	listUnread  = listTold + ` AND ` + isUnread
	newestFirst = ` ORDER BY due_at DESC, rowid DESC LIMIT {:most} OFFSET {:skip}`
)

// Unread counts the letters that the reader of the door has not read and that
// still matter; ten stands for more than nine.
func Unread(d *access.Door) (n int, err error) {
	err = d.App().ConcurrentDB().NewQuery(countUnread).
		Bind(about(d.Person(), clock.Now())).Bind(dbx.Params{"most": mostCounted}).Row(&n)
	if err != nil {
		return 0, fmt.Errorf("unread letters: %w", err)
	}
	return n, nil
}

// about are the values that the conditions name.
func about(person *core.Record, now time.Time) dbx.Params {
	return dbx.Params{"me": person.Id, "now": stamp(now), "since": stamp(now.Add(-fresh))}
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000Z") }

// own reads one page of the reader's letters, the newest first, and whether
// there are more.
func own(d *access.Door, unread bool, number int) (letters []letter, more bool, err error) {
	q := listTold
	if unread {
		q = listUnread
	}
	err = d.App().ConcurrentDB().NewQuery(q + newestFirst).
		Bind(about(d.Person(), clock.Now())).Bind(dbx.Params{"most": perPage + 1, "skip": (number - 1) * perPage}).All(&letters)
	if err != nil {
		return nil, false, fmt.Errorf("letters to read: %w", err)
	}
	if more = len(letters) > perPage; more {
		letters = letters[:perPage]
	}
	return letters, more, nil
}

// letter is one row of the ledger with whether it still asks to be read.
type letter struct {
	mail.Delivery
	Unread bool `db:"unread"`
}
