package contributions_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/contributions"
	"simpul/hooks/testkit"
)

// step is a transition: where it may start, where it ends and who may make it.
type step struct {
	name string
	from []string
	to   string
	// givers make it for what Puskesmas logged itself, helpers for what the
	// coordinator logged on its behalf.
	givers, helpers []string
}

var (
	reviewers = []string{"coordinator", "initiator", "administrator"}
	second    = []string{"initiator", "administrator"} // not who logged it
	partners  = []string{"partner", "administrator"}
	handlers  = []string{"partner", "coordinator", "initiator", "administrator"}

	steps = []step{
		{"verify", []string{"submitted"}, "verified", reviewers, second},
		{"return", []string{"submitted"}, "needs_revision", reviewers, second},
		{"reject", []string{"submitted"}, "rejected", reviewers, second},
		{"submit", []string{"draft", "needs_revision"}, "submitted", partners, handlers},
		{"withdraw", []string{"draft", "submitted", "needs_revision"}, "withdrawn", partners, handlers},
	}
)

func TestEveryStepByEveryRoleInEveryState(t *testing.T) {
	w := testkit.New(t)
	for _, status := range contributions.Statuses {
		for _, s := range steps {
			for _, a := range askers(w) {
				tryStep(w, inState(w, status), s, a, s.givers)
				behalf := inState(w, status, "logged_by", w.Coordinator.Id, "on_behalf", true)
				tryStep(w, behalf, s, a, s.helpers)
			}
		}
	}
}

// tryStep asks the API for a step and holds the answer against the table.
func tryStep(w *testkit.World, r *core.Record, s step, a asker, may []string) {
	w.Helper()
	status := r.GetString("review_status")
	want, after := http.StatusNotFound, status
	if slices.Contains(may, a.name) && slices.Contains(s.from, status) {
		want, after = http.StatusOK, s.to
	}
	if a.name == "guest" {
		want = http.StatusUnauthorized
	}
	answer := w.As(a.record).API(http.MethodPost, "/api/hub/contributions/"+r.Id+"/"+s.name, map[string]any{"reason": "Mohon bukti"})
	fresh := w.Fresh(r)
	if answer.Status != want || fresh.GetString("review_status") != after {
		w.Errorf("%s of %s by %s (on behalf %v): status %d and %s, want %d and %s", s.name, status, a.name,
			r.GetBool("on_behalf"), answer.Status, fresh.GetString("review_status"), want, after)
	}
	if want != http.StatusOK && fresh.GetString("updated") != r.GetString("updated") {
		w.Errorf("%s of %s by %s was refused and changed something", s.name, status, a.name)
	}
}

func TestVerifyingKeepsWhatWasFound(t *testing.T) {
	w := testkit.New(t)
	cases := []struct {
		name                  string
		quantity              float64
		more                  []any
		wantQuantity, wantIDR float64
	}{
		{"as given", 0, []any{"value_idr", 1000000, "value_basis", "invoice"}, 20, 1000000},
		{"fewer arrived", 15, []any{"value_idr", 1000000, "value_basis", "invoice"}, 15, 750000},
		{"not valued", 18, nil, 18, 0},
		{"money", 400000, []any{"kind", "money", "unit", "rupiah", "quantity", 500000}, 400000, 400000},
	}
	for _, c := range cases {
		r := sembako(w, c.more...)
		d := access.As(w.App, w.Initiator)
		if err := contributions.TakeStep(d, r, "verify", contributions.StepInput{Quantity: c.quantity}); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		r = w.Fresh(r)
		if r.GetFloat("verified_quantity") != c.wantQuantity || r.GetFloat("verified_value_idr") != c.wantIDR {
			t.Errorf("%s: %v for %v rupiah", c.name, r.GetFloat("verified_quantity"), r.GetFloat("verified_value_idr"))
		}
		wantText(t, r, "reviewed_by", w.Initiator.Id)
		wantText(t, r, "reviewed_at", "2026-11-23 02:00:00.000Z")
	}
}

