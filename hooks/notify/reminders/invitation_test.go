package reminders_test

import (
	"strings"
	"testing"
	"time"

	"simpul/hooks/testkit"
)

func TestA16AnInvitationBringsTheMeetingToTheCalendarOfItsReaderOnly(t *testing.T) {
	p := newPost(t)
	m, _ := coordination(p)
	p.Make("attendances", "meeting", m.Id, "contact", p.contact("partner@example.org").Id, "state", "invited")
	left := p.tick("2026-11-23 09:00")
	if len(left) != 2 {
		t.Fatalf("letters left to %v", to(left))
	}
	for _, l := range left {
		got := l.Calendar(t)
		if got.Method != "REQUEST" || got.UID != m.GetString("uid") || got.Sequence != "0" || got.Status != "CONFIRMED" {
			t.Errorf("%s reads %+v", l.To, got)
		}
		if len(got.Attendees) != 1 || got.Attendees[0] != "mailto:"+l.To {
			t.Errorf("%s reads who else comes: %v", l.To, got.Attendees)
		}
		if got.Organiser != "mailto:hub@hub.example.org" || got.Programme != "KOPI REHAT" || !strings.HasSuffix(got.URL, "/meetings/"+m.Id) {
			t.Errorf("%s is invited by %s (%s) to %s", l.To, got.Organiser, got.Programme, got.URL)
		}
		if !got.Stamp.Equal(dateOf(t, l)) {
			t.Errorf("the object is of %v, the letter of %v", got.Stamp, dateOf(t, l))
		}
		other := map[string]string{"partner@example.org": "other-partner@", "other-partner@example.org": ":partner@"}[l.To]
		if strings.Contains(l.Exact("text/calendar"), other) {
			t.Errorf("%s reads the address of somebody else:\n%s", l.To, l.Exact("text/calendar"))
		}
	}
}

func dateOf(t *testing.T, l testkit.Post) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC1123Z, l.Header("Date"))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestA16AnotherPlaceOrEndIsToldAtTheSameHour(t *testing.T) {
	for name, change := range map[string][]any{
		"place": {"place", "Balai desa"}, "end": {"ends_at", "2026-12-08 06:00:00.000Z"}, "way": {"mode", "hybrid", "link", "https://example.org/r"},
	} {
		p := newPost(t)
		m, _ := coordination(p)
		p.tick("2026-11-23 09:00")
		p.change(m, change...)
		got := p.only(p.tick("2026-11-23 09:05"))
		if got.Header("Subject") != "Ada perubahan: Rapat koordinasi, Sel, 8 Des 2026, 09.00 WIB" {
			t.Errorf("another %s: %s", name, got.Header("Subject"))
		}
		if c := got.Calendar(t); c.Sequence != "1" || c.UID != m.GetString("uid") || c.Method != "REQUEST" {
			t.Errorf("another %s: %+v", name, c)
		}
		// There and back before anybody was told is no news.
		was := p.Fresh(m).GetString("place")
		p.change(m, "place", "Lain")
		p.change(m, "place", was)
		if left := p.tick("2026-11-23 09:06"); len(left) != 0 {
			t.Errorf("another %s: letters about nothing new: %s", name, left[0].Header("Subject"))
		}
	}
}

func TestA16ATypoInTheTitleIsNoNewsToCalendars(t *testing.T) {
	p := newPost(t)
	m, _ := coordination(p)
	p.tick("2026-11-23 09:00")
	p.change(m, "title", "Rapat koordinasi besar", "agenda", "1. Lain")
	if left := p.tick("2026-11-23 09:05"); len(left) != 0 || p.Fresh(m).GetInt("sequence") != 0 {
		t.Errorf("%d letters, sequence %d", len(left), p.Fresh(m).GetInt("sequence"))
	}
	// The next change that matters brings the new title along.
	p.change(m, "starts_at", "2026-12-09 02:00:00.000Z")
	if c := p.only(p.tick("2026-11-23 09:10")).Calendar(t); c.Summary != "Rapat koordinasi besar" || c.Sequence != "1" {
		t.Errorf("it reads %+v", c)
	}
}

func TestA16OtherMessagesAndTestMessagesBringNothingForTheCalendar(t *testing.T) {
	p := newPost(t)
	coordination(p)
	p.tick("2026-11-23 09:00")
	for _, l := range p.tick("2026-12-07 08:00") {
		if strings.Contains(string(l.Raw), "text/calendar") {
			t.Errorf("%s brings an object", l.Header("Subject"))
		}
	}
}
