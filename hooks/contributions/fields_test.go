package contributions_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/contributions"
	"simpul/hooks/testkit"
)

// field is one field of a contribution with another value for it.
type field struct {
	name  string
	value func(w *testkit.World) any
}

func same(value any) func(*testkit.World) any { return func(*testkit.World) any { return value } }

// judged are the fields that only a step of the review or the hub writes.
var judged = []field{
	{"review_status", same("verified")},
	{"review_status", same("draft")},
	{"submitted_at", same("2026-01-01 00:00:00.000Z")},
	{"received_quantity", same(7)},
	{"received_by", func(w *testkit.World) any { return w.Partner.Id }},
	{"received_at", same("2026-01-01 00:00:00.000Z")},
	{"verified_quantity", same(700)},
	{"verified_value_idr", same(7000000)},
	{"reviewed_by", func(w *testkit.World) any { return w.Initiator.Id }},
	{"reviewed_at", same("2026-01-01 00:00:00.000Z")},
	{"review_note", same("Sudah benar")},
	{"number", same("SL-2020-000001")},
	{"logged_by", func(w *testkit.World) any { return w.Initiator.Id }},
	{"on_behalf", same(true)},
}

// fixed are the fields that say whose gift to what it is; they never change.
var fixed = []field{
	{"programme", func(w *testkit.World) any { return w.Rantang.Id }},
	{"contributor", func(w *testkit.World) any { return w.Forum.Id }},
	{"once", same("another-key")},
}

// facts are what the giver writes.
var facts = []field{
	{"item", same("beras")}, {"quantity", same(25)}, {"unit", same("kg")}, {"given_on", same("2026-11-19")},
	{"stage", same("pledged")}, {"place", same("Tambakaji")}, {"people_reached", same(40)}, {"note", same("Untuk lansia")},
	{"recipient", func(w *testkit.World) any { return w.Agency.Id }},
	{"channelled_through", func(w *testkit.World) any { return w.Forum.Id }},
}

// persons are everybody but administrators.
func persons(w *testkit.World) []asker {
	return slices.DeleteFunc(askers(w), func(a asker) bool { return a.name == "administrator" })
}

func TestNobodyWritesAStatusOrAVerifiedFieldOverREST(t *testing.T) {
	w := testkit.New(t)
	for _, status := range contributions.Statuses {
		r := inState(w, status)
		behalf := inState(w, status, "logged_by", w.Coordinator.Id, "on_behalf", true)
		for _, a := range persons(w) {
			for _, f := range slices.Concat(judged, fixed) {
				refusedChange(w, r, a, f)
				if f.name != "on_behalf" { // true already
					refusedChange(w, behalf, a, f)
				}
			}
		}
	}
}

// refusedChange tries to change one field and finds everything as it was.
func refusedChange(w *testkit.World, r *core.Record, a asker, f field) {
	w.Helper()
	if fmt.Sprint(r.Get(f.name)) == fmt.Sprint(f.value(w)) {
		return // no change to ask for
	}
	answer := w.As(a.record).API(http.MethodPatch, "/api/collections/contributions/records/"+r.Id, map[string]any{f.name: f.value(w)})
	if answer.Status == http.StatusOK || w.Fresh(r).GetString("updated") != r.GetString("updated") {
		w.Errorf("%s of a %s gift by %s: status %d, now %v", f.name, r.GetString("review_status"), a.name, answer.Status, w.Fresh(r).Get(f.name))
	}
}

func TestNobodyCreatesAJudgedContributionOverREST(t *testing.T) {
	w := testkit.New(t)
	for _, a := range persons(w) {
		for _, f := range judged {
			body := map[string]any{"programme": w.Kopi.Id, "contributor": w.Puskesmas.Id, "kind": "goods", "item": "sembako",
				"quantity": 20, "unit": "package", f.name: f.value(w)}
			if answer := w.As(a.record).API(http.MethodPost, "/api/collections/contributions/records", body); answer.Status == http.StatusOK {
				t.Errorf("%s created a contribution with %s: %s", a.name, f.name, answer.Body)
			}
		}
	}
	if n := w.Count("contributions"); n != 0 {
		t.Errorf("%d contributions were kept", n)
	}
}

func TestTheGiverChangesFactsOnlyWhileTheEntryIsOpen(t *testing.T) {
	w := testkit.New(t)
	for _, status := range contributions.Statuses {
		for _, a := range askers(w) {
			r := inState(w, status)
			for _, f := range facts {
				open := status == "draft" || status == "needs_revision"
				may := a.name == "partner" && open || a.name == "administrator" && status != "verified"
				answer := w.As(a.record).API(http.MethodPatch, "/api/collections/contributions/records/"+r.Id, map[string]any{f.name: f.value(w)})
				changed := fmt.Sprint(w.Fresh(r).Get(f.name)) == fmt.Sprint(f.value(w))
				if (answer.Status == http.StatusOK) != may || changed != may {
					t.Errorf("%s of a %s gift by %s: status %d, changed %v, want %v", f.name, status, a.name, answer.Status, changed, may)
				}
			}
		}
	}
}

func TestAVerifiedContributionIsFrozenForAdministratorsToo(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "verified")
	admin := w.As(w.Administrator)
	path := "/api/collections/contributions/records/" + r.Id
	for _, f := range slices.Concat(judged, fixed, facts) {
		if f.name[:3] == "rec" && f.name != "recipient" {
			continue // the receipt may be confirmed later
		}
		answer := admin.API(http.MethodPatch, path, map[string]any{f.name: f.value(w)})
		if f.name == "review_status" && f.value(w) == "verified" {
			continue // no change
		}
		if answer.Status != http.StatusBadRequest {
			t.Errorf("%s: status %d", f.name, answer.Status)
		}
	}
	admin.API(http.MethodDelete, path, nil).Want(http.StatusBadRequest)
	admin.API(http.MethodPatch, path, map[string]any{"received_quantity": 20, "received_by": w.Initiator.Id}).Want(http.StatusOK)
	admin.API(http.MethodPatch, path, map[string]any{"review_status": "withdrawn"}).Want(http.StatusOK)
}

func TestThePageIgnoresWhatTheGiverMayNotWrite(t *testing.T) {
	w := testkit.New(t)
	sent := form(w)
	for _, f := range judged {
		sent = with(sent, f.name, fmt.Sprint(f.value(w)))
	}
	w.As(w.Partner).Post("/contributions", sent...).Want(http.StatusSeeOther)
	r := only(w)
	for name, want := range map[string]string{
		"review_status": "submitted", "number": "SL-2026-000001", "logged_by": w.Partner.Id, "on_behalf": "false",
		"verified_quantity": "0", "verified_value_idr": "0", "received_quantity": "0", "received_by": "", "received_at": "",
		"reviewed_by": "", "reviewed_at": "", "review_note": "", "submitted_at": "2026-11-23 02:00:00.000Z",
	} {
		wantText(t, r, name, want)
	}

	returned := inState(w, "needs_revision", "number", "SL-2026-000900")
	for _, f := range slices.Concat(judged, fixed) {
		sent = with(sent, f.name, fmt.Sprint(f.value(w)))
	}
	w.As(w.Partner).Post("/contributions/"+returned.Id, sent...).Want(http.StatusSeeOther)
	after := w.Fresh(returned)
	for _, name := range []string{"programme", "contributor", "once", "number", "logged_by", "on_behalf", "verified_quantity",
		"verified_value_idr", "received_quantity", "reviewed_by", "review_note"} {
		wantText(t, after, name, returned.GetString(name))
	}
	wantText(t, after, "review_status", "submitted")
}
