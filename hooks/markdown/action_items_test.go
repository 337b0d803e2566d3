package markdown_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"simpul/hooks/markdown"
	"simpul/hooks/testkit/check"
)

// found is an action line without its key, which has tests of its own.
type found struct {
	Who, What, DueOn string
	Done             bool
	Line             int
}

func actionsIn(source string) []found {
	var out []found
	for _, action := range markdown.ActionLines(source) {
		out = append(out, found{action.Who, action.What, action.DueOn, action.Done, action.Line})
	}
	return out
}

func TestActionItems_Typed_Parsed(t *testing.T) {
	const clinic, visit, day = "Puskesmas Tambakaji", "jadwal home visit", "2026-12-10"
	cases := map[string]found{
		"- [ ] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)":               {clinic, visit, day, false, 1},
		"* [x] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)":               {clinic, visit, day, true, 1},
		"+ [X] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)":               {clinic, visit, day, true, 1},
		"1. [ ] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)":              {clinic, visit, day, false, 1},
		"2) [ ] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)":              {clinic, visit, day, false, 1},
		"  - [ ]   @Puskesmas   Tambakaji:  jadwal home visit (10/12/2026)  ":      {clinic, visit, day, false, 1},
		"- [ ] @\"Puskesmas Tambakaji\" jadwal home visit (10/12/2026)":            {clinic, visit, day, false, 1},
		"- [ ] @[Puskesmas Tambakaji]: jadwal home visit (10/12/2026)":             {clinic, visit, day, false, 1},
		"- [ ] **@Puskesmas Tambakaji:** jadwal _home visit_ (10/12/2026)":         {clinic, visit, day, false, 1},
		"- [ ] @Puskesmas Tambakaji: jadwal home visit (2026-12-10).":              {clinic, visit, day, false, 1},
		"- [ ] @Puskesmas Tambakaji: jadwal home visit (10 Desember 2026)":         {clinic, visit, day, false, 1},
		"- [ ] @Puskesmas Tambakaji: jadwal home visit (Kam, 10 Des 2026)":         {clinic, visit, day, false, 1},
		"- [ ] @Puskesmas Tambakaji: jadwal home visit (tenggat 10/12/2026)":       {clinic, visit, day, false, 1},
		"- [ ] @Puskesmas Tambakaji: jadwal home visit (paling lambat 10-12-2026)": {clinic, visit, day, false, 1},
		"- [ ] @Puskesmas Tambakaji: jadwal home visit (due: 10 December 2026)":    {clinic, visit, day, false, 1},
		"- [ ] @Puskesmas Tambakaji: jadwal home visit (s.d. 10/12/2026)":          {clinic, visit, day, false, 1},
		"- [ ] @Puskesmas Tambakaji: jadwal home visit !10/12/2026":                {clinic, visit, day, false, 1},
		"- [ ] @Puskesmas Tambakaji: jadwal home visit !10 Desember 2026":          {clinic, visit, day, false, 1},
		"- [ ] @Puskesmas Tambakaji: jadwal !10/12/2026 home visit":                {clinic, visit, day, false, 1},
		"- [ ] @Dinsos kirim undangan":                                             {"Dinsos", "kirim undangan", "", false, 1},
		"- [ ] @Dinsos kirim undangan pukul 09:00":                                 {"Dinsos", "kirim undangan pukul 09:00", "", false, 1},
		"- [ ] @Dinsos: kirim undangan: surat dan surel":                           {"Dinsos", "kirim undangan: surat dan surel", "", false, 1},
		"- [ ] @Dinsos:kirim undangan":                                             {"Dinsos", "kirim undangan", "", false, 1},
		"- [ ] @Dinsos baca https://a.id/x":                                        {"Dinsos", "baca https://a.id/x", "", false, 1},
		"- [ ] @RW 05: data warga":                                                 {"RW 05", "data warga", "", false, 1},
		"- [ ] susun laporan (10/12/2026)":                                         {"", "susun laporan", day, false, 1},
		"- [ ] @: susun laporan":                                                   {"", "susun laporan", "", false, 1},
		"- [ ] hubungi @Dinsos soal data":                                          {"", "hubungi @Dinsos soal data", "", false, 1},
		"- [ ] @Dinsos: lihat [surat](https://a.id/x) lama":                        {"Dinsos", "lihat surat lama", "", false, 1},
		"- [ ] @Dinsos: baca https://a.id/x sekarang":                              {"Dinsos", "baca https://a.id/x sekarang", "", false, 1},
		"- [ ] @Dinsos: pakai `kode A` \\*baru\\* &amp; lama":                      {"Dinsos", "pakai kode A *baru* & lama", "", false, 1},
		"- [ ] @Dinsos: isi <nama> sendiri":                                        {"Dinsos", "isi <nama> sendiri", "", false, 1},
		"- [ ] @Dinsos: undang ~~lima~~ enam orang":                                {"Dinsos", "undang enam orang", "", false, 1},
		"- [ ] @Dinsos: rapat (31/02/2026)":                                        {"Dinsos", "rapat (31/02/2026)", "", false, 1},
		"- [ ] @Dinsos: rapat (besok)":                                             {"Dinsos", "rapat (besok)", "", false, 1},
		"- [ ] @Dinsos: (10/12/2026) rapat":                                        {"Dinsos", "(10/12/2026) rapat", "", false, 1},
		"- [ ] @Dinsos: penting! rapat":                                            {"Dinsos", "penting! rapat", "", false, 1},
	}
	for source, want := range cases {
		if diff := cmp.Diff([]found{want}, actionsIn(source)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", source, diff)
		}
	}
}

