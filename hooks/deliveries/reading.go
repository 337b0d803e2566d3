package deliveries

import (
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// ownLetter returns a letter by its id if it is the reader's own; that a team
// may look at others' letters does not make them its own to read.
func ownLetter(d *access.Door, id string) (*core.Record, error) {
	r, err := d.View("deliveries", id)
	if err != nil {
		return nil, err
	}
	if d.Super() || !d.May(access.MayMarkRead, r) {
		return nil, access.ErrRefused
	}
	return r, nil
}

// read takes letters of the reader as read. Those of others among the ids stay
// as they are.
func read(d *access.Door, ids ...string) error {
	some := make([]any, min(len(ids), perPage))
	for i := range some {
		some[i] = ids[i]
	}
	return mail.MarkRead(d.App(), clock.Now(), dbx.And(dbx.HashExp{"user": d.Person().Id}, dbx.In("id", some...)))
}

// readUntil takes everything as read that the reader was told up to an instant:
// what came while the page was open was not on it.
func readUntil(d *access.Door, until time.Time) error {
	return mail.MarkRead(d.App(), clock.Now(), dbx.NewExp("user = {:me} AND user != '' AND due_at <= {:until}",
		dbx.Params{"me": d.Person().Id, "until": stamp(until)}))
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
	return mail.MarkRead(e.App, clock.Now(), dbx.And(of, dbx.NewExp("user != '' AND due_at <= {:now}", dbx.Params{"now": stamp(clock.Now())})))
}
