package reminders_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// about picks the messages whose subject line holds a word.
func about(messages []testkit.Post, word string) (out []testkit.Post) {
	for _, l := range messages {
		if strings.Contains(l.Header("Subject"), word) {
			out = append(out, l)
		}
	}
	return out
}

func TestAnInvitationLeavesAtOnceAndOnce(t *testing.T) {
	p := newPost(t)
	m, a := coordination(p)
	if got := p.only(p.tick("2026-11-23 09:00")); got.To != "other-partner@example.org" || !strings.HasPrefix(got.Header("Subject"), "Undangan: Rapat koordinasi, Sel, 8 Des 2026, 09.00 WIB") {
		t.Errorf("to %s: %s", got.To, got.Header("Subject"))
	}
	p.change(a, "state", "confirmed")
	p.change(m, "title", "Rapat besar", "agenda", "Lain")
	planAll(p, p.World, p.stand("2026-11-24 00:30"))
	if left := p.tick("2026-11-24 09:00"); len(left) != 0 {
		t.Errorf("letters left again to %v", to(left))
	}
	// Somebody else is told alone.
	p.Make("attendances", "meeting", m.Id, "contact", p.contact("partner@example.org").Id, "state", "invited")
	if got := p.only(p.tick("2026-11-24 10:00")); got.To != "partner@example.org" {
		t.Errorf("to %s", got.To)
	}
}

func TestAMovedMeetingTellsThoseWhoWereToldBefore(t *testing.T) {
	p := newPost(t)
	m, _ := coordination(p)
	p.tick("2026-11-23 09:00")
	p.Make("attendances", "meeting", m.Id, "contact", p.contact("partner@example.org").Id, "state", "invited")
	// Moved before the second was told: one is rescheduled, the other simply invited.
	p.change(m, "starts_at", "2026-12-09 03:00:00.000Z")
	subjects := map[string]string{}
	for _, l := range p.tick("2026-11-23 09:01") {
		subjects[l.To] += l.Header("Subject")
	}
	if got := subjects["other-partner@example.org"]; got != "Jadwal berubah: Rapat koordinasi, Rab, 9 Des 2026, 10.00 WIB" {
		t.Errorf("who was told reads %q", got)
	}
	if got := subjects["partner@example.org"]; got != "Undangan: Rapat koordinasi, Rab, 9 Des 2026, 10.00 WIB" {
		t.Errorf("who was not told reads %q", got)
	}
	// Back to where it was, both are told again.
	p.change(p.OtherPartner, "language", "en")
	p.stand("2026-11-23 10:00")
	p.change(m, "starts_at", "2026-12-08 02:00:00.000Z")
	left := p.tick("2026-11-23 10:00")
	if len(left) != 2 || len(about(left, "Rescheduled: Rapat koordinasi, Tue, 8 Dec 2026, 09:00 WIB")) != 1 {
		t.Errorf("moved back, %d letters left: %v", len(left), subjects)
	}
	// Away and back before anybody was told is no news.
	p.change(m, "starts_at", "2026-12-10 02:00:00.000Z")
	p.change(m, "starts_at", "2026-12-08 02:00:00.000Z")
	if left := p.tick("2026-11-23 11:00"); len(left) != 0 {
		t.Errorf("%d letters about nothing new: %s to %s", len(left), left[0].Header("Subject"), left[0].To)
	}
}

func TestNobodyIsInvitedToWhatIsNotCalledOrOver(t *testing.T) {
	for name, of := range map[string]struct {
		status, starts, state string
		messages              int
	}{
		"a draft":           {"draft", "2026-12-08 02:00:00.000Z", "invited", 0},
		"a meeting held":    {"held", "2026-12-08 02:00:00.000Z", "invited", 0},
		"one gone by":       {"scheduled", "2026-11-20 02:00:00.000Z", "invited", 0},
		"who came":          {"scheduled", "2026-12-08 02:00:00.000Z", "present_in_person", 0},
		"who cannot come":   {"scheduled", "2026-12-08 02:00:00.000Z", "excused", 0},
		"who is to come":    {"scheduled", "2026-12-08 02:00:00.000Z", "confirmed", 1},
		"who sends another": {"scheduled", "2026-12-08 02:00:00.000Z", "represented", 1},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			m := p.Make("meetings", "programme", p.Kopi.Id, "kind", "team", "title", "Rapat", "starts_at", of.starts, "time_zone", "Asia/Jakarta",
				"mode", "in_person", "status", of.status)
			p.Make("attendances", "meeting", m.Id, "contact", p.contact("partner@example.org").Id, "state", of.state)
			if left := about(p.tick("2026-11-23 09:00"), "Undangan"); len(left) != of.messages {
				t.Errorf("%d invitations left", len(left))
			}
			if of.status == "draft" {
				p.change(m, "status", "scheduled")
				if left := about(p.tick("2026-11-23 09:01"), "Undangan"); len(left) != 1 {
					t.Errorf("once it is called %d invitations left", len(left))
				}
			}
		})
	}
}

