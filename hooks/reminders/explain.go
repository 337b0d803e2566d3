package reminders

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/mail"
	"simpul/hooks/meetings"
)

// Reasons why a letter that rules call for is not in the ledger.
const (
	reasonNotYet  = "not_yet"  // its day is farther off than letters are written down
	reasonTooLate = "too_late" // its hour had gone by when its cause was saved
)

// explained is one letter about a record, past or future, with what became of it
// or what would keep it.
type explained struct {
	Kind          string
	User, Contact string
	Email         string
	DueAt         time.Time
	SentAt        time.Time
	State, Reason string
	objection     bool         // the reason is why it will not leave
	letter        *core.Record // as the ledger holds it, nil while it is only foreseen
}

// explain tells of every letter about a record that the reader may know of: from
// the ledger, and for the team and the recipient also what rules will call for.
func explain(d *access.Door, subject *core.Record) ([]explained, error) {
	x := &explanation{door: d, record: subject, told: map[string]bool{}}
	err := x.ledger()
	for _, src := range sourcesOf(subject.Collection().Name) {
		err = errors.Join(err, x.foresee(src))
	}
	slices.SortStableFunc(x.out, func(a, b explained) int { return a.DueAt.Compare(b.DueAt) })
	return x.out, err
}

type explanation struct {
	door   *access.Door
	record *core.Record
	told   map[string]bool // by key
	out    []explained
}

// sourcesAbout are the sources of all letters about a collection: invitations and
// minutes belong to their meeting.
func sourcesAbout(collection string) []source {
	found := sourcesOf(collection)
	if collection == "meetings" {
		found = append(found, append(sourcesOf("attendances"), sourcesOf("minutes")...)...)
	}
	return found
}

// rulesAbout are the rules in force that speak of a record.
func rulesAbout(app core.App, r *core.Record) (rules []*Rule, err error) {
	book, err := bookOf(app)
	if err != nil {
		return nil, err
	}
	for _, src := range sourcesAbout(r.Collection().Name) {
		rules = append(rules, book.inForce(access.ProgrammeOf(app, r), src.kinds)...)
	}
	return rules, nil
}

// lettersAbout picks the letters about a record; those about a meeting are also
// those with its minutes, its invitations and what took them back, whether the
// guest is still on the list or not.
func lettersAbout(r *core.Record) dbx.Expression {
	own := dbx.HashExp{"deliveries.subject_collection": r.Collection().Name, "deliveries.subject_id": r.Id}
	if r.Collection().Name != "meetings" {
		return own
	}
	return dbx.Or(own, dbx.NewExp(`deliveries.subject_collection IN ('attendances', 'minutes') AND deliveries.subject_id IN
		(SELECT id FROM attendances WHERE meeting = {:meeting} UNION SELECT id FROM minutes WHERE meeting = {:meeting})`,
		dbx.Params{"meeting": r.Id}),
		dbx.NewExp("deliveries.programme = {:programme} AND deliveries.subject_collection = 'attendances' AND deliveries.url = {:url}",
			dbx.Params{"programme": r.GetString("programme"), "url": meetings.Wrap(r).URL()}))
}

// ledger explains the letters written down. One that waits, by itself or within
// another, is asked whether it would be wanted now.
func (x *explanation) ledger() error {
	rows, err := x.door.List("deliveries", func(q *dbx.SelectQuery) { q.AndWhere(lettersAbout(x.record)) })
	if err != nil {
		return err
	}
	if err := x.door.With(rows, "told_by"); err != nil {
		return err
	}
	for _, r := range rows {
		l := explained{letter: r, Kind: r.GetString("kind"), User: r.GetString("user"), Contact: r.GetString("recipient"),
			Email: r.GetString("email"), DueAt: r.GetDateTime("due_at").Time(), SentAt: r.GetDateTime("sent_at").Time(),
			State: r.GetString("state"), Reason: r.GetString("reason")}
		reason, err := objectionTo(x.door.App(), r, clock.Now())
		if err != nil {
			return err
		}
		if reason != "" {
			l.Reason, l.objection = reason, true
		}
		x.told[r.GetString("key")] = true
		x.out = append(x.out, l)
	}
	return nil
}

// objectionTo asks about a letter that waits, by itself or within another, what
// the sender would ask at a moment. One that is only put off is asked as well.
func objectionTo(app core.App, letter *core.Record, now time.Time) (string, error) {
	if state := letter.GetString("state"); state != mail.StatePlanned && state != mail.StateInDigest {
		return "", nil
	}
	var row waiting
	err := app.DB().NewQuery("SELECT *, " + mail.StillFolded + " AS folded FROM deliveries WHERE id = {:id}").Bind(dbx.Params{"id": letter.Id}).One(&row)
	if err != nil {
		return "", fmt.Errorf("explain letter %s: %w", letter.Id, err)
	}
	if !row.unsent() {
		return "", nil
	}
	d := row.Delivery
	if d.Kind == kindCalledOff {
		_, reason, err := calledOff(app, d, now)
		if err != nil || reason != "" {
			return reason, err
		}
		return mail.Suppressed(app, d, false)
	}
	a := &asked{app: app, letter: d, now: now}
	if reason, err := a.objection(); err != nil || reason != "" {
		return reason, err
	}
	return mail.Suppressed(app, d, a.rule.Mandatory())
}

// foresee explains the letters that rules call for and the ledger does not hold.
func (x *explanation) foresee(src source) error {
	now := clock.Now()
	s, err := src.subject(x.door.App(), x.record, now)
	if err != nil {
		return err
	}
	book, err := bookOf(x.door.App())
	if err != nil {
		return err
	}
	p := newPlanner(x.door.App(), now)
	p.far = true
	letters, err := p.letters(s, book.inForce(s.Programme.ID, src.kinds), p.calendar(book, s.Programme.Province))
	if err != nil {
		return err
	}
	roles := x.door.Roles(s.Programme.ID)
	for _, l := range letters {
		mine := l.User != "" && x.door.Person() != nil && l.User == x.door.Person().Id
		if x.told[l.Key] || !mine && !roles.Team && !x.door.Super() {
			continue
		}
		reason := reasonNotYet
		if l.DueAt.Before(p.now) {
			reason = reasonTooLate
		}
		x.out = append(x.out, explained{Kind: l.Kind, User: l.User, Contact: l.Recipient, Email: l.Email, DueAt: l.DueAt, Reason: reason})
	}
	return nil
}

// peopleOf names the recipients of letters, by account and contact.
func peopleOf(d *access.Door, letters []explained) (map[string]string, error) {
	names := map[string]string{}
	for _, l := range letters {
		if _, known := names[l.User+l.Contact]; known {
			continue
		}
		name, err := office(d.App(), l.User, l.Contact)
		if err != nil {
			return nil, err
		}
		names[l.User+l.Contact] = name
	}
	return names, nil
}
