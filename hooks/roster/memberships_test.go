package roster_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/roster"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

func TestMemberships_Partner_NeedsContactAndStakeholder(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "user", w.Partner.Id)
	if partners(w, w.Kopi, w.Partner) != 1 {
		t.Fatal("the world begins without its partner")
	}
	saved(w, contact, "user", "")
	check.Equal(t, "without the account the contact still lets somebody", partners(w, w.Kopi, w.Partner), 0)
	saved(w, contact, "user", w.Outsider.Id)
	check.Equal(t, "the account that was linked stays outside", partners(w, w.Kopi, w.Outsider), 1)
	saved(w, contact, "organisation", w.Bali.Id)
	check.Equal(t, "access did not move with the contact", partners(w, w.Kopi, w.Outsider), 0)
	check.Equal(t, "access did not move with the contact", partners(w, w.Rantang, w.Outsider), 1)
	check.NoError(t, w.App.Delete(w.Fresh(contact)))
	check.Equal(t, "access outlives the contact", partners(w, w.Rantang, w.Outsider), 0)
}

func TestMemberships_TwoContacts_OneMembership(t *testing.T) {
	w := testkit.New(t)
	second := w.Make("contacts", "organisation", w.Puskesmas.Id, "position", "Pengelola program", "user", w.Partner.Id)
	check.Equal(t, "a second office made a second membership", partners(w, w.Kopi, w.Partner), 1)
	saved(w, second, "until_on", "2026-11-01")
	check.Equal(t, "leaving one of two offices shut the person out", partners(w, w.Kopi, w.Partner), 1)
	office := w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", w.Puskesmas.Id, "position", "Kepala Puskesmas")
	saved(w, place(w, w.Kopi, w.Puskesmas), "ended_on", "2026-11-01")
	check.Equal(t, "the organisation still takes part in another office", partners(w, w.Kopi, w.Partner), 1)
	saved(w, office, "ended_on", "2026-11-01")
	check.Equal(t, "nobody takes part any more, yet the person may enter", partners(w, w.Kopi, w.Partner), 0)
}

func TestMemberships_Dates_Decide(t *testing.T) {
	cases := []struct {
		name, field, day string
		contact, in      bool
	}{
		{"a contact from today on", "from_on", "2026-11-23", true, true},
		{"a contact from tomorrow on", "from_on", "2026-11-24", true, false},
		{"a contact on the last day", "until_on", "2026-11-23", true, true},
		{"a contact after the last day", "until_on", "2026-11-22", true, false},
		{"a stakeholder that ends today", "ended_on", "2026-11-23", false, false},
		{"a stakeholder that ends tomorrow", "ended_on", "2026-11-24", false, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := testkit.New(t)
			r := place(w, w.Kopi, w.Puskesmas)
			if c.contact {
				r = w.Only("contacts", "user", w.Partner.Id)
			}
			saved(w, r, c.field, c.day)
			check.Equal(t, "may enter", partners(w, w.Kopi, w.Partner) == 1, c.in)
		})
	}
}

func TestMemberships_Dates_InProgrammeZone(t *testing.T) {
	w := testkit.New(t)
	w.Make("stakeholders", "programme", w.Papua.Id, "organisation", w.Puskesmas.Id)
	contact := w.Only("contacts", "user", w.Partner.Id)
	// 23.30 on the 23rd in Semarang is 01.30 on the 24th in Jayapura.
	stand(t, time.Date(2026, 11, 23, 16, 30, 0, 0, time.UTC))
	saved(w, contact, "until_on", "2026-11-23")
	check.Equal(t, "Semarang", partners(w, w.Kopi, w.Partner), 1)
	check.Equal(t, "Semarang", partners(w, w.Papua, w.Partner), 0)
}

func TestRefreshMemberships_NewDay_Updated(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Only("contacts", "user", w.Partner.Id), "until_on", "2026-11-23")
	saved(w, w.Only("contacts", "user", w.OtherPartner.Id), "from_on", "2026-11-24")
	if partners(w, w.Kopi, w.Partner) != 1 || partners(w, w.Kopi, w.OtherPartner) != 0 {
		t.Fatal("the day before is wrong already")
	}
	stand(t, testkit.Monday.Add(24*time.Hour))
	all := w.Count("memberships")
	check.NoError(t, roster.RefreshMemberships(w.App, clock.Now()))
	check.That(t, partners(w, w.Kopi, w.Partner) == 0 && partners(w, w.Kopi, w.OtherPartner) == 1 && w.Count("memberships") == all, "the next day did not change who speaks")
	if err := roster.RefreshMemberships(w.App, clock.Now()); err != nil || w.Count("memberships") != all {
		t.Error("a second run is not quiet:", err)
	}
}

