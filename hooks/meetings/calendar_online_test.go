package meetings_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/meetings"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

const room = "https://rapat.example.net/j/123?pwd=a&b=c;d,e"

func TestA16ACalendarLeadsToTheRoomOnTheWeb(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		mode, place, link, location, conference string
		described                               bool
	}{
		"online":              {"online", "", room, room, room, false},
		"both":                {"hybrid", "Aula", room, "Aula · Daring", room, true},
		"online, from a hall": {"online", "Aula", room, "Aula · Daring", room, true},
		"not for this reader": {"online", "", "", "Daring", "", false},
		"both, not for them":  {"hybrid", "Aula", "", "Aula · Daring", "", false},
		"a script":            {"online", "", "javascript:alert(1)", "Daring", "", false},
		"half an address":     {"hybrid", "Aula", "https://", "Aula · Daring", "", false},
		"smuggled in":         {"online", "", room + "\r\nATTENDEE:mailto:lain@example.org", "Daring", "", false},
		"long":                {"online", "", room + strings.Repeat("x", 300), room + strings.Repeat("x", 300), room + strings.Repeat("x", 300), false},
	} {
		// What the reader may know is said by whoever writes the object, not by the record.
		r, about := w.plan("mode", c.mode, "place", c.place, "link", "https://lain.example.net/"), told
		about.Link = c.link
		for method, raw := range map[string]string{
			"REQUEST": meetings.Wrap(r).Calendar(about), "PUBLISH": meetings.Published(meetings.CalendarEntry{Meeting: meetings.Wrap(r), Event: about}),
		} {
			got := testkit.ReadCalendar(t, raw)
			if got.Method != method || got.Location != c.location || got.Conference != c.conference || strings.Contains(raw, "lain.example.net") {
				t.Errorf("%s: it reads %+v", name, got)
			}
			want := "Keterangan terbaru: https://hub.example.org/meetings/" + r.Id
			if c.described {
				want = "Tempat: Aula · Daring\nTautan rapat daring: " + room + "\n" + want
			}
			check.Equal(t, name+": it describes", got.Description, want)
			if strings.Count(raw, "CONFERENCE;VALUE=URI:") != strings.Count(raw, "CONFERENCE") {
				t.Errorf("%s:\n%s", name, raw)
			}
		}
	}
}

func TestA16TheFileOfAMeetingNamesTheRoomToWhomThePageDoes(t *testing.T) {
	w := newWorld(t)
	online, inPerson := w.plan("mode", "online", "place", "", "link", room), w.plan("mode", "hybrid", "link", room)
	check.Must(w.App.NonconcurrentDB().NewQuery("UPDATE meetings SET mode = 'in_person' WHERE id = '" + inPerson.Id + "'").Execute())
	for r, named := range map[*core.Record]bool{online: true, inPerson: false} {
		for _, person := range []*core.Record{w.Initiator, w.Partner, w.Observer} {
			page := w.As(person).Get("/meetings/"+r.Id).Doc().Find(`main a[href^="https://rapat.example.net"]`).Length() > 0
			got := testkit.ReadCalendar(t, w.As(person).Get("/meetings/"+r.Id+"/calendar.ics").Want(http.StatusOK).Body)
			if page != named || (got.Conference == room) != named || (got.Location == room) != named {
				t.Errorf("%s: on the page %v, in the file %+v", person.GetString("email"), page, got)
			}
		}
	}
}
