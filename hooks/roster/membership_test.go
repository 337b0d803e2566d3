package roster_test

import (
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/roster"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestAPartnerComesWithContactAndStakeholderAndGoesWithEither(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "user", w.Partner.Id)
	if partners(w, w.Kopi, w.Partner) != 1 {
		t.Fatal("the world begins without its partner")
	}
	saved(w, contact, "user", "")
	check.Equal(t, "without the account the contact still lets somebody", partners(w, w.Kopi, w.Partner), 0)
	saved(w, contact, "user", w.Outsider.Id)
	check.Equal(t, "the account that was linked stays outside", partners(w, w.Kopi, w.Outsider), 1)
	saved(w, contact, "organisation", w.Bali.Id)
	if partners(w, w.Kopi, w.Outsider) != 0 || partners(w, w.Rantang, w.Outsider) != 1 {
		t.Error("access did not move with the contact")
	}
	check.NoError(t, w.App.Delete(w.Fresh(contact)))
	check.Equal(t, "access outlives the contact", partners(w, w.Rantang, w.Outsider), 0)
}

func TestTwoWaysInMakeOneMembershipAndEitherKeepsIt(t *testing.T) {
	w := testkit.New(t)
	second := w.Make("contacts", "organisation", w.Puskesmas.Id, "position", "Pengelola program", "user", w.Partner.Id)
	check.Equal(t, "a second office made a second membership", partners(w, w.Kopi, w.Partner), 1)
	saved(w, second, "until_on", "2026-11-01")
	check.Equal(t, "leaving one of two offices shut the person out", partners(w, w.Kopi, w.Partner), 1)
	office := w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", w.Puskesmas.Id, "position", "Kepala Puskesmas")
	saved(w, place(w, w.Kopi, w.Puskesmas), "ended_on", "2026-11-01")
	check.Equal(t, "the organisation still takes part in another office", partners(w, w.Kopi, w.Partner), 1)
	saved(w, office, "ended_on", "2026-11-01")
	check.Equal(t, "nobody takes part any more, yet the person may enter", partners(w, w.Kopi, w.Partner), 0)
}

func TestADayDecidesWhoSpeaks(t *testing.T) {
	cases := []struct {
		name, field, day string
		contact, in      bool
	}{
		{"a contact from today on", "from_on", "2026-11-23", true, true},
		{"a contact from tomorrow on", "from_on", "2026-11-24", true, false},
		{"a contact on the last day", "until_on", "2026-11-23", true, true},
		{"a contact after the last day", "until_on", "2026-11-22", true, false},
		{"a stakeholder that ends today", "ended_on", "2026-11-23", false, false},
		{"a stakeholder that ends tomorrow", "ended_on", "2026-11-24", false, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := testkit.New(t)
			r := place(w, w.Kopi, w.Puskesmas)
			if c.contact {
				r = w.Only("contacts", "user", w.Partner.Id)
			}
			saved(w, r, c.field, c.day)
			check.Equal(t, "may enter", partners(w, w.Kopi, w.Partner) == 1, c.in)
		})
	}
}

func TestTheDayIsTheProgrammesOwn(t *testing.T) {
	w := testkit.New(t)
	w.Make("stakeholders", "programme", w.Papua.Id, "organisation", w.Puskesmas.Id)
	contact := w.Only("contacts", "user", w.Partner.Id)
	// 23.30 on the 23rd in Semarang is 01.30 on the 24th in Jayapura.
	stand(t, time.Date(2026, 11, 23, 16, 30, 0, 0, time.UTC))
	saved(w, contact, "until_on", "2026-11-23")
	if partners(w, w.Kopi, w.Partner) != 1 || partners(w, w.Papua, w.Partner) != 0 {
		t.Errorf("Semarang %d, Jayapura %d", partners(w, w.Kopi, w.Partner), partners(w, w.Papua, w.Partner))
	}
}

func TestTheNightBringsMembershipsUpToDate(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Only("contacts", "user", w.Partner.Id), "until_on", "2026-11-23")
	saved(w, w.Only("contacts", "user", w.OtherPartner.Id), "from_on", "2026-11-24")
	if partners(w, w.Kopi, w.Partner) != 1 || partners(w, w.Kopi, w.OtherPartner) != 0 {
		t.Fatal("the day before is wrong already")
	}
	stand(t, testkit.Monday.Add(24*time.Hour))
	all := w.Count("memberships")
	check.NoError(t, roster.RefreshMemberships(w.App, clock.Now()))
	if partners(w, w.Kopi, w.Partner) != 0 || partners(w, w.Kopi, w.OtherPartner) != 1 || w.Count("memberships") != all {
		t.Error("the next day did not change who speaks")
	}
	if err := roster.RefreshMemberships(w.App, clock.Now()); err != nil || w.Count("memberships") != all {
		t.Error("a second run is not quiet:", err)
	}
}

func TestAnotherRoleOfThePersonIsLeftAlone(t *testing.T) {
	w := testkit.New(t)
	w.Make("memberships", "programme", w.Kopi.Id, "user", w.Partner.Id, "role", "observer")
	saved(w, place(w, w.Kopi, w.Puskesmas), "ended_on", "2026-11-23")
	left := w.Only("memberships", "user", w.Partner.Id)
	if left.GetString("role") != "observer" {
		t.Error("left with", left.GetString("role"))
	}
}

func TestTheActivityNamesWhoOpenedTheScope(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Coordinator).API("PATCH", "/api/collections/stakeholders/records/"+place(w, w.Kopi, w.Puskesmas).Id,
		map[string]any{"ended_on": "2026-11-23"}).Want(200)
	traces, err := w.App.FindRecordsByFilter("activity", `collection = "memberships" && action = "delete"`, "-created", 10, 0)
	if err != nil || len(traces) != 1 {
		t.Fatalf("%d traces, %v", len(traces), err)
	}
	if traces[0].GetString("actor") != w.Coordinator.Id || traces[0].GetString("via") != "api" {
		t.Errorf("by %q via %q", traces[0].GetString("actor"), traces[0].GetString("via"))
	}
}
