package reminders_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

const otherPartner = "other-partner@example.org"

// invited is a meeting to which the forum's focal point was invited by a message that left.
func invited(t *testing.T, more ...any) (p *post, m, a *core.Record) {
	t.Helper()
	p = newPost(t)
	m, a = coordination(p, more...)
	if got := p.only(p.tick("2026-11-23 09:00")).Calendar(t); got.Method != "REQUEST" || got.Sequence != "0" {
		t.Fatalf("the invitation reads %+v", got)
	}
	return p, m, a
}

// rewrite changes rows as nothing in the hub would.
func (p *post) rewrite(query string) {
	p.Helper()
	if _, err := p.App.NonconcurrentDB().NewQuery(query).Execute(); err != nil {
		p.Fatal(err)
	}
}

func TestA16WhoseInvitationDoesNotHoldAnyMoreIsTold(t *testing.T) {
	const when = ": Rapat koordinasi, Sel, 8 Des 2026, 09.00 WIB"
	for name, of := range map[string]struct {
		change func(p *post, m, a *core.Record)
		says   string
	}{
		"cancelled":           {func(p *post, m, _ *core.Record) { p.change(m, "status", "cancelled") }, "Dibatalkan"},
		"postponed":           {func(p *post, m, _ *core.Record) { p.change(m, "status", "postponed") }, "Ditunda"},
		"a draft again":       {func(p *post, m, _ *core.Record) { p.change(m, "status", "draft") }, "Ditunda"},
		"the meeting is gone": {func(p *post, m, _ *core.Record) { p.remove(m) }, "Dibatalkan"},
		"off the list":        {func(p *post, _, a *core.Record) { p.remove(a) }, "Undangan ditarik"},
		"cannot come":         {func(p *post, _, a *core.Record) { p.change(a, "state", "excused") }, "Undangan ditarik"},
		"moved and cancelled": {func(p *post, m, _ *core.Record) {
			p.change(m, "status", "cancelled", "starts_at", "2026-12-10 02:00:00.000Z")
		}, "Dibatalkan"},
		"somebody else is asked": {func(p *post, _, a *core.Record) {
			p.change(a, "stakeholder", p.Only("stakeholders", "organisation", p.Puskesmas.Id).Id)
		}, "Undangan ditarik"},
		"the programme is gone": {func(p *post, m, _ *core.Record) { p.remove(p.Kopi) }, "Dibatalkan"},
	} {
		t.Run(name, func(t *testing.T) {
			p, m, a := invited(t)
			of.change(p, m, a)
			got := find(p, p.tick("2026-11-23 09:05"), otherPartner)
			if got.Header("Subject") != of.says+when {
				t.Errorf("it is called %s", got.Header("Subject"))
			}
			c := got.Calendar(t)
			if c.Method != "CANCEL" || c.Status != "CANCELLED" || c.UID != m.GetString("uid") || c.Sequence != "1" {
				t.Errorf("the calendar reads %+v", c)
			}
			if len(c.Attendees) != 1 || c.Attendees[0] != "mailto:"+otherPartner {
				t.Errorf("it goes to %v", c.Attendees)
			}
			if text := got.Part("text/plain"); !strings.Contains(text, "Rapat koordinasi") || strings.Contains(text, "⟦") || strings.Contains(text, "{{") {
				t.Errorf("it reads %s", text)
			}
			for _, l := range p.tick("2026-11-23 09:10") {
				if l.To == otherPartner {
					t.Errorf("told again: %s", l.Header("Subject"))
				}
			}
		})
	}
}

