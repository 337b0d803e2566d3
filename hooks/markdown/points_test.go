package markdown_test

import (
	"testing"

	"simpul/hooks/markdown"
)

func TestPointsOfAnAgenda(t *testing.T) {
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
