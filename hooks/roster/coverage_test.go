package roster_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/roster"
	"simpul/hooks/testkit"
)

// strip returns the coverage of Kopi as somebody sees it, by helix.
func strip(w *testkit.World, person *core.Record) map[string]roster.Helix {
	w.Helper()
	d, p := enter(w, person, w.Kopi)
	rows, err := roster.Coverage(d, p, "id")
	if err != nil {
		w.Fatal(err)
	}
	out := map[string]roster.Helix{}
	for i, want := range []string{"government", "university", "business", "community", "media"} {
		if rows[i].Helix != want {
			w.Fatalf("row %d is %s", i, rows[i].Helix)
		}
		out[want] = rows[i]
	}
	return out
}

func TestAnEmptyPartyOffersTheTeamTheNextStep(t *testing.T) {
	w := testkit.New(t)
	media := strip(w, w.Coordinator)["media"]
	want := roster.Helix{Helix: "media", Label: "Media", Count: 0, State: roster.Empty, StateLabel: "kosong",
		Names: "Belum ada unsur media", URL: "/programmes/kopi/stakeholders/new?helix=media", Action: "Tambah unsur media"}
	if media != want {
		t.Errorf("got  %+v\nwant %+v", media, want)
	}
	partner := strip(w, w.Partner)["media"]
	if partner.Action != "" || partner.URL != "/programmes/kopi/stakeholders#media" {
		t.Errorf("a partner is offered %+v", partner)
	}
}

func TestAGroupNobodyNamedIsVague(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Shop, "subtype", "business_group_unnamed", "short_name", "Pengusaha setempat")
	shop := strip(w, w.Coordinator)["business"]
	if shop.State != roster.Vague || shop.StateLabel != "belum rinci" || shop.Count != 1 || shop.Names != "Pengusaha setempat" || shop.Action == "" {
		t.Errorf("%+v", shop)
	}
	named := w.Make("organisations", "name", "Bank Jateng", "helix", "business", "subtype", "regional_soe")
	w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", named.Id)
	shop = strip(w, w.Coordinator)["business"]
	if shop.State != roster.Present || shop.Count != 2 || shop.Action != "" {
		t.Errorf("%+v", shop)
	}
}

func TestWorkAndRecentGiftsMakeAPartyActive(t *testing.T) {
	task := func(state string) func(*testkit.World) {
		return func(w *testkit.World) {
			w.Make("tasks", "programme", w.Kopi.Id, "title", "Data", "organisation", w.Campus.Id, "accountable", w.Initiator.Id, "state", state)
		}
	}
	gift := func(status, on string) func(*testkit.World) {
		return func(w *testkit.World) {
			r := w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Campus.Id, "kind", "hours", "item", "Pelatihan",
				"quantity", 4, "unit", "person_hour", "given_on", on, "stage", "delivered")
			_, err := w.App.DB().Update("contributions", map[string]any{"review_status": status}, nil).Execute()
			if err != nil {
				w.Fatal(r.Id, err)
			}
		}
	}
	cases := []struct {
		name  string
		make  func(*testkit.World)
		state string
	}{
		{"nothing yet", func(*testkit.World) {}, roster.Present},
		{"a task to do", task("todo"), roster.Active},
		{"a task that waits", task("waiting"), roster.Active},
		{"a task that is done", task("done"), roster.Present},
		{"a task that was cancelled", task("cancelled"), roster.Present},
		{"a verified gift 90 days ago", gift("verified", "2026-08-25"), roster.Active},
		{"a verified gift 91 days ago", gift("verified", "2026-08-24"), roster.Present},
		{"a gift nobody verified", gift("submitted", "2026-11-20"), roster.Present},
		{"a task in another programme", func(w *testkit.World) {
			w.Make("stakeholders", "programme", w.Papua.Id, "organisation", w.Campus.Id)
			w.Make("tasks", "programme", w.Papua.Id, "title", "Data", "organisation", w.Campus.Id, "accountable", w.BaliInitiator.Id, "state", "todo")
		}, roster.Present},
		{"a verified gift to another programme", func(w *testkit.World) {
			w.Make("stakeholders", "programme", w.Papua.Id, "organisation", w.Campus.Id)
			w.Make("contributions", "programme", w.Papua.Id, "contributor", w.Campus.Id, "kind", "hours", "item", "Pelatihan", "quantity", 4,
				"unit", "person_hour", "given_on", "2026-11-20", "stage", "delivered", "review_status", "verified", "verified_quantity", 4)
		}, roster.Present},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := testkit.New(t)
			c.make(w)
			if got := strip(w, w.Observer)["university"]; got.State != c.state {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestManyNamesAreCutShortAndOfficesAreCounted(t *testing.T) {
	w := testkit.New(t)
	for _, name := range []string{"Tagana", "PKK", "Karang Taruna"} {
		o := w.Make("organisations", "name", name, "helix", "community")
		w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", o.Id)
	}
	w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", w.Forum.Id, "position", "Sekretaris")
	got := strip(w, w.Partner)["community"]
	if got.Count != 5 || got.Names != "Forum PSM Semarang, Karang Taruna, PKK dan 1 lainnya" {
		t.Errorf("%+v", got)
	}
}

func TestWhoLeftAndWhoCountsElsewhereLeavesTheGap(t *testing.T) {
	w := testkit.New(t)
	saved(w, place(w, w.Kopi, w.Forum), "ended_on", "2026-11-23")
	saved(w, place(w, w.Kopi, w.Campus), "helix", "media")
	got := strip(w, w.Partner)
	if got["community"].State != roster.Empty || got["university"].State != roster.Empty || got["media"].Names != "UIN Walisongo" {
		t.Errorf("%+v", got)
	}
}

func TestCoverageIsForThoseInsideOnly(t *testing.T) {
	w := testkit.New(t)
	d, p := enter(w, w.Partner, w.Kopi)
	outside, _ := enter(w, w.BaliPartner, w.Rantang)
	if _, err := roster.Coverage(outside, p, "id"); err == nil {
		t.Error("somebody outside counts who takes part")
	}
	english, err := roster.Coverage(d, p, "en")
	if err != nil || english[4].Names != "No media stakeholder yet." || !strings.HasPrefix(english[0].StateLabel, "present") {
		t.Errorf("%+v, %v", english, err)
	}
}
