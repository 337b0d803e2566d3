package roster_test

import (
	"fmt"
	"net/http"
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

func TestOrganisations_Search_ByNameAndHelix(t *testing.T) {
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

func TestOrganisations_Filter_KeepsSearch(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).Get("/organisations?q=kota+semarang&helix=government").Want(200)
	check.Equal(t, "the search field", answer.Doc().Find(`input[name="q"]`).AttrOr("value", ""), "kota semarang")
	check.Equal(t, "the last party", answer.Doc().Find(`.filters a`).Last().AttrOr("href", ""), "/organisations?helix=media&q=kota+semarang")
	check.Equal(t, "text of .filters [aria-current]", answer.Text(".filters [aria-current]"), "Pemerintah")
	hidden, _ := answer.Doc().Find(`form[role="search"] input[name="helix"]`).Attr("value")
	check.Equal(t, "a new search forgets the party", hidden, "government")
}

func TestOrganisations_ManyRows_Paged(t *testing.T) {
	w := testkit.New(t)
	for i := range 31 {
		w.Make("organisations", "name", fmt.Sprintf("Posyandu %02d", i), "helix", "community")
	}
	c := w.As(w.Outsider)
	first := c.Get("/organisations?q=posyandu").Want(200)
	next, _ := first.Doc().Find(`.pager a[rel="next"]`).Attr("href")
	check.Equal(t, "value", strings.Count(listed(first), "Posyandu"), 30)
	check.Equal(t, "next", next, "/organisations?page=2&q=posyandu")
	check.Equal(t, "the second page", listed(c.Get(next).Want(200)), "Posyandu 30")
}

func TestOrganisations_NoResult_OffersAll(t *testing.T) {
	w := testkit.New(t)
	empty := w.As(w.Outsider).Get("/organisations?q=tidak+ada").Want(200)
	if got := empty.Text(".empty-list"); !strings.Contains(got, "Lihat semua organisasi") {
		t.Error(got)
	}
	check.Equal(t, "somebody who may not record one is offered", empty.Doc().Find(`main a[href="/organisations/new"]`).Length(), 0)
	check.Equal(t, "the team is not offered to record one", w.As(w.Coordinator).Get("/organisations").Doc().Find(`main a[href="/organisations/new"]`).Length(), 1)
}

func TestShowOrganisation_EachReader_OwnParts(t *testing.T) {
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

func TestShowOrganisation_Merged_LeadsToTarget(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Campus, "merged_into", w.Agency.Id, "parent", w.Agency.Id)
	answer := w.As(w.Initiator).Get("/organisations/" + w.Campus.Id).Want(200)
	check.Equal(t, "no way to the entry in use", answer.Doc().Find(`.callout a[href="/organisations/`+w.Agency.Id+`"]`).Length(), 1)
	if got := answer.Text(".summary"); !strings.Contains(got, "Bagian dari Dinas Sosial Kota Semarang") {
		t.Error(got)
	}
}

func TestShowOrganisation_ScriptURL_NoLink(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).API("PATCH", "/api/collections/organisations/records/"+w.Agency.Id,
		map[string]any{"website": "javascript:alert(1)", "name": `<script>alert("x")</script>`})
	page := w.As(w.Initiator).Get("/organisations/" + w.Agency.Id).Want(200)
	check.That(t, !strings.Contains(page.Body, "<script>alert") && !strings.Contains(page.Body, `href="javascript:`), "%d: the page runs what somebody typed", answer.Status)
}

func TestCreateOrganisation_Form_Saved(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	c.Get("/organisations/new").Want(200)
	answer := c.Post("/organisations", "once", "o-1", "name", "Radio Semarang", "short_name", "RS", "helix", "media",
		"subtype", "radio", "province", "Jawa Tengah", "regency", "Kota Semarang", "address", "Jl. Pemuda 1",
		"email", "redaksi@example.org", "phone", "(024) 123456", "website", "radio.example.org", "note", "Minta Bu Sari").Want(303)
	made := w.Only("organisations", "name", "Radio Semarang")
	if answer.Header.Get("Location") != "/organisations/"+made.Id {
		t.Error("leads to", answer.Header.Get("Location"))
	}
	for field, want := range map[string]string{"helix": "media", "subtype": "radio", "website": "https://radio.example.org",
		"phone": "(024) 123456", "note": "Minta Bu Sari", "province": "Jawa Tengah"} {
		check.Equal(t, field, made.GetString(field), want)
	}
	again := c.Post("/organisations", "once", "o-1", "name", "Radio Semarang", "helix", "media").Want(303)
	check.Equal(t, "the same form made a second entry", again.Header.Get("Location"), answer.Header.Get("Location"))
	check.Equal(t, "the same form made a second entry", w.Count("organisations"), 7)
}

