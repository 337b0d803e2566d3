package contributions_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/testkit"
)

func TestALineThatCannotBeUsedSaysWhatIsWrongWithIt(t *testing.T) {
	w := testkit.New(t)
	for line, want := range map[string]struct{ says, quantity, unit, item string }{
		"0 paket sembako":         {"“Jumlah” harus lebih dari nol.", "0", "package", "sembako"},
		"dua puluh paket sembako": {"Tulis jumlah dengan angka, misalnya 20 atau 2,5.", "dua puluh", "package", "sembako"},
		"5 bal kain":              {"“bal” belum dikenal sebagai satuan. Pilih satuannya.", "5", "", "bal kain"},
		"20 paket":                {"Tulis juga apa yang diberikan, misalnya: 20 paket sembako.", "20", "package", ""},
	} {
		answer := w.As(w.Partner).Post("/contributions", form(w, "quantity", "", "unit", "", "item", line)...).Want(http.StatusUnprocessableEntity)
		if said := strings.TrimSpace(answer.Text(".problems li")); said != want.says {
			t.Errorf("%q: said %q, want %q", line, said, want.says)
		}
		got := typed(answer.Doc())
		if got["quantity"] != want.quantity || got["unit"] != want.unit || got["item"] != want.item {
			t.Errorf("%q: the form came back with %q, %q, %q", line, got["quantity"], got["unit"], got["item"])
		}
	}
	if n := w.Count("contributions"); n != 0 {
		t.Errorf("%d contributions were kept", n)
	}
	w.As(w.Partner).Post("/contributions", form(w, "quantity", "", "unit", "", "item", "5 dus air")...).Want(http.StatusSeeOther)
	for field, want := range map[string]string{"quantity": "5", "unit": "unit", "item": "dus air"} {
		wantText(t, only(w), field, want)
	}
}

func TestACorrectionIsAnsweredAsACorrection(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "review_note", "Jumlah belum jelas")
	partner := w.As(w.Partner)
	page := partner.Follow(partner.Post("/contributions/"+r.Id, form(w, "quantity", "25")...)).Want(http.StatusOK)
	if said := page.Text(".flash p"); said != "Perbaikan SL\u20112026\u2011000001 terkirim. Tim akan memeriksanya lagi." {
		t.Errorf("the flash says %q", said)
	}
	if title := page.Text("#sent-title"); title != "Perbaikan sudah terkirim" {
		t.Errorf("the heading says %q", title)
	}
}
