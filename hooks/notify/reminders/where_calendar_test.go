package reminders_test

import (
	"strings"
	"testing"
)

func TestA16AnInvitationLeadsTheCalendarToTheRoomOnTheWeb(t *testing.T) {
	p := newPost(t)
	m, attendance := hybrid(p)
	l := p.only(p.tick("2026-11-23 09:00"))
	c := l.Calendar(t)
	if !names(t, l) || c.Method != "REQUEST" || c.Conference != onlineRoom || c.Location != "Aula · Daring" ||
		!strings.HasPrefix(c.Description, "Tempat: Aula · Daring\nTautan rapat daring: "+onlineRoom+"\n") {
		t.Errorf("the letter brings %+v", c)
	}
	// Another room is news to the calendar, at the same hour.
	p.change(m, "link", "https://lain.example.net/")
	l = p.only(p.tick("2026-11-23 09:05"))
	if c := l.Calendar(t); !strings.HasPrefix(l.Header("Subject"), "Ada perubahan") || c.Sequence != "1" || c.Conference != "https://lain.example.net/" || strings.Contains(c.Description, onlineRoom) {
		t.Errorf("%s brings %+v", l.Header("Subject"), c)
	}
	// Who is not to come any more is not led there either.
	p.remove(attendance)
	if c := p.only(p.tick("2026-11-23 09:10")).Calendar(t); c.Method != "CANCEL" || c.Conference != "" || strings.Contains(c.Description, "lain.example.net") {
		t.Errorf("taken back it is %+v", c)
	}
}

func TestA16TheDailyMessageLeadsTheCalendarToTheRoomOnTheWeb(t *testing.T) {
	p, first, second := calledTwice(t)
	p.rewrite("UPDATE meetings SET mode = 'online', place = '', link = '" + onlineRoom + "' WHERE id = '" + first.Id + "'")
	l := p.only(p.tick("2026-11-23 16:00"))
	one, _ := eventOf(t, l, first)
	two, _ := eventOf(t, l, second)
	if one.Method != "PUBLISH" || one.Conference != onlineRoom || one.Location != onlineRoom {
		t.Errorf("the daily letter brings %+v", one)
	}
	if two.Conference != "" || two.Location != "Aula" {
		t.Errorf("the other meeting reads %+v", two)
	}
}