func TestAReviewWithoutGroundsIsRefused(t *testing.T) {
	w := testkit.New(t)
	r := sembako(w)
	money := sembako(w, "kind", "money", "unit", "rupiah", "quantity", 500000)
	for name, c := range map[string]struct {
		record *core.Record
		step   string
		body   map[string]any
		field  string
	}{
		"return without a reason": {r, "return", map[string]any{"reason": "  "}, "reason"},
		"reject without a reason": {r, "reject", nil, "reason"},
		"a reason that is a book": {r, "reject", map[string]any{"reason": strings.Repeat("a", 2001)}, "reason"},
		"a reason with a NIK":     {r, "return", map[string]any{"reason": "3374010101900001"}, "review_note"},
		"fewer than none":         {r, "verify", map[string]any{"quantity": -1}, "verified_quantity"},
		"more than can be kept":   {r, "verify", map[string]any{"quantity": 1e16}, "verified_quantity"},
		"half a rupiah":           {money, "verify", map[string]any{"quantity": 10.5}, "verified_quantity"},
	} {
		answer := w.As(w.Initiator).API(http.MethodPost, "/api/hub/contributions/"+c.record.Id+"/"+c.step, c.body).Want(http.StatusBadRequest)
		data, _ := answer.JSON()["data"].(map[string]any)
		said, _ := data[c.field].(map[string]any)
		if said["message"] == nil {
			t.Errorf("%s: no sentence at %s: %s", name, c.field, answer.Body)
		}
		wantText(t, w.Fresh(c.record), "review_status", "submitted")
	}
}

func TestTwoReviewersMakeOneReview(t *testing.T) {
	w := testkit.New(t)
	r := sembako(w)
	seenByBoth := w.Fresh(r)
	if err := contributions.TakeStep(access.As(w.App, w.Coordinator), r, "return", contributions.StepInput{Reason: "Mohon bukti"}); err != nil {
		t.Fatal(err)
	}
	if err := contributions.TakeStep(access.As(w.App, w.Initiator), seenByBoth, "verify", contributions.StepInput{}); err == nil {
		t.Error("what was sent back could be verified by somebody who had not seen that")
	}
	wantText(t, w.Fresh(r), "review_status", "needs_revision")
}

func TestUnknownStepsAndBodiesAreAnsweredLikePocketBase(t *testing.T) {
	w := testkit.New(t)
	r := sembako(w)
	path := "/api/hub/contributions/" + r.Id + "/"
	initiator := w.As(w.Initiator)
	initiator.API(http.MethodPost, path+"bless", nil).Want(http.StatusNotFound)
	initiator.API(http.MethodPost, path+"verify", "no object").Want(http.StatusBadRequest)
	initiator.API(http.MethodPost, "/api/hub/contributions/missing/verify", nil).Want(http.StatusNotFound)
	answer := initiator.API(http.MethodPost, path+"verify", nil).Want(http.StatusOK).JSON()
	if answer["review_status"] != "verified" || answer["collectionName"] != "contributions" || answer["verified_quantity"] != 20.0 {
		t.Errorf("answer: %v", answer)
	}
}

func TestASecondSubmissionKeepsItsNumberAndWaitsAnew(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "submitted_at", "2026-11-01 02:00:00.000Z", "number", "SL-2026-000041")
	if err := contributions.TakeStep(access.As(w.App, w.Partner), r, "submit", contributions.StepInput{}); err != nil {
		t.Fatal(err)
	}
	r = w.Fresh(r)
	wantText(t, r, "number", "SL-2026-000041")
	wantText(t, r, "submitted_at", "2026-11-23 02:00:00.000Z")
	draft := inState(w, "draft")
	wantText(t, draft, "number", "")
	if err := contributions.TakeStep(access.As(w.App, w.Partner), draft, "submit", contributions.StepInput{}); err != nil {
		t.Fatal(err)
	}
	wantText(t, w.Fresh(draft), "number", "SL-2026-000042")
}