func TestCreateOrganisation_Duplicate_LinkToExisting(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).Post("/organisations", "name", "PUSKESMAS TAMBAK AJI", "helix", "government",
		"regency", "Kota Semarang", "address", "Jl. Raya").Want(422)
	if got := answer.Text("#name-error"); !strings.Contains(got, "Puskesmas Tambakaji sudah tercatat") {
		t.Error(got)
	}
	check.Equal(t, "no way to the entry", answer.Doc().Find(`.callout a[href="/organisations/`+w.Puskesmas.Id+`"]`).Length(), 1)
	check.Equal(t, "what was typed is lost", answer.Text("#address"), "Jl. Raya")
	w.As(w.Initiator).Post("/organisations", "name", "Puskesmas Tambakaji", "helix", "government", "regency", "Kabupaten Demak").Want(303)
	unplaced := w.As(w.Initiator).Post("/organisations", "name", "Puskesmas Tambakaji", "helix", "government").Want(422)
	if got := unplaced.Text("#regency-error"); !strings.Contains(got, "Tulis kabupaten atau kotanya") {
		t.Error(got)
	}
	check.Equal(t, "rows of organisations", w.Count("organisations"), 7)
}

func TestCreateOrganisation_InvalidFields_Named(t *testing.T) {
	w := testkit.New(t)
	cases := []struct{ field, value, sentence string }{
		{"name", "", "Isi “Nama resmi” dulu."},
		{"name", strings.Repeat("x", 201), "terlalu panjang"},
		{"name", "3374011203990001", "16 angka"},
		{"short_name", strings.Repeat("x", 61), "terlalu panjang"},
		{"helix", "", "Pilih “Unsur” dulu."},
		{"helix", "partai", "dari daftar"},
		{"subtype", "warung", "dari daftar"},
		{"subtype", "puskesmas", "bagian dari unsur lain"},
		{"province", "Atlantis", "dari daftar"},
		{"regency", strings.Repeat("x", 101), "terlalu panjang"},
		{"address", strings.Repeat("x", 501), "terlalu panjang"},
		{"email", "bukan-alamat", "Tulis alamat email lengkap"},
		{"phone", strings.Repeat("1 ", 21), "terlalu panjang"},
		{"website", "bukan alamat", "Tulis alamat web lengkap"},
		{"note", strings.Repeat("x", 20001), "terlalu panjang"},
	}
	for _, target := range []string{"/organisations", "/organisations/" + w.Agency.Id + "/edit"} {
		for _, c := range cases {
			fields := []string{c.field, c.value}
			for _, good := range [][2]string{{"name", "Radio Semarang"}, {"helix", "media"}, {"regency", "Kota Semarang"}} {
				if good[0] != c.field {
					fields = append(fields, good[0], good[1])
				}
			}
			answer := w.As(w.Initiator).Change(target, fields...).Want(422)
			if got := answer.Text("#" + c.field + "-error"); !strings.Contains(got, c.sentence) {
				t.Errorf("%s: %s %.20q says %q", target, c.field, c.value, got)
			}
			if kept, _ := answer.Doc().Find("#name").Attr("value"); c.field != "name" && kept != "Radio Semarang" {
				t.Errorf("%s: %s: the typed name became %q", target, c.field, kept)
			}
		}
	}
	check.Equal(t, "a refused form was kept", w.Count("organisations"), 6)
	check.Equal(t, "a refused form was kept", w.Fresh(w.Agency).GetString("name"), "Dinas Sosial Kota Semarang")
}

func TestUpdateOrganisation_Team_Saved(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	form := c.Get("/organisations/" + w.Puskesmas.Id + "/edit").Want(200)
	check.Equal(t, "the form", form.Doc().Find("#name").AttrOr("value", ""), "Puskesmas Tambakaji")
	c.Change("/organisations/"+w.Puskesmas.Id+"/edit", "name", "Puskesmas Tambakaji", "short_name", "PKM Tambakaji",
		"helix", "government", "subtype", "puskesmas", "province", "Jawa Tengah", "regency", "Kota Semarang").Want(303)
	check.Equal(t, "short name", w.Fresh(w.Puskesmas).GetString("short_name"), "PKM Tambakaji")
	duplicate := c.Change("/organisations/"+w.Puskesmas.Id+"/edit", "name", "Forum PSM Semarang", "helix", "government",
		"regency", "Kota Semarang").Want(422)
	if got := duplicate.Text("#name-error"); !strings.Contains(got, "Forum PSM Semarang sudah tercatat") {
		t.Error(got)
	}
}

