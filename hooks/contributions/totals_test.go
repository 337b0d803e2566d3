package contributions_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"

	"simpul/hooks/contributions"
	"simpul/hooks/testkit"
)

type sum = contributions.Sum

// mixed gives Kopi goods in two units, hours, money and a pledge.
func mixed(w *testkit.World) {
	w.Helper()
	inState(w, "verified", "verified_quantity", 18)
	inState(w, "verified", "contributor", w.Forum.Id, "quantity", 30)
	inState(w, "submitted", "quantity", 7)
	inState(w, "verified", "unit", "kg", "item", "beras", "quantity", 50)
	inState(w, "verified", "kind", "hours", "unit", "person_hour", "quantity", 2.5, "item", "Pendampingan")
	inState(w, "verified", "contributor", w.Shop.Id, "kind", "money", "unit", "rupiah", "quantity", 1000000, "item", "Donasi")
	inState(w, "submitted", "kind", "money", "unit", "rupiah", "quantity", 250000, "item", "Donasi")
	inState(w, "verified", "stage", "pledged", "quantity", 100)
	for _, uncounted := range []string{"draft", "needs_revision", "rejected", "withdrawn"} {
		inState(w, uncounted, "quantity", 1000)
	}
}

func TestTotalsAddNeitherKindsNorUnitsNorPledges(t *testing.T) {
	w := testkit.New(t)
	mixed(w)
	packages := contributions.Total{Kind: "goods", Unit: "package", Delivered: sum{Verified: 48, Waiting: 7, Entries: 3}, Pledged: sum{Verified: 100, Entries: 1}}
	rice := contributions.Total{Kind: "goods", Unit: "kg", Delivered: sum{Verified: 50, Entries: 1}}
	money := contributions.Total{Kind: "money", Unit: "rupiah", Delivered: sum{Verified: 1000000, Waiting: 250000, Entries: 2}}
	hours := contributions.Total{Kind: "hours", Unit: "person_hour", Delivered: sum{Verified: 2.5, Entries: 1}}

	ownMoney := contributions.Total{Kind: "money", Unit: "rupiah", Delivered: sum{Waiting: 250000, Entries: 1}}
	verifiedPackages := contributions.Total{Kind: "goods", Unit: "package", Delivered: sum{Verified: 48, Entries: 2}, Pledged: sum{Verified: 100, Entries: 1}}
	verifiedMoney := contributions.Total{Kind: "money", Unit: "rupiah", Delivered: sum{Verified: 1000000, Entries: 1}}
	for name, want := range map[string][]contributions.Total{
		"initiator":     {packages, rice, money, hours},
		"administrator": {packages, rice, money, hours},
		"partner":       {packages, rice, ownMoney, hours},
		"observer":      {verifiedPackages, rice, verifiedMoney, hours},
		"other-partner": {verifiedPackages, rice, hours},
	} {
		for _, a := range insiders(w) {
			if a.name != name {
				continue
			}
			d, p := enter(w, a.record, w.Kopi)
			got, err := contributions.Totals(d, p)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

func TestOwnTotalsAreOneOrganisations(t *testing.T) {
	w := testkit.New(t)
	mixed(w)
	d, p := enter(w, w.Partner, w.Kopi)
	got, err := contributions.ContributorTotals(d, p, w.Forum.Id)
	if err != nil || len(got) != 0 {
		t.Errorf("a partner adds up another's: %v, %v", got, err)
	}
	d, p = enter(w, w.OtherPartner, w.Kopi)
	got, err = contributions.ContributorTotals(d, p, w.Forum.Id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]contributions.Total{{Kind: "goods", Unit: "package", Delivered: sum{Verified: 30, Entries: 1}}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestThePageShowsMoneyApartAndPledgesInColumnsOfTheirOwn(t *testing.T) {
	w := testkit.New(t)
	mixed(w)
	page := w.As(w.Initiator).Get("/programmes/kopi/contributions").Want(http.StatusOK)
	tables := page.Doc().Find("section[aria-labelledby=totals] table")
	if tables.Length() != 2 {
		t.Fatalf("%d tables, want one of goods and one of money", tables.Length())
	}
	rows := []string{}
	tables.Find("tr").Each(func(_ int, row *goquery.Selection) {
		rows = append(rows, strings.Join(strings.Fields(row.Text()), " "))
	})
	want := []string{
		"Jenis Terverifikasi Menunggu Komitmen Komitmen menunggu",
		"Barang (paket) 48 7 100 –", "Barang (kg) 50 – – –", "Waktu relawan/ahli (orang-jam) 2,5 – – –",
		"Jenis Terverifikasi Menunggu Komitmen Komitmen menunggu",
		"Uang Rp1.000.000 Rp250.000 – –",
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}
