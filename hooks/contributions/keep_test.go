package contributions_test

import (
	"net/http"
	"testing"

	"simpul/hooks/contributions"
	"simpul/hooks/testkit"
)

func TestOnlyAdministratorsDeleteAndNeverWhatWasVerified(t *testing.T) {
	w := testkit.New(t)
	for _, status := range contributions.Statuses {
		for _, a := range askers(w) {
			r := inState(w, status)
			w.As(a.record).API(http.MethodDelete, records+"/"+r.Id, nil)
			_, err := w.App.FindRecordById("contributions", r.Id)
			may := a.name == "administrator" && status != "verified"
			if gone := err != nil; gone != may {
				t.Errorf("a %s gift deleted by %s: gone %v, want %v", status, a.name, gone, may)
			}
		}
	}
}

func TestAProgrammeWithVerifiedContributionsStays(t *testing.T) {
	w := testkit.New(t)
	gift := w.Make("contributions", "programme", w.Rantang.Id, "contributor", w.Bali.Id, "kind", "goods", "item", "rantang",
		"quantity", 5, "unit", "unit", "review_status", "verified")
	admin := w.As(w.Administrator)
	answer := admin.API(http.MethodDelete, "/api/collections/programmes/records/"+w.Rantang.Id, nil).Want(http.StatusBadRequest)
	if data, _ := answer.JSON()["data"].(map[string]any); data["status"] == nil {
		t.Errorf("no reason given: %s", answer.Body)
	}
	w.Fresh(gift)

	w.Rantang.Set("example", true)
	if err := w.App.Save(w.Rantang); err != nil {
		t.Fatal(err)
	}
	admin.API(http.MethodDelete, "/api/collections/programmes/records/"+w.Rantang.Id, nil).Want(http.StatusNoContent)
	if n := w.Count("contributions"); n != 0 {
		t.Errorf("%d contributions of the example stayed", n)
	}
	admin.API(http.MethodDelete, "/api/collections/programmes/records/"+w.Papua.Id, nil).Want(http.StatusNoContent)
}

func TestAVerifiedGiftOutlivesItsTaskAndItsLogger(t *testing.T) {
	w := testkit.New(t)
	task := w.Make("tasks", "programme", w.Kopi.Id, "title", "Siapkan paket", "organisation", w.Puskesmas.Id, "accountable", w.Initiator.Id)
	r := inState(w, "verified", "task", task.Id, "logged_by", w.OtherPartner.Id)
	if err := w.App.Delete(task); err != nil {
		t.Fatal(err)
	}
	r = w.Fresh(r)
	wantText(t, r, "task", "")
	wantText(t, r, "review_status", "verified")
	if err := w.App.Delete(w.OtherPartner); err != nil {
		t.Fatal(err)
	}
	wantText(t, w.Fresh(r), "logged_by", "")
}
