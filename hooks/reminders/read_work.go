package reminders

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/mail"
)

func readTask(_ core.App, s *Subject) error {
	s.Title = s.Record.GetString("title")
	s.on("task.due_on", s.Record.GetString("due_on"))
	switch s.Record.GetString("state") {
	case "done":
		s.Closed = mail.ReasonDone
	case "cancelled":
		s.Closed = mail.ReasonCancelled
	}
	return nil
}

func readMeeting(_ core.App, s *Subject) error {
	s.gathering(s.Record)
	s.at("meeting.starts_at", s.Record.GetDateTime("starts_at").Time())
	return nil
}

// gathering takes over what letters say of a meeting.
func (s *Subject) gathering(meeting *core.Record) {
	s.Title, s.Place, s.meeting = meeting.GetString("title"), meeting.GetString("place"), meeting
	if zone := meeting.GetString("time_zone"); zone != "" {
		s.Zone = zone
	}
	switch meeting.GetString("status") {
	case "held":
		s.Closed = mail.ReasonDone
	case "cancelled", "postponed", "draft":
		s.Closed = mail.ReasonCancelled
	}
}

// expected are the states of an attendance in which somebody is expected.
var expected = map[string]bool{"invited": true, "confirmed": true, "represented": true}

// readInvitation reads an attendance: every change of the schedule is another
// time to tell it.
func readInvitation(app core.App, s *Subject) error {
	meeting, err := app.FindRecordById("meetings", s.Record.GetString("meeting"))
	if err != nil {
		return err
	}
	s.gathering(meeting)
	s.URL, s.open = "/meetings/"+meeting.Id, mail.Subject{Collection: "meetings", ID: meeting.Id}
	if !expected[s.Record.GetString("state")] {
		s.Closed = mail.ReasonDone
	}
	recalled, err := timesRecalled(app, s.Record, s.URL)
	if err != nil {
		return err
	}
	s.at("attendance.invited", meeting.GetDateTime("starts_at").Time())
	for i := range s.marks {
		// Moved away and back, a meeting is told again: its sequence never falls. Calendars take in an invitation that
		// was taken back only under a higher one.
		s.marks[i].id = said{hour: hourOf(s.marks[i].Moment, s.Zone), sequence: meeting.GetInt("sequence") + 2*recalled}.String()
		s.marks[i].detail = detailOf(meeting)
	}
	return nil
}

// readMinutes reads minutes that are open to those who take part.
func readMinutes(app core.App, s *Subject) error {
	meeting, err := app.FindRecordById("meetings", s.Record.GetString("meeting"))
	if err != nil {
		return err
	}
	closed := s.Closed
	s.gathering(meeting)
	s.Closed = closed // minutes are sent when the meeting is over
	s.URL = "/meetings/" + meeting.Id + "/minutes"
	s.at("minutes.circulated", meeting.GetDateTime("starts_at").Time())
	for i := range s.marks {
		s.marks[i].id = "minutes" // once, also when the meeting's day is put right
	}
	if s.Record.GetString("status") == "draft" || s.Record.GetString("status") == "" {
		s.Closed = mail.ReasonCancelled
	}
	return nil
}

func readMilestone(_ core.App, s *Subject) error {
	s.Title, s.URL = s.Record.GetString("title"), "/programmes/"+s.Programme.Slug
	s.on("milestone.due_on", s.Record.GetString("due_on"))
	switch s.Record.GetString("state") {
	case "achieved", "partly_achieved", "missed":
		s.Closed = mail.ReasonDone
	}
	return nil
}

// ownDay is the anchor of a rule that names its day itself.
const ownDay = "programme.on_day"

func readProgramme(_ core.App, s *Subject) error {
	s.Title, s.URL = s.Programme.Name, "/programmes/"+s.Programme.Slug
	s.on("programme.starts_on", s.Programme.StartsOn)
	s.on("programme.ends_on", s.Programme.EndsOn)
	return nil
}
