package meetings

import "testing"

func TestWhomALineMeans(t *testing.T) {
	all := parties{
		{id: "tambakaji", called: []string{"puskesmastambakaji", "pkmtambakaji"}},
		{id: "ngaliyan", called: []string{"puskesmasngaliyan"}},
		{id: "dinas", called: []string{"dinassosialkotasemarang", "kepalabidang", "sekretaris"}},
		{id: "forum", called: []string{"forum"}},
		{id: "forum-psm", called: []string{"forumpsm", "kepalabidang"}},
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
		found, several := all.named(who)
		id := ""
		if found != nil {
			id = found.id
		}
		if id != want.id || several != want.several {
			t.Errorf("@%s means %q, several %t, want %q, %t", who, id, several, want.id, want.several)
		}
	}
}

func TestPointsOfAnAgenda(t *testing.T) {
	for agenda, want := range map[string]int{
		"": 0, "Tanpa butir": 0, "1. Satu\r\n2. Dua": 2, "- a\n- b\n- c\n- d\n- e": mostPoints, "  - menjorok": 0, "1.tanpa spasi": 0,
		"1. Satu\n2. Dua\n\nMohon disiapkan:\n\n- Data": 2, "1. Satu\n2. Dua\n## Mohon disiapkan\n1. Data": 2, "1. Satu\n\n- Data": 1,
		"Yang dibahas:\n\n1. Satu\n\n2. Dua\nlebih lanjut\n3. Tiga": 3, "- Satu\n\n  penjelasan\n- Dua": 2,
	} {
		if got := points(agenda); len(got) != want {
			t.Errorf("%q has points %q, want %d", agenda, got, want)
		}
	}
}

func TestHoursTyped(t *testing.T) {
	for _, c := range []struct{ day, hour, zone, want string }{
		{"10/12/2026", "09.00", "Asia/Jakarta", "2026-12-10 02:00:00.000Z"},
		{"2026-12-10", "09:00", "Asia/Makassar", "2026-12-10 01:00:00.000Z"},
		{"10 Desember 2026", "00.30", "Asia/Jayapura", "2026-12-09 15:30:00.000Z"},
	} {
		if got := stored(instant(c.day, c.hour, c.zone)); got != c.want {
			t.Errorf("%s %s in %s is %s, want %s", c.day, c.hour, c.zone, got, c.want)
		}
	}
	for _, c := range [][2]string{{"", "09.00"}, {"10/12/2026", ""}, {"31/02/2026", "09.00"}, {"10/12/2026", "25.00"}} {
		if at := instant(c[0], c[1], "Asia/Jakarta"); !at.IsZero() {
			t.Errorf("%v is %s", c, at)
		}
	}
}
