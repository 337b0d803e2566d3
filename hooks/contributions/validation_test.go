package contributions_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/contributions"
	"simpul/hooks/testkit"
)

// change is a field of a contribution with another value for it.
type change struct {
	field string
	value any
}

// reviewed are the fields that only a step of the review or the server writes.
func reviewed(w *testkit.World) []change {
	return []change{
		{"review_status", "verified"}, {"review_status", "draft"}, {"submitted_at", "2026-01-01 00:00:00.000Z"},
		{"received_quantity", 7}, {"received_by", w.Partner.Id}, {"received_at", "2026-01-01 00:00:00.000Z"},
		{"verified_quantity", 700}, {"verified_value_idr", 7000000}, {"reviewed_by", w.Initiator.Id},
		{"reviewed_at", "2026-01-01 00:00:00.000Z"}, {"review_note", "Sudah benar"}, {"number", "SL-2020-000001"},
		{"logged_by", w.Initiator.Id}, {"on_behalf", true},
	}
}

// fixed are the fields that never change.
func fixed(w *testkit.World) []change {
	return []change{{"programme", w.Rantang.Id}, {"contributor", w.Forum.Id}, {"once", "another-key"}}
}

// stated are the fields that the contributor writes.
func stated(w *testkit.World) []change {
	return []change{
		{"item", "beras"}, {"quantity", 25}, {"unit", "kg"}, {"given_on", "2026-11-19"}, {"stage", "pledged"}, {"place", "Tambakaji"},
		{"people_reached", 40}, {"note", "Untuk lansia"}, {"recipient", w.Agency.Id}, {"channelled_through", w.Forum.Id},
	}
}

func patch(w *testkit.World, r *core.Record, person *core.Record, c change) *testkit.Response {
	w.Helper()
	return w.As(person).API(http.MethodPatch, records+"/"+r.Id, body{c.field: c.value})
}

func TestUpdate_ReviewedOrFixedFieldOverREST_Refused(t *testing.T) {
	w := testkit.New(t)
	changes := slices.Concat(reviewed(w), fixed(w))
	for _, status := range contributions.Statuses {
		own, behalf := inState(w, status), inState(w, status, "logged_by", w.Coordinator.Id, "on_behalf", true)
		for _, r := range []*core.Record{own, behalf} {
			for _, a := range []asker{{"partner", w.Partner}, {"coordinator", w.Coordinator}} {
				for _, c := range changes {
					if fmt.Sprint(r.Get(c.field)) == fmt.Sprint(c.value) {
						continue // no change to ask for
					}
					answer := patch(w, r, a.record, c)
					if answer.Status == http.StatusOK || w.Fresh(r).GetString("updated") != r.GetString("updated") {
						t.Errorf("%s of a %s one by %s: status %d, now %v", c.field, status, a.name, answer.Status, w.Fresh(r).Get(c.field))
					}
				}
			}
		}
	}
}

func TestCreate_ReviewedFieldOverREST_Refused(t *testing.T) {
	w := testkit.New(t)
	for _, a := range []asker{{"partner", w.Partner}, {"coordinator", w.Coordinator}} {
		for _, c := range reviewed(w) {
			if answer := w.As(a.record).API(http.MethodPost, records, given(w, body{c.field: c.value})); answer.Status == http.StatusOK {
				t.Errorf("%s created one with %s: %s", a.name, c.field, answer.Body)
			}
		}
	}
	wantCount(t, w, "contributions", 0)
}

func TestUpdate_ContributorsField_OnlyWhileEditable(t *testing.T) {
	w := testkit.New(t)
	for _, status := range contributions.Statuses {
		for _, a := range askers(w) {
			changes := stated(w)
			if a.name != "partner" && a.name != "administrator" {
				changes = changes[:1] // nobody else may change any field
			}
			r := inState(w, status)
			for _, c := range changes {
				open := status == "draft" || status == "needs_revision"
				may := a.name == "partner" && open || a.name == "administrator" && status != "verified"
				answer := patch(w, r, a.record, c)
				changed := fmt.Sprint(w.Fresh(r).Get(c.field)) == fmt.Sprint(c.value)
				if (answer.Status == http.StatusOK) != may || changed != may {
					t.Errorf("%s of a %s one by %s: status %d, changed %v, want %v", c.field, status, a.name, answer.Status, changed, may)
				}
			}
		}
	}
}

