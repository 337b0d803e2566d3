package meetings_test

import (
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
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

// A16
func TestIcal_Meeting_ReadByTwoParsers(t *testing.T) {
	w := newWorld(t)
	r := w.plan("title", "Rapat koordinasi", "starts_at", "2026-12-08 02:00:00.000Z", "ends_at", "2026-12-08 04:30:00.000Z", "agenda", "1. Rahasia")
	got := testkit.ReadCalendar(t, event(r, meetings.CalendarRequest))
	want := testkit.Calendar{Method: "REQUEST", UID: r.GetString("uid"), Sequence: "0", Status: "CONFIRMED", Summary: "Rapat koordinasi", Location: "Aula",
		Description: "Keterangan terbaru: https://hub.example.org/meetings/" + r.Id, URL: "https://hub.example.org/meetings/" + r.Id,
		Organiser: "mailto:hub@hub.example.org", Programme: "KOPI REHAT", Zone: clock.Western, Attendees: []string{"mailto:mitra@example.org"}}
	starts, ends := got.Starts, got.Ends
	got.Starts, got.Ends, got.Stamp = time.Time{}, time.Time{}, time.Time{}
	check.Same(t, "(-want +got):\n", got, want)
	check.That(t, starts.UTC().Format(time.DateTime) == "2026-12-08 02:00:00" && ends.Sub(starts) == 150*time.Minute, "it is from %v to %v", starts, ends)
	check.Lacks(t, "the agenda", event(r, meetings.CalendarRequest), "Rahasia")
}

// A16
func TestIcal_EachZone_Described(t *testing.T) {
	w := newWorld(t)
	for zone, says := range map[string][2]string{
		clock.Western: {"+0700", "WIB"}, clock.Central: {"+0800", "WITA"}, clock.Eastern: {"+0900", "WIT"},
	} {
		raw := event(w.plan("time_zone", zone), meetings.CalendarRequest)
		got := testkit.ReadCalendar(t, raw)
		check.That(t, got.Zone == zone && got.Starts.UTC().Format(time.DateTime) == "2026-12-01 02:00:00", "in %s it starts %v in %s", zone, got.Starts, got.Zone)
		for _, line := range []string{"TZID:" + zone, "TZOFFSETFROM:" + says[0], "TZOFFSETTO:" + says[0], "TZNAME:" + says[1]} {
			check.That(t, strings.Contains(raw, line+"\r\n"), "in %s there is no line %s:\n%s", zone, line, raw)
		}
	}
}

// A16
func TestIcal_NoEnd_TwoHours(t *testing.T) {
	got := testkit.ReadCalendar(t, event(newWorld(t).plan(), meetings.CalendarPublish))
	check.Equal(t, "Sub", got.Ends.Sub(got.Starts), 2*time.Hour)
}

// A16
func TestIcal_Status_Mapped(t *testing.T) {
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

// A16
func TestIcal_TypedText_Escaped(t *testing.T) {
	w := newWorld(t)
	for evil, shown := range hostile {
		r := w.plan()
		r.Set("title", evil)
		r.Set("place", evil)
		about := told
		about.Organiser, about.Attendee = evil, "mitra@example.org\r\nATTENDEE:mailto:lain@example.org"
		got := testkit.ReadCalendar(t, meetings.Wrap(r).Calendar(about))
		check.That(t, got.Summary == shown && got.Location == shown && len(got.Attendees) == 1 && got.Status == "CONFIRMED", "%q reads %+v", evil, got)
		check.That(t, got.Organiser == "mailto:hub@hub.example.org" && !strings.ContainsAny(got.Programme, `"\;:,`), "%q comes from %s, %q", evil, got.Organiser, got.Programme)
	}
}

// A16
func TestIcal_LongText_FoldedBetweenCharacters(t *testing.T) {
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

// A16
func TestIcal_UID_Stable(t *testing.T) {
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

// A16
func TestCalendarFile_Meeting_Downloaded(t *testing.T) {
	w := newWorld(t)
	r := w.plan("title", "Rapat Koordinasi: Évaluasi", "status", "scheduled")
	w.Make("attendances", "meeting", r.Id, "stakeholder", w.Only("stakeholders", "organisation", w.Puskesmas.Id).Id)
	for who, person := range map[string]*core.Record{"initiator": w.Initiator, "partner": w.Partner, "observer": w.Observer} {
		answer := w.As(person).Get("/meetings/" + r.Id + "/calendar.ics").Want(http.StatusOK)
		for name, want := range map[string]string{"Content-Type": "text/calendar; charset=utf-8", "Cache-Control": "private, no-store",
			"Content-Disposition": "attachment; filename=rapat-koordinasi-evaluasi.ics"} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", who, name, got)
			}
		}
		got := testkit.ReadCalendar(t, answer.Body)
		check.That(t, got.Method == "PUBLISH" && len(got.Attendees) == 0 && got.UID == r.GetString("uid") && got.Programme == w.Kopi.GetString("name"), "%s reads %+v", who, got)
		check.Lacks(t, who+": the file names an address of somebody:\n", answer.Body, "@example.org")
		link, _ := w.As(person).Get("/meetings/" + r.Id).Doc().Find(`a[href$="/calendar.ics"]`).Attr("href")
		check.Equal(t, who+": the page", link, "/meetings/"+r.Id+"/calendar.ics")
	}
}

// A16
func TestCalendarFile_EachPerson_Access(t *testing.T) {
	w := newWorld(t)
	plain, draft := w.plan(), w.plan("status", "draft")
	page := w.As(w.Partner).Get("/meetings/" + draft.Id).Status
	for _, of := range []struct {
		who     string
		person  *core.Record
		meeting *core.Record
		status  int
	}{
		{"guest", nil, plain, http.StatusSeeOther},
		{"outsider", w.Outsider, plain, http.StatusNotFound},
		{"initiator elsewhere", w.BaliInitiator, plain, http.StatusNotFound},
		{"partner before it is called", w.Partner, draft, page},
		{"initiator before it is called", w.Initiator, draft, http.StatusOK},
		{"partner", w.Partner, plain, http.StatusOK},
	} {
		for _, path := range []string{"/meetings/" + of.meeting.Id, "/meetings/" + of.meeting.Id + "/calendar.ics"} {
			if got := w.As(of.person).Get(path).Status; got != of.status {
				t.Errorf("%s: %s answers %d, want %d", of.who, path, got, of.status)
			}
		}
	}
	w.As(w.Initiator).Get("/meetings/nowhere00000000/calendar.ics").Want(http.StatusNotFound)
}

// A16
func TestCalendarFile_Cancelled_StatusCancelled(t *testing.T) {
	w := newWorld(t)
	r := w.plan("status", "scheduled")
	as := w.As(w.Initiator)
	as.Post("/meetings/"+r.Id+"/status", "status", "cancelled").Want(http.StatusSeeOther)
	got := testkit.ReadCalendar(t, w.As(w.Partner).Get("/meetings/"+r.Id+"/calendar.ics").Want(http.StatusOK).Body)
	check.That(t, got.Status == "CANCELLED" && got.Method == "PUBLISH" && got.Sequence == "1", "it reads %+v", got)
}

const joinLink = "https://rapat.example.net/j/123?pwd=a&b=c;d,e"

// A16
func TestIcal_OnlineLink_Conference(t *testing.T) {
	w := newWorld(t)
	for name, c := range map[string]struct {
		mode, place, link, location, conference string
		described                               bool
	}{
		"online":              {"online", "", joinLink, joinLink, joinLink, false},
		"both":                {"hybrid", "Aula", joinLink, "Aula · Daring", joinLink, true},
		"online, from a hall": {"online", "Aula", joinLink, "Aula · Daring", joinLink, true},
		"not for this reader": {"online", "", "", "Daring", "", false},
		"both, not for them":  {"hybrid", "Aula", "", "Aula · Daring", "", false},
		"a script":            {"online", "", "javascript:alert(1)", "Daring", "", false},
		"half an address":     {"hybrid", "Aula", "https://", "Aula · Daring", "", false},
		"smuggled in":         {"online", "", joinLink + "\r\nATTENDEE:mailto:lain@example.org", "Daring", "", false},
		"long":                {"online", "", joinLink + strings.Repeat("x", 300), joinLink + strings.Repeat("x", 300), joinLink + strings.Repeat("x", 300), false},
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
				want = "Tempat: Aula · Daring\nTautan rapat daring: " + joinLink + "\n" + want
			}
			check.Equal(t, name+": it describes", got.Description, want)
			check.That(t, strings.Count(raw, "CONFERENCE;VALUE=URI:") == strings.Count(raw, "CONFERENCE"), "%s:\n%s", name, raw)
		}
	}
}

