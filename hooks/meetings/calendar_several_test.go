package meetings_test

import (
	"strings"
	"testing"

	"simpul/hooks/clock"
	"simpul/hooks/meetings"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestA16SeveralMeetingsInOneObject(t *testing.T) {
	w := newWorld(t)
	all := []meetings.CalendarEntry{}
	for i, zone := range []string{clock.Western, clock.Eastern, clock.Western} {
		about := told
		about.Sequence = i
		all = append(all, meetings.CalendarEntry{Meeting: meetings.Wrap(w.plan("title", "Rapat "+zone, "time_zone", zone)), Event: about})
	}
	raw := meetings.Published(all...)
	read := testkit.ReadCalendars(t, raw)
	if len(read) != 3 || strings.Count(raw, "BEGIN:VTIMEZONE") != 2 {
		t.Fatalf("%d meetings in %d zones:\n%s", len(read), strings.Count(raw, "BEGIN:VTIMEZONE"), raw)
	}
	for i, got := range read {
		by := testkit.ReadCalendar(t, all[i].Meeting.Calendar(all[i].Event))
		if got.UID != by.UID || got.Sequence != by.Sequence || got.Zone != by.Zone || !got.Starts.Equal(by.Starts) || got.Organiser != by.Organiser {
			t.Errorf("together it reads %+v, by itself %+v", got, by)
		}
		if got.Method != "PUBLISH" || len(got.Attendees) != 0 || len(by.Attendees) != 1 {
			t.Errorf("%s names %v", got.Method, got.Attendees)
		}
	}
	if all[0].Event.Attendee == "" {
		t.Error("what was handed in is changed")
	}
}

func TestA16NoMeetingIsNoObject(t *testing.T) {
	check.Equal(t, "Published", meetings.Published(), "")
}