func TestA16WhoWasNeverInvitedIsNotToldThatItIsCalledOff(t *testing.T) {
	for name, keep := range map[string]string{
		"still planned": "UPDATE deliveries SET due_at = '2026-11-23 03:00:00.000Z' WHERE kind = 'meeting_invite'",
		"in retry":      "UPDATE deliveries SET state = 'retry', next_attempt_at = '2026-11-23 03:00:00.000Z', attempts = 1 WHERE kind = 'meeting_invite'",
		"held":          "UPDATE deliveries SET state = 'held', reason = 'mail_held' WHERE kind = 'meeting_invite'",
		"refused":       "UPDATE deliveries SET state = 'failed', reason = 'refused' WHERE kind = 'meeting_invite'",
		"skipped":       "UPDATE deliveries SET state = 'skipped', reason = 'muted' WHERE kind = 'meeting_invite'",
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			m, a := coordination(p)
			p.rewrite(keep)
			p.change(m, "status", "cancelled")
			p.remove(a)
			for _, at := range []string{"2026-11-23 09:01", "2026-11-23 11:00"} {
				if left := p.tick(at); len(left) != 0 {
					t.Errorf("%s left to %v", left[0].Header("Subject"), to(left))
				}
			}
		})
	}
}

func TestA16WhatWasCalledOffAndIsCalledAnewIsSentUnderAHigherSequence(t *testing.T) {
	for name, of := range map[string]struct {
		off, on func(p *post, m, a *core.Record)
		says    string
		once    bool
	}{
		"postponed, then on another day": {func(p *post, m, _ *core.Record) { p.change(m, "status", "postponed") },
			func(p *post, m, _ *core.Record) {
				p.change(m, "status", "scheduled", "starts_at", "2026-12-15 02:00:00.000Z")
			}, "Undangan: Rapat koordinasi, Sel, 15 Des 2026, 09.00 WIB", true},
		"cancelled by mistake": {func(p *post, m, _ *core.Record) { p.change(m, "status", "cancelled") },
			func(p *post, m, _ *core.Record) { p.change(m, "status", "scheduled") }, "Undangan: Rapat koordinasi, Sel, 8 Des 2026, 09.00 WIB", false},
		"can come after all": {func(p *post, _, a *core.Record) { p.change(a, "state", "excused") },
			func(p *post, _, a *core.Record) { p.change(a, "state", "invited") }, "Undangan: Rapat koordinasi, Sel, 8 Des 2026, 09.00 WIB", false},
		"written on the list anew": {func(p *post, _, a *core.Record) { p.remove(a) }, func(p *post, m, _ *core.Record) {
			p.Make("attendances", "meeting", m.Id, "stakeholder", p.Only("stakeholders", "organisation", p.Forum.Id).Id, "state", "invited")
		}, "Undangan: Rapat koordinasi, Sel, 8 Des 2026, 09.00 WIB", true},
	} {
		t.Run(name, func(t *testing.T) {
			p, m, a := invited(t)
			last := 0
			for _, at := range []string{"2026-11-23 10:0", "2026-11-23 11:0"} {
				of.off(p, m, a)
				off := p.only(p.tick(at + "0")).Calendar(t)
				of.on(p, m, a)
				on := p.only(p.tick(at + "5"))
				c := on.Calendar(t)
				if off.Method != "CANCEL" || c.Method != "REQUEST" || c.UID != off.UID || !(last < number(t, off.Sequence) && number(t, off.Sequence) < number(t, c.Sequence)) {
					t.Errorf("after %d: %s %s, then %s %s", last, off.Method, off.Sequence, c.Method, c.Sequence)
				}
				if on.Header("Subject") != of.says {
					t.Errorf("it is called %s", on.Header("Subject"))
				}
				last = number(t, c.Sequence)
				if of.once {
					break
				}
			}
		})
	}
}

func TestA16CallingOffAndOnBeforeAnybodyWasToldIsNoNews(t *testing.T) {
	for name, fields := range map[string][2][]any{
		"the meeting": {{"status", "cancelled"}, {"status", "scheduled"}},
		"the guest":   {{"state", "excused"}, {"state", "confirmed"}},
	} {
		p, m, a := invited(t)
		r := map[string]*core.Record{"the meeting": m, "the guest": a}[name]
		p.change(r, fields[0]...)
		p.change(r, fields[1]...)
		if left := p.tick("2026-11-23 09:05"); len(left) != 0 {
			t.Errorf("%s: %s left", name, left[0].Header("Subject"))
		}
		// Called off once more, it is told after all.
		p.change(r, fields[0]...)
		if c := p.only(p.tick("2026-11-23 09:10")).Calendar(t); c.Method != "CANCEL" {
			t.Errorf("%s: %+v", name, c)
		}
	}
}