// A16
func TestCalendarFile_OnlineLink_ByAccess(t *testing.T) {
	w := newWorld(t)
	online, inPerson := w.plan("mode", "online", "place", "", "link", joinLink), w.plan("mode", "hybrid", "link", joinLink)
	check.Must(w.App.NonconcurrentDB().NewQuery("UPDATE meetings SET mode = 'in_person' WHERE id = '" + inPerson.Id + "'").Execute())
	for r, named := range map[*core.Record]bool{online: true, inPerson: false} {
		for _, person := range []*core.Record{w.Initiator, w.Partner, w.Observer} {
			page := w.As(person).Get("/meetings/"+r.Id).Doc().Find(`main a[href^="https://rapat.example.net"]`).Length() > 0
			got := testkit.ReadCalendar(t, w.As(person).Get("/meetings/"+r.Id+"/calendar.ics").Want(http.StatusOK).Body)
			if page != named || (got.Conference == joinLink) != named || (got.Location == joinLink) != named {
				t.Errorf("%s: on the page %v, in the file %+v", person.GetString("email"), page, got)
			}
		}
	}
}

// A16
func TestIcal_SeveralMeetings_OneObject(t *testing.T) {
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
		check.That(t, got.Method == "PUBLISH" && len(got.Attendees) == 0 && len(by.Attendees) == 1, "%s names %v", got.Method, got.Attendees)
	}
	check.That(t, all[0].Event.Attendee != "", "what was handed in is changed")
}

