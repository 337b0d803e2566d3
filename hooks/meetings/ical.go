package meetings

import (
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	ical "github.com/arran4/golang-ical"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// What a calendar object asks of the calendar that takes it in (RFC 5546).
const (
	CalendarRequest = string(ical.MethodRequest)
	CalendarCancel  = string(ical.MethodCancel)
	CalendarPublish = string(ical.MethodPublish)
)

// openEnd is how long a meeting without an end takes in calendars, which show no open ends.
const openEnd = 2 * time.Hour

// calendarUTC is how calendars write an instant.
const calendarUTC = "20060102T150405Z"

// Event is what one calendar is told besides the meeting itself.
type Event struct {
	Method    string    // CalendarRequest, CalendarCancel or CalendarPublish
	Sequence  int       // rises with each change that matters; a lower one is ignored
	Organiser string    // the programme in whose name it comes
	Sender    string    // the hub's own address
	Attendee  string    // the recipient's address, empty for whoever fetches the object; never anybody else's
	Origin    string    // the hub's address, as in https://…
	Link      string    // where the reader joins online, as in https://…; empty for who may not know it
	Language  string    // of what the hub says
	Stamp     time.Time // when the object was made
}

// Calendar writes the meeting as an iCalendar object: CRLF, lines of at most 75 octets, no character broken in two. It
// holds what an invitation says on paper and the address of the meeting's page, never the agenda or a note.
func (m *Meeting) Calendar(about Event) string {
	return object(about.Method, []CalendarEntry{{m, about}})
}

// identify writes which state of which meeting this is, and between whom.
func (m *Meeting) identify(event *ical.VEvent, about Event) {
	event.SetProperty(ical.ComponentPropertySequence, strconv.Itoa(about.Sequence))
	event.SetProperty(ical.ComponentPropertyDtstamp, about.Stamp.UTC().Format(calendarUTC))
	event.SetProperty(ical.ComponentPropertyCreated, m.GetDateTime("created").Time().UTC().Format(calendarUTC))
	event.SetProperty(ical.ComponentPropertyLastModified, m.GetDateTime("updated").Time().UTC().Format(calendarUTC))
	event.SetProperty(ical.ComponentPropertyStatus, string(m.calendarStatus(about.Method)))
	event.SetOrganizer("mailto:"+oneLine(about.Sender), ical.WithCN(parameter(about.Organiser)))
	if about.Attendee != "" {
		// The hub reads no answers: who comes says so on the meeting's page.
		event.AddAttendee("mailto:"+oneLine(about.Attendee), ical.ParticipationRoleReqParticipant, ical.ParticipationStatusNeedsAction,
			&ical.KeyValues{Key: string(ical.ParameterRsvp), Value: []string{"FALSE"}})
	}
}

// describe writes what people read.
func (m *Meeting) describe(event *ical.VEvent, about Event) {
	hours := m.Hours()
	if hours.To.IsZero() {
		hours.To = hours.From.Add(openEnd)
	}
	local := func(name ical.ComponentProperty, at time.Time) {
		zone := clock.Zone(hours.Zone)
		event.SetProperty(name, at.In(zone).Format("20060102T150405"), ical.WithTZID(zone.String()))
	}
	local(ical.ComponentPropertyDtStart, hours.From)
	local(ical.ComponentPropertyDtEnd, hours.To)
	event.SetSummary(oneLine(m.Title()))
	page := oneLine(absolute(about.Origin, m.URL()))
	text := lang.T(about.Language, "meetings.calendar_text", "url", page)
	event.SetURL(page)
	place, link := oneLine(m.Where(about.Language)), oneLine(about.Link)
	if link == about.Link && OnTheWeb(link) {
		place, text = m.online(event, about.Language, link, text)
	}
	if place != "" {
		event.SetLocation(place)
	}
	event.SetDescription(text)
}

// online writes where the meeting is joined, and returns its place and its text. Few calendars show the property which is
// meant for it: they lead to the room by the place, where there is none, or by the text.
func (m *Meeting) online(event *ical.VEvent, language, link, text string) (string, string) {
	event.SetProperty(ical.ComponentProperty("CONFERENCE"), link, ical.WithValue("URI"))
	if oneLine(m.GetString("place")) == "" {
		return link, text
	}
	place := oneLine(m.Where(language))
	return place, strings.Join([]string{lang.T(language, "meetings.place") + ": " + place, lang.T(language, "meetings.link") + ": " + link, text}, "\n")
}

// OnTheWeb reports whether an address can be opened by pressing it.
func OnTheWeb(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// calendarStatus is where the meeting stands, as calendars know it.
func (m *Meeting) calendarStatus(method string) ical.ObjectStatus {
	switch {
	case method == CalendarCancel || m.CalledOff():
		return ical.ObjectStatusCancelled
	case m.Status() == Draft:
		return ical.ObjectStatusTentative
	}
	return ical.ObjectStatusConfirmed
}

// parameter makes a text that may stand unquoted before the value of a property.
func parameter(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(`"`, "”", "'", "’", `\`, "/", ",", " · ", ";", " · ", ":", " – ").Replace(oneLine(text))), " ")
}

// oneLine keeps what people type from beginning a line, and so a property, of its own.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.Join(strings.Fields(text), " ")
}

// CalendarEntry is a meeting with what a calendar is told of it.
type CalendarEntry struct {
	Meeting *Meeting
	Event   Event
}

// Published writes several meetings as one iCalendar object for whoever takes it in; empty for none. Such an object names
// nobody who is invited (RFC 5546), and may hold what invitations by themselves hold one by one.
func Published(all ...CalendarEntry) string {
	if len(all) == 0 {
		return ""
	}
	open := make([]CalendarEntry, len(all))
	for i, t := range all {
		t.Event.Method, t.Event.Attendee = CalendarPublish, ""
		open[i] = t
	}
	return object(CalendarPublish, open)
}

// object writes an iCalendar object: first each zone once, then the meetings.
func object(method string, all []CalendarEntry) string {
	calendar := ical.NewCalendar()
	calendar.SetProductId("-//Simpul Lima//Simpul Lima//ID")
	calendar.SetCalscale("GREGORIAN")
	calendar.SetMethod(ical.Method(method))
	described := map[string]bool{}
	for _, t := range all {
		zone := clock.Zone(t.Meeting.Hours().Zone).String()
		if !described[zone] {
			calendar.AddVTimezone(timezone(zone))
		}
		described[zone] = true
	}
	for _, t := range all {
		event := calendar.AddEvent(t.Meeting.GetString("uid"))
		t.Meeting.identify(event, t.Event)
		t.Meeting.describe(event, t.Event)
	}
	return calendar.Serialize(ical.WithNewLineWindows)
}

// timezone describes one of the country's zones for calendars that do not know it by name. None has had another hour
// since 1970, so one rule is all there is.
func timezone(name string) *ical.VTimezone {
	begin := time.Date(1970, 1, 1, 0, 0, 0, 0, clock.Zone(name))
	offset := begin.Format("-0700")
	zone := ical.NewTimezone(name)
	standard := zone.AddStandard()
	standard.SetProperty(ical.ComponentPropertyDtStart, "19700101T000000")
	standard.SetProperty(ical.ComponentProperty(ical.PropertyTzoffsetfrom), offset)
	standard.SetProperty(ical.ComponentProperty(ical.PropertyTzoffsetto), offset)
	standard.SetProperty(ical.ComponentProperty(ical.PropertyTzname), clock.Abbreviation(name))
	return zone
}
