package reminders

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/meetings"
	"simpul/hooks/notify/outbox"
)

// fingerprintOf marks what calendars keep of a meeting besides its beginning.
func fingerprintOf(meeting *core.Record) string {
	return outbox.Key(meeting.GetString("ends_at"), meeting.GetString("mode"), meeting.GetString("place"), meeting.GetString("link"))[:8]
}

// Entry is what an invitation tells calendars of its meeting; false for messages about anything else.
func (a *Candidate) Entry() (meetings.CalendarEntry, bool) {
	if a.Message.Kind != KindInvite {
		return meetings.CalendarEntry{}, false
	}
	return meetings.CalendarEntry{Meeting: meetings.Wrap(a.Subject.meeting), Event: FromHub(a.App, meetings.Event{Stamp: a.Now,
		Sequence: a.Message.Sequence, Organiser: a.Subject.Programme.Name, Link: a.Link, Language: a.Message.Language})}, true
}

// invitation is what puts the meeting into the recipient's calendar; empty for messages about anything else.
func (a *Candidate) invitation(to string) string {
	entry, invites := a.Entry()
	if !invites {
		return ""
	}
	entry.Event.Method, entry.Event.Attendee = meetings.CalendarRequest, to
	return entry.Meeting.Calendar(entry.Event)
}

// FromHub has a calendar object come from the address that messages come from.
func FromHub(app core.App, about meetings.Event) meetings.Event {
	meta := app.Settings().Meta
	about.Sender, about.Origin = meta.SenderAddress, meta.AppURL
	return about
}

// timesRecalled counts how often the invitation of whom an attendance names to a meeting was taken back.
func timesRecalled(app core.App, attendance *core.Record, url string) (n int, err error) {
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM deliveries d WHERE d.recipient IN (SELECT {:contact} WHERE {:contact} != '' UNION
		SELECT c.id FROM contacts c JOIN stakeholders s ON s.organisation = c.organisation WHERE s.id = {:stakeholder} AND {:contact} = '')
		AND d.kind = '` + KindCalledOff + `' AND d.url = {:url} AND d.state IN ('sending', 'sent', 'uncertain')`).
		Bind(dbx.Params{"contact": attendance.GetString("contact"), "stakeholder": attendance.GetString("stakeholder"), "url": url}).Row(&n)
	if err != nil {
		return 0, fmt.Errorf("invitations taken back: %w", err)
	}
	return n, nil
}

// KindInvite marks the message that invites to a meeting.
const KindInvite = "meeting_invite"

// KindCalledOff marks the message that takes an invitation back which went out. No rule sends it, and it waits for no
// Daily message and no morning.
const KindCalledOff = "meeting_cancelled"

// WentOut holds for the rows of a name in a query that left or may have left, by themselves or told by a daily message.
func WentOut(row string) string {
	return `(` + row + `.state IN ('sending', 'sent', 'uncertain') OR ` + row + `.state = 'digested' AND
		(SELECT t.state FROM deliveries t WHERE t.id = ` + row + `.digest_id) IN ('sending', 'sent', 'uncertain'))`
}
