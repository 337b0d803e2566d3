package markdown_test

import (
	"testing"

	"simpul/hooks/markdown"

	"simpul/hooks/testkit/check"
)

func TestDecisionsAreFoundInParagraphsAndLists(t *testing.T) {
	minutes := "## Kesimpulan\n\nDibahas lama.\nKEPUTUSAN: posko dibuka setiap Senin\nLalu:\n\n" +
		"- DECISION: the post opens on Mondays\n- **Keputusan:** anggaran *tetap*.\n- keputusan belum ada\n\n" +
		"Keputusan :  pakai ~~dua~~ tiga kader\n"
	type decision struct {
		Text string
		Line int
	}
	want := []decision{
		{"posko dibuka setiap Senin", 4},
		{"the post opens on Mondays", 7},
		{"anggaran tetap.", 8},
		{"pakai tiga kader", 11},
	}
	var got []decision
	for _, d := range markdown.Decisions(minutes) {
		got = append(got, decision{d.Text, d.Line})
	}
	check.Same(t, "(-want +got):\n", got, want)
}

func TestWhatIsNoDecisionStaysText(t *testing.T) {
	none := map[string]string{
		"nothing decided":  "KEPUTUSAN:\n\nDECISION:   \n",
		"no colon":         "Keputusan rapat sudah bulat",
		"in the sentence":  "Catatan KEPUTUSAN: bukan di awal",
		"another word":     "KEPUTUSANNYA: buka",
		"fenced code":      "```\nKEPUTUSAN: buka\n```",
		"indented code":    "Contoh:\n\n    KEPUTUSAN: buka",
		"block of HTML":    "<div>\nKEPUTUSAN: buka\n</div>",
		"comment":          "<!--\nKEPUTUSAN: buka\n-->",
		"quote":            "> KEPUTUSAN: buka",
		"struck out":       "~~KEPUTUSAN: buka~~",
		"heading":          "## KEPUTUSAN: buka",
		"nothing whatever": "",
	}
	for name, source := range none {
		if got := markdown.Decisions(source); len(got) > 0 {
			t.Errorf("%s: %q yields %v", name, source, got)
		}
	}
}

func TestDecisionKeysKeepAndNeverMeetThoseOfActions(t *testing.T) {
	alone := markdown.Decisions("KEPUTUSAN: posko dibuka")
	among := markdown.Decisions("# Lain\n\n- [ ] @A: b\n\nDECISION: x\n\nKeputusan: Posko  dibuka.\n\nKEPUTUSAN: posko dibuka")
	if len(alone) != 1 || len(among) != 3 {
		t.Fatalf("found %v and %v", alone, among)
	}
	if among[1].Key != alone[0].Key || among[2].Key != alone[0].Key+"-2" {
		t.Errorf("keys %q and %q, want %q and the same with -2", among[1].Key, among[2].Key, alone[0].Key)
	}
	action := markdown.ActionLines("- [ ] posko dibuka")
	if len(action) != 1 || action[0].Key == alone[0].Key {
		t.Errorf("the action %v has the key of a decision", action)
	}
}
