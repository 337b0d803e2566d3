package programmes

import "testing"

func TestWhomALineMeans(t *testing.T) {
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
		if id != want.id || several != want.several {
			t.Errorf("@%s means %q, several %t, want %q, %t", who, id, several, want.id, want.several)
		}
	}
}
