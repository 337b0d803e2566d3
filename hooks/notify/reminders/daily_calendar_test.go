package reminders_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// calledTwice is a forum that reads daily and is invited to two meetings in two zones; they are told in the afternoon.
func calledTwice(t *testing.T) (p *post, first, second *core.Record) {
	t.Helper()
	p = newPost(t)
	p.change(p.OtherPartner, "mail_frequency", "daily", "send_at", "16:00")
	first, _ = coordination(p)
	second, _ = coordination(p, "title", "Rapat daerah", "starts_at", "2026-12-09 05:00:00.000Z", "time_zone", "Asia/Makassar")
	if left := p.tick("2026-11-23 09:00"); len(left) != 0 {
		t.Fatalf("%d letters do not wait for the daily one", len(left))
	}
	return p, first, second
}

// eventOf finds what a message brings of a meeting; false when it brings nothing of it.
func eventOf(t *testing.T, l testkit.Post, m *core.Record) (testkit.Calendar, bool) {
	t.Helper()
	for _, e := range l.Calendars(t) {
		if e.UID == m.GetString("uid") {
			return e, true
		}
	}
	return testkit.Calendar{}, false
}

func TestA16ADailyMessageBringsEveryInvitationThatItTells(t *testing.T) {
	p, first, second := calledTwice(t)
	l := p.only(p.tick("2026-11-23 16:00"))
	one, found := eventOf(t, l, first)
	two, too := eventOf(t, l, second)
	if n := len(l.Calendars(t)); n != 2 || !found || !too {
		t.Fatalf("the letter brings %d events", n)
	}
	for _, e := range []testkit.Calendar{one, two} {
		if e.Method != "PUBLISH" || e.Sequence != "0" || e.Status != "CONFIRMED" || len(e.Attendees) != 0 {
			t.Errorf("%s reads %+v", e.Summary, e)
		}
		if e.Organiser != "mailto:hub@hub.example.org" || e.Programme != "KOPI REHAT" || !e.Stamp.Equal(dateOf(t, l)) {
			t.Errorf("%s is of %s (%s), stamped %v", e.Summary, e.Organiser, e.Programme, e.Stamp)
		}
	}
	if one.Zone != "Asia/Jakarta" || two.Zone != "Asia/Makassar" || two.Starts.UTC().Format("2006-01-02 15:04") != "2026-12-09 05:00" {
		t.Errorf("the hours are %v in %s and %v in %s", one.Starts, one.Zone, two.Starts, two.Zone)
	}
	if !strings.Contains(string(l.Raw), "Content-Type: text/calendar; method=PUBLISH; charset=UTF-8") || strings.Contains(l.Exact("text/calendar"), "@example.org") {
		t.Errorf("the part reads\n%s", l.Exact("text/calendar"))
	}
	if row := p.Only("deliveries", "kind", "digest"); row.GetString("state") != "sent" || row.GetString("calendar") != "" {
		t.Errorf("once %s the row keeps %q", row.GetString("state"), row.GetString("calendar"))
	}
}

func TestA16WhatTheDailyMessagePutIntoACalendarIsPutRightByItself(t *testing.T) {
	for name, c := range map[string]struct {
		change                 func(p *post, m *core.Record)
		subject, method, state string
	}{
		"called off": {func(p *post, m *core.Record) { p.change(m, "status", "cancelled") }, "Dibatalkan", "CANCEL", "CANCELLED"},
		"gone":       {func(p *post, m *core.Record) { p.remove(m) }, "Dibatalkan", "CANCEL", "CANCELLED"},
		"moved":      {func(p *post, m *core.Record) { p.change(m, "starts_at", "2026-12-10 02:00:00.000Z") }, "Jadwal berubah", "REQUEST", "CONFIRMED"},
		"elsewhere":  {func(p *post, m *core.Record) { p.change(m, "place", "Balai desa") }, "Ada perubahan", "REQUEST", "CONFIRMED"},
	} {
		t.Run(name, func(t *testing.T) {
			p, first, _ := calledTwice(t)
			before, _ := eventOf(t, p.only(p.tick("2026-11-23 16:00")), first)
			c.change(p, first)
			// At once, although its reader wants one message a day.
			l := find(p, p.tick("2026-11-23 16:05"), otherPartner)
			after := l.Calendar(t)
			if !strings.HasPrefix(l.Header("Subject"), c.subject) || after.Method != c.method || after.Status != c.state {
				t.Errorf("%s reads %+v", l.Header("Subject"), after)
			}
			if after.UID != before.UID || number(t, after.Sequence) <= number(t, before.Sequence) {
				t.Errorf("it is %s under %s, was %s under %s", after.UID, after.Sequence, before.UID, before.Sequence)
			}
		})
	}
}

