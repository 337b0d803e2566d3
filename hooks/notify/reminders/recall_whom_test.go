package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestA16WhomACancellationReaches(t *testing.T) {
	for name, of := range map[string]struct {
		before func(p *post)
		reason string // empty when the message leaves
	}{
		"who mutes other kinds": {func(p *post) { p.change(p.OtherPartner, "muted_kinds", []string{"meeting_soon", "meeting_invite"}) }, ""},
		"who pauses letters":    {func(p *post) { p.change(p.OtherPartner, "paused_until_on", "2026-12-31") }, ""},
		"who reads weekly":      {func(p *post) { p.change(p.OtherPartner, "mail_frequency", "weekly") }, ""},
		"who left the office":   {func(p *post) { p.change(p.contact(otherPartner), "until_on", "2026-11-22") }, ""},
		"who refused this kind": {func(p *post) { p.change(p.OtherPartner, "muted_kinds", []string{"meeting_cancelled"}) }, "muted"},
		"whose account is shut": {func(p *post) { p.change(p.OtherPartner, "disabled", true) }, "disabled"},
		"whose address is dead": {func(p *post) {
			p.Make("suppressions", "email", otherPartner, "reason", "bounced", "kind", "")
		}, "bounced"},
		"who stopped this kind": {func(p *post) {
			p.Make("suppressions", "email", otherPartner, "reason", "unsubscribed", "kind", "meeting_cancelled")
		}, "unsubscribed"},
		"who stopped invitations only": {func(p *post) {
			p.Make("suppressions", "email", otherPartner, "reason", "unsubscribed", "kind", "meeting_invite")
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, m, _ := invited(t)
			of.before(p)
			p.change(m, "status", "cancelled")
			left := p.tick("2026-11-23 09:05")
			if of.reason == "" {
				if c := p.only(left).Calendar(t); c.Method != "CANCEL" {
					t.Errorf("%+v", c)
				}
				return
			}
			row := p.Only("deliveries", "kind", "meeting_cancelled")
			if len(left) != 0 || row.GetString("reason") != of.reason {
				t.Errorf("%d letters left, the row is %s (%s)", len(left), row.GetString("state"), row.GetString("reason"))
			}
		})
	}
}

func TestA16NobodyErasedIsWrittenTo(t *testing.T) {
	p, m, _ := invited(t)
	p.remove(p.contact(otherPartner))
	p.change(m, "status", "cancelled")
	if left := p.tick("2026-11-23 09:05"); len(left) != 0 {
		t.Errorf("%s left to %v", left[0].Header("Subject"), to(left))
	}
}

func TestA16ACancellationDoesNotWaitForTheMorning(t *testing.T) {
	p, m, _ := invited(t, "starts_at", "2026-11-24 00:30:00.000Z")
	p.stand("2026-11-23 21:00")
	p.change(m, "status", "cancelled")
	if c := find(p, p.tick("2026-11-23 21:01"), otherPartner).Calendar(t); c.Method != "CANCEL" {
		t.Errorf("%+v", c)
	}
}

func TestA16WhatHasBegunIsNotCalledOffByMessage(t *testing.T) {
	p, m, a := invited(t)
	p.stand("2026-12-08 09:01")
	p.change(m, "status", "cancelled")
	p.remove(a)
	if rows, err := p.App.CountRecords("deliveries", nil); err != nil || rows == 0 {
		t.Fatal(rows, err)
	}
	for _, l := range p.tick("2026-12-08 09:02") {
		if strings.Contains(string(l.Raw), "METHOD:CANCEL") {
			t.Errorf("%s left", l.Header("Subject"))
		}
	}
	// Nor is one that was held.
	p, m, a = invited(t)
	p.change(m, "status", "held")
	p.change(a, "state", "present_in_person")
	if left := p.tick("2026-11-23 09:05"); len(left) != 0 {
		t.Errorf("%s left", left[0].Header("Subject"))
	}
}

func TestA16WhatLeavesLateSaysWhatWasTrueWhenItWasWritten(t *testing.T) {
	p, m, _ := invited(t)
	p.change(p.OtherPartner, "language", "en")
	p.rewrite("UPDATE deliveries SET language = 'en'")
	p.change(m, "status", "cancelled")
	p.change(m, "title", "Nama lain", "starts_at", "2026-12-20 02:00:00.000Z")
	p.remove(m)
	got := p.only(p.tick("2026-11-23 09:05"))
	if text := got.Part("text/plain"); got.Header("Subject") != "Cancelled: Rapat koordinasi, Tue, 8 Dec 2026, 09:00 WIB" ||
		!strings.Contains(text, "Programme: KOPI REHAT") || strings.Contains(text, "See the meeting") {
		t.Errorf("%s reads %s", got.Header("Subject"), text)
	}
	if c := got.Calendar(t); c.Summary != "Rapat koordinasi" || c.Starts.UTC().Format("2006-01-02") != "2026-12-08" {
		t.Errorf("the calendar reads %+v", c)
	}
}

