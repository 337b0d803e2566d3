package outbox

import (
	"strings"
	"testing"
)

func TestPreview_Contents_SendsNothing(t *testing.T) {
	w := newWorld(t)
	before := len(w.rows())
	subject, text, err := Preview(w, Contents{Subject: "Uji\ncoba", Greeting: "Yth. Ibu,", Lines: []string{"Satu.", "Dua."}, Why: "Karena uji."}, "id")
	if err != nil || subject != "Uji coba" || !strings.Contains(text, "Yth. Ibu,\n\nSatu.\n\nDua.") || !strings.Contains(text, "Karena uji.") {
		t.Errorf("%q, %q, %v", subject, text, err)
	}
	if len(w.rows()) != before {
		t.Error("the ledger grew")
	}
	if _, _, err := Preview(w, Contents{Template: "nowhere"}, "en"); err == nil {
		t.Error("a letter without a template is written")
	}
	w.Store().Remove(storeKey)
	if _, _, err := Preview(w, Contents{}, "id"); err == nil {
		t.Error("without a sender a letter is written")
	}
}
