package programmes_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

func TestIndex_EachReader_OwnProgrammes(t *testing.T) {
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

func TestIndex_Card_StatePlaceZoneParties(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Partner).Get("/programmes").Want(200)
	card := answer.Text(".card")
	check.Contains(t, "card", card, "Berjalan", "Kota Semarang, Jawa Tengah", "WIB", "1 Jan 2026–31 Des 2026",
		"Pemerintah 2", "Akademisi 1", "Dunia usaha 1", "Komunitas 1", "Media 0", "Anda: Mitra")
	check.Equal(t, "the card", answer.Doc().Find(".card h2 a").AttrOr("href", ""), "/programmes/kopi")
}

func TestIndex_StakeholderEnded_NotCounted(t *testing.T) {
	w := testkit.New(t)
	campus := w.Only("stakeholders", "organisation", w.Campus.Id)
	campus.Set("ended_on", "2026-11-23")
	check.NoError(t, w.App.Save(campus))
	if card := w.As(w.Partner).Get("/programmes").Text(".card"); !strings.Contains(card, "Akademisi 0") {
		t.Error(card)
	}
}

func TestIndex_Card_CountsInProgrammeZone(t *testing.T) {
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

func TestIndex_StatusFilter_Narrows(t *testing.T) {
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

func TestIndex_Empty_ExplainsAndOffersStep(t *testing.T) {
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

func TestIndex_ManyProgrammes_Paged(t *testing.T) {
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

func TestIndex_English_Translated(t *testing.T) {
	w := testkit.New(t)
	w.Partner.Set("language", "en")
	check.NoError(t, w.App.Save(w.Partner))
	page := w.As(w.Fresh(w.Partner)).Get("/programmes").Text("main")
	check.Contains(t, "page", page, "Programmes", "Active", "Government 2", "You: Partner")
}

// pages are the addresses of this package with who may see them: initiator,
// coordinator, observer, partner, somebody of another programme, outsider.
var pages = []struct {
	address string
	status  [6]int
}{
	{"/programmes", [6]int{200, 200, 200, 200, 200, 200}},
	{"/programmes/new", [6]int{200, 404, 404, 404, 200, 404}},
	{"/programmes/kopi/edit", [6]int{200, 200, 404, 404, 404, 404}},
	{"/programmes/kopi/team", [6]int{200, 200, 200, 404, 404, 404}},
}

func TestCreate_Invalid_ErrorLinkedToField(t *testing.T) {
	w := testkit.New(t)
	doc := w.As(w.Initiator).Post("/programmes", typed(w, "name", "", "ends_on", "kapan")...).Want(422).Doc()
	for _, field := range []string{"name", "ends_on"} {
		control := doc.Find("#" + field)
		described, _ := control.Attr("aria-describedby")
		invalid, _ := control.Attr("aria-invalid")
		check.Contains(t, field+": described", described, field+"-error")
		check.Equal(t, field+": described", invalid, "true")
		check.Equal(t, field+" is not named above the form", doc.Find(`.problems a[href="#`+field+`"]`).Length(), 1)
	}
}

func TestPages_TypedHTML_Escaped(t *testing.T) {
	w := testkit.New(t)
	evil := `<img src=x onerror=alert(1)>"'&{{.}}`
	w.Kopi.Set("name", evil)
	w.Kopi.Set("expansion", evil)
	w.Kopi.Set("regency", evil)
	check.NoError(t, w.App.Save(w.Kopi))
	w.Coordinator.Set("name", evil)
	check.NoError(t, w.App.Save(w.Coordinator))
	c := w.As(w.Initiator)
	for _, p := range pages {
		answer := c.Get(p.address).Want(200)
		check.Lacks(t, p.address+" runs what somebody typed", answer.Body, "<img src=x")
		check.Equal(t, p.address+" runs what somebody typed", answer.Doc().Find("main [onerror]").Length(), 0)
	}
	check.Equal(t, "the name is shown", join(c.Get("/programmes"), ".card h2 a"), evil)
	wrong := c.Post("/programmes", typed(w, "name", evil, "kind", evil, "owner_name", evil)...).Want(422)
	check.Lacks(t, "a refused form runs what was typed", wrong.Body, "<img src=x")
	check.Equal(t, "the typed name", wrong.Doc().Find("#name").AttrOr("value", ""), evil)
}

func TestCreate_InvalidUTF8_Refused(t *testing.T) {
	w := testkit.New(t)
	for _, value := range []string{"Rumah\x00Teduh", "Rumah \xff\xfe"} {
		answer := w.As(w.Initiator).Post("/programmes", typed(w, "name", value)...).Want(422)
		if got := answer.Text("#name-error"); !strings.Contains(got, "tidak terbaca") {
			t.Errorf("%q: %q", value, got)
		}
	}
}

func TestHelixOf_EverySubtype_OneHelix(t *testing.T) {
	w := testkit.New(t)
	c := check.Must(w.App.FindCollectionByNameOrId("organisations"))
	stored := c.Fields.GetByName("subtype").(*core.SelectField).Values
	known := []string{}
	for _, helix := range programmes.Helices {
		known = append(known, programmes.Subtypes[helix]...)
	}
	check.Same(t, "the schema", stored, known)
	check.Same(t, "helices", c.Fields.GetByName("helix").(*core.SelectField).Values, programmes.Helices)
	for _, kind := range stored {
		check.That(t, programmes.HelixOf(kind) != "", "%s belongs to no helix", kind)
	}
	check.Equal(t, "an unknown kind has a helix", programmes.HelixOf("bank"), "")
}

func TestSubtypeOptions_BothLanguages_GroupedByHelix(t *testing.T) {
	for _, language := range lang.Languages {
		groups := []string{}
		for _, o := range programmes.SubtypeOptions(language) {
			if len(groups) == 0 || groups[len(groups)-1] != o.Group {
				groups = append(groups, o.Group)
			}
			check.That(t, o.Label != "" && o.Label[0] != 0xE2, "%s has no word for %s", language, o.Value)
		}
		check.That(t, len(groups) == len(programmes.Helices) && groups[0] == programmes.HelixLabel(language, "government"), "groups %v", groups)
	}
}
