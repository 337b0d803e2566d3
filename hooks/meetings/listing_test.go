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

	"simpul/hooks/testkit/check"
)

const coming, past = "/programmes/kopi/meetings", "/programmes/kopi/meetings?when=past"

func TestTheListParts(t *testing.T) {
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

func TestTheListShowsThirtyAPage(t *testing.T) {
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

func TestAnEmptyListSaysWhatItIsFor(t *testing.T) {
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

func TestTheListMarksWhatIsUnusual(t *testing.T) {
	w := newWorld(t)
	for status, want := range map[string]string{"scheduled": "", "postponed": "Ditunda", "cancelled": "Dibatalkan", "draft": "Draf"} {
		made := w.plan("status", status, "title", "Rapat "+status)
		row := w.As(w.Partner).Get(coming).Doc().Find(".meeting").FilterFunction(func(_ int, s *goquery.Selection) bool {
			return strings.Contains(s.Text(), made.GetString("title"))
		})
		check.Equal(t, status+" is marked", row.Find(".badge").Text(), want)
	}
}

func TestTheListIsForThoseInside(t *testing.T) {
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

func TestTheNextMeetingIsTheNextThatTakesPlace(t *testing.T) {
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
	if card.Title != "Nanti" || strings.Join(card.Agenda, "|") != "Satu|Dua|Tiga|Empat" || card.Compact {
		t.Errorf("the card is %+v", card)
	}
	if card.ShareURL != "https://hub.example.org/meetings/"+next.ID || !strings.Contains(card.ShareText, "Rab, 2 Des 2026, 09.00 WIB s.d. selesai\nAula") {
		t.Errorf("what is passed on: %q %q", card.ShareURL, card.ShareText)
	}
	w.plan("title", "Sedang berlangsung", "starts_at", "2026-11-23 01:00:00.000Z", "ends_at", "2026-11-23 04:00:00.000Z")
	if next, err = meetings.Next(d, p); err != nil || next.Title != "Sedang berlangsung" {
		t.Errorf("next is %v, %v", next, err)
	}
}

func TestTheNextMeetingsAcrossProgrammesAreTheReaders(t *testing.T) {
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

func TestOpenActionsAreThoseOfTheLastMeeting(t *testing.T) {
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
	if left, err := meetings.OpenActions(d, p); err != nil || len(left) != 0 {
		t.Errorf("a programme without meetings has %v, %v", left, err)
	}
}

func TestTheNextMeetingOpensWithWhatTheLastOneLeft(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	next := w.plan("title", "Berikutnya", "starts_at", "2026-12-01 02:00:00.000Z", "status", "scheduled")
	check.Contains(t, "left over", w.As(w.Partner).Get("/meetings/"+next.Id).Want(http.StatusOK).Text("section:has(#left)"), "jadwal home visit")
	over := w.plan("title", "Sudah lewat", "starts_at", "2026-10-01 02:00:00.000Z", "status", "held")
	check.Equal(t, "a meeting that is over shows what is left for the next", w.As(w.Partner).Get("/meetings/"+over.Id).Want(http.StatusOK).Doc().Find("#left").Length(), 0)
}