func TestOrganisations_OtherPeople_Refused(t *testing.T) {
	w := testkit.New(t)
	edit := "/organisations/" + w.Puskesmas.Id + "/edit"
	for _, person := range []*core.Record{w.Partner, w.Observer, w.Outsider} {
		w.As(person).Get("/organisations/new").Want(404)
		w.As(person).Post("/organisations", "name", "Milik saya", "helix", "media").Want(404)
	}
	for _, person := range []*core.Record{w.Partner, w.Observer, w.Outsider, w.BaliInitiator} {
		w.As(person).Get(edit).Want(404)
		w.As(person).Post(edit, "name", "Milik saya", "helix", "media").Want(404)
	}
	w.As(nil).Post("/organisations", "name", "Tamu", "helix", "media").Want(401)
	check.Equal(t, "somebody wrote who may", w.Count("organisations"), 6)
	check.Equal(t, "somebody wrote who may", w.Fresh(w.Puskesmas).GetString("name"), "Puskesmas Tambakaji")
}

func TestAPI_SubtypeOfOtherHelix_Refused(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).API("POST", "/api/collections/organisations/records",
		map[string]any{"name": "Radio", "helix": "community", "subtype": "radio"}).Want(400)
	if data, _ := answer.JSON()["data"].(map[string]any); data["subtype"] == nil {
		t.Error(answer.Body)
	}
	w.As(w.Administrator).API("POST", "/api/collections/organisations/records", map[string]any{"name": " \t ", "helix": "media"}).Want(400)
}

// api is where the records of a collection are.
func api(collection string, id ...string) string {
	return strings.Join(append([]string{"/api/collections/" + collection + "/records"}, id...), "/")
}

// said returns what the API says about a field, "" for nothing.
func said(r *testkit.Response, field string) string {
	data, _ := r.JSON()["data"].(map[string]any)
	problem, _ := data[field].(map[string]any)
	sentence, _ := problem["message"].(string)
	return sentence
}

func TestAPI_Administrator_BothLanguages(t *testing.T) {
	w := testkit.New(t)
	contact, at := w.Only("contacts", "user", w.Partner.Id).Id, place(w, w.Kopi, w.Campus).Id
	cases := []struct {
		method, path string
		body         map[string]any
		field        string
		id, en       string
	}{
		{http.MethodPatch, api("organisations", w.Campus.Id), map[string]any{"subtype": "radio"},
			"subtype", "Jenis ini bagian dari unsur lain", "belongs to another helix"},
		{http.MethodPatch, api("contacts", contact), map[string]any{"phone": "nol delapan"},
			"phone", "Tulis nomor telepon seperti", "Write a telephone number"},
		{http.MethodPatch, api("contacts", contact), map[string]any{"user": w.Disabled.Id},
			"user", "Akun ini sudah ditutup", "This account is closed"},
		{http.MethodPatch, api("contacts", contact), map[string]any{"until_on": "2025-12-31"},
			"until_on", "tidak boleh sebelum", "before"},
		{http.MethodPatch, api("stakeholders", at), map[string]any{"ended_on": "2025-12-31"},
			"ended_on", "tidak boleh sebelum", "before"},
		{http.MethodPatch, api("stakeholders", at), map[string]any{"joined_on": "2026-02-30"},
			"joined_on", "Tulis tanggal", "10/12/2026"},
	}
	for _, c := range cases {
		got := said(w.As(w.Administrator).API(c.method, c.path, c.body).Want(400), c.field)
		check.Contains(t, fmt.Sprint(c.body), got, c.id, c.en)
	}
}

func TestAPI_Contacts_ReadByOwnAndTeam(t *testing.T) {
	w := testkit.New(t)
	cases := []struct {
		who  *core.Record
		rows float64
	}{
		{w.Initiator, 2}, {w.Coordinator, 2}, {w.Partner, 1}, {w.OtherPartner, 1}, {w.BaliInitiator, 1}, {w.BaliPartner, 1},
		{w.Observer, 0}, {w.Outsider, 0}, {w.Disabled, 0}, {w.Administrator, 3},
	}
	for _, c := range cases {
		answer := w.As(c.who).API(http.MethodGet, api("contacts"), nil).Want(200)
		check.Equal(t, c.who.GetString("name"), answer.JSON()["totalItems"], any(c.rows))
		check.That(t, c.rows != 0 || !strings.Contains(answer.Body, "@example.org"), "%s reads an address", c.who.GetString("name"))
	}
	guest := w.As(nil).API(http.MethodGet, api("contacts"), nil)
	check.Lacks(t, "a guest reads an address", guest.Body, "@example.org")
}

