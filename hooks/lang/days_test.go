package lang_test

import (
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/lang"

	"simpul/hooks/testkit/check"
)

func TestDaysAreWrittenInThreeLengths(t *testing.T) {
	cases := []struct {
		language, day, short, medium, long string
	}{
		{"id", "2026-12-10", "10 Des 2026", "Kam, 10 Des 2026", "Kamis, 10 Desember 2026"},
		{"en", "2026-12-10", "10 Dec 2026", "Thu, 10 Dec 2026", "Thursday, 10 December 2026"},
		{"id", "2024-03-04", "4 Mar 2024", "Sen, 4 Mar 2024", "Senin, 4 Maret 2024"},
		{"id", "2026-08-16", "16 Agu 2026", "Min, 16 Agu 2026", "Minggu, 16 Agustus 2026"},
		{"id", "", "", "", ""},
		{"en", "besok", "besok", "besok", "besok"},
		{"id", "2026-02-30", "2026-02-30", "2026-02-30", "2026-02-30"},
	}
	for _, c := range cases {
		if got := lang.DayShort(c.language, c.day); got != c.short {
			t.Errorf("DayShort(%s, %q) = %q, want %q", c.language, c.day, got, c.short)
		}
		if got := lang.Day(c.language, c.day); got != c.medium {
			t.Errorf("Day(%s, %q) = %q, want %q", c.language, c.day, got, c.medium)
		}
		if got := lang.DayLong(c.language, c.day); got != c.long {
			t.Errorf("DayLong(%s, %q) = %q, want %q", c.language, c.day, got, c.long)
		}
	}
}

// Whoever copies a date from a page into a form must be understood.
func TestEveryDayWrittenCanBeTypedBack(t *testing.T) {
	writers := map[string]func(language, day string) string{
		"Day": lang.Day, "DayLong": lang.DayLong, "DayShort": lang.DayShort,
	}
	for n := range 366 {
		day := clock.AddDays("2028-01-01", n)
		for _, language := range lang.Languages {
			for name, write := range writers {
				if got, err := clock.ParseDay(write(language, day)); err != nil || got != day {
					t.Errorf("%s(%s, %s) is read as %q, %v", name, language, day, got, err)
				}
			}
		}
	}
}

func TestTimesAlwaysNameTheirZone(t *testing.T) {
	at := time.Date(2026, 12, 10, 2, 5, 0, 0, time.UTC)
	cases := []struct {
		language, zone, clock, moment string
	}{
		{"id", "Asia/Jakarta", "09.05 WIB", "Kam, 10 Des 2026, 09.05 WIB"},
		{"id", "Asia/Makassar", "10.05 WITA", "Kam, 10 Des 2026, 10.05 WITA"},
		{"id", "Asia/Jayapura", "11.05 WIT", "Kam, 10 Des 2026, 11.05 WIT"},
		{"en", "Asia/Jakarta", "09:05 WIB", "Thu, 10 Dec 2026, 09:05 WIB"},
		{"id", "", "09.05 WIB", "Kam, 10 Des 2026, 09.05 WIB"},
	}
	for _, c := range cases {
		if got := lang.Clock(c.language, at, c.zone); got != c.clock {
			t.Errorf("Clock(%s, %s) = %q, want %q", c.language, c.zone, got, c.clock)
		}
		if got := lang.Moment(c.language, at, c.zone); got != c.moment {
			t.Errorf("Moment(%s, %s) = %q, want %q", c.language, c.zone, got, c.moment)
		}
	}
}

func TestMomentTakesItsDayFromTheZone(t *testing.T) {
	at := time.Date(2026, 12, 31, 16, 30, 0, 0, time.UTC)
	check.Equal(t, "in Jakarta", lang.Moment("id", at, "Asia/Jakarta"), "Kam, 31 Des 2026, 23.30 WIB")
	check.Equal(t, "in Makassar", lang.Moment("id", at, "Asia/Makassar"), "Jum, 1 Jan 2027, 00.30 WITA")
}

func TestSpanNamesTheZoneOnce(t *testing.T) {
	from := time.Date(2026, 12, 10, 1, 0, 0, 0, time.UTC)
	cases := []struct {
		language string
		to       time.Time
		want     string
	}{
		{"id", from.Add(150 * time.Minute), "09.00–11.30 WITA"},
		{"en", from.Add(150 * time.Minute), "09:00–11:30 WITA"},
		{"id", time.Time{}, "09.00 WITA s.d. selesai"},
		{"en", time.Time{}, "09:00 WITA until finished"},
		{"id", from.Add(26 * time.Hour), "09.00 – Jum, 11 Des 2026, 11.00 WITA"},
	}
	for _, c := range cases {
		if got := lang.Span(c.language, from, c.to, "Asia/Makassar"); got != c.want {
			t.Errorf("Span(%s, to %v) = %q, want %q", c.language, c.to, got, c.want)
		}
	}
}

func TestAgoGrowsCoarserAndEndsInADate(t *testing.T) {
	now := time.Date(2026, 12, 10, 2, 0, 0, 0, time.UTC)
	defer clock.Freeze(now)()
	cases := []struct {
		passed time.Duration
		id, en string
	}{
		{0, "baru saja", "just now"},
		{59 * time.Second, "baru saja", "just now"},
		{time.Minute, "1 menit lalu", "1 minute ago"},
		{59 * time.Minute, "59 menit lalu", "59 minutes ago"},
		{time.Hour, "1 jam lalu", "1 hour ago"},
		{23 * time.Hour, "23 jam lalu", "23 hours ago"},
		{24 * time.Hour, "1 hari lalu", "1 day ago"},
		{6 * 24 * time.Hour, "6 hari lalu", "6 days ago"},
		{7 * 24 * time.Hour, "3 Des 2026", "3 Dec 2026"},
		{-time.Hour, "10 Des 2026", "10 Dec 2026"},
	}
	for _, c := range cases {
		if got := lang.Ago("id", now.Add(-c.passed), "Asia/Jakarta"); got != c.id {
			t.Errorf("Ago(id, %v) = %q, want %q", c.passed, got, c.id)
		}
		if got := lang.Ago("en", now.Add(-c.passed), "Asia/Jakarta"); got != c.en {
			t.Errorf("Ago(en, %v) = %q, want %q", c.passed, got, c.en)
		}
	}
}
