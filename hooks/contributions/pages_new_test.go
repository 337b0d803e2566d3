package contributions_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit"
)

func TestTwentyPackagesNeedOneSubmitAndThirtyCharacters(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	page := partner.Get("/contributions/new").Want(http.StatusOK)

	doc := page.Doc()
	visible := map[string]bool{}
	doc.Find("form.form .field").Each(func(_ int, s *goquery.Selection) {
		if s.Closest("details").Length() == 0 {
			name, _ := s.Find("[name]").Attr("name")
			visible[name] = true
		}
	})
	if len(visible) > 4 {
		t.Errorf("%d fields to see: %v", len(visible), visible)
	}

	sent, typed := hidden(doc), 0
	for _, field := range [][2]string{{"kind", "goods"}, {"item", "20 paket sembako"}} {
		if !visible[field[0]] {
			t.Errorf("%s is not to be seen", field[0])
		}
		if field[0] != "kind" { // a card is pressed, not typed
			typed += utf8.RuneCountInString(field[1])
		}
		sent = with(sent, field[0], field[1])
	}
	if typed > 30 {
		t.Errorf("%d characters typed", typed)
	}
	thanks := partner.Follow(partner.Post("/contributions", sent...))

	r := only(w)
	wantText(t, r, "item", "sembako")
	wantText(t, r, "unit", "package")
	wantText(t, r, "given_on", "2026-11-23")
	wantText(t, r, "review_status", "submitted")
	wantText(t, r, "contributor", w.Puskesmas.Id)
	wantText(t, r, "number", "SL-2026-000001")
	if r.GetFloat("quantity") != 20 {
		t.Errorf("quantity %v", r.GetFloat("quantity"))
	}
	for _, want := range []string{"SL-2026-000001", "20 paket", "sembako", "Sen, 23 Nov 2026, 09.00 WIB", "Menunggu verifikasi"} {
		if !strings.Contains(thanks.Want(http.StatusOK).Text("main"), want) {
			t.Errorf("the acknowledgement does not say %q: %s", want, thanks.Text("main"))
		}
	}
	for _, wanted := range []string{`[data-share]`, `[data-print]`, `a[href*="/contributions/new?programme=kopi"]`} {
		if thanks.Doc().Find(wanted).Length() == 0 {
			t.Errorf("the acknowledgement has no %s", wanted)
		}
	}
	if text, _ := thanks.Doc().Find("[data-share]").Attr("data-text"); !strings.Contains(text, "SL-2026-000001") {
		t.Errorf("shared: %q", text)
	}
}

func TestMoneyIsReadHoweverItIsTyped(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	for i, typed := range []string{"1.500.000", "1500000", "1,5 juta", "Rp 1.500.000"} {
		once := "money-" + string(rune('a'+i))
		partner.Post("/contributions", form(w, "once", once, "kind", "money", "unit", "", "item", "Uang transport "+once, "quantity", typed)...).
			Want(http.StatusSeeOther)
		r := w.Only("contributions", "once", once)
		if r.GetFloat("quantity") != 1500000 || r.GetFloat("value_idr") != 1500000 || r.GetString("value_basis") != "cash" {
			t.Errorf("%q became %v", typed, r.GetFloat("quantity"))
		}
		goods := once + "-goods"
		partner.Post("/contributions", form(w, "once", goods, "item", goods, "value_idr", typed, "value_basis", "invoice")...).Want(http.StatusSeeOther)
		if value := w.Only("contributions", "once", goods).GetFloat("value_idr"); value != 1500000 {
			t.Errorf("a value of %q became %v", typed, value)
		}
	}
	partner.Post("/contributions", form(w, "once", "small", "kind", "money", "unit", "", "item", "Parkir", "quantity", "1.500")...).Want(http.StatusSeeOther)
	if amount := w.Only("contributions", "once", "small").GetFloat("quantity"); amount != 1500 {
		t.Errorf("1.500 became %v", amount)
	}
}

