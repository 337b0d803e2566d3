package contributions_test

import (
	"net/http"
	"testing"

	"simpul/hooks/testkit"
)

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

func TestWhatCannotBeIsRefusedForPartnersAndAdministrators(t *testing.T) {
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

func TestWhatIsNotSaidIsFilledIn(t *testing.T) {
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

func TestOnBehalfIsWhoDoesNotSpeakForTheGiver(t *testing.T) {
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

func TestOnlyTheTeamAndTheGiverLogOverREST(t *testing.T) {
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

func TestTheDayIsTodayInTheProgrammesZone(t *testing.T) {
	w := testkit.New(t)
	later(t, "2026-11-23 16:30") // past midnight in Bali, not yet in Semarang
	wantText(t, sembako(w, "given_on", ""), "given_on", "2026-11-23")
	wantText(t, w.Make("contributions", "programme", w.Rantang.Id, "contributor", w.Bali.Id, "kind", "goods", "item", "rantang",
		"quantity", 5, "unit", "unit"), "given_on", "2026-11-24")
}
