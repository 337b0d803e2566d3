package roster_test

import (
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// intruder prepares what somebody who runs Kopi could do to get into Rantang:
// K3S Tabanan, which takes part there, is made a partner of Kopi, so that its
// contacts come into reach.
func intruder(w *testkit.World) *testkit.Client {
	w.Helper()
	c := w.As(w.Initiator)
	c.API(http.MethodPost, "/api/collections/stakeholders/records",
		map[string]any{"programme": w.Kopi.Id, "organisation": w.Bali.Id}).Want(200)
	return c
}

// closed checks that nobody new came into Rantang.
func closed(w *testkit.World, after string) {
	w.Helper()
	for _, person := range []*core.Record{w.Initiator, w.Coordinator, w.Outsider, w.Partner} {
		if partners(w, w.Rantang, person) != 0 {
			w.Errorf("after %s %s may enter Rantang", after, person.GetString("name"))
		}
		w.As(person).Get("/programmes/rantang/stakeholders").Want(404)
	}
}

func TestNobodyLinksAnAccountToGetIntoAnotherProgramme(t *testing.T) {
	w := testkit.New(t)
	c := intruder(w)
	records := "/api/collections/contacts/records"
	c.API(http.MethodPost, records, map[string]any{"organisation": w.Bali.Id, "position": "Tamu", "user": w.Initiator.Id}).Want(400)
	own := c.API(http.MethodPost, records, map[string]any{"organisation": w.Bali.Id, "position": "Tamu"}).Want(200)
	id, _ := own.JSON()["id"].(string)
	c.API(http.MethodPatch, records+"/"+id, map[string]any{"user": w.Initiator.Id}).Want(404)
	c.API(http.MethodPatch, records+"/"+w.Only("contacts", "user", w.BaliPartner.Id).Id, map[string]any{"user": w.Outsider.Id}).Want(404)
	mine := w.Make("contacts", "organisation", w.Agency.Id, "position", "Kepala", "user", w.Initiator.Id)
	c.API(http.MethodPatch, records+"/"+mine.Id, map[string]any{"organisation": w.Bali.Id}).Want(404)
	closed(w, "linking an account")
}

func TestNobodyReopensATermThatOpensAnotherProgramme(t *testing.T) {
	w := testkit.New(t)
	left := w.Make("contacts", "organisation", w.Bali.Id, "position", "Ketua lama", "user", w.Outsider.Id, "until_on", "2026-06-30")
	coming := w.Make("contacts", "organisation", w.Bali.Id, "position", "Ketua baru", "user", w.Outsider.Id, "from_on", "2027-01-01")
	c := intruder(w)
	for _, attempt := range []struct {
		contact *core.Record
		field   string
		value   string
	}{
		{left, "until_on", ""}, {left, "until_on", "2027-06-30"}, {left, "email", "pencuri@example.org"},
		{coming, "from_on", ""}, {coming, "from_on", "2026-11-01"},
	} {
		answer := c.API(http.MethodPatch, "/api/collections/contacts/records/"+attempt.contact.Id, map[string]any{attempt.field: attempt.value})
		data, _ := answer.JSON()["data"].(map[string]any)
		if answer.Status != 400 || data[attempt.field] == nil {
			t.Errorf("%s = %q: %d %s", attempt.field, attempt.value, answer.Status, answer.Body)
		}
	}
	answer := c.Change("/contacts/"+left.Id+"/edit", "position", "Ketua lama", "until_on", "").Want(422)
	if got := answer.Text("#until_on-error"); got == "" {
		t.Error("the page says nothing at the field")
	}
	c.API(http.MethodPatch, "/api/collections/contacts/records/"+left.Id, map[string]any{"name": "Bapak Wayan"}).Want(200)
	closed(w, "changing a term")
}

func TestATermIsReopenedByWhoRunsEverythingItOpens(t *testing.T) {
	w := testkit.New(t)
	contact := saved(w, w.Only("contacts", "user", w.Partner.Id), "until_on", "2026-06-30")
	path := "/api/collections/contacts/records/" + contact.Id
	w.As(w.Coordinator).API(http.MethodPatch, path, map[string]any{"until_on": ""}).Want(200)
	check.Equal(t, "the partner stays outside", partners(w, w.Kopi, w.Partner), 1)
	saved(w, contact, "until_on", "2026-06-30")
	w.Make("stakeholders", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id)
	w.As(w.Coordinator).API(http.MethodPatch, path, map[string]any{"until_on": ""}).Want(400)
	w.As(w.Administrator).API(http.MethodPatch, path, map[string]any{"until_on": ""}).Want(200)
	check.Equal(t, "the administrator cannot reopen a term", partners(w, w.Rantang, w.Partner), 1)
}

func TestNobodyPlacesAnOrganisationInAnotherProgramme(t *testing.T) {
	w := testkit.New(t)
	c := intruder(w)
	records := "/api/collections/stakeholders/records"
	c.API(http.MethodPost, records, map[string]any{"programme": w.Rantang.Id, "organisation": w.Puskesmas.Id}).Want(400)
	c.API(http.MethodPatch, records+"/"+place(w, w.Kopi, w.Puskesmas).Id, map[string]any{"programme": w.Rantang.Id}).Want(404)
	c.API(http.MethodPatch, records+"/"+place(w, w.Kopi, w.Puskesmas).Id, map[string]any{"organisation": w.Bali.Id}).Want(404)
	c.API(http.MethodPatch, records+"/"+place(w, w.Rantang, w.Bali).Id, map[string]any{"ended_on": "2026-11-23"}).Want(404)
	c.API(http.MethodDelete, records+"/"+place(w, w.Kopi, w.Puskesmas).Id, nil).Want(403)
	c.Post("/programmes/rantang/stakeholders", "organisation", w.Puskesmas.Id).Want(404)
	c.Post("/stakeholders/" + place(w, w.Rantang, w.Bali).Id + "/end").Want(404)
	closed(w, "placing an organisation")
	if partners(w, w.Rantang, w.BaliPartner) != 1 || w.Fresh(place(w, w.Rantang, w.Bali)).GetString("ended_on") != "" {
		t.Error("somebody of Kopi ended what is Rantang's")
	}
}

func TestAPartnerGivesNobodyAccess(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Partner)
	c.API(http.MethodPost, "/api/collections/contacts/records",
		map[string]any{"organisation": w.Puskesmas.Id, "position": "Teman", "user": w.Outsider.Id}).Want(400)
	c.API(http.MethodPatch, "/api/collections/contacts/records/"+w.Only("contacts", "user", w.Partner.Id).Id,
		map[string]any{"user": w.Outsider.Id}).Want(404)
	c.API(http.MethodPost, "/api/collections/stakeholders/records",
		map[string]any{"programme": w.Kopi.Id, "organisation": w.Bali.Id}).Want(400)
	check.Equal(t, "a partner let somebody", partners(w, w.Kopi, w.Outsider)+partners(w, w.Kopi, w.BaliPartner), 0)
}

func TestAClosedAccountIsNotLinked(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Administrator).API(http.MethodPost, "/api/collections/contacts/records",
		map[string]any{"organisation": w.Campus.Id, "position": "Dosen", "user": w.Disabled.Id}).Want(400)
	if data, _ := answer.JSON()["data"].(map[string]any); data["user"] == nil {
		t.Error(answer.Body)
	}
	w.As(w.Administrator).API(http.MethodPost, "/api/collections/contacts/records",
		map[string]any{"organisation": w.Campus.Id, "position": "Dosen", "user": w.Outsider.Id}).Want(200)
	check.Equal(t, "the administrator's link opens nothing", partners(w, w.Kopi, w.Outsider), 1)
}
