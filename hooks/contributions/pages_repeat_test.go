package contributions_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit"
)

// typed returns what stands in a form before anything is typed.
func typed(doc *goquery.Document) map[string]string {
	values := map[string]string{}
	for i, fields := 0, hidden(doc); i+1 < len(fields); i += 2 {
		values[fields[i]] = fields[i+1]
	}
	doc.Find("main form").First().Find("input:not([type=hidden]), textarea, option[selected]").Each(func(_ int, s *goquery.Selection) {
		name, value := s.AttrOr("name", s.Parent().AttrOr("name", s.Parent().Parent().AttrOr("name", ""))), s.AttrOr("value", s.Text())
		if _, checked := s.Attr("checked"); s.Is("[type=radio]") && !checked {
			return
		}
		values[name] = value
	})
	return values
}

func wantTyped(t *testing.T, page *testkit.Response, want map[string]string) {
	t.Helper()
	got := typed(page.Want(http.StatusOK).Doc())
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s begins as %q, want %q", name, got[name], value)
		}
	}
}

func TestAnEntryIsRepeatedOnTodaysDate(t *testing.T) {
	w := testkit.New(t)
	like := inState(w, "verified", "place", "Tambakaji", "quantity", 2.5, "unit", "kg", "value_idr", 50000, "value_basis", "invoice", "note", "Rahasia")
	page := w.As(w.Partner).Get("/contributions/new?like=" + like.Id)
	wantTyped(t, page, map[string]string{
		"programme": w.Kopi.Id, "contributor": w.Puskesmas.Id, "kind": "goods", "item": "sembako", "quantity": "2,5", "unit": "kg",
		"given_on": "2026-11-23", "stage": "delivered", "place": "Tambakaji", "value_idr": "50.000", "value_basis": "invoice", "note": "", "pledge": "",
	})
	foreign := w.As(w.OtherPartner).Get("/contributions/new?like=" + like.Id).Want(http.StatusOK)
	if strings.Contains(foreign.Body, "Tambakaji\"") || typed(foreign.Doc())["item"] != "" {
		t.Error("another partner's gift filled the form")
	}
}

func TestMoneyIsRepeatedWithoutItsValueTwice(t *testing.T) {
	w := testkit.New(t)
	like := sembako(w, "kind", "money", "unit", "rupiah", "quantity", 500000, "item", "Uang transport")
	wantTyped(t, w.As(w.Partner).Get("/contributions/new?like="+like.Id), map[string]string{
		"kind": "money", "quantity": "500.000", "unit": "rupiah", "value_idr": "", "value_basis": ""})
}

func TestAPledgeIsDelivered(t *testing.T) {
	w := testkit.New(t)
	pledge := inState(w, "verified", "stage", "pledged")
	partner := w.As(w.Partner)
	shown := partner.Get("/contributions/" + pledge.Id).Want(http.StatusOK)
	link, found := shown.Doc().Find(`a[href*="pledge="]`).Attr("href")
	if !found {
		t.Fatal("a pledge offers no way to log its delivery")
	}
	page := partner.Get(link)
	wantTyped(t, page, map[string]string{"pledge": pledge.Id, "stage": "delivered", "quantity": "20"})
	partner.Post("/contributions", form(w, "pledge", pledge.Id)...).Want(http.StatusSeeOther)
	wantText(t, w.Only("contributions", "stage", "delivered"), "pledge", pledge.Id)
}

func TestAGiftCanFulfilATask(t *testing.T) {
	w := testkit.New(t)
	task := w.Make("tasks", "programme", w.Kopi.Id, "title", "Siapkan paket", "organisation", w.Puskesmas.Id, "accountable", w.Initiator.Id)
	partner := w.As(w.Partner)
	page := partner.Get("/contributions/new?programme=kopi&task=" + task.Id)
	wantTyped(t, page, map[string]string{"task": task.Id})
	partner.Post("/contributions", with(hidden(page.Doc()), "kind", "goods", "item", "20 paket sembako")...).Want(http.StatusSeeOther)
	wantText(t, only(w), "task", task.Id)
	if !strings.Contains(partner.Get("/contributions/"+only(w).Id).Text("main"), "Siapkan paket") {
		t.Error("the gift does not name the task it fulfils")
	}
}

func TestAKindCanBeChosenInTheAddress(t *testing.T) {
	w := testkit.New(t)
	wantTyped(t, w.As(w.Partner).Get("/contributions/new?programme=kopi&kind=venue"), map[string]string{"kind": "venue"})
}

func TestWhatWasSentBackIsPutRight(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "review_note", "Jumlah belum jelas: 20 atau 25?", "place", "Tambakaji")
	partner := w.As(w.Partner)
	shown := partner.Get("/contributions/" + r.Id).Want(http.StatusOK)
	if said := shown.Text(".callout"); !strings.Contains(said, "20 atau 25?") {
		t.Errorf("the giver reads %q", said)
	}
	page := partner.Get(shown.Doc().Find(".callout a").AttrOr("href", ""))
	wantTyped(t, page, map[string]string{"item": "sembako", "quantity": "20", "unit": "package", "given_on": "2026-11-20", "place": "Tambakaji", "value_basis": ""})
	if !strings.Contains(page.Text("main"), "20 atau 25?") {
		t.Error("the form does not say what is to be put right")
	}
	wrong := partner.Post("/contributions/"+r.Id, form(w, "quantity", "banyak")...).Want(http.StatusUnprocessableEntity)
	if wrong.Doc().Find("#quantity").AttrOr("value", "") != "banyak" {
		t.Error("what was typed was lost")
	}
	wantText(t, w.Fresh(r), "review_status", "needs_revision")
	partner.Post("/contributions/"+r.Id, form(w, "quantity", "", "item", "25 paket sembako", "unit", "")...).Want(http.StatusSeeOther)
	r = w.Fresh(r)
	wantText(t, r, "review_status", "submitted")
	wantText(t, r, "quantity", "25")
	wantText(t, r, "number", "SL-2026-000001")
	if w.Count("contributions") != 1 {
		t.Error("putting right made another contribution")
	}
}

func TestTheKindCanBePutRight(t *testing.T) {
	w := testkit.New(t)
	money := inState(w, "needs_revision", "kind", "money", "unit", "rupiah", "quantity", 500000, "item", "Beras")
	w.As(w.Partner).Post("/contributions/"+money.Id, form(w, "kind", "goods", "quantity", "50", "unit", "kg")...).Want(http.StatusSeeOther)
	r := w.Fresh(money)
	for field, want := range map[string]string{"kind": "goods", "unit": "kg", "quantity": "50", "value_idr": "0", "value_basis": "not_valued"} {
		wantText(t, r, field, want)
	}
}
