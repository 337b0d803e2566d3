package reminders

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/notify/outbox"
)

// Subject is what a message is about, with everything a rule asks of it.
type Subject struct {
	Record     *core.Record
	source     Source
	Collection string
	Programme  programme
	Title      string
	URL        string
	Zone       string
	Place      string       // of a meeting
	meeting    *core.Record // the one it is about, nil for anything else
	// Open is what somebody must be allowed to see to be told.
	Open outbox.RecordRef
	// Closed is the reason why nobody needs reminding any more, "" while open.
	Closed string
	// The mark a message counts from; of all that the subject has, one at a time.
	anchorAt
	Marks []anchorAt
	// Now is the moment at which the subject is looked at: what is open then is not what was open before.
	now time.Time
}

// anchorAt is a day or an instant that rules count from.
type anchorAt struct {
	name   string    // the anchor it stands for
	Anchor string    // the day, as the subject's zone counts it
	Moment time.Time // the instant of what begins at an hour, zero otherwise
	id     string    // tells one time from another where the day does not
	// Of a meeting: the version that calendars count, and a mark of what else they keep of it.
	sequence    int
	fingerprint string
	over        string // the reason why this one time needs no reminder, "" while it does
}

// programme is what a message needs of the programme its subject belongs to.
type programme struct {
	ID       string `db:"id"`
	Slug     string `db:"slug"`
	Name     string `db:"name"`
	Status   string `db:"status"`
	Zone     string `db:"time_zone"`
	Province string `db:"province"`
	SendAt   string `db:"send_at"`
	Owner    string `db:"owner"`
	StartsOn string `db:"starts_on"`
	EndsOn   string `db:"ends_on"`
}

// ended tells why nobody of a programme in some states is reminded of anything.
var ended = map[string]string{
	"paused": reasonProgrammePaused, "cancelled": outbox.ReasonCancelled,
	"completed": outbox.ReasonDone,
}

// Subject reads what a message about a record needs, at a moment.
func (src Source) Subject(app core.App, r *core.Record, now time.Time) (Subject, error) {
	return newPlanner(app, now).subject(src, r)
}

func (p *planner) subject(src Source, r *core.Record) (s Subject, err error) {
	s = Subject{now: p.now, Record: r, source: src, Collection: src.collection, URL: "/" + src.collection + "/" + r.Id,
		Open: outbox.RecordRef{Collection: src.collection, ID: r.Id}}
	if s.Programme, err = p.programme(access.ProgrammeOf(p.app, r)); err != nil {
		return Subject{}, fmt.Errorf("programme of %s %s: %w", src.collection, r.Id, err)
	}
	s.Zone, s.Closed = s.Programme.Zone, ended[s.Programme.Status]
	if err := src.read(p.app, &s); err != nil {
		return Subject{}, fmt.Errorf("read %s %s: %w", src.collection, r.Id, err)
	}
	return s, nil
}

func (p *planner) programme(id string) (programme, error) {
	return once(p.programmes, id, func() (found programme, err error) {
		err = p.app.DB().Select("id", "slug", "name", "status", "time_zone", "province", "send_at", "owner", "starts_on", "ends_on").
			From("programmes").Where(dbx.HashExp{"id": id}).One(&found)
		return found, err
	})
}

// Find reads the subject of a delivery of some kind; false when its record is gone.
func Find(app core.App, d outbox.Delivery, now time.Time) (Subject, bool, error) {
	src, known := SourceFor(d.Kind)
	if !known {
		return Subject{}, false, fmt.Errorf("nobody is reminded of %s", d.SubjectCollection)
	}
	r, err := app.FindRecordById(src.collection, d.SubjectID)
	if errors.Is(err, sql.ErrNoRows) {
		return Subject{}, false, nil
	}
	if err != nil {
		return Subject{}, false, err
	}
	s, err := src.Subject(app, r, now)
	return s, err == nil, err
}

// born is the day on which the record was written down; "" when the clock was
// turned back since.
func (s Subject) born() string {
	day := clock.Day(s.Record.GetDateTime("created").Time(), s.Zone)
	if day > s.today() {
		return ""
	}
	return day
}

// immediate reports whether messages leave as soon as the subject's mark is there.
func (s Subject) immediate() bool {
	a, _ := s.source.Anchor(s.name)
	return a.Now
}

// today is the day on which the subject is looked at, where it is.
func (s Subject) today() string { return clock.Day(s.now, s.Zone) }

// on gives the subject one more mark, if there is such a day.
func (s *Subject) on(name, day string) {
	if day != "" {
		s.Marks = append(s.Marks, anchorAt{name: name, Anchor: day})
	}
}

// At gives the subject one more mark, if there is such an instant.
func (s *Subject) at(name string, moment time.Time) {
	if !moment.IsZero() {
		s.Marks = append(s.Marks, anchorAt{name: name, Anchor: clock.Day(moment, s.Zone), Moment: moment})
	}
}

// marksFor are the days from which a rule counts: a rule may bring its own.
func (s Subject) marksFor(rule *Rule) (found []anchorAt) {
	if day := rule.GetString("on_day"); rule.GetString("anchor") == OwnDay && day != "" {
		return []anchorAt{{name: OwnDay, Anchor: day}}
	}
	for _, m := range s.Marks {
		if m.name == rule.GetString("anchor") {
			found = append(found, m)
		}
	}
	return found
}

// counting is the subject seen from the mark to which a message belongs; false
// when there is none any more.
func (s Subject) counting(rule *Rule, d outbox.Delivery) (Subject, bool) {
	for _, m := range s.marksFor(rule) {
		if m.column(rule, s.Zone) == d.AnchorAt && m.sequence == d.Sequence {
			s.anchorAt = m
			return s, true
		}
	}
	return s, false
}

// column is the time as the column anchor_at has it.
func (m anchorAt) column(rule *Rule, zone string) string {
	switch {
	case m.id != "":
		return m.id
	case rule.Hours() != 0:
		return hourOf(m.Moment, zone)
	}
	return m.Anchor
}

func hourOf(moment time.Time, zone string) string {
	return moment.In(clock.Zone(zone)).Format("2006-01-02T15:04")
}
