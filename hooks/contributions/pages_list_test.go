package contributions_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"

	"simpul/hooks/testkit"
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

func TestTheListIsFilteredByItsAddress(t *testing.T) {
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

func TestTheHeadingNamesWhatIsFiltered(t *testing.T) {
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

func TestTheListTurnsPages(t *testing.T) {
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

func TestAPartnerSeesItsOwnAndWhatWasVerifiedOfOthers(t *testing.T) {
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

func TestAnEmptyListSaysWhatItIsFor(t *testing.T) {
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

// TestTheListPageHoldsWhatTheRuleAllows follows every link of every reader's
// list, in every state, and holds it against the rule of the collection.
func TestTheListPageHoldsWhatTheRuleAllows(t *testing.T) {
	w := testkit.New(t)
	everyState(w)
	for _, a := range insiders(w) {
		d, p := enter(w, a.record, w.Kopi)
		allowed, err := d.List("contributions", func(q *dbx.SelectQuery) {
			q.AndWhere(dbx.HashExp{"contributions.programme": p.ID()})
		})
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]bool{}
		for _, r := range allowed {
			want["/contributions/"+r.Id] = true
		}
		got := map[string]bool{}
		page := w.As(a.record).Get(listPath).Want(http.StatusOK)
		page.Doc().Find("section[aria-labelledby=all] a.name, section[aria-labelledby=own] a.name").Each(func(_ int, link *goquery.Selection) {
			got[link.AttrOr("href", "")] = true
		})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-rule +page):\n%s", a.name, diff)
		}
	}
}
