package contributions_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"simpul/hooks/testkit"
)

// back is what a browser sends after its way back: what was typed, under the
// fresh key of a form fetched anew.
func back(w *testkit.World) []string {
	page := w.As(w.Partner).Get("/contributions/new?programme=kopi").Want(http.StatusOK)
	return with(hidden(page.Doc()), "kind", "goods", "item", "20 paket sembako")
}

func wantGifts(t *testing.T, w *testkit.World, want int64, when string) {
	t.Helper()
	if n := w.Count("contributions"); n != want {
		t.Errorf("%s: %d contributions, want %d", when, n, want)
	}
}

func TestGoingBackAndSendingAgainAsksFirst(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	partner.Post("/contributions", back(w)...).Want(http.StatusSeeOther)
	first := only(w)
	asked := partner.Post("/contributions", back(w)...).Want(http.StatusUnprocessableEntity)
	wantGifts(t, w, 1, "sent from the page behind")
	link := asked.Doc().Find(".problems a")
	if link.Text() != "Ini sama dengan SL-2026-000001 yang baru saja dicatat. Catat lagi?" || link.AttrOr("href", "") != "/contributions/"+first.Id {
		t.Errorf("asked %q, leading to %q", link.Text(), link.AttrOr("href", ""))
	}
	if got := typed(asked.Doc()); got["item"] != "sembako" || got["quantity"] != "20" {
		t.Errorf("what was typed came back as %v", got)
	}
	if label := asked.Text(".submit button"); label != "Ya, catat lagi" {
		t.Errorf("the button says %q", label)
	}
	yes := with(hidden(asked.Doc()), "kind", "goods", "item", "sembako", "quantity", "20", "unit", "package")
	partner.Post("/contributions", yes...).Want(http.StatusSeeOther)
	wantGifts(t, w, 2, "sent deliberately")
	partner.Post("/contributions", yes...).Want(http.StatusSeeOther)
	wantGifts(t, w, 2, "the deliberate one pressed twice")
	partner.Post("/contributions", back(w)...).Want(http.StatusUnprocessableEntity)
	wantGifts(t, w, 2, "back once more")
}

func TestWhatOnlyLooksLikeTheSameGiftIsLoggedAtOnce(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Partner).Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	n := int64(1)
	for field, value := range map[string]string{"item": "beras", "quantity": "21", "unit": "kg", "given_on": "2026-11-20", "stage": "pledged"} {
		w.As(w.Partner).Post("/contributions", form(w, "once", "other-"+field, field, value)...).Want(http.StatusSeeOther)
		n++
		wantGifts(t, w, n, field)
	}
	w.As(w.Coordinator).Post("/contributions", form(w, "once", "other-person")...).Want(http.StatusSeeOther)
	wantGifts(t, w, n+1, "another person")
}

func TestAfterTenMinutesTheSameGiftIsAnother(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	partner.Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	w.Age("contributions", 9*time.Minute)
	partner.Post("/contributions", form(w, "once", "early")...).Want(http.StatusUnprocessableEntity)
	w.Age("contributions", 2*time.Minute)
	partner.Post("/contributions", form(w, "once", "late")...).Want(http.StatusSeeOther)
	wantGifts(t, w, 2, "after eleven minutes")
}

func TestAKeyUsedForOtherContentDoesNotSwallowIt(t *testing.T) {
	w := testkit.New(t)
	partner := w.As(w.Partner)
	partner.Post("/contributions", form(w)...).Want(http.StatusSeeOther)
	answer := partner.Post("/contributions", form(w, "item", "paket lain", "quantity", "11")...).Want(http.StatusUnprocessableEntity)
	wantGifts(t, w, 1, "other content")
	if said := answer.Text(".problems"); !strings.Contains(said, "Isi yang sekarang belum") {
		t.Errorf("said %q", said)
	}
	fields := typed(answer.Doc())
	if fields["item"] != "paket lain" || fields["quantity"] != "11" || fields["once"] == "k-"+w.Name() {
		t.Errorf("the form came back as %v", fields)
	}
	once := fields["once"]
	partner.Post("/contributions", form(w, "once", once, "item", "paket lain", "quantity", "11")...).Want(http.StatusSeeOther)
	wantText(t, w.Only("contributions", "once", once), "item", "paket lain")
}
