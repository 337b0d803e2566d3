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