func TestAnInvitationTakenBackBeforeItLeftStays(t *testing.T) {
	for name, take := range map[string]func(p *post, m, a *core.Record){
		"the attendance is deleted": func(p *post, _, a *core.Record) { p.remove(a) },
		"somebody cannot come":      func(p *post, _, a *core.Record) { p.change(a, "state", "excused") },
		"the meeting is called off": func(p *post, m, _ *core.Record) { p.change(m, "status", "cancelled") },
		"the rule is switched off":  func(p *post, _, _ *core.Record) { p.change(p.rule("meeting_invite", 0), "active", false) },
		"the programme has a pause": func(p *post, _, _ *core.Record) { p.change(p.Kopi, "status", "paused") },
		"the contact is out of it": func(p *post, _, _ *core.Record) {
			p.change(p.contact("other-partner@example.org"), "until_on", "2026-11-22")
		},
		"the meeting is put off":    func(p *post, m, _ *core.Record) { p.change(m, "status", "postponed") },
		"the kind is not wanted":    func(p *post, _, _ *core.Record) { p.change(p.OtherPartner, "muted_kinds", []string{"meeting_invite"}) },
		"the whole meeting is gone": func(p *post, m, _ *core.Record) { p.remove(m) },
		"somebody else is asked now": func(p *post, _, a *core.Record) {
			p.change(a, "stakeholder", p.Only("stakeholders", "organisation", p.Puskesmas.Id).Id)
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			m, a := coordination(p, "status", "scheduled")
			take(p, m, a)
			for _, l := range p.tick("2026-11-23 09:00") {
				if l.To == "other-partner@example.org" {
					t.Errorf("a letter left: %s", l.Header("Subject"))
				}
			}
		})
	}
}

// minutes of a meeting held on 20 November, from which Puskesmas and the forum have tasks.
func minutes(p *post, status string) *core.Record {
	p.Helper()
	m, _ := coordination(p, "status", "held", "starts_at", "2026-11-20 02:00:00.000Z")
	task(p.World, "2027-01-15", "meeting", m.Id)
	task(p.World, "2027-01-15", "meeting", m.Id, "title", "Sudah beres", "state", "done")
	task(p.World, "", "meeting", m.Id, "title", "Susun jadwal", "organisation", p.Forum.Id)
	return p.Make("minutes", "meeting", m.Id, "body", "Isi rahasia.", "status", status)
}

func TestCirculatedMinutesTellEachOrganisationItsOwnTasksOnce(t *testing.T) {
	p := newPost(t)
	r := minutes(p, "draft")
	if left := about(p.tick("2026-11-23 09:00"), "Tindak lanjut"); len(left) != 0 {
		t.Fatalf("%d letters about a draft", len(left))
	}
	p.change(r, "status", "circulated")
	left := p.tick("2026-11-23 09:01")
	if got := strings.Join(to(left), " "); got != "other-partner@example.org partner@example.org" {
		t.Fatalf("letters left to %s", got)
	}
	for address, want := range map[string][2]string{
		"partner@example.org":       {"– Jadwal home visit, tenggat Jumat, 15 Januari 2027", "Susun jadwal"},
		"other-partner@example.org": {"– Susun jadwal\n", "home visit"},
	} {
		text := find(p, left, address).Part("text/plain")
		if !strings.Contains(text, want[0]) || strings.Contains(text, want[1]) || strings.Contains(text, "beres") || strings.Contains(text, "rahasia") {
			t.Errorf("%s reads %s", address, text)
		}
	}
	p.change(r, "status", "final")
	if again := p.tick("2026-11-23 09:02"); len(again) != 0 {
		t.Errorf("final minutes tell %v again", to(again))
	}
}

func TestFinalMinutesTellWhoWasThereWithoutATask(t *testing.T) {
	p := newPost(t)
	m, a := coordination(p, "status", "held", "starts_at", "2026-11-20 02:00:00.000Z")
	p.change(a, "state", "present_in_person")
	p.Make("minutes", "meeting", m.Id, "body", "Isi", "status", "final")
	got := p.only(p.tick("2026-11-23 09:00"))
	if got.Header("Subject") != "Notulen: Rapat koordinasi" || strings.Contains(got.Part("text/plain"), "–") {
		t.Errorf("it is called %s and reads %s", got.Header("Subject"), got.Part("text/plain"))
	}
}
