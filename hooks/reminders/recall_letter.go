package reminders

import (
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/meetings"
)

// letter takes one invitation back. Its words and what it tells the calendar are written here and now: when it leaves,
// the meeting may be gone.
func (c calling) letter(g guest, of *core.Record) mail.Letter {
	before, now := readSaid(g.Occurrence), clock.Now()
	at := c.told(before.hour)
	after := said{hour: before.hour, sequence: before.sequence + 1}
	l := mail.Letter{Kind: kindCalledOff, SubjectCollection: "attendances", SubjectID: g.Attendance, Recipient: g.Contact, User: g.User,
		Email: g.Email, Language: g.Language, DueAt: now, UsefulUntil: latest(at, c.known.GetDateTime("starts_at").Time())}
	if c.meeting != nil {
		l.URL, after.sequence = meetings.Wrap(c.meeting).URL(), max(after.sequence, c.meeting.GetInt("sequence"))
	}
	event := meetings.Event{Method: meetings.CalendarCancel, Stamp: now, Sequence: after.sequence, Attendee: g.Email, Language: g.Language}
	words := []any{"title", c.known.GetString("title"), "when", lang.Moment(g.Language, at, c.known.GetString("time_zone"))}
	say := func(key string) string { return lang.T(g.Language, "reminders.meeting_cancelled."+key, words...) }
	l.Subject, l.Words = say(c.cause()+".subject"), say(c.cause()+".line")
	if of != nil {
		words = append(words, "programme", of.GetString("name"))
		l.Programme, event.Organiser, l.Words = of.Id, of.GetString("name"), l.Words+"\n\n"+say("programme")
	}
	l.Calendar = calendarObject(c.app, c.known, event)
	l.Occurrence = after.String()
	l.Key = mail.Key(kindCalledOff, g.Attendance, g.Contact, l.Occurrence)
	return l
}

// cause names why nobody, or this guest only, is to come.
func (c calling) cause() string {
	switch {
	case c.meeting == nil:
		return meetings.Cancelled
	case meetings.Wrap(c.meeting).Called():
		return "removed"
	case c.meeting.GetString("status") == meetings.Cancelled:
		return meetings.Cancelled
	}
	return meetings.Postponed
}

// told reads the hour that the invitation named.
func (c calling) told(hour string) time.Time {
	day, hour, _ := strings.Cut(hour, "T")
	at, err := clock.At(day, hour, c.known.GetString("time_zone"))
	if err != nil {
		return c.known.GetDateTime("starts_at").Time()
	}
	return at
}
