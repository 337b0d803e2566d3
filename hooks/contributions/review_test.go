package contributions_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
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

func TestStepAPI_EveryRoleAndStatus_MatchesTable(t *testing.T) {
	w := testkit.New(t)
	for _, status := range contributions.Statuses {
		own, behalf := inState(w, status), inState(w, status, "logged_by", w.Coordinator.Id, "on_behalf", true)
		for _, s := range steps {
			for _, a := range askers(w) {
				if tryStep(w, own, s, a, s.givers) {
					own = inState(w, status)
				}
				if tryStep(w, behalf, s, a, s.helpers) {
					behalf = inState(w, status, "logged_by", w.Coordinator.Id, "on_behalf", true)
				}
			}
		}
	}
}

// tryStep asks the API for a step, compares the answer with the table and
// reports whether the step was taken.
func tryStep(w *testkit.World, r *core.Record, s step, a asker, may []string) bool {
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
	return fresh.GetString("updated") != r.GetString("updated") || after != status
}

func TestVerify_Quantities_ValueInProportion(t *testing.T) {
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
		wantFields(t, r, "reviewed_by", w.Initiator.Id, "reviewed_at", "2026-11-23 02:00:00.000Z")
	}
}

func TestStepAPI_InvalidInput_Refused(t *testing.T) {
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
		wantFields(t, w.Fresh(c.record), "review_status", "submitted")
	}
}

func TestStep_ConcurrentReview_SecondRefused(t *testing.T) {
	w := testkit.New(t)
	r := sembako(w)
	seenByBoth := w.Fresh(r)
	if err := contributions.TakeStep(access.As(w.App, w.Coordinator), r, "return", contributions.StepInput{Reason: "Mohon bukti"}); err != nil {
		t.Fatal(err)
	}
	if err := contributions.TakeStep(access.As(w.App, w.Initiator), seenByBoth, "verify", contributions.StepInput{}); err == nil {
		t.Error("what was sent back could be verified by somebody who had not seen that")
	}
	wantFields(t, w.Fresh(r), "review_status", "needs_revision")
}

func TestStepAPI_UnknownStepOrBody_AnsweredLikePocketBase(t *testing.T) {
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

func TestSubmit_Again_KeepsNumber(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "submitted_at", "2026-11-01 02:00:00.000Z", "number", "SL-2026-000041")
	if err := contributions.TakeStep(access.As(w.App, w.Partner), r, "submit", contributions.StepInput{}); err != nil {
		t.Fatal(err)
	}
	r = w.Fresh(r)
	wantFields(t, r, "number", "SL-2026-000041", "submitted_at", "2026-11-23 02:00:00.000Z")
	draft := inState(w, "draft")
	wantFields(t, draft, "number", "")
	if err := contributions.TakeStep(access.As(w.App, w.Partner), draft, "submit", contributions.StepInput{}); err != nil {
		t.Fatal(err)
	}
	wantFields(t, w.Fresh(draft), "number", "SL-2026-000042")
}

func TestReviewPage_PressedTwice_Idempotent(t *testing.T) {
	w := testkit.New(t)
	for name, c := range map[string]struct {
		step   string
		fields []string
		by     *core.Record
		// stranger may not take the step, nor is told that it was taken.
		stranger *core.Record
		says     string
	}{
		"verify":   {"verify", nil, w.Initiator, w.Coordinator, "terverifikasi"},
		"return":   {"return", []string{"return_reason", "proof", "return_note", "Mohon foto"}, w.Coordinator, w.Partner, "dikembalikan"},
		"reject":   {"reject", []string{"reject_note", "Bukan untuk program ini"}, w.Initiator, w.Observer, "ditolak"},
		"withdraw": {"withdraw", nil, w.Partner, w.OtherPartner, "ditarik"},
	} {
		r := inState(w, "submitted")
		path := "/contributions/" + r.Id + "/" + c.step
		w.As(c.by).Post(path, c.fields...).Want(http.StatusSeeOther)
		after := w.Fresh(r).GetString("updated")
		person := w.As(c.by)
		if said := person.Follow(person.Post(path, c.fields...)).Want(http.StatusOK).Text(".flash"); !strings.Contains(said, c.says) {
			t.Errorf("%s twice says %q", name, said)
		}
		w.As(c.stranger).Post(path, c.fields...).Want(http.StatusNotFound)
		if again := w.Fresh(r).GetString("updated"); again != after {
			t.Errorf("%s twice changed the contribution at %s and %s", name, after, again)
		}
	}
}

func TestAddEvidence_SamePhotoTwice_StoredOnce(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "submitted")
	path, photo := "/contributions/"+r.Id+"/evidence", snapshot(t, 40, 40)
	for range 2 {
		upload(w.As(w.Partner), path, "photo", photo, "people_in_it", "none").Want(http.StatusSeeOther)
	}
	wantCount(t, w, "evidence", 1)
	upload(w.As(w.Partner), path, "photo", photo, "people_in_it", "none", "caption", "Serah terima").Want(http.StatusSeeOther)
	wantCount(t, w, "evidence", 2)
}

// traces returns what the activity says of a record: who did what, by which way.
func traces(w *testkit.World, id string) []string {
	w.Helper()
	rows, err := w.App.FindRecordsByFilter("activity", "record = {:id}", "@rowid", 0, 0, dbx.Params{"id": id})
	if err != nil {
		w.Fatal(err)
	}
	out := []string{}
	for _, row := range rows {
		changes := map[string][]string{}
		if err := row.UnmarshalJSONField("changes", &changes); err != nil {
			w.Fatal(err)
		}
		who := map[string]string{w.Partner.Id: "partner", w.Initiator.Id: "initiator", w.Administrator.Id: "administrator"}[row.GetString("actor")]
		out = append(out, strings.Join([]string{row.GetString("action"), who, row.GetString("via"),
			strings.Join(changes["review_status"], ">"), strings.Join(changes["number"], ">")}, " "))
	}
	return out
}

