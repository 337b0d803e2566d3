package meetings

import "testing"

func TestHours_Typed_Parsed(t *testing.T) {
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