func TestActionItems_OtherLines_Text(t *testing.T) {
	none := map[string]string{
		"plain list":            "- @Dinsos: kirim undangan",
		"no list":               "[ ] @Dinsos: kirim undangan",
		"no space in the box":   "- [] @Dinsos: kirim undangan",
		"box in the middle":     "- kirim [ ] @Dinsos: undangan",
		"second paragraph":      "- kirim\n\n  [ ] @Dinsos: undangan",
		"nothing to do":         "- [ ]\n- [ ] @Dinsos:\n- [ ] @Dinsos\n- [ ] @Dinsos: (10/12/2026)",
		"struck out":            "- [ ] ~~@Dinsos: kirim undangan~~",
		"fenced code":           "```\n- [ ] @Dinsos: kirim undangan\n```",
		"fence of tildes":       "~~~ source\n- [ ] @Dinsos: kirim undangan\n~~~",
		"fence never closed":    "```\n- [ ] @Dinsos: kirim undangan\n",
		"fence within a list":   "- contoh\n\n  ```\n  - [ ] @Dinsos: kirim undangan\n  ```",
		"indented code":         "Contoh:\n\n    - [ ] @Dinsos: kirim undangan",
		"indented by a tab":     "Contoh:\n\n\t- [ ] @Dinsos: kirim undangan",
		"code within the line":  "`- [ ] @Dinsos: kirim undangan`",
		"block of HTML":         "<div>\n- [ ] @Dinsos: kirim undangan\n</div>",
		"comment":               "<!--\n- [ ] @Dinsos: kirim undangan\n-->",
		"preformatted HTML":     "<pre>\n\n- [ ] @Dinsos: kirim undangan\n\n</pre>",
		"quote":                 "> - [ ] @Dinsos: kirim undangan",
		"quote in a list":       "- kata mereka\n  > - [ ] @Dinsos: kirim undangan",
		"table":                 "| a |\n|---|\n| - [ ] @Dinsos: undangan |",
		"heading":               "# - [ ] @Dinsos: kirim undangan",
		"escaped":               "\\- [ ] @Dinsos: kirim undangan\n\n- \\[ ] @Dinsos: kirim undangan",
		"nothing at all":        "",
		"a text that is longer": strings.Repeat("a", markdown.MaxLength) + "\n\n- [ ] @Dinsos: kirim undangan",
	}
	for name, source := range none {
		if got := actionsIn(source); len(got) > 0 {
			t.Errorf("%s: %q yields %v", name, source, got)
		}
	}
}

func TestActionItems_Several_InOrder(t *testing.T) {
	minutes := strings.Join([]string{
		"# Notulen",
		"",
		"Rapat dibuka `- [ ]` oleh",
		"Kepala Dinas.",
		"- [ ] @Dinsos: undangan (10/12/2026)",
		"  keterangan yang bukan tugas",
		"    - [x] @Kelurahan: data warga",
		"- tanpa kotak",
		"",
		"- [ ] longgar",
		"",
		"- [ ] juga longgar",
		"Rapat ditutup.",
		"",
		"> - [ ] kutipan",
		"",
		"3. [ ] @PKK: konsumsi !11/12/2026",
	}, "\n")
	want := []found{
		{"Dinsos", "undangan", "2026-12-10", false, 5},
		{"Kelurahan", "data warga", "", true, 7},
		{"", "longgar", "", false, 10},
		{"", "juga longgar", "", false, 12},
		{"PKK", "konsumsi", "2026-12-11", false, 17},
	}
	check.Same(t, "(-want +got):\n", actionsIn(minutes), want)
	windows := strings.ReplaceAll(minutes, "\n", "\r\n")
	check.Same(t, "with line ends of two characters", actionsIn(windows), want)
}

func keysOf(source string) []string {
	var keys []string
	for _, action := range markdown.ActionLines(source) {
		keys = append(keys, action.Key)
	}
	return keys
}

