package roster_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

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

func TestTheAdministratorIsToldInBothLanguages(t *testing.T) {
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
		if !strings.Contains(got, c.id) || !strings.Contains(got, c.en) {
			t.Errorf("%v: %q", c.body, got)
		}
	}
}

func TestAContactIsReadByItsOwnAndByTheTeamAround(t *testing.T) {
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
		if got := answer.JSON()["totalItems"]; got != c.rows {
			t.Errorf("%s reads %v contacts, want %v", c.who.GetString("name"), got, c.rows)
		}
		if c.rows == 0 && strings.Contains(answer.Body, "@example.org") {
			t.Errorf("%s reads an address", c.who.GetString("name"))
		}
	}
	guest := w.As(nil).API(http.MethodGet, api("contacts"), nil)
	if strings.Contains(guest.Body, "@example.org") {
		t.Error("a guest reads an address")
	}
}

func TestWhatTheTeamNotesIsHiddenFromEveryAnswer(t *testing.T) {
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
				if strings.Contains(answer.Body, word) {
					t.Errorf("%s reads %q at %s", person.GetString("name"), word, path)
				}
			}
		}
		for _, filter := range []string{`comms_strategy~"sekretaris"`, `partner_status="dormant"`, `urgent=true`} {
			answer := c.API(http.MethodGet, api("stakeholders")+"?filter="+strings.NewReplacer(`"`, "%22", "=", "%3D", "~", "~").Replace(filter), nil)
			if answer.Status == 200 && answer.JSON()["totalItems"] != 0.0 {
				t.Errorf("%s finds out by asking for %s", person.GetString("name"), filter)
			}
		}
	}
}

func TestNobodyDeletesWhoTakesPart(t *testing.T) {
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
	if w.Count("organisations") != 6 || w.Count("stakeholders") != 6 || w.Count("contacts") != 3 {
		t.Error("something is gone")
	}
}

func TestWhatTheHubKeepsOfAnOrganisationStaysTheHubs(t *testing.T) {
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

func TestTheFormsSpeakEnglishWhenTheyRefuse(t *testing.T) {
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
