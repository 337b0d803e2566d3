package reminders

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// Subject is what a letter is about, with everything a rule asks of it.
type Subject struct {
	Record     *core.Record
	Collection string
	Programme  *core.Record
	Title      string
	URL        string
	Zone       string
	Province   string
	// Anchor is the day the rules count from, "" when there is none; Moment is
	// the instant of it for what begins at an hour.
	Anchor string
	Moment time.Time
	// Closed is the reason why nobody needs reminding any more, "" while open.
	Closed string
}

// source tells which kinds speak of a collection and how to read a subject.
type source struct {
	collection string
	kinds      []string
	fields     []string // whose change calls for new planning
	read       func(*Subject)
}

var sources = []source{
	{"tasks", []string{"task_due", "task_overdue"}, []string{"due_on", "state", "organisation", "assignee", "accountable"}, readTask},
	{"meetings", []string{"meeting_soon"}, []string{"starts_at", "time_zone", "status"}, readMeeting},
	{"contributions", []string{"contribution_waiting"}, []string{"review_status", "submitted_at"}, readContribution},
}

func sourceOf(collection string) (source, bool) {
	i := slices.IndexFunc(sources, func(s source) bool { return s.collection == collection })
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
	p, err := app.FindRecordById("programmes", r.GetString("programme"))
	if err != nil {
		return Subject{}, fmt.Errorf("programme of %s %s: %w", src.collection, r.Id, err)
	}
	s := Subject{Record: r, Collection: src.collection, Programme: p, Zone: p.GetString("time_zone"), Province: p.GetString("province"),
		URL: "/" + src.collection + "/" + r.Id}
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
		s.Closed = "done"
	case "cancelled":
		s.Closed = "cancelled"
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
		s.Closed = "done"
	case "cancelled", "postponed", "draft":
		s.Closed = "cancelled"
	}
}

func readContribution(s *Subject) {
	s.Title = s.Record.GetString("item")
	if at := s.Record.GetDateTime("submitted_at").Time(); !at.IsZero() {
		s.Anchor = clock.Day(at, s.Zone)
	}
	if s.Record.GetString("review_status") != "submitted" {
		s.Closed = "done"
	}
}
