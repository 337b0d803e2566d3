package reminders_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

const onlineRoom = "https://rapat.example.net/j/123?pwd=a&b=c"

// hybrid is a meeting with a room on the web, to which the forum is invited.
func hybrid(p *post, more ...any) (meeting, attendance *core.Record) {
	p.Helper()
	return coordination(p, append([]any{"mode", "hybrid", "link", onlineRoom}, more...)...)
}

// names reports whether a message names the room, in both parts or in neither.
func names(t *testing.T, l testkit.Post) bool {
	t.Helper()
	plain, html := text(l), l.Part("text/html")
	there := strings.Contains(plain, "\nTautan rapat daring: "+onlineRoom+"\n")
	if there != (strings.Count(html, `<a href="https://rapat.example.net/j/123?pwd=a&amp;b=c"`) == 1) || there != strings.Contains(html, "rapat.example.net") {
		t.Errorf("in text: %v, in HTML:\n%s", there, html)
	}
	return there
}

func TestMessagesAboutAMeetingNameItsRoomOnTheWebToWhoIsInvited(t *testing.T) {
	p := newPost(t)
	m, _ := hybrid(p)
	if l := p.only(p.tick("2026-11-23 09:00")); l.Header("Subject")[:8] != "Undangan" || !names(t, l) || !strings.Contains(text(l), "Tempat: Aula.") {
		t.Errorf("the invitation reads\n%s", text(l))
	}
	p.change(m, "chair", p.contact("partner@example.org").Id)
	left := p.tick("2026-12-07 08:00")
	for email, want := range map[string]bool{otherPartner: true, "partner@example.org": true, "initiator@example.org": false, "coordinator@example.org": false} {
		l := find(p, left, email)
		if got := names(t, l); got != want || !strings.Contains(text(l), "Tempat: Aula.") {
			t.Errorf("%s finds the room: %v, want %v in\n%s", email, got, want, text(l))
		}
	}
}

func TestWhoIsToldOfAMeetingWithoutBeingInvitedDoesNotFindItsRoom(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(p *post, m, a *core.Record)
		email   string
		named   bool
	}{
		"nobody is invited yet":   {func(p *post, _, a *core.Record) { p.remove(a) }, otherPartner, false},
		"the team is invited too": {func(p *post, m, _ *core.Record) { invite(p, m, p.Initiator) }, "initiator@example.org", true},
		"an initiator told as such": {func(p *post, m, _ *core.Record) {
			p.change(p.rule("meeting_soon", -1), "audience", []string{"initiators"})
			invite(p, m, p.Initiator)
		}, "initiator@example.org", true},
		"the team cannot come": {func(p *post, m, _ *core.Record) { p.change(invite(p, m, p.Initiator), "state", "excused") }, "initiator@example.org", false},
		"somebody else is in charge": {func(p *post, m, _ *core.Record) {
			p.change(m, "taken_by", p.contact("partner@example.org").Id)
		}, "partner@example.org", true},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			m, a := hybrid(p)
			c.happens(p, m, a)
			p.tick("2026-11-23 09:00") // the invitations
			if got := names(t, find(p, p.tick("2026-12-07 08:00"), c.email)); got != c.named {
				t.Errorf("%s finds the room: %v", c.email, got)
			}
		})
	}
}

// invite puts a user's own contact on the list of a meeting.
func invite(p *post, m, user *core.Record) *core.Record {
	p.Helper()
	c := p.Make("contacts", "organisation", p.Agency.Id, "position", "Kepala", "user", user.Id)
	return p.Make("attendances", "meeting", m.Id, "contact", c.Id, "state", "invited")
}

func TestTheRoomIsTheOneOfTheMomentAtWhichAMessageLeaves(t *testing.T) {
	for name, c := range map[string]struct {
		set   string // as nothing in the hub would any more
		named bool
	}{
		"another room":           {"link = '" + onlineRoom + "'", true},
		"no room":                {"link = ''", false},
		"in one place after all": {"link = '" + onlineRoom + "', mode = 'in_person'", false},
		"online only":            {"link = '" + onlineRoom + "', mode = 'online'", true},
		"no address of the web":  {"link = 'javascript:alert(1)'", false},
		"half an address":        {"link = 'https://'", false},
		"another way":            {"link = 'ftp://rapat.example.net/'", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			m, _ := coordination(p, "mode", "hybrid", "link", "https://lama.example.net/")
			p.rewrite("UPDATE meetings SET " + c.set + " WHERE id = '" + m.Id + "'")
			l := p.only(p.tick("2026-11-23 09:00"))
			if got := names(t, l); got != c.named || strings.Contains(text(l), "lama.example.net") || !c.named && strings.Contains(text(l), "Tautan rapat") {
				t.Errorf("the letter reads\n%s", text(l))
			}
		})
	}
}

func TestTheDailyMessageNamesTheRoomInItsRow(t *testing.T) {
	p := newPost(t)
	p.change(p.OtherPartner, "mail_frequency", "daily", "send_at", "16:00", "language", "en")
	hybrid(p)
	coordination(p, "title", "Rapat luring")
	p.tick("2026-11-23 09:00")
	l := p.only(p.tick("2026-11-23 16:00"))
	if row := rowOf(t, l, "Rapat koordinasi"); !strings.Contains(row, "\n  Link of the online meeting: "+onlineRoom) {
		t.Errorf("the row reads\n%s", row)
	}
	if row := rowOf(t, l, "Rapat luring"); strings.Contains(row, "online meeting") {
		t.Errorf("the row reads\n%s", row)
	}
}
