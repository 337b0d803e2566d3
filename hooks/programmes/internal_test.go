package programmes

import (
	"strings"
	"testing"

	"simpul/hooks/testkit/check"
)

func TestNormalize_SpellingsOfOneName_Equal(t *testing.T) {
	same := [][]string{
		{"Puskesmas Tambakaji", "puskesmas  tambakaji", "PUSKESMAS TAMBAKAJI.", "Puskesmas Tambak Aji"},
		{"Kabupaten Semarang", "Kab. Semarang", "kab semarang", "KAB.SEMARANG"},
		{"Sido Muncul", "PT Sido Muncul", "PT. Sido Muncul, Tbk", "P.T. Sido Muncul (Persero)", "CV Sido Muncul"},
		{"UIN Walisongo", "U.I.N. Walisongo", "uin-walisongo"},
		{"Universitas Diponegoro", "Univ. Diponegoro"},
		{"K3S Tabanan", "K.3.S. Tabanan", "k 3 s tabanan"},
		{"Dinas Sosial Kota Semarang", "Dinsos Kota Semarang"},
		{"Kecamatan Ngaliyan", "Kec. Ngaliyan"},
		{"Dinas Pemberdayaan Perempuan dan Anak", "Dinas Pemberdayaan Perempuan & Anak"},
	}
	for _, group := range same {
		for _, name := range group[1:] {
			if Spelling(name) != Spelling(group[0]) {
				t.Errorf("%q (%s) is not %q (%s)", name, Spelling(name), group[0], Spelling(group[0]))
			}
		}
	}
}

func TestNormalize_DifferentNames_Differ(t *testing.T) {
	names := []string{"Puskesmas Tambakaji", "Puskesmas Ngaliyan", "Dinas Sosial Kota Semarang", "Dinas Sosial Kabupaten Semarang",
		"Forum PSM", "Forum TKSK", "Tagana", "Karang Taruna"}
	seen := map[string]string{}
	for _, name := range names {
		if other, twice := seen[Spelling(name)]; twice {
			t.Errorf("%q and %q are taken for one", name, other)
		}
		seen[Spelling(name)] = name
	}
}

func TestNormalize_OnlyPunctuation_Empty(t *testing.T) {
	for _, name := range []string{"", "   ", "...", "PT.", "(-)"} {
		if got := Spelling(name); got != "" {
			t.Errorf("%q is known as %q", name, got)
		}
	}
}

func TestSlug_Name_ShortAndPlain(t *testing.T) {
	for _, name := range []string{"KOPI REHAT", strings.Repeat("é", 300), strings.Repeat("a b ", 100), "💙", "-–—", "A/B\\C?D#E"} {
		slug := SlugOf(name)
		if slug == "" || len(slug) > slugMax || strings.Trim(slug, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" ||
			strings.HasPrefix(slug, "-") || strings.HasSuffix(slug, "-") || strings.Contains(slug, "--") {
			t.Errorf("%q became %q", name, slug)
		}
	}
}

func TestFindParty_Line_Organisation(t *testing.T) {
	all := Parties{
		{ID: "tambakaji", called: []string{"puskesmastambakaji", "pkmtambakaji"}},
		{ID: "ngaliyan", called: []string{"puskesmasngaliyan"}},
		{ID: "dinas", called: []string{"dinassosialkotasemarang", "kepalabidang", "sekretaris"}},
		{ID: "forum", called: []string{"forum"}},
		{ID: "forum-psm", called: []string{"forumpsm", "kepalabidang"}},
	}
	for who, want := range map[string]struct {
		id      string
		several bool
	}{
		"Puskesmas Tambakaji":        {id: "tambakaji"},
		"PKM Tambakaji":              {id: "tambakaji"},
		"pkm":                        {id: "tambakaji"},
		"Puskesmas":                  {several: true},
		"Puskesmas N":                {id: "ngaliyan"},
		"Dinsos Kota Semarang":       {id: "dinas"},
		"Sekretaris":                 {id: "dinas"},
		"Kepala Bidang":              {several: true},
		"Forum":                      {id: "forum"}, // exactly so, though another begins so
		"Forum PSM":                  {id: "forum-psm"},
		"Forum PSM Kota":             {},
		"Pu":                         {},
		"":                           {},
		"???":                        {},
		"Puskesmas Tambakaji Barat":  {},
		"  puskesmas   TAMBAKAJI . ": {id: "tambakaji"},
	} {
		found, several := all.Named(who)
		id := ""
		if found != nil {
			id = found.ID
		}
		check.That(t, id == want.id && several == want.several, "@%s means %q, several %t, want %q, %t", who, id, several, want.id, want.several)
	}
}
