package contributions_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/contributions"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"
	"simpul/hooks/web"
)

const listPath = "/programmes/kopi/contributions"

// items returns what the rows of a section give.
func items(r *testkit.Response, section string) string {
	names := []string{}
	r.Doc().Find("section[aria-labelledby=" + section + "] li.row").Each(func(_ int, row *goquery.Selection) {
		words := strings.Fields(row.Find("div > div").First().Text())
		names = append(names, words[len(words)-1])
	})
	return strings.Join(names, " ")
}

func TestList_Filters_NarrowRows(t *testing.T) {
	w := testkit.New(t)
	inState(w, "submitted", "item", "a")
	inState(w, "verified", "item", "b", "kind", "hours", "unit", "person_hour", "given_on", "2026-11-19")
	inState(w, "verified", "item", "c", "contributor", w.Shop.Id, "given_on", "2026-11-18")
	inState(w, "withdrawn", "item", "d", "given_on", "2026-11-17")
	for query, want := range map[string]string{
		"":                                      "a b c d",
		"?status=verified":                      "b c",
		"?kind=goods":                           "a c d",
		"?organisation=" + w.Shop.Id:            "c",
		"?status=verified&kind=hours":           "b",
		"?status=rejected":                      "",
		"?organisation=nobody":                  "",
		"?status=bad&kind=bad&page=-1&others=x": "a b c d",
	} {
		page := w.As(w.Initiator).Get(listPath + query).Want(http.StatusOK)
		if got := items(page, "all"); got != want {
			t.Errorf("%q shows %q, want %q", query, got, want)
		}
		if want == "" && page.Doc().Find(".empty-list a").Length() != 1 {
			t.Errorf("%q: an empty list does not say what to do", query)
		}
	}
}

func TestList_Filters_NamedInHeading(t *testing.T) {
	w := testkit.New(t)
	for query, want := range map[string]string{
		"": "Semua kontribusi", "?status=submitted": "Menunggu verifikasi",
		"?status=verified&kind=goods": "Terverifikasi · Barang", "?organisation=" + w.Shop.Id: w.Shop.GetString("name"),
	} {
		page := w.As(w.Initiator).Get(listPath + query).Want(http.StatusOK)
		if got := page.Text("#all"); got != want {
			t.Errorf("%q is headed %q, want %q", query, got, want)
		}
		if strings.Contains(page.Text("form[method=get]"), "boleh kosong") {
			t.Errorf("%q: a filter says that it may be empty", query)
		}
	}
}

func TestList_SixtyOneRows_ThreePages(t *testing.T) {
	w := testkit.New(t)
	for n := range 61 {
		inState(w, "submitted", "item", fmt.Sprintf("g%02d", n), "given_on", "2026-11-01")
	}
	initiator := w.As(w.Initiator)
	for _, c := range []struct {
		page, rows        int
		first, label      string
		previous, further bool
	}{
		{1, 30, "g60", "1–30", false, true}, {2, 30, "g30", "31–60", true, true}, {3, 1, "g00", "61–61", true, false},
	} {
		page := initiator.Get(fmt.Sprintf("%s?status=submitted&page=%d", listPath, c.page)).Want(http.StatusOK)
		shown := strings.Fields(items(page, "all"))
		if len(shown) != c.rows || shown[0] != c.first {
			t.Errorf("page %d: %d rows from %v", c.page, len(shown), shown[0])
		}
		pager := page.Doc().Find(".pager")
		if !strings.Contains(pager.Text(), c.label) || (pager.Find("[rel=prev]").Length() == 1) != c.previous || (pager.Find("[rel=next]").Length() == 1) != c.further {
			t.Errorf("page %d: %q", c.page, pager.Text())
		}
		if href, found := pager.Find("[rel=next]").Attr("href"); found && !strings.Contains(href, "status=submitted") {
			t.Errorf("page %d: the next page forgets the filter: %s", c.page, href)
		}
	}
}