func TestA16TheMessageLeadsToThePageWhileThereIsOne(t *testing.T) {
	p, m, _ := invited(t)
	p.change(m, "status", "postponed")
	got := p.only(p.tick("2026-11-23 09:05")).Part("text/plain")
	for _, part := range []string{"Lihat rapat:\nhttps://hub.example.org/meetings/" + m.Id, "Undangan baru menyusul", "/unsubscribe/"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is not in %s", part, got)
		}
	}
}

func TestA16APageExplainsInvitationsAndWhatTookThemBack(t *testing.T) {
	p := readable(t)
	m, a := coordination(p)
	p.tick("2026-11-23 09:00")
	p.change(a, "state", "excused")
	const forum = "Forum PSM Semarang"
	read := func(reader *core.Record) string {
		for who, messages := range why(p, reader, m) {
			if strings.Contains(who, forum) {
				return messages
			}
		}
		return ""
	}
	if got := read(p.Initiator); !strings.Contains(got, "Undangan rapat") || !strings.Contains(got, "Rapat dibatalkan atau ditunda") || !strings.Contains(got, "Direncanakan") {
		t.Errorf("before it leaves the page reads %q", got)
	}
	p.change(p.OtherPartner, "muted_kinds", []string{"meeting_cancelled"})
	if got := read(p.OtherPartner); !strings.Contains(got, "Penerima mematikan email jenis ini") {
		t.Errorf("who refused the kind reads %q", got)
	}
	p.change(p.OtherPartner, "muted_kinds", []string{})
	p.tick("2026-11-23 09:05")
	if got := read(p.OtherPartner); strings.Count(got, "Terkirim") != 2 {
		t.Errorf("the guest reads %q", got)
	}
	p.As(p.Outsider).Get("/meetings/" + m.Id + "/reminders").Want(http.StatusNotFound)
}

func TestA16APageExplainsTheMessagesToAGuestWhoIsOffTheList(t *testing.T) {
	p := readable(t)
	m, a := coordination(p)
	other, _ := coordination(p, "title", "Rapat lain")
	p.tick("2026-11-23 09:00")
	p.remove(a)
	read := func(reader, about *core.Record) string {
		all := ""
		for who, messages := range why(p, reader, about) {
			if strings.Contains(who, "Forum PSM Semarang") {
				all += messages
			}
		}
		return all
	}
	if got := read(p.Initiator, m); !strings.Contains(got, "Rapat dibatalkan atau ditunda") || !strings.Contains(got, "Direncanakan") {
		t.Errorf("before it leaves the page reads %q", got)
	}
	p.tick("2026-11-23 09:05")
	for name, reader := range map[string]*core.Record{"the team": p.Initiator, "the guest": p.OtherPartner} {
		if got := read(reader, m); strings.Count(got, "Rapat dibatalkan atau ditunda") != 1 || strings.Count(got, "Undangan rapat") != 1 || strings.Count(got, "Terkirim") != 2 {
			t.Errorf("%s reads %q", name, got)
		}
	}
	if got := read(p.Initiator, other); strings.Contains(got, "dibatalkan") || strings.Count(got, "Undangan rapat") != 1 {
		t.Errorf("about another meeting the team reads %q", got)
	}
	if got := read(p.Partner, m); got != "" {
		t.Errorf("another partner reads %q", got)
	}
}

func TestA16ARefusedCancellationIsOfferedAgainInTheAccount(t *testing.T) {
	p := readable(t)
	box := `input[name="muted_kinds"][value="meeting_cancelled"]`
	if n := p.As(p.OtherPartner).Get("/me").Doc().Find(box).Length(); n != 0 {
		t.Error("a kind that no rule sends is offered")
	}
	p.change(p.OtherPartner, "muted_kinds", []string{"meeting_cancelled"})
	if n := p.As(p.OtherPartner).Get("/me").Doc().Find(box + "[checked]").Length(); n != 1 {
		t.Error("who refused it cannot take it back")
	}
}

func TestA16AnInvitationThatIsInACalendarIsPutRightWhateverElseLeaves(t *testing.T) {
	p, m, _ := invited(t)
	// Four more moves on one day: other messages would be told together by now.
	for _, day := range []string{"09", "10", "11", "12"} {
		p.change(m, "starts_at", "2026-12-"+day+" 02:00:00.000Z")
		if c := p.only(p.tick("2026-11-23 " + day + ":30")).Calendar(t); c.Starts.UTC().Format("02") != day {
			t.Errorf("moved to %s, the calendar reads %+v", day, c)
		}
	}
	p.change(p.OtherPartner, "mail_frequency", "daily")
	p.change(m, "starts_at", "2026-12-14 02:00:00.000Z")
	if c := p.only(p.tick("2026-11-23 14:00")).Calendar(t); c.Sequence != "5" {
		t.Errorf("read daily, the calendar reads %+v", c)
	}
}
