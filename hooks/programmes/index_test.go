package programmes_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestTheListHoldsTheReadersProgrammesOnly(t *testing.T) {
	w := testkit.New(t)
	cases := []struct {
		who   string
		names string
	}{
		{"initiator", "KOPI REHAT"},
		{"observer", "KOPI REHAT"},
		{"partner", "KOPI REHAT"},
		{"bali-initiator", "Noken Peduli Rantang Tresna"},
		{"bali-partner", "Rantang Tresna"},
		{"outsider", ""},
	}
	for _, c := range cases {
		answer := w.As(w.Only("users", "email", c.who+"@example.org")).Get("/programmes").Want(200)
		check.Equal(t, c.who+" sees", join(answer, ".card h2 a"), c.names)
	}
	check.Equal(t, "the administrator sees", join(w.As(w.Administrator).Get("/programmes").Want(200), ".card h2 a"), "KOPI REHAT Noken Peduli Rantang Tresna")
}

// join lists the texts of all elements under a selector.
func join(r *testkit.Response, selector string) string {
	found := []string{}
	doc := r.Doc().Find(selector)
	for i := range doc.Nodes {
		found = append(found, strings.TrimSpace(doc.Eq(i).Text()))
	}
	return strings.Join(found, " ")
}

func TestACardSaysStatePlaceZoneAndTheFiveParties(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Partner).Get("/programmes").Want(200)
	card := answer.Text(".card")
	for _, part := range []string{"Berjalan", "Kota Semarang, Jawa Tengah", "WIB", "1 Jan 2026–31 Des 2026",
		"Pemerintah 2", "Akademisi 1", "Dunia usaha 1", "Komunitas 1", "Media 0", "Anda: Mitra"} {
		check.Contains(t, "card", card, part)
	}
	if href, _ := answer.Doc().Find(".card h2 a").Attr("href"); href != "/programmes/kopi" {
		t.Errorf("the card leads to %q", href)
	}
}

func TestAStakeholderThatLeftNoLongerCountsOnTheCard(t *testing.T) {
	w := testkit.New(t)
	campus := w.Only("stakeholders", "organisation", w.Campus.Id)
	campus.Set("ended_on", "2026-11-23")
	check.NoError(t, w.App.Save(campus))
	if card := w.As(w.Partner).Get("/programmes").Text(".card"); !strings.Contains(card, "Akademisi 0") {
		t.Error(card)
	}
}

func TestTheCardCountsByTheProgrammesOwnDay(t *testing.T) {
	w := testkit.New(t)
	w.Make("stakeholders", "programme", w.Papua.Id, "organisation", w.Forum.Id, "ended_on", "2026-11-24")
	for at, count := range map[string]string{"14.30 UTC": "Komunitas 1", "16.30 UTC": "Komunitas 0"} { // in Jayapura 23.30 and 01.30
		instant := check.Must(time.Parse("2006-01-02 15.04 MST", "2026-11-23 "+at))
		restore := clock.Freeze(instant)
		if card := w.As(w.BaliInitiator).Get("/programmes").Text(".card:has(a[href='/programmes/papua'])"); !strings.Contains(card, count) {
			t.Errorf("at %s the card says %q", at, card)
		}
		restore()
	}
}

func TestTheListIsNarrowedByStateInTheAddress(t *testing.T) {
	w := testkit.New(t)
	w.Papua.Set("status", "completed")
	check.NoError(t, w.App.Save(w.Papua))
	c := w.As(w.BaliInitiator)
	cases := []struct{ address, names, current string }{
		{"/programmes", "Noken Peduli Rantang Tresna", "Semua2"},
		{"/programmes?status=completed", "Noken Peduli", "Selesai1"},
		{"/programmes?status=active", "Rantang Tresna", "Berjalan1"},
		{"/programmes?status=paused", "", "Ditunda"},
		{"/programmes?status=%27+OR+1", "Noken Peduli Rantang Tresna", "Semua2"},
	}
	for _, each := range cases {
		answer := c.Get(each.address).Want(200)
		check.Equal(t, each.address, join(answer, ".card h2 a"), each.names)
		check.Equal(t, each.address+" marks", answer.Text(".filters [aria-current]"), each.current)
	}
	if empty := c.Get("/programmes?status=paused").Text(".empty-list"); !strings.Contains(empty, "Lihat semua program") {
		t.Error("an empty filter offers no way back:", empty)
	}
}

func TestAnEmptyListSaysWhatItIsForAndOffersOneStep(t *testing.T) {
	w := testkit.New(t)
	outsider := w.As(w.Outsider).Get("/programmes").Want(200)
	if got := outsider.Text(".empty-list"); !strings.Contains(got, "Minta inisiator") {
		t.Error(got)
	}
	check.Equal(t, "somebody who may not start a programme is offered", outsider.Doc().Find(`a[href="/programmes/new"]`).Length(), 0)
	w.Outsider.Set("may_create_programmes", true)
	check.NoError(t, w.App.Save(w.Outsider))
	check.Equal(t, "number of elements", w.As(w.Fresh(w.Outsider)).Get("/programmes").Doc().Find(`a[href="/programmes/new"]`).Length(), 1)
}

func TestALongListHasPages(t *testing.T) {
	w := testkit.New(t)
	for i := range 31 {
		w.Make("programmes", "name", fmt.Sprintf("Program %02d", i), "owner", w.Agency.Id)
	}
	c := w.As(w.Administrator)
	first := c.Get("/programmes").Want(200)
	check.Equal(t, "number of elements", first.Doc().Find(".card").Length(), 30)
	next, _ := first.Doc().Find(`.pager a[rel="next"]`).Attr("href")
	second := c.Get(next).Want(200)
	if n := second.Doc().Find(".card").Length(); n != 4 {
		t.Errorf("%d on the second page %q", n, next)
	}
	check.Equal(t, "no way back", second.Doc().Find(`.pager a[rel="prev"]`).Length(), 1)
	for _, odd := range []string{"0", "-3", "x", "99999999999999999999"} {
		c.Get("/programmes?page=" + odd).Want(200)
	}
}

func TestTheListSpeaksEnglishToo(t *testing.T) {
	w := testkit.New(t)
	w.Partner.Set("language", "en")
	check.NoError(t, w.App.Save(w.Partner))
	page := w.As(w.Fresh(w.Partner)).Get("/programmes").Text("main")
	for _, part := range []string{"Programmes", "Active", "Government 2", "You: Partner"} {
		check.Contains(t, "page", page, part)
	}
}

func TestGuestsSignInFirst(t *testing.T) {
	w := testkit.New(t)
	guest := w.As(nil)
	for _, address := range []string{"/programmes", "/programmes/new", "/programmes/kopi/edit", "/programmes/kopi/team"} {
		answer := guest.Get(address).Want(303)
		if !strings.HasPrefix(answer.Header.Get("Location"), "/sign-in") {
			t.Errorf("%s leads a guest to %s", address, answer.Header.Get("Location"))
		}
	}
	guest.Post("/programmes", "name", "Tamu").Want(401)
	guest.Post("/programmes/kopi/edit", "name", "Tamu").Want(401)
}