func TestMemberships_OtherRole_Kept(t *testing.T) {
	w := testkit.New(t)
	w.Make("memberships", "programme", w.Kopi.Id, "user", w.Partner.Id, "role", "observer")
	saved(w, place(w, w.Kopi, w.Puskesmas), "ended_on", "2026-11-23")
	left := w.Only("memberships", "user", w.Partner.Id)
	check.That(t, left.GetString("role") == "observer", "left with %v", left.GetString("role"))
}

func TestMemberships_Activity_NamesActor(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Coordinator).API("PATCH", "/api/collections/stakeholders/records/"+place(w, w.Kopi, w.Puskesmas).Id,
		map[string]any{"ended_on": "2026-11-23"}).Want(200)
	traces, err := w.App.FindRecordsByFilter("activity", `collection = "memberships" && action = "delete"`, "-created", 10, 0)
	if err != nil || len(traces) != 1 {
		t.Fatalf("%d traces, %v", len(traces), err)
	}
	check.Same(t, "fields", []string{traces[0].GetString("actor"), traces[0].GetString("via")}, []string{w.Coordinator.Id, "api"})
}

func TestNormalize_Assessment_SignedAndDated(t *testing.T) {
	w := testkit.New(t)
	records := "/api/collections/assessments/records"
	body := map[string]any{"stakeholder": place(w, w.Kopi, w.Puskesmas).Id, "influence": 4, "interest": 3, "stance": "supportive"}
	w.As(w.Coordinator).API(http.MethodPost, records, body).Want(200)
	made := w.Only("assessments", "stakeholder", body["stakeholder"])
	check.Same(t, "fields", []string{made.GetString("assessor"), made.GetString("assessed_on")}, []string{w.Coordinator.Id, "2026-11-23"})
	body["assessor"], body["assessed_on"] = w.Initiator.Id, "2026-10-01"
	w.As(w.Coordinator).API(http.MethodPost, records, body).Want(400)
	delete(body, "assessor")
	w.As(w.Initiator).API(http.MethodPost, records, body).Want(200)
	check.Equal(t, "signed", w.Only("assessments", "assessed_on", "2026-10-01").GetString("assessor"), w.Initiator.Id)
	w.As(w.Partner).API(http.MethodPost, records, body).Want(400)
	check.Equal(t, "a partner assesses its programme's stakeholders", w.Count("assessments"), 2)
}

func TestNormalize_StakeholderHelix_EmptyWhenSame(t *testing.T) {
	w := testkit.New(t)
	records := "/api/collections/stakeholders/records"
	at := place(w, w.Kopi, w.Campus)
	c := w.As(w.Coordinator)
	c.API(http.MethodPatch, records+"/"+at.Id, map[string]any{"helix": "university"}).Want(200)
	check.Equal(t, "helix", w.Fresh(at).GetString("helix"), "")
	c.API(http.MethodPatch, records+"/"+at.Id, map[string]any{"helix": "media"}).Want(200)
	check.Equal(t, "helix", w.Fresh(at).GetString("helix"), "media")
}

func TestValidate_Dates_InOrder(t *testing.T) {
	w := testkit.New(t)
	at, contact := place(w, w.Kopi, w.Campus), w.Only("contacts", "user", w.Partner.Id)
	cases := []struct{ path, field, value string }{
		{"stakeholders/records/" + at.Id, "ended_on", "2026-01-04"},
		{"stakeholders/records/" + at.Id, "joined_on", "2026-02-30"},
		{"stakeholders/records/" + at.Id, "joined_on", "5 Januari 2026"},
		{"contacts/records/" + contact.Id, "until_on", "2026-01-04"},
		{"contacts/records/" + contact.Id, "from_on", "2026-13-01"},
		{"contacts/records/" + contact.Id, "phone", "besok"},
	}
	for _, c := range cases {
		answer := w.As(w.Coordinator).API(http.MethodPatch, "/api/collections/"+c.path, map[string]any{c.field: c.value})
		data, _ := answer.JSON()["data"].(map[string]any)
		check.That(t, answer.Status == 400 && data[c.field] != nil, "%s = %q: %d %s", c.field, c.value, answer.Status, answer.Body)
	}
}

func TestNormalize_API_Phone(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "user", w.Partner.Id)
	w.As(w.Administrator).API(http.MethodPatch, "/api/collections/contacts/records/"+contact.Id,
		map[string]any{"phone": "+62 812-3456-7890"}).Want(200)
	check.Equal(t, "kept", w.Fresh(contact).GetString("phone"), "6281234567890")
}

