package meetings_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/meetings"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

const coming, past = "/programmes/kopi/meetings", "/programmes/kopi/meetings?when=past"

func TestList_ComingAndPast_Separate(t *testing.T) {
	w := newWorld(t)
	for title, starts := range map[string]string{
		"Pagi tadi": "2026-11-23 00:00:00.000Z", "Nanti": "2026-11-23 09:00:00.000Z", "Besok": "2026-11-24 02:00:00.000Z",
		// 23.30 WIB of the day before.
		"Semalam": "2026-11-22 16:30:00.000Z",
	} {
		w.plan("title", title, "starts_at", starts)
	}
	w.plan("title", "Tiga hari", "starts_at", "2026-11-21 02:00:00.000Z", "ends_at", "2026-11-24 02:00:00.000Z")
	w.Make("meetings", "programme", w.Rantang.Id, "title", "Di Tabanan", "starts_at", "2026-11-24 02:00:00.000Z")
	titles := func(url string) string {
		return strings.Join(w.As(w.Partner).Get(url).Want(200).Doc().Find(".meeting .name").Map(func(_ int, s *goquery.Selection) string { return s.Text() }), "|")
	}
	check.Equal(t, "coming", titles(coming), "Tiga hari|Pagi tadi|Nanti|Besok")
	check.Equal(t, "past", titles(past), "Semalam|Rapat koordinasi")
}

func TestList_Pages_ThirtyEach(t *testing.T) {
	w := newWorld(t)
	for i := range 31 {
		w.plan("title", fmt.Sprintf("Rapat %02d", i), "starts_at", fmt.Sprintf("2026-12-01 %02d:%02d:00.000Z", 1+i/6, i%6*10))
	}
	as := w.As(w.Observer)
	first := as.Get(coming).Want(200)
	check.Equal(t, "number of elements", first.Doc().Find(".meeting").Length(), 30)
	next, _ := first.Doc().Find("a[rel=next]").Attr("href")
	second := as.Get(next).Want(200)
	check.Equal(t, "the second page", second.Text(".meeting .name"), "Rapat 30")
	check.Equal(t, "there is a third page", second.Doc().Find("a[rel=next]").Length(), 0)
	for _, odd := range []string{"?page=0", "?page=-1", "?page=x", "?page=99999999999999", "?when=", "?when=never"} {
		as.Get(coming + odd).Want(200)
	}
}

func TestList_Empty_Explains(t *testing.T) {
	w := newWorld(t)
	for who, c := range map[string]struct {
		person    *core.Record
		url, goes string
	}{
		"team":         {w.Initiator, coming, "/programmes/kopi/meetings/new"},
		"partner":      {w.Partner, coming, past},
		"nothing past": {w.BaliInitiator, "/programmes/rantang/meetings?when=past", "/programmes/rantang/meetings"},
	} {
		empty := w.As(c.person).Get(c.url).Want(200).Doc().Find(".empty-list")
		if goes, _ := empty.Find("a").Attr("href"); goes != c.goes || len(empty.Find("p").Text()) < 20 {
			t.Errorf("%s: leads to %q: %s", who, goes, empty.Text())
		}
	}
}

func TestList_UnusualMeetings_Marked(t *testing.T) {
	w := newWorld(t)
	for status, want := range map[string]string{"scheduled": "", "postponed": "Ditunda", "cancelled": "Dibatalkan", "draft": "Draf"} {
		made := w.plan("status", status, "title", "Rapat "+status)
		row := w.As(w.Partner).Get(coming).Doc().Find(".meeting").FilterFunction(func(_ int, s *goquery.Selection) bool {
			return strings.Contains(s.Text(), made.GetString("title"))
		})
		check.Equal(t, status+" is marked", row.Find(".badge").Text(), want)
	}
}

func TestList_EachPerson_Access(t *testing.T) {
	w := newWorld(t)
	for _, person := range []*core.Record{w.Initiator, w.Coordinator, w.Observer, w.Partner, w.OtherPartner, w.Administrator} {
		w.As(person).Get(past).Want(200)
		w.As(person).Get(w.url()).Want(200)
	}
	for _, person := range []*core.Record{w.BaliInitiator, w.BaliPartner, w.Outsider} {
		w.As(person).Get(past).Want(404)
		w.As(person).Get(w.url()).Want(404)
	}
	w.As(nil).Get(past).Want(303)
	w.As(w.Initiator).Get("/programmes/nowhere/meetings").Want(404)
	w.As(w.Initiator).Get("/meetings/nosuchmeeting00").Want(404)
	lacks(t, w.As(w.Partner).Get(coming).Body, "/meetings/new")
}