func TestValidate_Verified_FrozenForAdministrators(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "verified")
	for _, c := range slices.Concat(reviewed(w), fixed(w), stated(w)) {
		if strings.HasPrefix(c.field, "received") || c.value == "verified" {
			continue // the receipt may be confirmed later; the status is no change
		}
		if answer := patch(w, r, w.Administrator, c); answer.Status != http.StatusBadRequest {
			t.Errorf("%s: status %d", c.field, answer.Status)
		}
	}
	w.As(w.Administrator).API(http.MethodDelete, records+"/"+r.Id, nil).Want(http.StatusBadRequest)
	for _, c := range []change{{"received_quantity", 20}, {"received_by", w.Initiator.Id}, {"review_status", "withdrawn"}} {
		patch(w, r, w.Administrator, c).Want(http.StatusOK)
	}
}

func TestCreate_ReviewedFieldInForm_Ignored(t *testing.T) {
	w := testkit.New(t)
	sent := form(w)
	for _, c := range reviewed(w) {
		sent = with(sent, c.field, fmt.Sprint(c.value))
	}
	w.As(w.Partner).Post("/contributions", sent...).Want(http.StatusSeeOther)
	wantFields(t, only(w), "review_status", "submitted", "number", "SL-2026-000001", "logged_by", w.Partner.Id, "on_behalf", "false",
		"verified_quantity", "0", "verified_value_idr", "0", "received_quantity", "0", "received_by", "", "received_at", "",
		"reviewed_by", "", "reviewed_at", "", "review_note", "", "submitted_at", "2026-11-23 02:00:00.000Z")

	returned := inState(w, "needs_revision", "number", "SL-2026-000900")
	for _, c := range slices.Concat(reviewed(w), fixed(w)) {
		sent = with(sent, c.field, fmt.Sprint(c.value))
	}
	w.As(w.Partner).Post("/contributions/"+returned.Id, sent...).Want(http.StatusSeeOther)
	for _, name := range []string{"programme", "contributor", "once", "number", "logged_by", "on_behalf", "verified_quantity",
		"verified_value_idr", "received_quantity", "reviewed_by", "review_note"} {
		wantFields(t, w.Fresh(returned), name, returned.GetString(name))
	}
	wantFields(t, w.Fresh(returned), "review_status", "submitted")
}

func TestProtectVerified_Delete_OnlyAdministratorsUnlessVerified(t *testing.T) {
	w := testkit.New(t)
	for _, status := range contributions.Statuses {
		r := inState(w, status)
		for _, a := range askers(w) { // the administrator is the last
			w.As(a.record).API(http.MethodDelete, records+"/"+r.Id, nil)
			_, err := w.App.FindRecordById("contributions", r.Id)
			may := a.name == "administrator" && status != "verified"
			if gone := err != nil; gone != may {
				t.Errorf("a %s one deleted by %s: gone %v, want %v", status, a.name, gone, may)
			}
		}
	}
}

func TestProtectProgramme_VerifiedContribution_Kept(t *testing.T) {
	w := testkit.New(t)
	verified := inBali(w, "review_status", "verified")
	admin := w.As(w.Administrator)
	answer := admin.API(http.MethodDelete, "/api/collections/programmes/records/"+w.Rantang.Id, nil).Want(http.StatusBadRequest)
	if data, _ := answer.JSON()["data"].(map[string]any); data["status"] == nil {
		t.Errorf("no reason given: %s", answer.Body)
	}
	w.Fresh(verified)

	w.Rantang.Set("example", true)
	if err := w.App.Save(w.Rantang); err != nil {
		t.Fatal(err)
	}
	admin.API(http.MethodDelete, "/api/collections/programmes/records/"+w.Rantang.Id, nil).Want(http.StatusNoContent)
	wantCount(t, w, "contributions", 0)
	admin.API(http.MethodDelete, "/api/collections/programmes/records/"+w.Papua.Id, nil).Want(http.StatusNoContent)
}

func TestDelete_TaskOrLogger_VerifiedContributionStays(t *testing.T) {
	w := testkit.New(t)
	task := w.Make("tasks", "programme", w.Kopi.Id, "title", "Siapkan paket", "organisation", w.Puskesmas.Id, "accountable", w.Initiator.Id)
	r := inState(w, "verified", "task", task.Id, "logged_by", w.OtherPartner.Id)
	if err := w.App.Delete(task); err != nil {
		t.Fatal(err)
	}
	wantFields(t, w.Fresh(r), "task", "", "review_status", "verified")
	if err := w.App.Delete(w.OtherPartner); err != nil {
		t.Fatal(err)
	}
	wantFields(t, w.Fresh(r), "logged_by", "")
}

type body = map[string]any

// given is a body that REST takes, with some fields changed; nil takes one out.
func given(w *testkit.World, changes body) body {
	out := body{"programme": w.Kopi.Id, "contributor": w.Puskesmas.Id, "kind": "goods", "item": "sembako",
		"quantity": 20, "unit": "package", "given_on": "2026-11-20"}
	for name, value := range changes {
		out[name] = value
		if value == nil {
			delete(out, name)
		}
	}
	return out
}

