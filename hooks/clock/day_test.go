package clock_test

import (
	"errors"
	"testing"
	"time"

	"simpul/hooks/clock"
)

func TestDayIsThatOfTheZone(t *testing.T) {
	// 16.30 UTC is still the same evening in Jakarta, past midnight in Makassar and Jayapura.
	at := time.Date(2026, 12, 31, 16, 30, 0, 0, time.UTC)
	want := map[string]string{
		"Asia/Jakarta":  "2026-12-31",
		"Asia/Makassar": "2027-01-01",
		"Asia/Jayapura": "2027-01-01",
		"unknown":       "2026-12-31",
	}
	defer clock.Freeze(at)()
	for zone, day := range want {
		if got := clock.Day(at, zone); got != day {
			t.Errorf("Day in %s = %s, want %s", zone, got, day)
		}
		if got := clock.Today(zone); got != day {
			t.Errorf("Today in %s = %s, want %s", zone, got, day)
		}
	}
}

func TestAddDaysCrossesMonthsYearsAndLeapDays(t *testing.T) {
	cases := []struct {
		day  string
		n    int
		want string
	}{
		{"2026-12-10", 0, "2026-12-10"},
		{"2026-12-31", 1, "2027-01-01"},
		{"2027-01-01", -1, "2026-12-31"},
		{"2028-02-28", 1, "2028-02-29"},
		{"2026-02-28", 1, "2026-03-01"},
		{"2028-02-29", 366, "2029-03-01"},
		{"2026-12-10", -365, "2025-12-10"},
		{"", 3, ""},
		{"10/12/2026", 3, ""},
		{"2026-02-30", 1, ""},
	}
	for _, c := range cases {
		if got := clock.AddDays(c.day, c.n); got != c.want {
			t.Errorf("AddDays(%q, %d) = %q, want %q", c.day, c.n, got, c.want)
		}
	}
}

func TestDaysBetweenCountsForwardAndBack(t *testing.T) {
	cases := []struct {
		from, to string
		want     int
	}{
		{"2026-12-10", "2026-12-10", 0},
		{"2026-12-10", "2026-12-13", 3},
		{"2026-12-13", "2026-12-10", -3},
		{"2026-12-31", "2027-01-01", 1},
		{"2028-01-01", "2029-01-01", 366},
		{"", "2026-12-10", 0},
		{"2026-12-10", "besok", 0},
	}
	for _, c := range cases {
		if got := clock.DaysBetween(c.from, c.to); got != c.want {
			t.Errorf("DaysBetween(%q, %q) = %d, want %d", c.from, c.to, got, c.want)
		}
	}
}

func TestAddDaysAndDaysBetweenAgreeForTwoYears(t *testing.T) {
	const start = "2027-06-15"
	for n := -400; n <= 400; n++ {
		if got := clock.DaysBetween(start, clock.AddDays(start, n)); got != n {
			t.Fatalf("going %d days and counting back gave %d", n, got)
		}
	}
}

func TestAtIsTheInstantAClockOnTheWallShows(t *testing.T) {
	cases := []struct {
		day, hourMinute, zone string
		want                  time.Time
	}{
		{"2026-12-10", "09:00", "Asia/Jakarta", time.Date(2026, 12, 10, 2, 0, 0, 0, time.UTC)},
		{"2026-12-10", "09:00", "Asia/Makassar", time.Date(2026, 12, 10, 1, 0, 0, 0, time.UTC)},
		{"2026-12-10", "09:00", "Asia/Jayapura", time.Date(2026, 12, 10, 0, 0, 0, 0, time.UTC)},
		{"2027-01-01", "06:30", "Asia/Makassar", time.Date(2026, 12, 31, 22, 30, 0, 0, time.UTC)},
		{"2026-12-10", "23:59", "", time.Date(2026, 12, 10, 16, 59, 0, 0, time.UTC)},
	}
	for _, c := range cases {
		got, err := clock.At(c.day, c.hourMinute, c.zone)
		if err != nil || !got.Equal(c.want) || got.Location() != time.UTC {
			t.Errorf("At(%q, %q, %q) = %v, %v, want %v", c.day, c.hourMinute, c.zone, got, err, c.want)
		}
		if day := clock.Day(got, c.zone); day != c.day {
			t.Errorf("Day of At(%q, %q, %q) = %s", c.day, c.hourMinute, c.zone, day)
		}
	}
}

func TestAtRefusesWhatIsNoDayOrTime(t *testing.T) {
	cases := []struct {
		day, hourMinute string
		want            error
	}{
		{"", "09:00", clock.ErrNotADay},
		{"2026-02-30", "09:00", clock.ErrNotADay},
		{"10/12/2026", "09:00", clock.ErrNotADay},
		{"2026-12-10", "", clock.ErrNotATime},
		{"2026-12-10", "24:00", clock.ErrNotATime},
		{"2026-12-10", "09.00", clock.ErrNotATime},
		{"2026-12-10", "09:60", clock.ErrNotATime},
	}
	for _, c := range cases {
		if got, err := clock.At(c.day, c.hourMinute, "Asia/Jakarta"); !errors.Is(err, c.want) || !got.IsZero() {
			t.Errorf("At(%q, %q) = %v, %v, want %v", c.day, c.hourMinute, got, err, c.want)
		}
	}
}

func TestWorkdaysAreMondayToFriday(t *testing.T) {
	// 7 December 2026 is a Monday.
	want := []bool{true, true, true, true, true, false, false}
	for i, workday := range want {
		day := clock.AddDays("2026-12-07", i)
		if got := clock.IsWorkday(day); got != workday {
			t.Errorf("IsWorkday(%s) = %v, want %v", day, got, workday)
		}
	}
	for _, wrong := range []string{"", "Senin", "2026-13-01"} {
		if clock.IsWorkday(wrong) {
			t.Errorf("IsWorkday(%q) is true", wrong)
		}
	}
}