// inside opens the scope for a person and enters Kopi.
func (w *world) inside(person *core.Record) (*access.Scope, *programmes.Programme) {
	w.Helper()
	d := access.As(w.App, person)
	p, err := programmes.ByID(d, w.Kopi.Id)
	w.Must(err)
	return d, p
}

func TestNext_Programme_SkipsCancelled(t *testing.T) {
	w := newWorld(t)
	d, p := w.inside(w.Partner)
	if next, err := meetings.Next(d, p); err != nil || next != nil {
		t.Fatalf("next is %v, %v", next, err)
	}
	w.plan("title", "Batal", "starts_at", "2026-11-24 02:00:00.000Z", "status", "cancelled")
	w.plan("title", "Ditunda", "starts_at", "2026-11-24 02:00:00.000Z", "status", "postponed")
	w.plan("title", "Draf", "starts_at", "2026-11-24 02:00:00.000Z", "status", "draft")
	w.plan("title", "Nanti", "starts_at", "2026-12-02 02:00:00.000Z", "agenda", "# Agenda\n\n1. **Satu**\n2) Dua\n3. [ ] Tiga\n4. `Empat`\n5. Lima\n\n- Data keluarga")
	next, err := meetings.Next(d, p)
	w.Must(err)
	card := next.Card("id", "https://hub.example.org")
	check.That(t, card.Title == "Nanti" && strings.Join(card.Agenda, "|") == "Satu|Dua|Tiga|Empat" && !card.Compact, "the card is %+v", card)
	check.Equal(t, "what is passed", card.ShareURL, "https://hub.example.org/meetings/"+next.ID)
	check.Contains(t, "what is passed", card.ShareText, "Rab, 2 Des 2026, 09.00 WIB s.d. selesai\nAula")
	w.plan("title", "Sedang berlangsung", "starts_at", "2026-11-23 01:00:00.000Z", "ends_at", "2026-11-23 04:00:00.000Z")
	if next, err = meetings.Next(d, p); err != nil || next.Title != "Sedang berlangsung" {
		t.Errorf("next is %v, %v", next, err)
	}
}

func TestNextOwn_SeveralProgrammes_ReadersOnly(t *testing.T) {
	w := newWorld(t)
	w.plan("title", "Kopi")
	w.Make("meetings", "programme", w.Rantang.Id, "title", "Rantang", "starts_at", "2026-11-30 02:00:00.000Z")
	w.Make("meetings", "programme", w.Papua.Id, "title", "Papua", "starts_at", "2026-12-03 02:00:00.000Z")
	w.Make("memberships", "programme", w.Rantang.Id, "user", w.Initiator.Id, "role", "observer")
	for who, c := range map[string]struct {
		person *core.Record
		want   string
	}{
		"in two": {w.Initiator, "Rantang|Kopi"}, "partner": {w.Partner, "Kopi"}, "elsewhere": {w.BaliInitiator, "Rantang|Papua"},
		"nowhere": {w.Outsider, ""}, "nobody": {nil, ""},
	} {
		found, err := meetings.NextAcross(access.As(w.App, c.person), 5)
		w.Must(err)
		titles := []string{}
		for _, l := range found {
			titles = append(titles, l.Title)
		}
		check.Equal(t, who, strings.Join(titles, "|"), c.want)
	}
	one, err := meetings.NextAcross(access.As(w.App, w.Initiator), 1)
	w.Must(err)
	if len(one) != 1 || meetings.RowsAcross("id", one)[0].Place != "Rantang Tresna" {
		t.Errorf("rows %+v", meetings.RowsAcross("id", one))
	}
}

