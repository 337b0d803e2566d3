package contributions_test

import (
	"errors"
	"fmt"
	"net/http"
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

func TestEveryStepLeavesItsTrace(t *testing.T) {
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

func TestAGiftAndItsPhotoAreKeptTogetherOrNotAtAll(t *testing.T) {
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
	wantText(t, only(w), "number", "SL-2026-000001")
}

func TestManyPhotosAtOnceAllArrive(t *testing.T) {
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
	if n := w.Count("evidence"); n != 8 {
		t.Errorf("%d photos, want 8", n)
	}
}

func TestTooMuchAtOnceIsRefusedInWords(t *testing.T) {
	w := testkit.New(t)
	huge := upload(w.As(w.Partner), "/contributions", "photo", make([]byte, 21<<20), form(w, "people_in_it", "none")...)
	if huge.Want(http.StatusRequestEntityTooLarge); !strings.Contains(huge.Text("main"), "terlalu besar") {
		t.Errorf("said %q", huge.Text("main"))
	}
	w.As(w.Partner).Post("/contributions/"+inState(w, "needs_revision").Id, form(w, "note", strings.Repeat("a", 2<<20))...).
		Want(http.StatusRequestEntityTooLarge)
}

func TestStepsAreRefusedToNobody(t *testing.T) {
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

func TestAnAdministratorMayEnterWhatWasVerifiedOnPaper(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Administrator).API(http.MethodPost, records, gift(w, body{"review_status": "verified", "value_idr": 900000,
		"value_basis": "invoice", "number": "SL-2026-000500"})).Want(http.StatusOK).JSON()
	for field, want := range map[string]any{"verified_quantity": 20.0, "verified_value_idr": 900000.0, "number": "SL-2026-000500",
		"reviewed_at": "2026-11-23 02:00:00.000Z", "submitted_at": "2026-11-23 02:00:00.000Z", "review_status": "verified"} {
		if answer[field] != want {
			t.Errorf("%s is %v, want %v", field, answer[field], want)
		}
	}
	again := w.As(w.Administrator).API(http.MethodPost, records, gift(w, body{"number": "SL-2026-000500"}))
	if again.Want(http.StatusBadRequest); w.Count("contributions") != 1 {
		t.Error("one number was given twice")
	}
}
