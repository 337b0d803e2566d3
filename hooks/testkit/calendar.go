package testkit

import (
	"bytes"
	"maps"
	"strings"
	"testing"
	"time"

	arran "github.com/arran4/golang-ical"
	emersion "github.com/emersion/go-ical"
)

// Calendar is an event of an iCalendar object, as two independent readers understand it.
type Calendar struct {
	Method, UID, Sequence, Status, Summary, Location, Description, URL, Organiser, Programme string
	Conference                                                                               string // where it is joined online
	Zone                                                                                     string
	Stamp, Starts, Ends                                                                      time.Time
	Attendees                                                                                []string
}

// ReadCalendar is ReadCalendars for an object with one event.
func ReadCalendar(t testing.TB, raw string) Calendar {
	t.Helper()
	all := ReadCalendars(t, raw)
	if len(all) != 1 {
		t.Fatalf("%d events in\n%s", len(all), raw)
	}
	return all[0]
}

// ReadCalendars reads an object with both readers and fails where either cannot, where they differ, and where a line is
// too long, broken inside a character or ended by anything but CRLF. It returns the events in their order.
func ReadCalendars(t testing.TB, raw string) (all []Calendar) {
	t.Helper()
	checkLines(t, raw)
	read, err := emersion.NewDecoder(strings.NewReader(raw)).Decode()
	if err != nil {
		t.Fatalf("go-ical: %v in\n%s", err, raw)
	}
	// Writing it again checks that each component has what it must have.
	if err := emersion.NewEncoder(&bytes.Buffer{}).Encode(read); err != nil {
		t.Fatalf("go-ical: %v in\n%s", err, raw)
	}
	again, err := arran.ParseCalendar(strings.NewReader(raw))
	if err != nil {
		t.Fatalf("golang-ical: %v in\n%s", err, raw)
	}
	events := read.Events()
	if len(events) == 0 || len(again.Events()) != len(events) || len(read.Children) != len(events)+len(again.Timezones()) {
		t.Fatalf("not events and their zones alone:\n%s", raw)
	}
	used, described := map[string]bool{}, map[string]bool{}
	for _, zone := range again.Timezones() {
		described[zone.GetProperty(arran.ComponentPropertyTzid).Value] = true
	}
	for i, event := range events {
		c := Calendar{Method: read.Props.Get(emersion.PropMethod).Value, Zone: event.Props.Get("DTSTART").Params.Get("TZID")}
		c.take(t, event)
		c.compare(t, again.Events()[i])
		used[c.Zone] = true
		all = append(all, c)
	}
	if !maps.Equal(used, described) || len(again.Timezones()) != len(described) {
		t.Errorf("the events are in %v, the object describes %v", used, described)
	}
	return all
}

func checkLines(t testing.TB, raw string) {
	t.Helper()
	for line := range strings.SplitSeq(strings.TrimSuffix(raw, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") || strings.ToValidUTF8(line, "") != line || strings.Trim(line, " ") == "" {
			t.Errorf("line %q of %d octets", line, len(line))
		}
	}
	if !strings.HasSuffix(raw, "END:VCALENDAR\r\n") {
		t.Errorf("the object ends with %q", raw[max(0, len(raw)-20):])
	}
}

// take reads the event as the first reader understands it.
func (c *Calendar) take(t testing.TB, event emersion.Event) {
	t.Helper()
	text := func(name string) string {
		value, err := event.Props.Text(name)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return value
	}
	instant := func(name string) time.Time {
		at, err := event.Props.DateTime(name, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		return at
	}
	c.UID, c.Status, c.Summary, c.Location, c.Description = text("UID"), text("STATUS"), text("SUMMARY"), text("LOCATION"), text("DESCRIPTION")
	c.Stamp, c.Starts, c.Ends = instant("DTSTAMP"), instant("DTSTART"), instant("DTEND")
	c.Sequence, c.URL = event.Props.Get("SEQUENCE").Value, event.Props.Get("URL").Value
	c.Organiser, c.Programme = event.Props.Get("ORGANIZER").Value, event.Props.Get("ORGANIZER").Params.Get("CN")
	if conference := event.Props.Get("CONFERENCE"); conference != nil {
		c.Conference = conference.Value
		if kind := conference.Params.Get("VALUE"); kind != "URI" {
			t.Errorf("the conference is a %q", kind)
		}
	}
	for _, attendee := range event.Props.Values("ATTENDEE") {
		c.Attendees = append(c.Attendees, attendee.Value)
	}
	for _, name := range []string{"UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "STATUS", "SUMMARY", "ORGANIZER", "URL", "LAST-MODIFIED"} {
		if n := len(event.Props.Values(name)); n != 1 {
			t.Errorf("%s stands there %d times", name, n)
		}
	}
	if len(event.Children) > 0 {
		t.Errorf("the event holds %v", event.Children)
	}
}

// compare holds what the first reader understood against the second.
func (c *Calendar) compare(t testing.TB, event *arran.VEvent) {
	t.Helper()
	for name, want := range map[arran.ComponentProperty]string{
		arran.ComponentPropertyUniqueId: c.UID, arran.ComponentPropertySummary: c.Summary, arran.ComponentPropertyLocation: c.Location,
		arran.ComponentPropertyDescription: c.Description, arran.ComponentPropertySequence: c.Sequence, arran.ComponentPropertyStatus: c.Status,
		arran.ComponentPropertyUrl: c.URL, arran.ComponentPropertyOrganizer: c.Organiser, "CONFERENCE": c.Conference,
	} {
		if got := event.GetProperty(name); got == nil && want != "" || got != nil && got.Value != want {
			t.Errorf("%s: one reads %q, the other %v", name, want, got)
		}
	}
	start, err := event.GetStartAt()
	end, err2 := event.GetEndAt()
	if err != nil || err2 != nil || !start.Equal(c.Starts) || !end.Equal(c.Ends) {
		t.Errorf("one reads %v to %v, the other %v to %v (%v, %v)", c.Starts, c.Ends, start, end, err, err2)
	}
	if n := len(event.Attendees()); n != len(c.Attendees) {
		t.Errorf("one reads %d attendees, the other %d", len(c.Attendees), n)
	}
}