func TestA16ACancellationNeverComesAfterTheInvitationThatFollowsIt(t *testing.T) {
	p, m, _ := invited(t)
	p.change(m, "status", "postponed")
	// The mail server refuses it for now; meanwhile the meeting is called again.
	p.rewrite("UPDATE deliveries SET state = 'retry', attempts = 1, next_attempt_at = '2026-11-23 02:20:00.000Z' WHERE kind = 'meeting_cancelled'")
	p.change(m, "status", "scheduled", "starts_at", "2026-12-15 02:00:00.000Z")
	got := p.only(p.tick("2026-11-23 09:10"))
	if c := got.Calendar(t); c.Method != "REQUEST" || c.Sequence != "2" || !strings.HasPrefix(got.Header("Subject"), "Jadwal berubah") {
		t.Errorf("%s: %+v", got.Header("Subject"), c)
	}
	if left := p.tick("2026-11-23 09:30"); len(left) != 0 {
		t.Errorf("afterwards %s left", left[0].Header("Subject"))
	}
}

func TestA16ACancellationThatMayHaveArrivedIsNotRepeatedOnceTheMeetingStandsAgain(t *testing.T) {
	p, m, _ := invited(t)
	p.change(m, "status", "cancelled")
	p.only(p.tick("2026-11-23 09:05"))
	p.rewrite("UPDATE deliveries SET state = 'uncertain', sent_at = '', next_attempt_at = '2026-11-23 02:15:00.000Z' WHERE kind = 'meeting_cancelled'")
	p.change(m, "status", "scheduled")
	if c := p.only(p.tick("2026-11-23 09:10")).Calendar(t); c.Method != "REQUEST" || c.Sequence != "4" {
		t.Errorf("it reads %+v", c)
	}
	if left := p.tick("2026-11-23 09:20"); len(left) != 0 {
		t.Errorf("afterwards %s left", left[0].Header("Subject"))
	}
}

func TestA16AnInvitationOnItsWayIsFollowedByItsCancellationIfItArrived(t *testing.T) {
	for outcome, messages := range map[string]int{"sent": 1, "uncertain": 1, "failed": 0} {
		p, m, _ := invited(t)
		p.rewrite("UPDATE deliveries SET state = 'sending' WHERE kind = 'meeting_invite'")
		p.change(m, "status", "cancelled")
		p.rewrite("UPDATE deliveries SET state = '" + outcome + "' WHERE kind = 'meeting_invite'")
		if left := p.tick("2026-11-23 09:05"); len(left) != messages {
			t.Errorf("an invitation that is %s in the end is followed by %d letters", outcome, len(left))
		}
	}
}

func TestA16WhoIsInvitedTwiceStaysInvitedOnce(t *testing.T) {
	p, m, a := invited(t)
	other := p.Make("attendances", "meeting", m.Id, "contact", p.contact(otherPartner).Id, "state", "invited")
	p.tick("2026-11-23 09:05")
	p.remove(a)
	if left := p.tick("2026-11-23 09:10"); len(left) != 0 {
		t.Errorf("%s left although the person still stands on the list", left[0].Header("Subject"))
	}
	p.remove(other)
	if c := p.only(p.tick("2026-11-23 09:15")).Calendar(t); c.Method != "CANCEL" {
		t.Errorf("%+v", c)
	}
}

func number(t *testing.T, text string) (n int) {
	t.Helper()
	for _, r := range text {
		n = 10*n + int(r-'0')
	}
	return n
}