func TestSteps_EachStep_RecordedInActivity(t *testing.T) {
	w := testkit.New(t)
	partner, initiator := w.As(w.Partner), w.As(w.Initiator)
	partner.Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	r := only(w)
	path := "/api/hub/contributions/" + r.Id
	initiator.API(http.MethodPost, path+"/return", map[string]any{"reason": "Mohon foto"}).Want(http.StatusOK)
	partner.API(http.MethodPatch, records+"/"+r.Id, map[string]any{"item": "beras"}).Want(http.StatusOK)
	partner.Post("/contributions/"+r.Id, form(w)...).Want(http.StatusSeeOther)
	initiator.Post("/contributions/" + r.Id + "/verify").Want(http.StatusSeeOther)
	w.As(w.Administrator).API(http.MethodPatch, records+"/"+r.Id, map[string]any{"review_status": "withdrawn"}).Want(http.StatusOK)
	want := []string{
		"create partner page >submitted >SL-2026-000001",
		"update initiator api submitted>needs_revision ",
		"update partner api  ", // the item, whose words the activity does not keep
		"update partner page needs_revision>submitted ",
		"update initiator page submitted>verified ",
		"update administrator admin verified>withdrawn ",
	}
	if diff := cmp.Diff(want, traces(w, r.Id)); diff != "" {
		t.Error(diff)
	}
	if broken, err := access.VerifyActivity(w.App); err != nil || broken != "" {
		t.Errorf("the chain of the activity breaks at %q: %v", broken, err)
	}
}

func TestCreate_PhotoFails_NothingStored(t *testing.T) {
	w := testkit.New(t)
	failing := true
	w.App.OnRecordCreate("evidence").BindFunc(func(e *core.RecordEvent) error {
		if failing {
			return errors.New("the disk is full")
		}
		return e.Next()
	})
	send := func() *testkit.Response {
		return upload(w.As(w.Partner), "/contributions", "photo", snapshot(t, 40, 40), form(w, "people_in_it", "none")...)
	}
	answer := send().Want(http.StatusInternalServerError)
	if strings.Contains(answer.Body, "disk") {
		t.Error("the reader is shown a fault of ours")
	}
	if w.Count("contributions")+w.Count("evidence")+int64(len(stored(t, w))) != 0 {
		t.Error("half of it was kept")
	}
	failing = false
	send().Want(http.StatusSeeOther)
	if w.Count("contributions") != 1 || w.Count("evidence") != 1 {
		t.Error("the same form sent again did not make both")
	}
	wantFields(t, only(w), "number", "SL-2026-000001")
}

func TestAddEvidence_EightConcurrent_AllStored(t *testing.T) {
	w := testkit.New(t)
	r := sembako(w)
	photo := snapshot(t, 600, 400)
	var wait sync.WaitGroup
	statuses := make(chan int, 8)
	for n := range 8 {
		c, caption := w.As(w.Partner), fmt.Sprint("Foto ", n)
		wait.Go(func() {
			statuses <- upload(c, "/contributions/"+r.Id+"/evidence", "photo", photo, "people_in_it", "none", "caption", caption).Status
		})
	}
	wait.Wait()
	close(statuses)
	for status := range statuses {
		if status != http.StatusSeeOther {
			t.Errorf("a photo was answered %d", status)
		}
	}
	wantCount(t, w, "evidence", 8)
}

func TestCreate_BodyTooLarge_Explained(t *testing.T) {
	w := testkit.New(t)
	huge := upload(w.As(w.Partner), "/contributions", "photo", make([]byte, 21<<20), form(w, "people_in_it", "none")...)
	if huge.Want(http.StatusRequestEntityTooLarge); !strings.Contains(huge.Text("main"), "terlalu besar") {
		t.Errorf("said %q", huge.Text("main"))
	}
	w.As(w.Partner).Post("/contributions/"+inState(w, "needs_revision").Id, form(w, "note", strings.Repeat("a", 2<<20))...).
		Want(http.StatusRequestEntityTooLarge)
}

func TestSteps_Guest_Refused(t *testing.T) {
	w := testkit.New(t)
	guest := access.As(w.App, nil)
	waiting, draft := sembako(w), inState(w, "draft")
	for name, r := range map[string]*core.Record{"verify": waiting, "return": waiting, "reject": waiting, "withdraw": waiting, "submit": draft} {
		err := contributions.TakeStep(guest, r, name, contributions.StepInput{Reason: "Mohon foto"})
		if !errors.Is(err, access.ErrRefused) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCreate_AdministratorEntersVerified_Accepted(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Administrator).API(http.MethodPost, records, given(w, body{"review_status": "verified", "value_idr": 900000,
		"value_basis": "invoice", "number": "SL-2026-000500"})).Want(http.StatusOK).JSON()
	for field, want := range map[string]any{"verified_quantity": 20.0, "verified_value_idr": 900000.0, "number": "SL-2026-000500",
		"reviewed_at": "2026-11-23 02:00:00.000Z", "submitted_at": "2026-11-23 02:00:00.000Z", "review_status": "verified"} {
		if answer[field] != want {
			t.Errorf("%s is %v, want %v", field, answer[field], want)
		}
	}
	again := w.As(w.Administrator).API(http.MethodPost, records, given(w, body{"number": "SL-2026-000500"}))
	if again.Want(http.StatusBadRequest); w.Count("contributions") != 1 {
		t.Error("one number was given twice")
	}
}
