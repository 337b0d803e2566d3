package contributions_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/contributions"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"
	"simpul/hooks/web"
)

// enter opens the scope for a person and wraps the programme they may see.
func enter(w *testkit.World, person, programme *core.Record) (*access.Scope, *programmes.Programme) {
	w.Helper()
	d := access.As(w.App, person)
	p, err := programmes.ByID(d, programme.Id)
	if err != nil {
		w.Fatal(err)
	}
	return d, p
}

// everyState makes a gift in every state of three givers of Kopi and one of Rantang.
func everyState(w *testkit.World) {
	w.Helper()
	for _, status := range contributions.Statuses {
		for _, giver := range []*core.Record{w.Puskesmas, w.Forum, w.Shop} {
			inState(w, status, "contributor", giver.Id)
		}
		w.Make("contributions", "programme", w.Rantang.Id, "contributor", w.Bali.Id, "kind", "goods", "item", "rantang",
			"quantity", 5, "unit", "unit", "review_status", status)
	}
}

// insiders are those who take part in Kopi, and administrators.
func insiders(w *testkit.World) []asker {
	return slices.DeleteFunc(askers(w), func(a asker) bool {
		return slices.Contains([]string{"guest", "outsider", "disabled", "bali-partner"}, a.name)
	})
}

// TestListsShowWhatTheRulesAllow holds the quick way in which lists are read
// against the rule that the scope and REST ask of every row.
func TestListsShowWhatTheRulesAllow(t *testing.T) {
	w := testkit.New(t)
	everyState(w)
	for _, a := range insiders(w) {
		d, p := enter(w, a.record, w.Kopi)
		allowed, err := d.List("contributions", func(q *dbx.SelectQuery) {
			q.AndWhere(dbx.HashExp{"contributions.programme": p.ID()})
			q.AndWhere(dbx.In("contributions.review_status", "submitted", "needs_revision", "verified"))
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{}
		for _, r := range allowed {
			want = append(want, r.Id)
		}
		found, err := contributions.RecentItems(d, p, 100)
		if err != nil {
			t.Fatal(err)
		}
		own := []string{}
		for _, g := range found {
			if !g.IsForeign {
				own = append(own, g.ID)
			}
		}
		slices.Sort(want)
		slices.Sort(own)
		if diff := cmp.Diff(want, own); diff != "" {
			t.Errorf("%s (-rule +list):\n%s", a.name, diff)
		}
	}
}

func TestPartnersSeeWhatWasVerifiedOfOthersAndNoMore(t *testing.T) {
	w := testkit.New(t)
	everyState(w)
	money := inState(w, "verified", "contributor", w.Shop.Id, "kind", "money", "unit", "rupiah", "quantity", 5000000, "item", "Donasi",
		"given_on", "2026-11-22")
	d, p := enter(w, w.Partner, w.Kopi)
	found, err := contributions.RecentItems(d, p, 100)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[bool]int{}
	for _, g := range found {
		counts[g.IsForeign]++
		if g.IsForeign && (g.ReviewStatus != "verified" || g.Who == "Puskesmas Tambakaji") {
			t.Errorf("seen of others: %+v", g)
		}
	}
	if counts[false] != 3 || counts[true] != 3 {
		t.Errorf("%d own and %d of others, want 3 and 3", counts[false], counts[true])
	}
	if found[0].ID != money.Id || found[0].Quantity != 0 {
		t.Errorf("the latest: %+v", found[0])
	}
	rows := contributions.FormatRows("id", found[:1])
	want := contributions.Row{Helix: "business", Who: "Warung Kopi Banaran", What: "Donasi", When: "Min, 22 Nov 2026",
		Badge: &web.Badge{Kind: "ok", Text: "Terverifikasi", Icon: "check"}}
	if diff := cmp.Diff(want, rows[0]); diff != "" {
		t.Error(diff)
	}
}

func TestRecentIsCutAndSorted(t *testing.T) {
	w := testkit.New(t)
	for _, day := range []string{"2026-11-03", "2026-11-20", "2026-11-11", "2026-10-30"} {
		sembako(w, "given_on", day)
	}
	d, p := enter(w, w.Initiator, w.Kopi)
	found, err := contributions.RecentItems(d, p, 3)
	if err != nil {
		t.Fatal(err)
	}
	days := []string{}
	for _, g := range found {
		days = append(days, g.GivenOn)
	}
	if diff := cmp.Diff([]string{"2026-11-20", "2026-11-11", "2026-11-03"}, days); diff != "" {
		t.Error(diff)
	}
}

func TestRowsSayAmountsInBothLanguages(t *testing.T) {
	listed := []contributions.ListItem{
		{ID: "a", Who: "A", Item: "beras", Unit: "package", Quantity: 20, ReviewStatus: "submitted", GivenOn: "2026-11-20"},
		{ID: "b", Who: "B", Item: "beras", Unit: "rupiah", Quantity: 1500000, ReviewStatus: "verified", Stage: "pledged", GivenOn: "2026-11-20"},
		{ID: "c", Who: "C", Item: "beras", Unit: "package", Quantity: 1, ReviewStatus: "needs_revision", GivenOn: "2026-11-20"},
	}
	for language, want := range map[string][]string{
		"id": {"20 paket · beras", "Menunggu verifikasi", "Rp1.500.000 · beras", "Komitmen", "1 paket · beras", "Perlu perbaikan"},
		"en": {"20 packages · beras", "Waiting for verification", "Rp1,500,000 · beras", "Pledged", "1 package · beras", "Needs revision"},
	} {
		got := []string{}
		for _, row := range contributions.FormatRows(language, listed) {
			got = append(got, row.What, row.Badge.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", language, diff)
		}
	}
}
