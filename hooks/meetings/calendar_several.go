package meetings

import (
	ical "github.com/arran4/golang-ical"

	"simpul/hooks/clock"
)

// Told is a meeting with what a calendar is told of it.
type Told struct {
	Meeting *Meeting
	Event   Event
}

// Published writes several meetings as one iCalendar object for whoever takes it in; empty for none. Such an object names
// nobody who is invited (RFC 5546), and may hold what invitations by themselves hold one by one.
func Published(all ...Told) string {
	if len(all) == 0 {
		return ""
	}
	open := make([]Told, len(all))
	for i, t := range all {
		t.Event.Method, t.Event.Attendee = CalendarPublish, ""
		open[i] = t
	}
	return object(CalendarPublish, open)
}

// object writes an iCalendar object: first each zone once, then the meetings.
func object(method string, all []Told) string {
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
