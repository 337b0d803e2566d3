package contributions_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
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

func TestUpdate_ReviewedOrFixedFieldOverREST_Refused(t *testing.T) {
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

func TestCreate_ReviewedFieldOverREST_Refused(t *testing.T) {
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

func TestUpdate_ContributorsField_OnlyWhileEditable(t *testing.T) {
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

func TestValidate_Verified_FrozenForAdministrators(t *testing.T) {
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

func TestCreate_ReviewedFieldInForm_Ignored(t *testing.T) {
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

func TestProtectVerified_Delete_OnlyAdministratorsUnlessVerified(t *testing.T) {
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

func TestProtectProgramme_VerifiedContribution_Kept(t *testing.T) {
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

func TestDelete_TaskOrLogger_VerifiedContributionStays(t *testing.T) {
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

type body = map[string]any

// gift is a body that REST takes, with some fields changed; nil takes one out.
func gift(w *testkit.World, changes body) body {
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
	foreignPledge := w.Make("contributions", "programme", w.Rantang.Id, "contributor", w.Bali.Id, "kind", "goods", "item", "beras",
		"quantity", 5, "unit", "kg", "stage", "pledged")
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
			answer := w.As(a.record).API(http.MethodPost, records, gift(w, c.change))
			if answer.Status != http.StatusBadRequest {
				t.Errorf("%s by %s: status %d: %s", name, a.name, answer.Status, answer.Body)
				continue
			}
			if data, _ := answer.JSON()["data"].(map[string]any); data[c.field] == nil {
				t.Errorf("%s by %s: nothing is said at %s: %s", name, a.name, c.field, answer.Body)
			}
		}
	}
	for name, change := range map[string]body{
		"a giver that takes no part": {"contributor": outsiders.Id},
		"a number of another form":   {"number": "2026/1"},
	} {
		w.As(w.Administrator).API(http.MethodPost, records, gift(w, change)).Want(http.StatusBadRequest)
		if n := w.Count("contributions"); n != 2 {
			t.Errorf("%s: %d contributions", name, n)
		}
	}
}

func TestNormalize_MissingFields_FilledIn(t *testing.T) {
	w := testkit.New(t)
	cases := []struct {
		name   string
		change body
		want   map[string]string
	}{
		{"the usual", body{"given_on": nil}, map[string]string{"given_on": "2026-11-23", "stage": "delivered", "review_status": "submitted",
			"value_basis": "not_valued", "logged_by": w.Partner.Id, "on_behalf": "false", "submitted_at": "2026-11-23 02:00:00.000Z"}},
		{"money", body{"kind": "money", "unit": nil, "quantity": 500000, "item": "Uang transport"},
			map[string]string{"unit": "rupiah", "value_idr": "500000", "value_basis": "cash"}},
		{"money with another value", body{"kind": "money", "unit": "rupiah", "quantity": 500000, "value_idr": 9, "value_basis": "invoice"},
			map[string]string{"value_idr": "500000", "value_basis": "cash"}},
		{"hours", body{"kind": "hours", "unit": nil, "quantity": 2.5}, map[string]string{"unit": "person_hour", "quantity": "2.5"}},
		{"tomorrow in the east", body{"given_on": "2026-11-24"}, map[string]string{"given_on": "2026-11-24"}},
		{"a pledge for next year", body{"stage": "pledged", "given_on": "2027-06-01"}, map[string]string{"given_on": "2027-06-01"}},
		{"valued goods", body{"value_idr": 1000000, "value_basis": "market_estimate"}, map[string]string{"value_idr": "1000000"}},
	}
	for _, c := range cases {
		answer := w.As(w.Partner).API(http.MethodPost, records, gift(w, c.change)).Want(http.StatusOK).JSON()
		made, err := w.App.FindRecordById("contributions", answer["id"].(string))
		if err != nil {
			t.Fatal(err)
		}
		for field, want := range c.want {
			if got := made.GetString(field); got != want {
				t.Errorf("%s: %s is %q, want %q", c.name, field, got, want)
			}
		}
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
		answer := w.As(c.record).API(http.MethodPost, records, gift(w, nil)).Want(http.StatusOK).JSON()
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
		w.As(a.record).API(http.MethodPost, records, gift(w, nil)).Want(want)
	}
	if n := w.Count("contributions"); n != 4 {
		t.Errorf("%d contributions, want 4", n)
	}
}

func TestNormalize_NoDay_TodayInProgrammeZone(t *testing.T) {
	w := testkit.New(t)
	later(t, "2026-11-23 16:30") // past midnight in Bali, not yet in Semarang
	wantText(t, sembako(w, "given_on", ""), "given_on", "2026-11-23")
	wantText(t, w.Make("contributions", "programme", w.Rantang.Id, "contributor", w.Bali.Id, "kind", "goods", "item", "rantang",
		"quantity", 5, "unit", "unit"), "given_on", "2026-11-24")
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
		wantText(t, sembako(w), "number", c.want)
	}
	later(t, "2026-12-31 16:30")
	bali := w.Make("contributions", "programme", w.Rantang.Id, "contributor", w.Bali.Id, "kind", "goods", "item", "rantang",
		"quantity", 5, "unit", "unit")
	wantText(t, bali, "number", "SL-2027-000003") // 00.30 in Tabanan
	wantText(t, sembako(w, "number", "SL-2027-000777"), "number", "SL-2027-000777")
	later(t, "2027-02-01 03:00")
	wantText(t, sembako(w), "number", "SL-2027-000778")
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
