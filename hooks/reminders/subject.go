package reminders

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// Subject is what a letter is about, with everything a rule asks of it.
type Subject struct {
	Record     *core.Record
	Collection string
	Programme  programme
	Title      string
	URL        string
	Zone       string
	// Anchor is the day the rules count from, "" when there is none; Moment is
	// the instant of it for what begins at an hour.
	Anchor string
	Moment time.Time
	// Closed is the reason why nobody needs reminding any more, "" while open.
	Closed string
}

// programme is what a letter needs of the programme its subject belongs to.
type programme struct {
	ID       string `db:"id"`
	Name     string `db:"name"`
	Status   string `db:"status"`
	Zone     string `db:"time_zone"`
	Province string `db:"province"`
	SendAt   string `db:"send_at"`
}

// ended tells why nobody of a programme in some states is reminded of anything.
var ended = map[string]string{
	"paused": reasonProgrammePaused, "cancelled": mail.ReasonCancelled,
	"completed": mail.ReasonDone,
}

// source tells which kinds speak of a collection, whom they may speak to, and
// how to read a subject.
type source struct {
	collection string
	kinds      []string
	anchor     string
	audience   []string
	fields     []string // whose change calls for new planning
	read       func(*Subject)
}

var sources = []source{
	{
		collection: "tasks", kinds: []string{"task_due", "task_overdue"}, anchor: "task.due_on",
		audience: []string{"assignee", "focal_point", "organisation", "accountable", "initiators"},
		fields:   []string{"due_on", "state", "organisation", "assignee", "accountable", "programme"}, read: readTask,
	},
	{
		collection: "meetings", kinds: []string{"meeting_soon"}, anchor: "meeting.starts_at",
		audience: []string{"attendees", "initiators"},
		fields:   []string{"starts_at", "time_zone", "status", "programme", "chair", "taken_by"}, read: readMeeting,
	},
	{
		collection: "contributions", kinds: []string{"contribution_waiting"}, anchor: "contribution.submitted_at",
		audience: []string{"initiators"},
		fields:   []string{"review_status", "submitted_at", "programme"}, read: readContribution,
	},
}

func sourceOf(collection string) (source, bool) {
	i := slices.IndexFunc(sources, func(s source) bool { return s.collection == collection })
	if i < 0 {
		return source{}, false
	}
	return sources[i], true
}

// sourceFor finds the collection that a kind of reminder speaks of.
func sourceFor(kind string) (source, bool) {
	i := slices.IndexFunc(sources, func(s source) bool { return slices.Contains(s.kinds, kind) })
	if i < 0 {
		return source{}, false
	}
	return sources[i], true
}

// read makes a subject of a record; it reads the programme it belongs to.
func read(app core.App, r *core.Record) (Subject, error) {
	src, known := sourceOf(r.Collection().Name)
	if !known {
		return Subject{}, fmt.Errorf("nobody is reminded of %s", r.Collection().Name)
	}
	s := Subject{Record: r, Collection: src.collection, URL: "/" + src.collection + "/" + r.Id}
	err := app.DB().Select("id", "name", "status", "time_zone", "province", "send_at").From("programmes").
		Where(dbx.HashExp{"id": r.GetString("programme")}).One(&s.Programme)
	if err != nil {
		return Subject{}, fmt.Errorf("programme of %s %s: %w", src.collection, r.Id, err)
	}
	s.Zone, s.Closed = s.Programme.Zone, ended[s.Programme.Status]
	src.read(&s)
	return s, nil
}

// find reads the subject of a delivery; false when its record is gone.
func find(app core.App, collection, id string) (Subject, bool, error) {
	r, err := app.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Subject{}, false, nil
	}
	if err != nil {
		return Subject{}, false, err
	}
	s, err := read(app, r)
	return s, err == nil, err
}

func readTask(s *Subject) {
	s.Title = s.Record.GetString("title")
	s.Anchor = s.Record.GetString("due_on")
	switch s.Record.GetString("state") {
	case "done":
		s.Closed = mail.ReasonDone
	case "cancelled":
		s.Closed = mail.ReasonCancelled
	}
}

func readMeeting(s *Subject) {
	s.Title = s.Record.GetString("title")
	if zone := s.Record.GetString("time_zone"); zone != "" {
		s.Zone = zone
	}
	s.Moment = s.Record.GetDateTime("starts_at").Time()
	if !s.Moment.IsZero() {
		s.Anchor = clock.Day(s.Moment, s.Zone)
	}
	switch s.Record.GetString("status") {
	case "held":
		s.Closed = mail.ReasonDone
	case "cancelled", "postponed", "draft":
		s.Closed = mail.ReasonCancelled
	}
}

func readContribution(s *Subject) {
	s.Title = s.Record.GetString("item")
	if at := s.Record.GetDateTime("submitted_at").Time(); !at.IsZero() {
		s.Anchor = clock.Day(at, s.Zone)
	}
	if s.Record.GetString("review_status") != "submitted" {
		s.Closed = mail.ReasonDone
	}
}