func TestAPI_TeamNotes_Hidden(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Puskesmas, "note", "Kepala baru mulai Januari")
	at := saved(w, place(w, w.Kopi, w.Puskesmas), "comms_strategy", "Lewat sekretarisnya", "partner_status", "dormant", "urgent", true)
	w.Make("assessments", "stakeholder", at.Id, "influence", 2, "interest", 4, "stance", "resistant", "reason", "Kurang dana")
	for _, person := range []*core.Record{w.Partner, w.OtherPartner, w.Observer, w.Outsider} {
		c := w.As(person)
		for _, path := range []string{
			api("stakeholders") + "?expand=organisation,assessments_via_stakeholder",
			api("organisations", w.Puskesmas.Id) + "?expand=stakeholders_via_organisation",
			api("programmes") + "?expand=stakeholders_via_programme,stakeholders_via_programme.assessments_via_stakeholder",
			api("assessments"),
		} {
			answer := c.API(http.MethodGet, path, nil)
			for _, word := range []string{"sekretarisnya", "dormant", "resistant", "Kurang dana", "Kepala baru"} {
				check.That(t, !strings.Contains(answer.Body, word), "%s reads %q at %s", person.GetString("name"), word, path)
			}
		}
		for _, filter := range []string{`comms_strategy~"sekretaris"`, `partner_status="dormant"`, `urgent=true`} {
			answer := c.API(http.MethodGet, api("stakeholders")+"?filter="+strings.NewReplacer(`"`, "%22", "=", "%3D", "~", "~").Replace(filter), nil)
			check.That(t, answer.Status != 200 || answer.JSON()["totalItems"] == 0.0, "%s finds out by asking for %s", person.GetString("name"), filter)
		}
	}
}

func TestAPI_Delete_Refused(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.Initiator, w.Coordinator, w.Partner} {
		for _, path := range []string{
			api("organisations", w.Shop.Id), api("stakeholders", place(w, w.Kopi, w.Shop).Id),
			api("contacts", w.Only("contacts", "user", w.Partner.Id).Id),
		} {
			if got := w.As(person).API(http.MethodDelete, path, nil).Status; got != 403 && got != 404 {
				t.Errorf("%s deletes %s: %d", person.GetString("name"), path, got)
			}
		}
	}
	check.That(t, w.Count("organisations") == 6 && w.Count("stakeholders") == 6 && w.Count("contacts") == 3, "something is gone")
}

func TestAPI_SystemFields_NotWritten(t *testing.T) {
	w := testkit.New(t)
	for field, value := range map[string]any{"verified_at": "2026-01-01 00:00:00.000Z", "verified_by": w.Initiator.Id, "merged_into": w.Agency.Id} {
		w.As(w.Initiator).API(http.MethodPatch, api("organisations", w.Puskesmas.Id), map[string]any{field: value}).Want(404)
	}
	w.As(w.Initiator).API(http.MethodPost, api("organisations"),
		map[string]any{"name": "Radio", "helix": "media", "merged_into": w.Agency.Id}).Want(400)
	if after := w.Fresh(w.Puskesmas); after.GetString("merged_into") != "" || after.GetString("verified_by") != "" {
		t.Error("a team verified or merged an organisation")
	}
}

func TestForms_InvalidInEnglish_EnglishErrors(t *testing.T) {
	w := testkit.New(t)
	c := w.As(saved(w, w.Initiator, "language", "en"))
	cases := []struct {
		address         string
		fields          []string
		field, sentence string
	}{
		{kopi, form("new_name", ""), "new_name", "Name of the new organisation"},
		{kopi, form("new_name", "K3S Tabanan"), "new_name", "There is K3S Tabanan in Tabanan"},
		{kopi, form("organisation", w.Campus.Id, "new_name", ""), "organisation", "is already recorded in this programme with the same office"},
		{kopi, form("new_subtype", "puskesmas"), "new_subtype", "belongs to another helix"},
		{"/organisations", []string{"name", "puskesmas tambakaji", "helix", "government"}, "name", "Puskesmas Tambakaji is already recorded"},
		{at(w.Campus), []string{"position", "Dean", "phone", "no"}, "phone", "Write a telephone number"},
		{at(w.Campus), []string{"position", "Dean", "from_on", "2026-02-01", "until_on", "2026-01-01"}, "until_on", "before"},
	}
	for _, each := range cases {
		answer := c.Post(each.address, each.fields...).Want(422)
		if got := answer.Text("#" + each.field + "-error"); !strings.Contains(got, each.sentence) {
			t.Errorf("%s %v: %q", each.address, each.fields, got)
		}
	}
}