const records = "/api/collections/contributions/records"

func TestValidate_ContradictoryFields_Refused(t *testing.T) {
	w := testkit.New(t)
	elsewhere := w.Make("tasks", "programme", w.Rantang.Id, "title", "Lain", "organisation", w.Bali.Id, "accountable", w.BaliInitiator.Id)
	delivered := inState(w, "submitted")
	foreignPledge := inBali(w, "stage", "pledged")
	outsiders := w.Make("organisations", "name", "Toko Luar", "helix", "business", "subtype", "msme")
	for name, c := range map[string]struct {
		change body
		field  string
	}{
		"no kind":                       {body{"kind": nil}, "kind"},
		"no item":                       {body{"item": nil}, "item"},
		"no quantity":                   {body{"quantity": nil}, "quantity"},
		"no unit where there is choice": {body{"unit": nil}, "unit"},
		"nothing":                       {body{"quantity": 0}, "quantity"},
		"less than nothing":             {body{"quantity": -2}, "quantity"},
		"more than can be kept":         {body{"quantity": 1e16}, "quantity"},
		"a unit of another kind":        {body{"unit": "person_hour"}, "unit"},
		"goods in rupiah":               {body{"unit": "rupiah"}, "unit"},
		"money in packages":             {body{"kind": "money"}, "unit"},
		"half a rupiah":                 {body{"kind": "money", "unit": "rupiah", "quantity": 10.5}, "quantity"},
		"a day that is none":            {body{"given_on": "2026-02-30"}, "given_on"},
		"the day after tomorrow":        {body{"given_on": "2026-11-25"}, "given_on"},
		"last century":                  {body{"given_on": "1999-12-31"}, "given_on"},
		"a pledge in ten years":         {body{"stage": "pledged", "given_on": "2036-11-23"}, "given_on"},
		"a value without a basis":       {body{"value_idr": 1000000}, "value_basis"},
		"a value that is not valued":    {body{"value_idr": 1000000, "value_basis": "not_valued"}, "value_basis"},
		"a basis without a value":       {body{"value_basis": "invoice"}, "value_idr"},
		"goods valued as cash":          {body{"value_idr": 1000000, "value_basis": "cash"}, "value_basis"},
		"half a person":                 {body{"people_reached": 2.5}, "people_reached"},
		"a name that is a NIK":          {body{"note": "NIK 3374010101900001"}, "note"},
		"a task of another programme":   {body{"task": elsewhere.Id}, "task"},
		"a pledge of another programme": {body{"pledge": foreignPledge.Id}, "pledge"},
		"a pledge that was none":        {body{"pledge": delivered.Id}, "pledge"},
		"a receiver that is not there":  {body{"recipient": "missing00000000"}, "recipient"},
	} {
		for _, a := range []asker{{"partner", w.Partner}, {"administrator", w.Administrator}} {
			answer := w.As(a.record).API(http.MethodPost, records, given(w, c.change))
			data, _ := answer.JSON()["data"].(map[string]any)
			if answer.Status != http.StatusBadRequest || data[c.field] == nil {
				t.Errorf("%s by %s: status %d, want an error at %s: %s", name, a.name, answer.Status, c.field, answer.Body)
			}
		}
	}
	for _, change := range []body{{"contributor": outsiders.Id}, {"number": "2026/1"}} {
		w.As(w.Administrator).API(http.MethodPost, records, given(w, change)).Want(http.StatusBadRequest)
	}
	wantCount(t, w, "contributions", 2)
}

func TestNormalize_MissingFields_FilledIn(t *testing.T) {
	w := testkit.New(t)
	for name, c := range map[string]struct {
		change body
		want   []string
	}{
		"the usual": {body{"given_on": nil}, []string{"given_on", "2026-11-23", "stage", "delivered", "review_status", "submitted",
			"value_basis", "not_valued", "logged_by", w.Partner.Id, "on_behalf", "false", "submitted_at", "2026-11-23 02:00:00.000Z"}},
		"money": {body{"kind": "money", "unit": nil, "quantity": 500000, "item": "Uang transport"},
			[]string{"unit", "rupiah", "value_idr", "500000", "value_basis", "cash"}},
		"money with another value": {body{"kind": "money", "unit": "rupiah", "quantity": 500000, "value_idr": 9, "value_basis": "invoice"},
			[]string{"value_idr", "500000", "value_basis", "cash"}},
		"hours":                  {body{"kind": "hours", "unit": nil, "quantity": 2.5}, []string{"unit", "person_hour", "quantity", "2.5"}},
		"tomorrow in the east":   {body{"given_on": "2026-11-24"}, []string{"given_on", "2026-11-24"}},
		"a pledge for next year": {body{"stage": "pledged", "given_on": "2027-06-01"}, []string{"given_on", "2027-06-01"}},
		"valued goods":           {body{"value_idr": 1000000, "value_basis": "market_estimate"}, []string{"value_idr", "1000000"}},
	} {
		t.Run(name, func(t *testing.T) {
			answer := w.As(w.Partner).API(http.MethodPost, records, given(w, c.change)).Want(http.StatusOK).JSON()
			wantFields(t, w.Only("contributions", "id", answer["id"]), c.want...)
		})
	}
}