func TestOpenActions_LastMeeting_Listed(t *testing.T) {
	w := newWorld(t)
	older := w.plan("title", "Lama", "starts_at", "2026-10-01 02:00:00.000Z", "status", "held")
	w.Make("minutes", "meeting", older.Id, "body", "- [ ] @UIN Walisongo: hal lama")
	w.plan("title", "Batal", "starts_at", "2026-11-22 02:00:00.000Z", "status", "cancelled")
	w.save(line + "\n- [x] @Warung: sudah\n- [ ] @Forum PSM Semarang: daftar kelurahan (1/12/2026)")
	d, p := w.inside(w.Partner)
	left, err := meetings.OpenActions(d, p)
	w.Must(err)
	titles := []string{}
	for _, l := range left {
		titles = append(titles, l.Title)
	}
	check.Equal(t, "open", strings.Join(titles, "|"), "daftar kelurahan|jadwal home visit")
	d, p = access.As(w.App, w.BaliInitiator), nil
	if p, err = programmes.ByID(d, w.Papua.Id); err != nil {
		t.Fatal(err)
	}
	check.Equal(t, "a programme without meetings", len(check.Must(meetings.OpenActions(d, p))), 0)
}

func TestShow_Next_OpenActionsOfLast(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	next := w.plan("title", "Berikutnya", "starts_at", "2026-12-01 02:00:00.000Z", "status", "scheduled")
	check.Contains(t, "left over", w.As(w.Partner).Get("/meetings/"+next.Id).Want(http.StatusOK).Text("section:has(#left)"), "jadwal home visit")
	over := w.plan("title", "Sudah lewat", "starts_at", "2026-10-01 02:00:00.000Z", "status", "held")
	check.Equal(t, "a meeting that is over shows what is left for the next", w.As(w.Partner).Get("/meetings/"+over.Id).Want(http.StatusOK).Doc().Find("#left").Length(), 0)
}

func TestShow_Meeting_AllFields(t *testing.T) {
	w := newWorld(t)
	w.meeting.Set("agenda", "1. Laporan\n2. <script>alert(1)</script>")
	w.meeting.Set("quorum_note", "Separuh mitra hadir.")
	w.Must(w.App.Save(w.meeting))
	w.save(line + "\n\nKEPUTUSAN: posko buka")
	w.attend(w.Puskesmas, "present_in_person", "name", "Bu Rina")
	page := w.As(w.Initiator).Get(w.url()).Want(200)
	has(t, page.Text("main"), "Rapat koordinasi", "Terlaksana", "Jumat, 20 November 2026", "09.00–11.30 WIB", "Aula", "Laporan",
		"Separuh mitra hadir.", "Pemerintah 1 hadir dari 1", "Puskesmas Tambakaji", "Bu Rina", "Keputusan posko buka", "jadwal home visit")
	check.Equal(t, "the leaf of the calendar", page.Text(".day-tile"), "Nov20Jumat")
	check.Equal(t, "the agenda runs a script", page.Doc().Find("main script").Length(), 0)
	for _, way := range []string{w.url() + "/edit", w.url() + "/attendances", w.minutesURL()} {
		check.That(t, page.Doc().Find("a[href='"+way+"']").Length() != 0, "nothing leads to %s", way)
	}
	check.Equal(t, "number of elements", page.Doc().Find(".button.primary").Length(), 1)
}

func TestShow_OutsideTeam_NoControls(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	for _, person := range []*core.Record{w.Observer, w.Partner, w.OtherPartner} {
		page := w.As(person).Get(w.url()).Want(200)
		lacks(t, page.Body, w.url()+"/edit", w.url()+"/status", w.url()+"/attendances", w.minutesURL()+"/edit")
	}
	owner := w.As(w.Partner).Get(w.url()).Doc().Find("form[data-tick]").Length()
	other := w.As(w.OtherPartner).Get(w.url()).Doc().Find("form[data-tick]").Length()
	check.Equal(t, "the owner can tick", owner, 1)
	check.Equal(t, "the owner can tick", other, 0)
}

func TestSetStatus_ForwardAndBack_Saved(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Coordinator)
	meeting := w.plan("title", "Nanti")
	url := "/meetings/" + meeting.Id
	for _, step := range []struct{ status, says string }{
		{"postponed", "Rapat ditunda."}, {"scheduled", "Rapat dijadwalkan."}, {"cancelled", "Rapat dibatalkan."},
		{"cancelled", "Rapat dibatalkan."}, {"scheduled", "Rapat dijadwalkan."}, {"held", "Rapat tercatat terlaksana."},
	} {
		page := as.Follow(as.Post(url+"/status", "status", step.status))
		has(t, page.Text(".flash"), step.says)
		check.Equal(t, "status", w.Fresh(meeting).GetString("status"), step.status)
	}
	check.Equal(t, "it was called off and called", w.Fresh(meeting).GetInt("sequence"), 4)
	page := as.Follow(as.Post(url+"/status", "status", "scheduled"))
	undo := page.Doc().Find(".flash form")
	if to, _ := undo.Attr("action"); to != url+"/status" || undo.Find("input[name=status][value=held]").Length() != 1 {
		t.Error("the step cannot be taken back")
	}
	for _, wrong := range []string{"", "over", "HELD"} {
		as.Post(url+"/status", "status", wrong).Want(422)
	}
}

