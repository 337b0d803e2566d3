package contributions_test

import (
	"strings"
	"testing"

	"simpul/hooks/testkit"
)

func TestThePaperSaysWhoIssuesItAndForWhat(t *testing.T) {
	w := testkit.New(t)
	gift := inState(w, "verified")
	settings := w.Only("hub_settings", "hub_name", "Simpul Lima")
	settings.Set("letterhead_lines", "Jl. Pemuda 148\n\nTelp. 024-1234")
	if err := w.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	page := w.As(w.Initiator).Get("/contributions/" + gift.Id)
	paper := page.Text(".only-print")
	for _, want := range []string{"Dinas Sosial Kota Semarang", "Jl. Pemuda 148", "Telp. 024-1234", "SL-2026-000001", w.Kopi.GetString("name")} {
		if !strings.Contains(paper, want) {
			t.Errorf("the paper reads %q, without %q", paper, want)
		}
	}
	if page.Doc().Find("#evidence.no-print").Length() != 1 {
		t.Error("an empty list of evidence is printed")
	}
}