func TestNormalize_OnBehalf_ByRepresentation(t *testing.T) {
	w := testkit.New(t)
	for _, c := range []struct {
		asker
		behalf bool
		logger string
	}{
		{asker{"partner", w.Partner}, false, w.Partner.Id},
		{asker{"coordinator", w.Coordinator}, true, w.Coordinator.Id},
		{asker{"administrator", w.Administrator}, true, ""},
	} {
		answer := w.As(c.record).API(http.MethodPost, records, given(w, nil)).Want(http.StatusOK).JSON()
		if answer["on_behalf"] != c.behalf || answer["logged_by"] != c.logger {
			t.Errorf("%s: on behalf %v, logged by %v", c.name, answer["on_behalf"], answer["logged_by"])
		}
	}
}

func TestCreate_OverREST_TeamAndContributorOnly(t *testing.T) {
	w := testkit.New(t)
	for _, a := range askers(w) {
		want := http.StatusBadRequest
		switch a.name {
		case "partner", "coordinator", "initiator", "administrator":
			want = http.StatusOK
		}
		w.As(a.record).API(http.MethodPost, records, given(w, nil)).Want(want)
	}
	wantCount(t, w, "contributions", 4)
}

func TestNormalize_NoDay_TodayInProgrammeZone(t *testing.T) {
	w := testkit.New(t)
	later(t, "2026-11-23 16:30") // past midnight in Bali, not yet in Semarang
	wantFields(t, sembako(w, "given_on", ""), "given_on", "2026-11-23")
	wantFields(t, inBali(w), "given_on", "2026-11-24")
}

func TestNextNumber_YearOfSubmission_CountsUp(t *testing.T) {
	w := testkit.New(t)
	for _, c := range []struct{ at, want string }{
		{"2026-12-31 16:59", "SL-2026-000001"}, // 23.59 in Semarang
		{"2026-12-31 17:00", "SL-2027-000001"}, // the new year there
		{"2026-12-31 16:58", "SL-2026-000002"},
		{"2027-02-01 03:00", "SL-2027-000002"},
	} {
		later(t, c.at)
		wantFields(t, sembako(w), "number", c.want)
	}
	later(t, "2026-12-31 16:30")
	wantFields(t, inBali(w), "number", "SL-2027-000003") // 00.30 in Tabanan
	wantFields(t, sembako(w, "number", "SL-2027-000777"), "number", "SL-2027-000777")
	later(t, "2027-02-01 03:00")
	wantFields(t, sembako(w), "number", "SL-2027-000778")
}

// TestCreate_EightConcurrentWriters_DistinctNumbers sends as many forms at once as a busy
// afternoon would: none fails, and no two get the same number.
func TestCreate_EightConcurrentWriters_DistinctNumbers(t *testing.T) {
	const writers, each = 8, 10
	w := testkit.New(t)
	partner, coordinator := w.As(w.Partner), w.As(w.Coordinator)
	statuses := make(chan int, writers*each)
	var wait sync.WaitGroup
	for writer := range writers {
		c := partner
		if writer%2 == 1 {
			c = coordinator
		}
		cookies := testkit.NewClient(t, w.Handler, nil)
		cookies.SetCookie("simpul", c.Cookie("simpul"))
		wait.Go(func() {
			for n := range each {
				statuses <- cookies.Post("/contributions", form(w, "once", fmt.Sprintf("writer-%d-%d", writer, n),
					"item", fmt.Sprintf("sembako %d-%d", writer, n))...).Status
			}
		})
	}
	wait.Wait()
	close(statuses)
	for status := range statuses {
		if status != http.StatusSeeOther {
			t.Fatalf("a writer was answered %d", status)
		}
	}
	var numbers []string
	if err := w.App.DB().Select("number").From("contributions").OrderBy("number").Column(&numbers); err != nil {
		t.Fatal(err)
	}
	if len(numbers) != writers*each || len(slices.Compact(slices.Clone(numbers))) != writers*each {
		t.Fatalf("%d numbers: %v", len(numbers), numbers)
	}
	if last := numbers[len(numbers)-1]; last != "SL-2026-000080" {
		t.Errorf("the last number is %s", last)
	}
}