func TestSetStatus_HeldBeforeStart_Refused(t *testing.T) {
	w := newWorld(t)
	meeting := w.plan()
	page := w.As(w.Initiator).Get("/meetings/" + meeting.Id).Want(200)
	check.Equal(t, "a coming meeting offers to be marked as held", page.Doc().Find("input[name=status][value=held]").Length(), 0)
	begun := w.plan("starts_at", "2026-11-23 01:00:00.000Z")
	page = w.As(w.Initiator).Get("/meetings/" + begun.Id).Want(200)
	for status, want := range map[string]int{"held": 1, "postponed": 1, "cancelled": 1, "scheduled": 0} {
		if n := page.Doc().Find("input[name=status][value=" + status + "]").Length(); n != want {
			t.Errorf("%d buttons lead to %s, want %d", n, status, want)
		}
	}
}

func TestShow_Cancelled_NoMinutesForm(t *testing.T) {
	w := newWorld(t)
	meeting := w.plan("status", "cancelled")
	lacks(t, w.As(w.Initiator).Get("/meetings/"+meeting.Id).Want(200).Text("main"), "Tulis notulen")
}

func TestDecisions_Replaced_NoLongerStanding(t *testing.T) {
	w := newWorld(t)
	old := w.Make("decisions", "meeting", w.meeting.Id, "text", "Posko buka Senin")
	check.Equal(t, "a new decision", old.GetString("state"), "standing")
	fresh := w.Make("decisions", "meeting", w.plan().Id, "text", "Posko buka Selasa")
	foreign := w.Make("decisions", "meeting", w.Make("meetings", "programme", w.Rantang.Id, "title", "Lain", "starts_at", "2026-12-01 02:00:00Z").Id, "text", "Lain")
	url := "/api/collections/decisions/records/" + old.Id
	as := w.As(w.Coordinator)
	as.API("PATCH", url, map[string]any{"state": "superseded", "superseded_by": foreign.Id}).Want(400)
	as.API("PATCH", url, map[string]any{"state": "superseded", "superseded_by": fresh.Id}).Want(200)
	as.API("PATCH", url, map[string]any{"source_key": "x"}).Want(404)
	has(t, as.Get(w.url()).Text("main"), "Posko buka Senin Diganti")
}

// TestPages_RefusedForms_AreWellFormed looks at the pages that the site map does not reach.
func TestPages_RefusedForms_AreWellFormed(t *testing.T) {
	w := newWorld(t)
	w.save(strings.Join([]string{line, "- [ ] @Siapa: entah", "KEPUTUSAN: posko buka", "## Judul\n\nIsi."}, "\n\n")).Want(303)
	w.attend(w.Puskesmas, "represented", "name", "Bu Rina")
	w.Make("attendances", "meeting", w.meeting.Id, "name", "Pak Lurah", "state", "present_in_person")
	w.plan("mode", "hybrid", "link", "https://example.org/r", "agenda", "1. Satu")
	as := w.As(w.Initiator)
	for name, page := range map[string]*testkit.Response{
		"past meetings": as.Get("/programmes/kopi/meetings?when=past"), "meeting": as.Get(w.url()),
		"attendance": as.Get(w.url() + "/attendances"), "minutes": as.Get(w.minutesURL()), "writing": as.Get(w.minutesURL() + "/edit"),
		"preview":       as.Post(w.minutesURL()+"/preview", "body", line+"\n\nKEPUTUSAN: ya", "revision", "1"),
		"conflict":      as.Post(w.minutesURL(), "body", "Punya saya", "revision", "7"),
		"wrong minutes": as.Post(w.minutesURL(), "body", "", "revision", "1"),
		"wrong form":    as.Post("/programmes/kopi/meetings", "title", ""),
		"wrong guest":   as.Post(w.url()+"/guests", "name", ""),
	} {
		page.WellFormed(name, "id")
	}
}