func TestList_Partner_OwnAndVerifiedOfOthers(t *testing.T) {
	w := testkit.New(t)
	inState(w, "submitted", "item", "a")
	inState(w, "rejected", "item", "b", "given_on", "2026-11-19")
	inState(w, "verified", "item", "c", "contributor", w.Shop.Id, "value_idr", 7654321, "value_basis", "invoice", "note", "Rahasia dapur")
	inState(w, "verified", "item", "m", "contributor", w.Shop.Id, "kind", "money", "unit", "rupiah", "quantity", 7654321, "given_on", "2026-11-19")
	inState(w, "submitted", "item", "e", "contributor", w.Forum.Id)
	page := w.As(w.Partner).Get(listPath).Want(http.StatusOK)
	if got := items(page, "own"); got != "a b" {
		t.Errorf("own: %q", got)
	}
	if got := items(page, "others"); got != "c m" {
		t.Errorf("of others: %q", got)
	}
	if page.Doc().Find("section[aria-labelledby=others] a").Length() != 0 {
		t.Error("another's gift is a link that leads nowhere")
	}
	for _, secret := range []string{"7.654.321", "7654321", "Rahasia"} {
		if strings.Contains(page.Body, secret) {
			t.Errorf("the page shows %s", secret)
		}
	}
	if got := items(w.As(w.Observer).Get(listPath), "all"); got != "c m" {
		t.Errorf("an observer sees %q", got)
	}
}

func TestList_Empty_OffersNextStep(t *testing.T) {
	w := testkit.New(t)
	for _, c := range []struct {
		asker
		action bool
	}{{asker{"partner", w.Partner}, true}, {asker{"initiator", w.Initiator}, true}, {asker{"observer", w.Observer}, false}} {
		page := w.As(c.record).Get(listPath).Want(http.StatusOK)
		empty := page.Doc().Find(".empty-list")
		if empty.Length() != 1 || (empty.Find("a").Length() == 1) != c.action {
			t.Errorf("%s: %q", c.name, empty.Text())
		}
	}
}

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

// TestLists_EveryReader_MatchListRule compares the way in which lists are read
// with the rule that the scope and REST ask of every row.
func TestLists_EveryReader_MatchListRule(t *testing.T) {
	w := testkit.New(t)
	everyState(w)
	for _, a := range insiders(w) {
		d, p := enter(w, a.record, w.Kopi)
		allowed, err := d.List("contributions", func(q *dbx.SelectQuery) { q.AndWhere(dbx.HashExp{"contributions.programme": p.ID()}) })
		if err != nil {
			t.Fatal(err)
		}
		all, latest := map[string]bool{}, map[string]bool{}
		for _, r := range allowed {
			all["/contributions/"+r.Id] = true
			if strings.Contains("submitted needs_revision verified", r.GetString("review_status")) {
				latest["/contributions/"+r.Id] = true
			}
		}
		page, listed := w.As(a.record).Get(listPath).Want(http.StatusOK), map[string]bool{}
		page.Doc().Find("section[aria-labelledby=all] a.name, section[aria-labelledby=own] a.name").Each(func(_ int, link *goquery.Selection) {
			listed[link.AttrOr("href", "")] = true
		})
		if diff := cmp.Diff(all, listed); diff != "" {
			t.Errorf("page of %s (-rule +page):\n%s", a.name, diff)
		}
		recent := map[string]bool{}
		for _, row := range recentRows(t, d, p, "id") {
			if row.URL != "" {
				recent[row.URL] = true
			}
		}
		if diff := cmp.Diff(latest, recent); diff != "" {
			t.Errorf("recent of %s (-rule +list):\n%s", a.name, diff)
		}
	}
}

