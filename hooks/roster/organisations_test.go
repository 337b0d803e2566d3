package roster_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// listed joins the names a list of organisations shows.
func listed(r *testkit.Response) string {
	names := []string{}
	for _, a := range r.Doc().Find("main .rows .name").EachIter() {
		names = append(names, a.Text())
	}
	return strings.Join(names, ", ")
}

func TestOrganisationsAreFoundByNameAndHelix(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Agency, "short_name", "Dinsos Smg")
	saved(w, w.Campus, "merged_into", w.Agency.Id)
	cases := []struct{ address, names string }{
		{"/organisations", "Dinas Sosial Kota Semarang, Forum PSM Semarang, K3S Tabanan, Puskesmas Tambakaji, Warung Kopi Banaran"},
		{"/organisations?q=semarang", "Dinas Sosial Kota Semarang, Forum PSM Semarang"},
		{"/organisations?q=semarang+forum", "Forum PSM Semarang"},
		{"/organisations?q=DINSOS+smg", "Dinas Sosial Kota Semarang"},
		{"/organisations?helix=community", "Forum PSM Semarang, K3S Tabanan"},
		{"/organisations?helix=community&q=tab", "K3S Tabanan"},
		{"/organisations?helix=partai", "Dinas Sosial Kota Semarang, Forum PSM Semarang, K3S Tabanan, Puskesmas Tambakaji, Warung Kopi Banaran"},
		{"/organisations?q=%25", ""},
		{"/organisations?q=_", ""},
		{"/organisations?q=%27%3B--", ""},
		{"/organisations?q=" + strings.Repeat("x", 5000), ""},
		{"/organisations?q=UIN", ""},
	}
	for _, c := range cases {
		if got := listed(w.As(w.Outsider).Get(c.address).Want(200)); got != c.names {
			t.Errorf("%.60s lists %q", c.address, got)
		}
	}
}

func TestTheSearchIsKeptWhileAPartyIsChosen(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).Get("/organisations?q=kota+semarang&helix=government").Want(200)
	if got, _ := answer.Doc().Find(`input[name="q"]`).Attr("value"); got != "kota semarang" {
		t.Errorf("the search field holds %q", got)
	}
	if got, _ := answer.Doc().Find(`.filters a`).Last().Attr("href"); got != "/organisations?helix=media&q=kota+semarang" {
		t.Errorf("the last party leads to %s", got)
	}
	check.Equal(t, "text of .filters [aria-current]", answer.Text(".filters [aria-current]"), "Pemerintah")
	hidden, _ := answer.Doc().Find(`form[role="search"] input[name="helix"]`).Attr("value")
	check.Equal(t, "a new search forgets the party", hidden, "government")
}

func TestALongListOfOrganisationsHasPages(t *testing.T) {
	w := testkit.New(t)
	for i := range 31 {
		w.Make("organisations", "name", fmt.Sprintf("Posyandu %02d", i), "helix", "community")
	}
	c := w.As(w.Outsider)
	first := c.Get("/organisations?q=posyandu").Want(200)
	next, _ := first.Doc().Find(`.pager a[rel="next"]`).Attr("href")
	if strings.Count(listed(first), "Posyandu") != 30 || next != "/organisations?page=2&q=posyandu" {
		t.Errorf("%d, then %s", strings.Count(listed(first), "Posyandu"), next)
	}
	check.Equal(t, "the second page", listed(c.Get(next).Want(200)), "Posyandu 30")
}

func TestAnEmptySearchOffersAWayBack(t *testing.T) {
	w := testkit.New(t)
	empty := w.As(w.Outsider).Get("/organisations?q=tidak+ada").Want(200)
	if got := empty.Text(".empty-list"); !strings.Contains(got, "Lihat semua organisasi") {
		t.Error(got)
	}
	check.Equal(t, "somebody who may not record one is offered", empty.Doc().Find(`main a[href="/organisations/new"]`).Length(), 0)
	check.Equal(t, "the team is not offered to record one", w.As(w.Coordinator).Get("/organisations").Doc().Find(`main a[href="/organisations/new"]`).Length(), 1)
}

func TestAnOrganisationShowsEachReaderWhatIsTheirs(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Puskesmas, "note", "Kepala baru mulai Januari", "address", "Jl. Raya Tambakaji", "website", "https://puskesmas.example.org")
	w.Make("stakeholders", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id)
	cases := []struct {
		who                         *core.Record
		programmes                  string
		contacts, note, edit, email bool
	}{
		{w.Initiator, "KOPI REHAT", true, true, true, true},
		{w.Coordinator, "KOPI REHAT", true, true, true, true},
		{w.Partner, "KOPI REHAT Rantang Tresna", true, false, false, true},
		{w.OtherPartner, "KOPI REHAT", false, false, false, false},
		{w.Observer, "KOPI REHAT", false, false, false, false},
		{w.BaliInitiator, "Rantang Tresna", true, true, true, true},
		{w.Outsider, "", false, false, false, false},
		{w.Administrator, "KOPI REHAT Rantang Tresna", true, true, true, true},
	}
	for _, c := range cases {
		answer := w.As(c.who).Get("/organisations/" + w.Puskesmas.Id).Want(200)
		names := []string{}
		for _, a := range answer.Doc().Find(`section[aria-labelledby="programmes"] .name`).EachIter() {
			names = append(names, a.Text())
		}
		check.Equal(t, c.who.GetString("name")+" sees", strings.Join(names, " "), c.programmes)
		checks := map[string]bool{
			"Narahubung": c.contacts, "Kepala baru": c.note, "Ubah organisasi": c.edit, "partner@example.org": c.email,
			"Jl. Raya Tambakaji": true,
		}
		for word, want := range checks {
			if got := strings.Contains(answer.Text("main"), word); got != want {
				t.Errorf("%s reads %q: %v", c.who.GetString("name"), word, got)
			}
		}
	}
	w.As(nil).Get("/organisations/" + w.Puskesmas.Id).Want(303)
	w.As(w.Initiator).Get("/organisations/tidakadaxxxxxxx").Want(404)
}

func TestAMergedEntryLeadsToTheOneInUse(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Campus, "merged_into", w.Agency.Id, "parent", w.Agency.Id)
	answer := w.As(w.Initiator).Get("/organisations/" + w.Campus.Id).Want(200)
	check.Equal(t, "no way to the entry in use", answer.Doc().Find(`.callout a[href="/organisations/`+w.Agency.Id+`"]`).Length(), 1)
	if got := answer.Text(".summary"); !strings.Contains(got, "Bagian dari Dinas Sosial Kota Semarang") {
		t.Error(got)
	}
}

func TestAnAddressOfAScriptIsNoLink(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).API("PATCH", "/api/collections/organisations/records/"+w.Agency.Id,
		map[string]any{"website": "javascript:alert(1)", "name": `<script>alert("x")</script>`})
	page := w.As(w.Initiator).Get("/organisations/" + w.Agency.Id).Want(200)
	if strings.Contains(page.Body, "<script>alert") || strings.Contains(page.Body, `href="javascript:`) {
		t.Errorf("%d: the page runs what somebody typed", answer.Status)
	}
}
