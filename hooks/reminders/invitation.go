package reminders

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/mail"
	"simpul/hooks/meetings"
)

// said is what a letter about a meeting said of it, as its occurrence keeps it: the local hour, the sequence by which
// calendars tell a newer letter from an older one, and a mark of everything else they keep.
type said struct {
	hour     string
	sequence int
	detail   string
}

// String is the text that begins the occurrence of a letter which says this.
func (s said) String() string { return fmt.Sprintf("%s#%d;%s", s.hour, s.sequence, s.detail) }

// readSaid reads it back. Letters of long ago have no detail.
func readSaid(occurrence string) (s said) {
	var number, rest string
	s.hour, rest, _ = strings.Cut(occurrence, "#")
	number, rest, _ = strings.Cut(rest, ";")
	s.detail, _, _ = strings.Cut(rest, "+")
	s.sequence, _ = strconv.Atoi(number)
	return s
}

// detailOf marks what calendars keep of a meeting besides its beginning.
func detailOf(meeting *core.Record) string {
	return mail.Key(meeting.GetString("ends_at"), meeting.GetString("mode"), meeting.GetString("place"), meeting.GetString("link"))[:8]
}

// entry is what an invitation tells calendars of its meeting; false for letters about anything else.
func (a *asked) entry() (meetings.Told, bool) {
	if a.letter.Kind != "meeting_invite" {
		return meetings.Told{}, false
	}
	return meetings.Told{Meeting: meetings.Wrap(a.subject.meeting), Event: from(a.app, meetings.Event{Stamp: a.now,
		Sequence: readSaid(a.letter.Occurrence).sequence, Organiser: a.subject.Programme.Name, Link: a.link, Language: a.letter.Language})}, true
}

// invitation is what puts the meeting into the recipient's calendar; empty for letters about anything else.
func (a *asked) invitation(to string) string {
	entry, invites := a.entry()
	if !invites {
		return ""
	}
	entry.Event.Method, entry.Event.Attendee = meetings.CalendarRequest, to
	return entry.Meeting.Calendar(entry.Event)
}

// calendarObject writes what a letter tells a calendar of a meeting.
func calendarObject(app core.App, meeting *core.Record, about meetings.Event) string {
	return meetings.Wrap(meeting).Calendar(from(app, about))
}

// from has a calendar object come from the address that letters come from.
func from(app core.App, about meetings.Event) meetings.Event {
	meta := app.Settings().Meta
	about.Sender, about.Origin = meta.SenderAddress, meta.AppURL
	return about
}

// timesRecalled counts how often the invitation of whom an attendance names to a meeting was taken back.
func timesRecalled(app core.App, attendance *core.Record, url string) (n int, err error) {
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM deliveries d WHERE d.recipient IN (SELECT {:contact} WHERE {:contact} != '' UNION
		SELECT c.id FROM contacts c JOIN stakeholders s ON s.organisation = c.organisation WHERE s.id = {:stakeholder} AND {:contact} = '')
		AND d.kind = '` + kindCalledOff + `' AND d.url = {:url} AND d.state IN ('sending', 'sent', 'uncertain')`).
		Bind(dbx.Params{"contact": attendance.GetString("contact"), "stakeholder": attendance.GetString("stakeholder"), "url": url}).Row(&n)
	if err != nil {
		return 0, fmt.Errorf("invitations taken back: %w", err)
	}
	return n, nil
}