func TestActionItems_TextChanged_KeysStay(t *testing.T) {
	const line = "- [ ] @Dinsos: kirim undangan (10/12/2026)"
	key := keysOf(line)[0]
	same := map[string]string{
		"text before":           "# Notulen\n\nRapat dibuka.\n\n" + line,
		"tasks before":          "- [ ] @PKK: konsumsi\n" + line,
		"tasks after":           line + "\n- [ ] @PKK: konsumsi",
		"ticked":                strings.Replace(line, "[ ]", "[x]", 1),
		"another kind of list":  strings.Replace(line, "-", "7.", 1),
		"capitals and spaces":   "- [ ]  @DINSOS:  Kirim   undangan. (10/12/2026)",
		"another form of a day": "- [ ] @Dinsos: kirim undangan !10 Desember 2026",
		"emphasis":              "- [ ] **@Dinsos:** kirim *undangan* (10/12/2026)",
	}
	for name, source := range same {
		if !strings.Contains(strings.Join(keysOf(source), " "), key) {
			t.Errorf("%s: the keys are %v, want %s among them", name, keysOf(source), key)
		}
	}
	other := []string{
		"- [ ] @Dinkes: kirim undangan (10/12/2026)",
		"- [ ] @Dinsos: kirim surat (10/12/2026)",
		"- [ ] @Dinsos: kirim undangan (11/12/2026)",
		"- [ ] @Dinsos: kirim undangan",
		"- [ ] Dinsos: kirim undangan (10/12/2026)",
	}
	for _, source := range other {
		check.That(t, keysOf(source)[0] != key, "%q has the key of %q", source, line)
	}
}

func TestActionItems_EqualLines_DistinctKeys(t *testing.T) {
	const line = "- [ ] @Dinsos: kirim undangan\n"
	three := keysOf(line + line + line)
	check.That(t, len(three) == 3 && three[1] == three[0]+"-2" && three[2] == three[0]+"-3", "keys of three equal lines: %v", three)
	if two := keysOf(line + "- [ ] lain\n" + line); two[0] != three[0] || two[2] != three[1] {
		t.Errorf("with a line between them: %v, want %v and %v first and last", two, three[0], three[1])
	}
}

func TestActionItems_Keys_NoPersonalNumber(t *testing.T) {
	short := regexp.MustCompile(`^[0-9a-f]{12}$`)
	for _, key := range keysOf(strings.Repeat("- [ ] a\n", 1) + "- [ ] b\n- [ ] c\n") {
		check.That(t, short.MatchString(key) && !markdown.SixteenDigits(key), "key %q", key)
	}
}

func FuzzActionLines(f *testing.F) {
	f.Add("- [ ] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)")
	f.Add("1. [x] @\"Dinas Sosial\" undangan !10 Des 2026\n\n```\n- [ ] a\n```\n> - [ ] b")
	f.Add("- [ ] **@A:** `b` [c](d) <e> &amp; ~~f~~ \\* (s.d. 1/1/2027).\n  g\n\n\th")
	f.Add("KEPUTUSAN: a\r\nDECISION: b")
	f.Fuzz(func(t *testing.T, source string) {
		lines := 1 + strings.Count(source, "\n")
		seen, last := map[string]bool{}, 0
		for _, action := range markdown.ActionLines(source) {
			if action.What == "" || seen[action.Key] || action.Line <= last || action.Line > lines {
				t.Errorf("%+v after line %d of %d, key seen before: %v", action, last, lines, seen[action.Key])
			}
			seen[action.Key], last = true, action.Line
		}
		for _, decision := range markdown.Decisions(source) {
			check.That(t, decision.Text != "" && !seen[decision.Key] && decision.Line >= 1 && decision.Line <= lines, "%+v in %d lines", decision, lines)
			seen[decision.Key] = true
		}
	})
}

func TestDecisions_ParagraphsAndLists_Found(t *testing.T) {
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

func TestDecisions_OtherLines_Text(t *testing.T) {
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

func TestDecisions_Keys_StableAndDistinct(t *testing.T) {
	alone := markdown.Decisions("KEPUTUSAN: posko dibuka")
	among := markdown.Decisions("# Lain\n\n- [ ] @A: b\n\nDECISION: x\n\nKeputusan: Posko  dibuka.\n\nKEPUTUSAN: posko dibuka")
	if len(alone) != 1 || len(among) != 3 {
		t.Fatalf("found %v and %v", alone, among)
	}
	check.Equal(t, "keys", among[1].Key, alone[0].Key)
	check.Equal(t, "keys", among[2].Key, alone[0].Key+"-2")
	action := markdown.ActionLines("- [ ] posko dibuka")
	check.That(t, len(action) == 1 && action[0].Key != alone[0].Key, "the action %v has the key of a decision", action)
}

func TestPoints_Agenda_Listed(t *testing.T) {
	for agenda, want := range map[string]int{
		"": 0, "Tanpa butir": 0, "1. Satu\r\n2. Dua": 2, "- a\n- b\n- c\n- d\n- e": 4, "  - menjorok": 0, "1.tanpa spasi": 0,
		"1. Satu\n2. Dua\n\nMohon disiapkan:\n\n- Data": 2, "1. Satu\n2. Dua\n## Mohon disiapkan\n1. Data": 2, "1. Satu\n\n- Data": 1,
		"Yang dibahas:\n\n1. Satu\n\n2. Dua\nlebih lanjut\n3. Tiga": 3, "- Satu\n\n  penjelasan\n- Dua": 2,
	} {
		if got := markdown.Points(agenda, 4); len(got) != want {
			t.Errorf("%q has points %q, want %d", agenda, got, want)
		}
	}
}
