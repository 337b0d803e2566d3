package markdown_test

import (
	"strings"
	"testing"
	"time"

	"simpul/hooks/markdown"

	"simpul/hooks/testkit/check"
)

// filled repeats a pattern up to the greatest length a text may have.
func filled(pattern string) string {
	return strings.Repeat(pattern, markdown.MaxLength/len([]rune(pattern)))
}

// then puts a beginning before a filled-up pattern.
func then(beginning, pattern string) string {
	room := markdown.MaxLength - len([]rune(beginning))
	return beginning + strings.Repeat(pattern, room/len([]rune(pattern)))
}

// Each of these took from a second to half a minute, or made megabytes of HTML, before there were limits.
func TestHTML_CostlyText_Escaped(t *testing.T) {
	costly := map[string]string{
		"links that never end":          filled("[a]("),
		"links within links":            filled("[[a]]("),
		"quotes within quotes":          filled("> "),
		"quotes without spaces":         filled(">"),
		"lists within lists":            filled("1. - "),
		"lists, then empty lines":       then(strings.Repeat("1. ", 3000), "\n"),
		"a staircase of lists":          staircase(200),
		"a table wider than long":       then(strings.Repeat("|a", 3000)+"\n"+strings.Repeat("|-", 3000)+"\n", "|\n"),
		"a table of two hundred":        then(strings.Repeat("|a", 200)+"\n"+strings.Repeat("|-", 200)+"\n", "|\n"),
		"code that never ends":          filled("\\```\n"),
		"character data that never end": then(strings.Repeat("a", 10000), "<![CDATA["),
		"emphasis that never ends":      filled("_a~"),
		"tildes":                        then("a ", "~"),
		"addresses, which swell":        filled("a@b.c\n"),
	}
	for name, source := range costly {
		start := time.Now()
		got, err := markdown.HTML(source)
		taken := time.Since(start)
		check.That(t, err == nil && strings.HasPrefix(got, "<pre>"), "%s: %.60q, %v, want the text as typed", name, got, err)
		check.That(t, taken <= 2*time.Second && len(got) <= markdown.MaxRendered, "%s took %v and %d bytes", name, taken, len(got))
		if found := faults(got); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestActionItems_CostlyText_None(t *testing.T) {
	for name, beginning := range map[string]string{
		"lists":  strings.Repeat("1. ", 3000),
		"quotes": strings.Repeat("> ", 3000),
		"tables": strings.Repeat("|a", 1000) + "\n" + strings.Repeat("|-", 1000) + "\n",
	} {
		source := then(beginning+"\n\n- [ ] @Dinas Sosial: undangan\n\nKEPUTUSAN: ya\n\n", "|\n")
		start := time.Now()
		actions, decisions := markdown.ActionLines(source), markdown.Decisions(source)
		check.That(t, len(actions) == 0 && len(decisions) == 0, "%s: found %v and %v in a text that is shown as typed", name, actions, decisions)
		if taken := time.Since(start); taken > time.Second {
			t.Errorf("%s took %v", name, taken)
		}
	}
}

// staircase nests lists by indent, each line one level deeper.
func staircase(steps int) string {
	var out strings.Builder
	for i := range steps {
		line := strings.Repeat("  ", i) + "- a\n"
		if out.Len()+len(line) > markdown.MaxLength {
			break
		}
		out.WriteString(line)
	}
	return out.String()
}

func TestHTML_LongText_Rendered(t *testing.T) {
	ordinary := map[string]string{
		"paragraphs":        filled("Rapat membahas jadwal kunjungan rumah bersama kader.\n\n"),
		"tasks":             filled("- [ ] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)\n"),
		"a table":           then("| No | Nama | Jumlah | Satuan |\n|---|---|--:|---|\n", "| 1 | beras | 20 | paket |\n"),
		"five nested lists": filled("- a\n    - b\n        - c\n            - d\n                - e\n"),
		"links":             filled("Lihat [berita kegiatan](https://berita.example/2026/12/kopi-rehat).\n"),
		"lines to write on": filled("Nama: __________________ Jabatan: **_________**\n"),
		"headings":          filled("## Kesimpulan\n\nSemua **setuju**.\n\n"),
		"lines of dashes":   filled("a\n\n- - - - - - - - - - - - - - - - - - - - - - - -\n\n"),
	}
	for name, source := range ordinary {
		got, err := markdown.HTML(source)
		check.That(t, err == nil && !strings.HasPrefix(got, "<pre>"), "%s: %.60q, %v, want it rendered", name, got, err)
	}
}

func BenchmarkHTMLOfOrdinaryMinutes(b *testing.B) {
	minutes := "## Jalannya rapat\n\nRapat dibuka **pukul 09.00**.\n\n" +
		strings.Repeat("- [ ] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)\n", 20) +
		strings.Repeat("Peserta menyepakati langkah berikutnya bersama kader.\n\n", 20)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := markdown.HTML(minutes); err != nil {
			b.Fatal(err)
		}
	}
}

func TestSixteenDigits_PersonalNumbers_Found(t *testing.T) {
	personal := []string{
		"3374011205800001", "NIK 3374011205800001.", "NIK:3374011205800001", "a3374011205800001b",
		"(3374011205800001)", "KK no. 3374011205800001, RT 02\n", "baris\n3374011205800001\nbaris",
		"3374 0112 0580 0001", "3374-0112-0580-0001", "3374.0112.0580.0001", "33.74.01.120580.0001",
		"33 74 01 120580 0001", "337401.120580.0001", "337401-120580-0001", "1 3374011205800001",
		"3374011205800001/3374011205800002",
	}
	for _, s := range personal {
		check.That(t, markdown.SixteenDigits(s), "SixteenDigits(%q) is false", s)
	}
}

func TestSixteenDigits_OtherNumbers_NotFound(t *testing.T) {
	other := []string{
		"", "337401120580000", "33740112058000012", "198005122005011003", // one short, one long, an official's NIP
		"19800512 200501 1 003", "Rp5.000.000.000.000", "0812-3456-7890", "+62 812 3456 7890 0813 3456 7890",
		"10/12/2026 09.00–11.30", "005/1234/III/2024", "2026-12-10 2026-12-11", "3374 0112 0580",
		"1.500.000 2.500.000 20", "https://berita.example/2026/12/10/kopi-rehat",
	}
	for _, s := range other {
		check.That(t, !markdown.SixteenDigits(s), "SixteenDigits(%q) is true", s)
	}
}