func recentRows(t *testing.T, d *access.Scope, p *programmes.Programme, language string) []contributions.Row {
	t.Helper()
	rows, err := contributions.Recent(d, p, 100, language)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestRecent_Partner_VerifiedOfOthersWithoutDetails(t *testing.T) {
	w := testkit.New(t)
	everyState(w)
	inState(w, "verified", "contributor", w.Shop.Id, "kind", "money", "unit", "rupiah", "quantity", 5000000, "item", "Donasi", "given_on", "2026-11-22")
	d, p := enter(w, w.Partner, w.Kopi)
	rows, others := recentRows(t, d, p, "id"), 0
	for _, row := range rows {
		if row.URL == "" {
			others++
			if row.Badge.Text != "Terverifikasi" || row.Who == "Puskesmas Tambakaji" {
				t.Errorf("seen of others: %+v", row)
			}
		}
	}
	if len(rows) != 6 || others != 3 {
		t.Errorf("%d rows, %d of others, want 6 and 3", len(rows), others)
	}
	want := contributions.Row{Helix: "business", Who: "Warung Kopi Banaran", What: "Donasi", When: "Min, 22 Nov 2026",
		Badge: &web.Badge{Kind: "ok", Text: "Terverifikasi", Icon: "check"}}
	if diff := cmp.Diff(want, rows[0]); diff != "" {
		t.Error(diff)
	}
}

func TestRecent_BothLanguages_LatestFirstWithAmounts(t *testing.T) {
	w := testkit.New(t)
	inState(w, "submitted", "item", "beras", "given_on", "2026-11-20")
	inState(w, "verified", "item", "beras", "kind", "money", "unit", "rupiah", "quantity", 1500000, "stage", "pledged", "given_on", "2026-11-19")
	inState(w, "needs_revision", "item", "beras", "quantity", 1, "given_on", "2026-11-18")
	d, p := enter(w, w.Initiator, w.Kopi)
	for language, want := range map[string][]string{
		"id": {"20 paket · beras", "Menunggu verifikasi", "Rp1.500.000 · beras", "Komitmen", "1 paket · beras", "Perlu perbaikan"},
		"en": {"20 packages · beras", "Waiting for verification", "Rp1,500,000 · beras", "Pledged", "1 package · beras", "Needs revision"},
	} {
		got := []string{}
		for _, row := range recentRows(t, d, p, language) {
			got = append(got, row.What, row.Badge.Text)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", language, diff)
		}
	}
	if rows, err := contributions.Recent(d, p, 2, "id"); err != nil || len(rows) != 2 || rows[1].What != "Rp1.500.000 · beras" {
		t.Errorf("the latest two: %+v, %v", rows, err)
	}
}

func TestWaiting_EveryReader_CountsListItOpens(t *testing.T) {
	w := testkit.New(t)
	everyState(w)
	inState(w, "submitted", "submitted_at", "2026-11-01 02:00:00.000Z")
	all := []string{w.Kopi.Id, w.Rantang.Id, w.Papua.Id}
	for _, c := range []struct {
		asker
		want map[string]int
	}{
		{asker{"initiator", w.Initiator}, map[string]int{"kopi": 4}},
		{asker{"coordinator", w.Coordinator}, map[string]int{"kopi": 4}},
		{asker{"Bali's initiator", w.BaliInitiator}, map[string]int{"rantang": 1}},
		{asker{"administrator", w.Administrator}, map[string]int{"kopi": 4, "rantang": 1}},
		{asker{"partner", w.Partner}, map[string]int{}},
		{asker{"observer", w.Observer}, map[string]int{}},
		{asker{"outsider", w.Outsider}, map[string]int{}},
	} {
		queues, err := contributions.Waiting(access.As(w.App, c.record), all)
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]int{}
		for _, q := range queues {
			got[q.Slug] = q.Count
			listed := w.As(c.record).Get(q.URL()).Want(http.StatusOK).Doc().Find("section[aria-labelledby=all] li.row")
			if listed.Length() != q.Count {
				t.Errorf("%s: %d counted and %d listed in %s", c.name, q.Count, listed.Length(), q.Slug)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
	queues, err := contributions.Waiting(access.As(w.App, w.Initiator), all)
	if err != nil || queues[0].Oldest.String() != "2026-11-01 02:00:00.000Z" {
		t.Errorf("oldest: %v, %v", queues, err)
	}
	if none, err := contributions.Waiting(access.As(w.App, w.Initiator), nil); err != nil || len(none) != 0 {
		t.Errorf("in no programme: %v, %v", none, err)
	}
}

func TestWaiting_TwoProgrammes_LongestWaitFirst(t *testing.T) {
	w := testkit.New(t)
	theirs := []any{"programme", w.Rantang.Id, "contributor", w.Bali.Id, "logged_by", w.BaliPartner.Id}
	inState(w, "submitted", "submitted_at", "2026-11-10 02:00:00.000Z")
	inState(w, "submitted", append(theirs, "submitted_at", "2026-11-05 02:00:00.000Z")...)
	for _, first := range []string{"rantang", "kopi"} {
		queues, err := contributions.Waiting(access.As(w.App, w.Administrator), []string{w.Kopi.Id, w.Rantang.Id})
		if err != nil || len(queues) != 2 || queues[0].Slug != first {
			t.Errorf("%s should come first: %v, %v", first, queues, err)
		}
		inState(w, "submitted", "submitted_at", "2026-11-01 02:00:00.000Z")
	}
}

func TestList_Waiting_LongestFirstForTeamOnly(t *testing.T) {
	w := testkit.New(t)
	inState(w, "submitted", "item", "kedua", "submitted_at", "2026-11-10 02:00:00.000Z")
	inState(w, "submitted", "item", "pertama", "submitted_at", "2026-11-01 02:00:00.000Z")
	inState(w, "verified", "item", "selesai")
	page := w.As(w.Initiator).Get("/programmes/kopi/contributions").Want(http.StatusOK)
	waiting := page.Text("section[aria-labelledby=waiting]")
	first, secondAt := strings.Index(waiting, "pertama"), strings.Index(waiting, "kedua")
	if first < 0 || secondAt < first || strings.Contains(waiting, "selesai") {
		t.Errorf("waiting: %s", waiting)
	}
	inState(w, "submitted", "item", "ketiga", "submitted_at", "2026-11-20 02:00:00.000Z")
	since := w.As(w.Initiator).Get("/programmes/kopi/contributions").Text("section[aria-labelledby=waiting]")
	for _, want := range []string{"Dikirim 1 Nov 2026", "Dikirim 3 hari lalu"} {
		if !strings.Contains(since, want) {
			t.Errorf("nobody says %q: %s", want, since)
		}
	}
	for _, other := range []asker{{"partner", w.Partner}, {"observer", w.Observer}} {
		if w.As(other.record).Get("/programmes/kopi/contributions").Doc().Find("#waiting").Length() != 0 {
			t.Errorf("%s sees a list of what to verify", other.name)
		}
	}
}

func TestMonthly_VerifiedDeliveries_ByHelix(t *testing.T) {
	w := testkit.New(t)
	for _, day := range []string{"2026-11-02", "2026-11-20", "2026-09-30"} {
		inState(w, "verified", "given_on", day)
	}
	inState(w, "verified", "contributor", w.Shop.Id, "kind", "money", "unit", "rupiah", "quantity", 9000000, "given_on", "2026-11-05")
	inState(w, "verified", "given_on", "2026-08-31")
	inState(w, "verified", "stage", "pledged", "given_on", "2026-11-06")
	inState(w, "submitted", "given_on", "2026-11-07")
	forum := w.Only("stakeholders", "organisation", w.Forum.Id)
	forum.Set("helix", "university")
	if err := w.App.Save(forum); err != nil {
		t.Fatal(err)
	}
	inState(w, "verified", "contributor", w.Forum.Id, "given_on", "2026-10-15")
	want := []contributions.Month{
		{Month: "2026-09", Gifts: map[string]int{"government": 1}},
		{Month: "2026-10", Gifts: map[string]int{"university": 1}},
		{Month: "2026-11", Gifts: map[string]int{"government": 2, "business": 1}},
	}
	for _, a := range insiders(w) {
		d, p := enter(w, a.record, w.Kopi)
		got, err := contributions.Monthly(d, p, 3)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", a.name, diff)
		}
	}
	d, p := enter(w, w.Partner, w.Kopi)
	if months, err := contributions.Monthly(d, p, 14); err != nil || months[0].Month != "2025-10" || len(months) != 14 {
		t.Errorf("fourteen months: %v, %v", months, err)
	}
}

type (
	total = contributions.Total
	sum   = contributions.Sum
)

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

func TestTotals_MixedKinds_NeverAdded(t *testing.T) {
	w := testkit.New(t)
	mixed(w)
	packages := total{Kind: "goods", Unit: "package", Delivered: sum{Verified: 48, Waiting: 7, Entries: 3}, Pledged: sum{Verified: 100, Entries: 1}}
	rice := total{Kind: "goods", Unit: "kg", Delivered: sum{Verified: 50, Entries: 1}}
	money := total{Kind: "money", Unit: "rupiah", Delivered: sum{Verified: 1000000, Waiting: 250000, Entries: 2}}
	hours := total{Kind: "hours", Unit: "person_hour", Delivered: sum{Verified: 2.5, Entries: 1}}

	ownMoney := total{Kind: "money", Unit: "rupiah", Delivered: sum{Waiting: 250000, Entries: 1}}
	verifiedPackages := total{Kind: "goods", Unit: "package", Delivered: sum{Verified: 48, Entries: 2}, Pledged: sum{Verified: 100, Entries: 1}}
	verifiedMoney := total{Kind: "money", Unit: "rupiah", Delivered: sum{Verified: 1000000, Entries: 1}}
	for name, want := range map[string][]total{
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

func TestList_Totals_MoneyApartPledgesInColumns(t *testing.T) {
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