// form lays typed fields over a good form for a new media partner.
func form(changes ...string) []string {
	fields := map[string]string{
		"once": "formulir-1", "organisation": "new", "new_name": "Radio Semarang", "new_helix": "media", "new_subtype": "radio",
		"role": "Publikasi", "joined_on": "2026-11-20", "partner_status": "contacted", "comms_strategy": "Undang ke peluncuran",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	out := []string{}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		out = append(out, name, fields[name])
	}
	return out
}

func TestCreateStakeholder_NewOrganisation_Saved(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	asked := c.Get(kopi + "/new?helix=media").Want(200)
	if asked.Text("h1") != "Tambah unsur media" {
		t.Error(asked.Text("h1"))
	}
	check.Equal(t, "the form does not begin where the gap", asked.Doc().Find(`#new_helix option[value="media"][selected]`).Length(), 1)
	check.Equal(t, "the form does not begin where the gap", asked.Doc().Find(`#organisation option[value="new"][selected]`).Length(), 1)
	action, _ := asked.Doc().Find("main form").Attr("action")
	answer := c.Post(action, form()...).Want(303)
	if told := c.Follow(answer).Text(".flash"); told != "Radio Semarang sudah ditambahkan ke program ini." {
		t.Error(told)
	}
	radio := w.Only("organisations", "name", "Radio Semarang")
	check.Same(t, "fields", []string{radio.GetString("helix"), radio.GetString("subtype"), radio.GetString("regency")}, []string{"media", "radio", "Kota Semarang"})
	at := w.Only("stakeholders", "organisation", radio.Id)
	for field, want := range map[string]string{"programme": w.Kopi.Id, "role": "Publikasi", "helix": "", "partner_status": "contacted",
		"joined_on": "2026-11-20", "comms_strategy": "Undang ke peluncuran", "ended_on": ""} {
		check.Equal(t, field, at.GetString(field), want)
	}
}

func TestCreateStakeholder_ListedOrganisation_Saved(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Coordinator).Post(kopi, form("organisation", w.Bali.Id, "new_name", "", "new_helix", "", "new_subtype", "")...).Want(303)
	check.Equal(t, "it joined without its role", place(w, w.Kopi, w.Bali).GetString("role"), "Publikasi")
	check.Equal(t, "it is doubled, or its people stay outside", w.Count("organisations"), 6)
	check.Equal(t, "it is doubled, or its people stay outside", partners(w, w.Kopi, w.BaliPartner), 1)
}

func TestCreateStakeholder_SameForm_One(t *testing.T) {
	w := testkit.New(t)
	for range 2 {
		w.As(w.Coordinator).Post(kopi, form()...).Want(303)
		w.As(w.Coordinator).Post(kopi, form("once", "formulir-2", "organisation", w.Bali.Id, "new_name", "")...).Want(303)
	}
	check.Equal(t, "rows of stakeholders", w.Count("stakeholders"), 8)
	check.Equal(t, "rows of organisations", w.Count("organisations"), 7)
}

func TestCreateStakeholder_KnownName_Reused(t *testing.T) {
	for _, name := range []string{"warung kopi BANARAN", "CV. Warung Kopi Banaran", "Warung-Kopi  Banaran"} {
		w := testkit.New(t)
		c := w.As(w.Initiator)
		answer := c.Post(kopi, form("new_name", name, "position", "Pemilik")...).Want(303)
		if told := c.Follow(answer).Text(".flash"); !strings.HasPrefix(told, "Warung Kopi Banaran sudah ada di daftar") {
			t.Errorf("%s: %q", name, told)
		}
		check.Equal(t, name, w.Count("organisations"), 6)
		check.Equal(t, name, w.Count("stakeholders"), 7)
	}
}

func TestCreateStakeholder_SameNameElsewhere_Asks(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).Post(kopi, form("new_name", "K3S Tabanan")...).Want(422)
	if got := answer.Text("#new_name-error"); !strings.Contains(got, "Ada K3S Tabanan di Tabanan") {
		t.Error(got)
	}
	check.Equal(t, "what was typed is lost", answer.Doc().Find("#role").AttrOr("value", ""), "Publikasi")
	w.Make("organisations", "name", "Radio Kita", "helix", "media")
	w.Make("organisations", "name", "Radio Kita", "helix", "media")
	several := w.As(w.Initiator).Post(kopi, form("new_name", "radio kita")...).Want(422)
	if got := several.Text("#new_name-error"); !strings.Contains(got, "Beberapa organisasi") {
		t.Error(got)
	}
}