func TestWhatIsWrongIsSaidAtItsFieldAndNothingIsLost(t *testing.T) {
	w := testkit.New(t)
	elsewhere := w.Make("tasks", "programme", w.Rantang.Id, "title", "Lain", "organisation", w.Bali.Id, "accountable", w.BaliInitiator.Id)
	long := strings.Repeat("a", 201)
	for name, c := range map[string]struct {
		changes []string
		field   string
		says    string
	}{
		"no kind":                     {[]string{"kind", ""}, "kind", "Pilih “Jenis kontribusi” dulu."},
		"an unknown kind":             {[]string{"kind", "gold"}, "kind", "dari daftar"},
		"no item":                     {[]string{"item", ""}, "item", "Isi “Apa yang diberikan?” dulu."},
		"an item as long as a letter": {[]string{"item", long}, "item", "terlalu panjang"},
		"an item with a NIK":          {[]string{"item", "KTP 3374010101900001"}, "item", "16 angka"},
		"no quantity":                 {[]string{"quantity", ""}, "quantity", "Isi “Jumlah” dulu."},
		"a quantity in words":         {[]string{"quantity", "banyak"}, "quantity", "dengan angka"},
		"a quantity of none":          {[]string{"quantity", "0"}, "quantity", "lebih dari nol"},
		"no unit":                     {[]string{"unit", ""}, "unit", "Pilih “Satuan” dulu."},
		"an unknown unit":             {[]string{"unit", "bushel"}, "unit", "dari daftar"},
		"a unit of another kind":      {[]string{"unit", "person_hour"}, "unit", "tidak cocok"},
		"a day in words":              {[]string{"given_on", "kemarin"}, "given_on", "Tulis tanggal"},
		"a day to come":               {[]string{"given_on", "2026-12-24"}, "given_on", "belum tiba"},
		"a day long ago":              {[]string{"given_on", "1998-05-21"}, "given_on", "terlalu lama"},
		"an unknown stage":            {[]string{"stage", "promised"}, "stage", "dari daftar"},
		"a value in words":            {[]string{"value_idr", "mahal"}, "value_idr", "Tulis rupiah"},
		"a value without a basis":     {[]string{"value_idr", "1.000.000"}, "value_basis", "Pilih dasar nilainya"},
		"a basis without a value":     {[]string{"value_basis", "invoice"}, "value_idr", "Isi nilainya"},
		"an unknown basis":            {[]string{"value_basis", "guess"}, "value_basis", "dari daftar"},
		"a place as long as a letter": {[]string{"place", long}, "place", "terlalu panjang"},
		"half a person":               {[]string{"people_reached", "2,5"}, "people_reached", "angka bulat"},
		"people in words":             {[]string{"people_reached", "ramai"}, "people_reached", "dengan angka"},
		"a note as long as a book":    {[]string{"note", strings.Repeat("a", 5001)}, "note", "terlalu panjang"},
		"a receiver not in Kopi":      {[]string{"recipient", w.Bali.Id}, "recipient", "dari daftar"},
		"a channel not in Kopi":       {[]string{"channelled_through", w.Bali.Id}, "channelled_through", "dari daftar"},
		"a task of another programme": {[]string{"task", elsewhere.Id}, "", "program lain"},
		"letters that are none":       {[]string{"item", "\xff\xfe"}, "item", "tidak terbaca"},
	} {
		answer := w.As(w.Partner).Post("/contributions", form(w, c.changes...)...)
		if answer.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, answer.Status)
			continue
		}
		if c.field != "" && answer.Doc().Find("#"+c.field+"-error").Length() == 0 {
			t.Errorf("%s: nothing is said at %s", name, c.field)
		}
		if said := answer.Text(".problems"); !strings.Contains(said, c.says) {
			t.Errorf("%s: said %q, want %q", name, said, c.says)
		}
		keeps(t, name, answer, form(w, c.changes...))
	}
	if n := w.Count("contributions"); n != 0 {
		t.Errorf("%d contributions were kept", n)
	}
}

// keeps checks that a form that came back holds what was typed. A choice that
// was never offered and messages that cannot be read are the two that it drops.
func keeps(t *testing.T, name string, answer *testkit.Response, sent []string) {
	t.Helper()
	doc := answer.Doc()
	for i := 0; i+1 < len(sent); i += 2 {
		control, want := doc.Find(`main form [name="`+sent[i]+`"]`), sent[i+1]
		choices := control.Filter("[type=radio]").AddSelection(control.Find("option"))
		got := control.AttrOr("value", "") + control.Filter("textarea").Text()
		if choices.Length() > 0 {
			got = choices.Filter("[checked], [selected]").AttrOr("value", "")
			if choices.Filter(`[value="`+want+`"]`).Length() == 0 {
				want = ""
			}
		}
		if got != strings.ToValidUTF8(want, "") {
			t.Errorf("%s: %s was %q and came back as %q", name, sent[i], want, got)
		}
	}
}

func TestTheSameFormTwiceGivesOnce(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	first := partner.Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	second := partner.Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	if first.Header.Get("Location") != second.Header.Get("Location") {
		t.Error("the second sending led somewhere else")
	}
	if n := w.Count("contributions"); n != 1 {
		t.Errorf("%d contributions, want 1", n)
	}
}
