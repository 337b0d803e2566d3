package meetings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/meetings"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// told is what a message about a meeting tells a calendar.
var told = meetings.Event{Method: meetings.CalendarRequest, Organiser: "KOPI REHAT", Sender: "hub@hub.example.org",
	Attendee: "mitra@example.org", Origin: "https://hub.example.org", Language: "id", Stamp: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}

func event(r *core.Record, method string) string {
	about := told
	about.Method = method
	return meetings.Wrap(r).Calendar(about)
}

func TestA16AMeetingAsACalendarReadsIt(t *testing.T) {
	w := newWorld(t)
	r := w.plan("title", "Rapat koordinasi", "starts_at", "2026-12-08 02:00:00.000Z", "ends_at", "2026-12-08 04:30:00.000Z", "agenda", "1. Rahasia")
	got := testkit.ReadCalendar(t, event(r, meetings.CalendarRequest))
	want := testkit.Calendar{Method: "REQUEST", UID: r.GetString("uid"), Sequence: "0", Status: "CONFIRMED", Summary: "Rapat koordinasi", Location: "Aula",
		Description: "Keterangan terbaru: https://hub.example.org/meetings/" + r.Id, URL: "https://hub.example.org/meetings/" + r.Id,
		Organiser: "mailto:hub@hub.example.org", Programme: "KOPI REHAT", Zone: clock.Western, Attendees: []string{"mailto:mitra@example.org"}}
	starts, ends := got.Starts, got.Ends
	got.Starts, got.Ends, got.Stamp = time.Time{}, time.Time{}, time.Time{}
	check.Same(t, "(-want +got):\n", got, want)
	if starts.UTC().Format(time.DateTime) != "2026-12-08 02:00:00" || ends.Sub(starts) != 150*time.Minute {
		t.Errorf("it is from %v to %v", starts, ends)
	}
	check.Lacks(t, "the agenda", event(r, meetings.CalendarRequest), "Rahasia")
}

func TestA16EachZoneIsDescribedForCalendarsThatDoNotKnowIt(t *testing.T) {
	w := newWorld(t)
	for zone, says := range map[string][2]string{
		clock.Western: {"+0700", "WIB"}, clock.Central: {"+0800", "WITA"}, clock.Eastern: {"+0900", "WIT"},
	} {
		raw := event(w.plan("time_zone", zone), meetings.CalendarRequest)
		got := testkit.ReadCalendar(t, raw)
		if got.Zone != zone || got.Starts.UTC().Format(time.DateTime) != "2026-12-01 02:00:00" {
			t.Errorf("in %s it starts %v in %s", zone, got.Starts, got.Zone)
		}
		for _, line := range []string{"TZID:" + zone, "TZOFFSETFROM:" + says[0], "TZOFFSETTO:" + says[0], "TZNAME:" + says[1]} {
			if !strings.Contains(raw, line+"\r\n") {
				t.Errorf("in %s there is no line %s:\n%s", zone, line, raw)
			}
		}
	}
}

func TestA16AMeetingWithoutAnEndTakesTwoHours(t *testing.T) {
	got := testkit.ReadCalendar(t, event(newWorld(t).plan(), meetings.CalendarPublish))
	check.Equal(t, "Sub", got.Ends.Sub(got.Starts), 2*time.Hour)
}

func TestA16TheStatusOfAMeetingInCalendars(t *testing.T) {
	w := newWorld(t)
	for status, want := range map[string]string{"draft": "TENTATIVE", "scheduled": "CONFIRMED", "held": "CONFIRMED", "postponed": "CANCELLED", "cancelled": "CANCELLED"} {
		r := w.plan("status", status)
		if got := testkit.ReadCalendar(t, event(r, meetings.CalendarPublish)); got.Status != want || got.Method != "PUBLISH" {
			t.Errorf("%s reads %s %s", status, got.Method, got.Status)
		}
		if got := testkit.ReadCalendar(t, event(r, meetings.CalendarCancel)); got.Status != "CANCELLED" || got.Method != "CANCEL" {
			t.Errorf("called off, %s reads %s %s", status, got.Method, got.Status)
		}
	}
}

// hostile is what somebody types to smuggle a property in, with what calendars are to show.
var hostile = map[string]string{
	"Rapat\r\nATTENDEE:mailto:lain@example.org":      "Rapat ATTENDEE:mailto:lain@example.org",
	"Rapat\nBEGIN:VALARM\rEND:VALARM":                "Rapat BEGIN:VALARM END:VALARM",
	`Aula; lantai 2, kiri\nkanan: "A" \; \\`:         `Aula; lantai 2, kiri\nkanan: "A" \; \\`,
	"Rapat\x00\x1b[31m\u0085 merah":                  "Rapat [31m merah",
	"END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR": "END:VEVENT END:VCALENDAR BEGIN:VCALENDAR",
}

func TestA16NothingPeopleTypeBecomesAProperty(t *testing.T) {
	w := newWorld(t)
	for evil, shown := range hostile {
		r := w.plan()
		r.Set("title", evil)
		r.Set("place", evil)
		about := told
		about.Organiser, about.Attendee = evil, "mitra@example.org\r\nATTENDEE:mailto:lain@example.org"
		got := testkit.ReadCalendar(t, meetings.Wrap(r).Calendar(about))
		if got.Summary != shown || got.Location != shown || len(got.Attendees) != 1 || got.Status != "CONFIRMED" {
			t.Errorf("%q reads %+v", evil, got)
		}
		if got.Organiser != "mailto:hub@hub.example.org" || strings.ContainsAny(got.Programme, `"\;:,`) {
			t.Errorf("%q comes from %s, %q", evil, got.Organiser, got.Programme)
		}
	}
}

func TestA16LongTextsAreFoldedBetweenCharacters(t *testing.T) {
	w := newWorld(t)
	for name, long := range map[string]string{
		"Indonesian": strings.Repeat("Rapat koordinasi penjangkauan keluarga; tindak lanjut, evaluasi ", 4),
		"one word":   strings.Repeat("a", 290),
		"accents":    strings.Repeat("é", 140),
		"pictures":   strings.Repeat("🌏", 70),
		"Javanese":   strings.Repeat("ꦫꦥꦠ꧀ ", 12) + strings.Repeat("ꦏꦺꦴ", 20),
		"sharp ends": strings.Repeat("<a> ", 60),
	} {
		r := w.plan()
		r.Set("title", long)
		r.Set("place", long)
		got := testkit.ReadCalendar(t, event(r, meetings.CalendarRequest))
		if want := strings.Join(strings.Fields(long), " "); got.Summary != want || got.Location != want {
			t.Errorf("%s reads %q and %q", name, got.Summary, got.Location)
		}
	}
}

func TestA16TheIdentityOfAMeetingIsTheHubsOwnAndForEver(t *testing.T) {
	w := newWorld(t)
	settings, err := w.App.Settings().Clone()
	w.Must(err)
	settings.Meta.AppURL = "https://hub.example.org"
	w.Must(w.App.Save(settings))
	r := w.plan()
	uid := r.GetString("uid")
	if name, domain, _ := strings.Cut(uid, "@"); len(name) < 26 || domain != "hub.example.org" {
		t.Errorf("the identity is %s", uid)
	}
	settings.Meta.AppURL = "https://lain.example.org"
	w.Must(w.App.Save(settings))
	r.Set("starts_at", "2026-12-24 02:00:00.000Z")
	w.Must(w.App.Save(r))
	check.Equal(t, "moved", testkit.ReadCalendar(t, event(w.Fresh(r), meetings.CalendarRequest)).UID, uid)
}
