package meetings_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit/check"
)

// pieces are what minutes are made of, good and bad.
var pieces = []string{
	line, "- [x] @UIN Walisongo: survei (14 Des 2026)", "- [ ] @Warung: kopi !1/12/2026", "* [ ] @\"Forum PSM Semarang\": daftar kelurahan",
	"- [ ] tanpa nama", "- [ ] @Siapa: entah", "- [ ] @: kosong", "- [ ] @Puskesmas Tambakaji:", "- [ ] ", "- [x]",
	"KEPUTUSAN: posko buka", "- DECISION: open on Monday", "KEPUTUSAN:", "```", "~~~", "> kutipan", "    menjorok", "<div>", "</div>",
	"## Judul", "", "", "Kalimat biasa.", "| a | b |\n|---|---|\n| - [ ] @Warung: x | y |", "1. butir\n   - [ ] @Warung: di dalam",
	"- [ ] @Puskesmas Tambakaji: " + strings.Repeat("panjang ", 40), "***", "[tautan](javascript:alert(1))", "\\- [ ] @Warung: lolos",
	"- [ ] @Warung: a &amp; b <i>c</i> **tebal** (32/13/2026)", "- [ ] @Warung: kopi (10/12/2026) (11/12/2026)",
}

// scribble puts pieces together at random, the same for the same seed.
func scribble(seed uint64) string {
	chance := rand.New(rand.NewPCG(seed, 5))
	parts := []string{}
	for range 1 + chance.IntN(12) {
		parts = append(parts, pieces[chance.IntN(len(pieces))])
	}
	return strings.Join(parts, []string{"\n", "\n\n", "\r\n"}[chance.IntN(3)])
}

// Whatever is written: saving makes what the preview foresaw, saving again makes
// nothing, and what is shown is harmless.
func TestWhateverIsWritten(t *testing.T) {
	w := newWorld(t)
	made := 0
	for seed := range uint64(40) {
		body := scribble(seed)
		if strings.TrimSpace(body) == "" {
			continue
		}
		w.meeting = w.plan("status", "held")
		foreseen := w.As(w.Initiator).Post(w.minutesURL()+"/preview", "body", body, "revision", "0").Want(200)
		announced := foreseen.Doc().Find("#preview .rows .badge").FilterFunction(isFresh).Length()
		decided := foreseen.Doc().Find("#preview ol.rows > li").Length()
		w.save(body).Want(303)
		if got := len(w.tasks()); got != announced {
			t.Errorf("seed %d: %d tasks, %d were announced, from %q", seed, got, announced, body)
		}
		made += announced + decided
		if got := len(w.decisions()); got != decided {
			t.Errorf("seed %d: %d decisions, %d were announced, from %q", seed, got, decided, body)
		}
		tasks, decisions := len(w.tasks()), len(w.decisions())
		w.save(body + "\n").Want(303)
		if len(w.tasks()) != tasks || len(w.decisions()) != decisions {
			t.Errorf("seed %d: saving again made %d tasks and %d decisions of %q", seed, len(w.tasks())-tasks, len(w.decisions())-decisions, body)
		}
		main := w.As(w.Initiator).Get(w.minutesURL()).Want(200).Doc().Find("main")
		if n := main.Find("script, iframe, img, [onerror], a[href^='javascript']").Length(); n != 0 {
			t.Errorf("seed %d: the page holds something that runs, from %q", seed, body)
		}
	}
	if made < 20 {
		t.Errorf("only %d tasks and decisions were made, too few to prove anything", made)
	}
}

func TestALongListOfActionsIsSavedWhole(t *testing.T) {
	w := newWorld(t)
	lines := []string{}
	for i := range 150 {
		lines = append(lines, "- [ ] @Puskesmas Tambakaji: kunjungan ke "+strings.Repeat("i", i+1))
	}
	for range 2 {
		w.save(strings.Join(lines, "\n")).Want(303)
	}
	check.Equal(t, "value", len(w.tasks()), 150)
	w.As(w.Partner).Get(w.url()).Want(200)
}

// isFresh picks the badges of lines that will become tasks.
func isFresh(_ int, badge *goquery.Selection) bool {
	return strings.HasPrefix(strings.TrimSpace(badge.Text()), "Tugas baru")
}
