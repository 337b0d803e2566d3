package contributions

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

func TestUnits_EveryKind_HasLabels(t *testing.T) {
	for _, kind := range kinds {
		if len(units[kind]) == 0 {
			t.Errorf("%s is counted in nothing", kind)
		}
		for _, unit := range units[kind] {
			for _, key := range []string{"contributions.kind." + kind, "contributions.unit." + unit} {
				if !lang.Has(key) {
					t.Errorf("no words for %s", key)
				}
			}
			if !suits(kind, unit) {
				t.Errorf("%s does not suit %s", unit, kind)
			}
		}
	}
	if len(units) != len(kinds) {
		t.Errorf("%d kinds with units, %d kinds", len(units), len(kinds))
	}
}

func TestSuits_Rupiah_OnlyMoney(t *testing.T) {
	for kind := range units {
		if suits(kind, unitRupiah) != (kind == kindMoney) {
			t.Errorf("%s in rupiah: %v", kind, suits(kind, unitRupiah))
		}
	}
	for _, nothing := range [][2]string{{"", ""}, {"goods", ""}, {"", "package"}, {"gold", "unit"}} {
		if suits(nothing[0], nothing[1]) {
			t.Errorf("%q in %q passes", nothing[0], nothing[1])
		}
	}
}

func TestOnlyUnit_EveryKind_SingleUnitOrNone(t *testing.T) {
	want := map[string]string{kindMoney: unitRupiah, "hours": "person_hour", "labour": "person_day", "equipment_loan": "unit_day",
		"market_access": "business", "policy": "document"}
	for _, kind := range append(slices.Clone(kinds), "", "gold") {
		if got := onlyUnit(kind); got != want[kind] {
			t.Errorf("%s: %q, want %q", kind, got, want[kind])
		}
	}
}

func TestFormatAmount_BothLanguages_Localised(t *testing.T) {
	for _, c := range []struct {
		unit     string
		quantity float64
		id, en   string
	}{
		{"package", 1, "1 paket", "1 package"}, {"package", 20, "20 paket", "20 packages"}, {"kg", 2.5, "2,5 kg", "2.5 kg"},
		{"person_served", 1500, "1.500 orang dilayani", "1,500 people served"}, {unitRupiah, 1500000, "Rp1.500.000", "Rp1,500,000"},
		{"", 3, "3", "3"},
	} {
		if id, en := formatAmount("id", c.unit, c.quantity), formatAmount("en", c.unit, c.quantity); id != c.id || en != c.en {
			t.Errorf("%v %s: %q and %q, want %q and %q", c.quantity, c.unit, id, en, c.id, c.en)
		}
	}
}

// TestParseQuantity_RandomWords_PossibleResult throws random words at the reader
// of phrases: what it claims to understand must be a gift.
func TestParseQuantity_RandomWords_PossibleResult(t *testing.T) {
	words := strings.Fields("20 2,5 1.500 -3 0 Rp juta ribu paket kg jam hari orang sesi sembako beras . , % \x00 é 999999999999999999 1e9 dus dan")
	random := rand.New(rand.NewPCG(1, 2))
	understood := 0
	for range 20_000 {
		said := make([]string, random.IntN(6))
		for i := range said {
			said[i] = words[random.IntN(len(words))]
		}
		kind := kinds[random.IntN(len(kinds))]
		got := parseQuantity(kind, strings.Join(said, " "))
		if !got.found {
			continue
		}
		understood++
		if got.quantity < 0 || got.quantity > maxQuantity || got.unit != "" && !suits(kind, got.unit) || got.item == "" && got.unit == "" {
			t.Fatalf("%s %q was read as %+v", kind, said, got)
		}
	}
	if understood < 1000 {
		t.Errorf("only %d phrases understood", understood)
	}
}

func TestReadQuery_KnownValues_MakeTheAddress(t *testing.T) {
	for _, c := range []struct {
		query, url string
		others     int
	}{
		{"", "/x", 1},
		{"status=verified&kind=goods&organisation=abc", "/x?kind=goods&organisation=abc&status=verified", 1},
		{"status=paid&kind=gold", "/x", 1},
		{"page=3&others=2", "/x?others=2&page=3", 2},
		{"page=0&others=-4", "/x", 1},
		{"page=10001&others=9999999999999999999999", "/x", 1},
		{"others=1001", "/x", 1},
		{"organisation=" + url.QueryEscape(`"><b>`), "/x?organisation=%22%3E%3Cb%3E", 1},
	} {
		e := &core.RequestEvent{}
		e.Request = httptest.NewRequest(http.MethodGet, "/x?"+c.query, nil)
		q := readQuery(e, "/x")
		if q.URL() != c.url || othersPage(q.Get("others")) != c.others {
			t.Errorf("%q: %s and page %d of others, want %s and %d", c.query, q.URL(), othersPage(q.Get("others")), c.url, c.others)
		}
	}
}

func TestOthersURL_AnyPage_KeepsPageOfOwn(t *testing.T) {
	e := &core.RequestEvent{}
	e.Request = httptest.NewRequest(http.MethodGet, "/x?kind=goods&page=3&others=2", nil)
	q := readQuery(e, "/x")
	for n, want := range map[int]string{1: "/x?kind=goods&page=3", 2: "/x?kind=goods&others=2&page=3", 4: "/x?kind=goods&others=4&page=3"} {
		if got := othersURL(q, n); got != want {
			t.Errorf("page %d: %s, want %s", n, got, want)
		}
	}
}