func TestCreateStakeholder_AlreadyThere_Refused(t *testing.T) {
	w := testkit.New(t)
	for _, fields := range [][]string{
		form("organisation", w.Campus.Id, "new_name", ""),
		form("new_name", "UIN Walisongo"),
	} {
		answer := w.As(w.Initiator).Post(kopi, fields...).Want(422)
		if got := answer.Text("#organisation-error"); !strings.Contains(got, "UIN Walisongo sudah tercatat di program ini") {
			t.Error(got)
		}
	}
	w.As(w.Initiator).Post(kopi, form("organisation", w.Campus.Id, "new_name", "", "position", "Rektor")...).Want(303)
	check.Equal(t, "rows of stakeholders", w.Count("stakeholders"), 7)
}

func TestCreateStakeholder_Ended_Resumed(t *testing.T) {
	w := testkit.New(t)
	at := saved(w, place(w, w.Kopi, w.Campus), "ended_on", "2026-06-30", "role", "Riset")
	w.As(w.Initiator).Post(kopi, form("organisation", w.Campus.Id, "new_name", "", "role", "Pelatihan", "joined_on", "")...).Want(303)
	after := w.Fresh(at)
	if after.GetString("ended_on") != "" || after.GetString("role") != "Pelatihan" || w.Count("stakeholders") != 6 {
		t.Errorf("ended %q, role %q, %d places", after.GetString("ended_on"), after.GetString("role"), w.Count("stakeholders"))
	}
}

func TestCreateStakeholder_InvalidFields_KeepInput(t *testing.T) {
	w := testkit.New(t)
	cases := []struct {
		field, value, sentence string
		more                   []string
	}{
		{"organisation", "", "Pilih “Organisasi” dulu.", nil},
		{"organisation", "tidakadaxxxxxxx", "dari daftar", []string{"new_name", ""}},
		{"new_name", "", "Isi “Nama organisasi baru” dulu.", nil},
		{"new_name", strings.Repeat("x", 201), "terlalu panjang", nil},
		{"new_name", "Warga 3374011203990001", "16 angka", nil},
		{"new_name", "Radio lain", "sudah dipilih dari daftar", []string{"organisation", w.Bali.Id}},
		{"new_helix", "", "Pilih unsur", []string{"new_subtype", ""}},
		{"new_helix", "partai", "dari daftar", nil},
		{"new_subtype", "puskesmas", "bagian dari unsur lain", nil},
		{"new_subtype", "warung", "dari daftar", nil},
		{"position", strings.Repeat("x", 201), "terlalu panjang", nil},
		{"role", strings.Repeat("x", 201), "terlalu panjang", nil},
		{"responsibility", strings.Repeat("x", 2001), "terlalu panjang", nil},
		{"joined_on", "31-31-2026", "Tulis tanggal", nil},
		{"partner_status", "teman", "dari daftar", nil},
		{"engagement_level", "sedikit", "dari daftar", nil},
		{"comms_strategy", strings.Repeat("x", 5001), "terlalu panjang", nil},
	}
	for _, c := range cases {
		answer := w.As(w.Coordinator).Post(kopi, form(append(c.more, c.field, c.value)...)...).Want(422)
		if got := answer.Text("#" + c.field + "-error"); !strings.Contains(got, c.sentence) {
			t.Errorf("%s %.20q says %q", c.field, c.value, got)
		}
		if kept, _ := answer.Doc().Find("#role").Attr("value"); c.field != "role" && kept != "Publikasi" {
			t.Errorf("%s %.20q: what was typed is lost", c.field, c.value)
		}
	}
	check.Equal(t, "a refused form left something behind", w.Count("stakeholders"), 6)
	check.Equal(t, "a refused form left something behind", w.Count("organisations"), 6)
}

func TestCreateStakeholder_SubtypeOnly_HelixDerived(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Coordinator).Post(kopi, form("new_helix", "")...).Want(303)
	if radio := w.Only("organisations", "name", "Radio Semarang"); radio.GetString("helix") != "media" {
		t.Error("a radio station counts as", radio.GetString("helix"))
	}
}

func TestNewStakeholder_UnknownHelix_Ignored(t *testing.T) {
	w := testkit.New(t)
	if got := w.As(w.Coordinator).Get(kopi + "/new?helix=%27x").Want(200).Text("h1"); got != "Tambah pemangku kepentingan" {
		t.Error(got)
	}
	narrowed := w.As(w.Coordinator).Get(kopi + "/new?helix=community").Want(200)
	check.Equal(t, "number of elements", narrowed.Doc().Find("#organisation optgroup").Length(), 1)
}
