package roster_test

import (
	"net/http"
	"testing"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestAnAssessmentIsSignedAndDated(t *testing.T) {
	w := testkit.New(t)
	records := "/api/collections/assessments/records"
	body := map[string]any{"stakeholder": place(w, w.Kopi, w.Puskesmas).Id, "influence": 4, "interest": 3, "stance": "supportive"}
	w.As(w.Coordinator).API(http.MethodPost, records, body).Want(200)
	made := w.Only("assessments", "stakeholder", body["stakeholder"])
	if made.GetString("assessor") != w.Coordinator.Id || made.GetString("assessed_on") != "2026-11-23" {
		t.Errorf("by %q on %q", made.GetString("assessor"), made.GetString("assessed_on"))
	}
	body["assessor"], body["assessed_on"] = w.Initiator.Id, "2026-10-01"
	w.As(w.Coordinator).API(http.MethodPost, records, body).Want(400)
	delete(body, "assessor")
	w.As(w.Initiator).API(http.MethodPost, records, body).Want(200)
	check.Equal(t, "signed", w.Only("assessments", "assessed_on", "2026-10-01").GetString("assessor"), w.Initiator.Id)
	w.As(w.Partner).API(http.MethodPost, records, body).Want(400)
	check.Equal(t, "a partner assesses its programme's stakeholders", w.Count("assessments"), 2)
}

func TestAHelixThatOnlyRepeatsTheOrganisationsStaysEmpty(t *testing.T) {
	w := testkit.New(t)
	records := "/api/collections/stakeholders/records"
	at := place(w, w.Kopi, w.Campus)
	c := w.As(w.Coordinator)
	c.API(http.MethodPatch, records+"/"+at.Id, map[string]any{"helix": "university"}).Want(200)
	check.Equal(t, "helix", w.Fresh(at).GetString("helix"), "")
	c.API(http.MethodPatch, records+"/"+at.Id, map[string]any{"helix": "media"}).Want(200)
	check.Equal(t, "helix", w.Fresh(at).GetString("helix"), "media")
}

func TestDaysOfAPlaceAndATermStandInOrder(t *testing.T) {
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
		if answer.Status != 400 || data[c.field] == nil {
			t.Errorf("%s = %q: %d %s", c.field, c.value, answer.Status, answer.Body)
		}
	}
}

func TestANumberIsKeptInOneFormOverTheAPIToo(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "user", w.Partner.Id)
	w.As(w.Administrator).API(http.MethodPatch, "/api/collections/contacts/records/"+contact.Id,
		map[string]any{"phone": "+62 812-3456-7890"}).Want(200)
	check.Equal(t, "kept", w.Fresh(contact).GetString("phone"), "6281234567890")
}