// A16
func TestIcal_NoMeeting_Empty(t *testing.T) {
	check.Equal(t, "Published", meetings.Published(), "")
}

// pieces are what minutes are made of, good and bad.
var pieces = []string{
	line, "- [x] @UIN Walisongo: survei (14 Des 2026)", "- [ ] @Warung: kopi !1/12/2026", "* [ ] @\"Forum PSM Semarang\": daftar kelurahan",
	"- [ ] tanpa nama", "- [ ] @Siapa: entah", "- [ ] @: kosong", "- [ ] @Puskesmas Tambakaji:", "- [ ] ", "- [x]",
	"KEPUTUSAN: posko buka", "- DECISION: open on Monday", "KEPUTUSAN:", "```", "~~~", "> kutipan", "    menjorok", "<div>", "</div>",
	"## Judul", "", "", "Kalimat biasa.", "| a | b |\n|---|---|\n| - [ ] @Warung: x | y |", "1. butir\n   - [ ] @Warung: di dalam",
	"- [ ] @Puskesmas Tambakaji: " + strings.Repeat("panjang ", 40), "***", "[tautan](javascript:alert(1))", "\\- [ ] @Warung: lolos",
	"- [ ] @Warung: a &amp; b <i>c</i> **tebal** (32/13/2026)", "- [ ] @Warung: kopi (10/12/2026) (11/12/2026)",
}

// scribble puts pieces together at random, the same for the same seed.
func scribble(seed uint64) string {
	chance := rand.New(rand.NewPCG(seed, 5))
	parts := []string{}
	for range 1 + chance.IntN(12) {
		parts = append(parts, pieces[chance.IntN(len(pieces))])
	}
	return strings.Join(parts, []string{"\n", "\n\n", "\r\n"}[chance.IntN(3)])
}

// Whatever is written: saving makes what the preview foresaw, saving again makes
// nothing, and what is shown is harmless.
func TestIcal_RandomText_ReadBack(t *testing.T) {
	w := newWorld(t)
	made := 0
	for seed := range uint64(40) {
		body := scribble(seed)
		if strings.TrimSpace(body) == "" {
			continue
		}
		w.meeting = w.plan("status", "held")
		foreseen := w.As(w.Initiator).Post(w.minutesURL()+"/preview", "body", body, "revision", "0").Want(200)
		announced := foreseen.Doc().Find("#preview .rows .badge").FilterFunction(isFresh).Length()
		decided := foreseen.Doc().Find("#preview ol.rows > li").Length()
		w.save(body).Want(303)
		if got := len(w.tasks()); got != announced {
			t.Errorf("seed %d: %d tasks, %d were announced, from %q", seed, got, announced, body)
		}
		made += announced + decided
		if got := len(w.decisions()); got != decided {
			t.Errorf("seed %d: %d decisions, %d were announced, from %q", seed, got, decided, body)
		}
		tasks, decisions := len(w.tasks()), len(w.decisions())
		w.save(body + "\n").Want(303)
		if len(w.tasks()) != tasks || len(w.decisions()) != decisions {
			t.Errorf("seed %d: saving again made %d tasks and %d decisions of %q", seed, len(w.tasks())-tasks, len(w.decisions())-decisions, body)
		}
		main := w.As(w.Initiator).Get(w.minutesURL()).Want(200).Doc().Find("main")
		if n := main.Find("script, iframe, img, [onerror], a[href^='javascript']").Length(); n != 0 {
			t.Errorf("seed %d: the page holds something that runs, from %q", seed, body)
		}
	}
	check.That(t, made >= 20, "only %d tasks and decisions were made, too few to prove anything", made)
}

func TestActionItems_LongList_AllSaved(t *testing.T) {
	w := newWorld(t)
	lines := []string{}
	for i := range 150 {
		lines = append(lines, "- [ ] @Puskesmas Tambakaji: kunjungan ke "+strings.Repeat("i", i+1))
	}
	for range 2 {
		w.save(strings.Join(lines, "\n")).Want(303)
	}
	check.Equal(t, "value", len(w.tasks()), 150)
	w.As(w.Partner).Get(w.url()).Want(200)
}

// isFresh picks the badges of lines that will become tasks.
func isFresh(_ int, badge *goquery.Selection) bool {
	return strings.HasPrefix(strings.TrimSpace(badge.Text()), "Tugas baru")
}