// Between the folding and the leaving of a daily message the meeting may change.
func TestA16ADailyMessageBringsWhatHoldsWhenItLeaves(t *testing.T) {
	away := func(p *post, m *core.Record) { p.change(m, "starts_at", "2026-12-10 02:00:00.000Z") }
	back := func(p *post, m *core.Record) { p.change(m, "starts_at", "2026-12-08 02:00:00.000Z") }
	for name, c := range map[string]struct {
		changes  []func(p *post, m *core.Record)
		sequence string // of the first meeting; empty when it is not told
		day      string
	}{
		"nothing changes": {nil, "0", "2026-12-08"},
		"moved":           {[]func(*post, *core.Record){away}, "1", "2026-12-10"},
		"away and back":   {[]func(*post, *core.Record){away, back}, "2", "2026-12-08"},
		"there and back, nobody told": {[]func(*post, *core.Record){func(p *post, m *core.Record) {
			away(p, m)
			back(p, m)
		}}, "2", "2026-12-08"},
		"called off": {[]func(*post, *core.Record){func(p *post, m *core.Record) { p.change(m, "status", "cancelled") }}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, first, second := calledTwice(t)
			for _, change := range c.changes {
				change(p, first)
				p.tick("2026-11-23 09:05")
			}
			l := p.only(p.tick("2026-11-23 16:00"))
			e, found := eventOf(t, l, first)
			if _, other := eventOf(t, l, second); !other || found != (c.sequence != "") {
				t.Fatalf("the letter brings %+v", l.Calendars(t))
			}
			if found && (e.Sequence != c.sequence || e.Starts.UTC().Format("2006-01-02") != c.day) {
				t.Errorf("it brings %s under %s", e.Starts, e.Sequence)
			}
		})
	}
}

func TestA16OneMeetingIsOneEventHoweverOftenSomebodyIsInvited(t *testing.T) {
	p, first, _ := calledTwice(t)
	p.Make("attendances", "meeting", first.Id, "contact", p.contact(otherPartner).Id, "state", "invited")
	p.tick("2026-11-23 09:05")
	if n := p.count("kind = 'meeting_invite' AND state = 'digested'"); n != 3 {
		t.Fatalf("%d invitations are told", n)
	}
	l := p.only(p.tick("2026-11-23 16:00"))
	if events := l.Calendars(t); len(events) != 2 || strings.Count(text(l), "- Rapat koordinasi\n  Undangan") != 1 {
		t.Errorf("%d events in\n%s", len(events), text(l))
	}
}

func TestA16ADailyMessageWithoutInvitationsBringsNothingForTheCalendar(t *testing.T) {
	p := newPost(t)
	folding(p, "meeting_soon")
	p.change(p.Partner, "mail_frequency", "daily")
	coordination(p)
	task(p.World, "2026-12-10")
	p.tick("2026-11-23 09:00")
	left := p.tick("2026-12-07 08:00")
	for _, email := range []string{"partner@example.org", otherPartner} {
		if l := find(p, left, email); strings.Contains(string(l.Raw), "text/calendar") {
			t.Errorf("%s gets an object with\n%s", email, text(l))
		}
	}
}

func TestA16AnUnclearDailyMessageIsSentOnceMoreByteForByte(t *testing.T) {
	p, first, _ := calledTwice(t)
	var kept error
	// As the row stands while nobody knows yet whether the message arrived.
	p.office.Heard = func(int) {
		_, kept = p.App.NonconcurrentDB().NewQuery("CREATE TABLE kept AS SELECT * FROM deliveries WHERE kind = 'digest'").Execute()
	}
	one := p.only(p.tick("2026-11-23 16:00"))
	p.office.Heard = nil
	if kept != nil {
		t.Fatal(kept)
	}
	p.rewrite(`UPDATE deliveries SET key = 'again', state = 'uncertain', sent_at = '', next_attempt_at = '2026-11-23 09:10:00.000Z',
		message = (SELECT message FROM kept) WHERE kind = 'digest'`)
	p.rewrite("UPDATE meetings SET title = 'Nama lain', sequence = 7 WHERE id = '" + first.Id + "'")
	two := p.only(p.tick("2026-11-23 16:15"))
	if string(one.Raw) != string(two.Raw) || len(two.Calendars(t)) != 2 {
		t.Errorf("the second copy is another one:\n%s", two.Raw)
	}
}

func TestA14ADailyMessageFullOfInvitationsStaysBelowSixtyThousandBytes(t *testing.T) {
	for name, title := range map[string]string{"usual": "Rapat koordinasi triwulan", "longest": strings.Repeat("é", 195)} {
		p := newPost(t)
		p.change(p.OtherPartner, "mail_frequency", "daily", "send_at", "16:00")
		for n := range 25 {
			coordination(p, "title", title+" "+string(rune('A'+n)), "place", strings.Repeat("Aula ", 20))
		}
		p.tick("2026-11-23 09:00")
		l := p.only(p.tick("2026-11-23 16:00"))
		events, rows := len(l.Calendars(t)), strings.Count(text(l), "Undangan")
		t.Logf("%s: %d bytes, %d rows", name, len(l.Raw), rows)
		if len(l.Raw) >= 60_000 || len(l.Exact("text/calendar")) >= 20_000 || events != rows || rows < 5 {
			t.Errorf("%s: %d bytes with %d events for %d rows", name, len(l.Raw), events, rows)
		}
	}
}
