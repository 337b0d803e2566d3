package access_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// Fields that name an owner may be empty; so is the caller who is nobody. The
// two must never be taken for each other.
func TestAnEmptyOwnerIsNobodys(t *testing.T) {
	w := testkit.New(t)
	ownerless := map[string]*core.Record{
		"a letter to nobody":   w.Make("deliveries", "kind", "account", "key", "tanpa-orang", "due_at", "2026-12-01 01:00:00.000Z", "state", "held"),
		"a vacant position":    w.Make("contacts", "organisation", w.Campus.Id, "position", "Kepala LPPM"),
		"a comment of the hub": w.Make("comments", "programme", w.Kopi.Id, "task", task(w).Id, "body", "Catatan", "visibility", "team"),
		"a rule for all":       w.Only("reminder_rules", "id", first(w, "reminder_rules").Id),
	}
	for name, r := range ownerless {
		for who, person := range map[string]*core.Record{"guest": nil, "outsider": w.Outsider, "partner": w.Partner, "partner elsewhere": w.BaliPartner} {
			if _, err := at(w, person).View(r.Collection().Name, r.Id); !errors.Is(err, access.ErrRefused) {
				t.Errorf("%s views %s: %v", who, name, err)
			}
			if status := w.As(person).API(http.MethodGet, records(r.Collection().Name)+"/"+r.Id, nil).Status; status == http.StatusOK {
				t.Errorf("%s views %s over the API", who, name)
			}
		}
	}
}

func TestNobodySignsUp(t *testing.T) {
	w := testkit.New(t)
	body := fields{"email": "baru@example.org", "password": testkit.Password, "passwordConfirm": testkit.Password, "name": "Orang baru"}
	for who, person := range map[string]*core.Record{"guest": nil, "outsider": w.Outsider, "initiator": w.Initiator} {
		check.Equal(t, who+": status", w.As(person).API(http.MethodPost, records("users"), body).Status, http.StatusForbidden)
	}
	w.As(nil).API(http.MethodPost, records("contributions"), fields{}).Want(http.StatusBadRequest)
}

func TestATaskGivenToAnotherLeavesItsOwner(t *testing.T) {
	w := testkit.New(t)
	r := task(w)
	check.NoError(t, change(w, at(w, w.Partner), r, "in_progress"))
	moved := w.Fresh(r)
	moved.Set("organisation", w.Forum.Id)
	check.NoError(t, at(w, w.Coordinator).Update(moved))
	if err := change(w, at(w, w.Partner), r, "done"); !errors.Is(err, access.ErrRefused) {
		t.Errorf("the owner before: %v, want refused", err)
	}
	check.Equal(t, "the owner before, over the API: status", patch(w, w.Partner, r, fields{"state": "done"}), http.StatusNotFound)
	if err := change(w, at(w, w.OtherPartner), r, "done"); err != nil {
		t.Errorf("the owner now: %v", err)
	}
}

func TestAGiftCannotBeHandedOn(t *testing.T) {
	w := testkit.New(t)
	r := gift(w, w.Puskesmas, "needs_revision")
	for field, value := range map[string]string{"contributor": w.Forum.Id, "programme": w.Rantang.Id, "logged_by": w.OtherPartner.Id} {
		if status := patch(w, w.Partner, r, fields{field: value}); status != http.StatusNotFound {
			t.Errorf("another %s: status %d, want 404", field, status)
		}
	}
	// Nor can somebody log a gift in the name of an organisation not theirs.
	body := fields{"programme": w.Kopi.Id, "contributor": w.Forum.Id, "kind": "goods", "item": "Beras", "quantity": 5, "unit": "kg",
		"given_on": "2026-11-20", "stage": "delivered"}
	w.As(w.Partner).API(http.MethodPost, records("contributions"), body).Want(http.StatusBadRequest)
	check.Equal(t, "a gift in another's name was stored", w.Count("contributions"), 1)
}

func TestWhoNoLongerSpeaksForAnOrganisationIsOut(t *testing.T) {
	leave := map[string]func(w *testkit.World){
		"the position ends": func(w *testkit.World) {
			set(w, w.Only("contacts", "organisation", w.Puskesmas.Id), "until_on", "2026-11-22")
		},
		"the position goes to another": func(w *testkit.World) {
			set(w, w.Only("contacts", "organisation", w.Puskesmas.Id), "user", w.Outsider.Id)
		},
		"the organisation leaves": func(w *testkit.World) {
			set(w, w.Only("stakeholders", "organisation", w.Puskesmas.Id), "ended_on", "2026-11-22")
		},
	}
	for name, happens := range leave {
		w := testkit.New(t)
		r := task(w)
		c := w.As(w.Partner)
		c.Get("/tasks/" + r.Id).Want(http.StatusOK)
		happens(w)
		check.Equal(t, name+": the page", c.Get("/tasks/"+r.Id).Status, http.StatusNotFound)
		check.Equal(t, name+": the API", patch(w, w.Partner, r, fields{"state": "done"}), http.StatusNotFound)
		if roles := at(w, w.Partner).Roles(w.Kopi.Id); roles.Inside() {
			t.Errorf("%s: still %+v", name, roles)
		}
	}
}

func set(w *testkit.World, r *core.Record, field, value string) {
	w.Helper()
	r.Set(field, value)
	check.NoError(w, w.App.Save(r))
}

func TestAPartnerMembershipNamesItsOrganisation(t *testing.T) {
	w := testkit.New(t)
	c := collection(w, "memberships")
	r := core.NewRecord(c)
	r.Load(fields{"programme": w.Kopi.Id, "user": w.Outsider.Id, "role": "partner"})
	if err := w.App.Save(r); err == nil {
		t.Error("a partner of no organisation would own everything that nobody owns")
	}
}
