package clock_test

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/testkit/check"
)

func TestDay_Zone_Decides(t *testing.T) {
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

func TestAddDays_Boundaries_Crossed(t *testing.T) {
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

func TestDaysBetween_BothDirections_Counted(t *testing.T) {
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

func TestAddDays_TwoYears_AgreesWithDaysBetween(t *testing.T) {
	const start = "2027-06-15"
	for n := -400; n <= 400; n++ {
		if got := clock.DaysBetween(start, clock.AddDays(start, n)); got != n {
			t.Fatalf("going %d days and counting back gave %d", n, got)
		}
	}
}

func TestAt_DayAndTime_Instant(t *testing.T) {
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
		check.That(t, err == nil && got.Equal(c.want) && got.Location() == time.UTC, "At(%q, %q, %q) = %v, %v, want %v", c.day, c.hourMinute, c.zone, got, err, c.want)
		if day := clock.Day(got, c.zone); day != c.day {
			t.Errorf("Day of At(%q, %q, %q) = %s", c.day, c.hourMinute, c.zone, day)
		}
	}
}

func TestAt_Invalid_Fails(t *testing.T) {
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

func TestIsWorkday_MondayToFriday(t *testing.T) {
	// 7 December 2026 is a Monday.
	want := []bool{true, true, true, true, true, false, false}
	for i, workday := range want {
		day := clock.AddDays("2026-12-07", i)
		if got := clock.IsWorkday(day); got != workday {
			t.Errorf("IsWorkday(%s) = %v, want %v", day, got, workday)
		}
	}
	for _, wrong := range []string{"", "Senin", "2026-13-01"} {
		check.That(t, !clock.IsWorkday(wrong), "IsWorkday(%q) is true", wrong)
	}
}

func TestParseDay_Typed_Parsed(t *testing.T) {
	typed := []string{
		"2026-12-10", "10/12/2026", "10-12-2026", "10.12.2026", " 10/12/2026 ",
		"10 Desember 2026", "10 desember 2026", "10 DESEMBER 2026", "10 Des 2026", "10 Des. 2026", "10-Des-2026",
		"10 December 2026", "10 Dec 2026", "10  Desember\t2026", "10 December, 2026",
		"Kamis, 10 Desember 2026", "Kam, 10 Des 2026", "Thursday, 10 December 2026", "Thu, 10 Dec 2026",
	}
	for _, text := range typed {
		if got, err := clock.ParseDay(text); err != nil || got != "2026-12-10" {
			t.Errorf("ParseDay(%q) = %q, %v, want 2026-12-10", text, got, err)
		}
	}
}

func TestParseDay_Numbers_DayFirst(t *testing.T) {
	cases := map[string]string{
		"4/3/2024":   "2024-03-04",
		"04-03-2024": "2024-03-04",
		"3/4/2024":   "2024-04-03",
		"2024-3-4":   "2024-03-04",
		"29/2/2028":  "2028-02-29",
		"31/12/2026": "2026-12-31",
	}
	for typed, want := range cases {
		if got, err := clock.ParseDay(typed); err != nil || got != want {
			t.Errorf("ParseDay(%q) = %q, %v, want %q", typed, got, err, want)
		}
	}
}

func TestParseDay_Months_BothLanguages(t *testing.T) {
	names := [][]string{
		{"Januari", "January", "Jan"}, {"Februari", "Pebruari", "February", "Feb"}, {"Maret", "March", "Mar"},
		{"April", "Apr"}, {"Mei", "May"}, {"Juni", "June", "Jun"}, {"Juli", "July", "Jul"},
		{"Agustus", "August", "Agu", "Agt", "Ags", "Agust", "Aug"}, {"September", "Sept", "Sep"},
		{"Oktober", "October", "Okt", "Oct"}, {"November", "Nopember", "Nov", "Nop"},
		{"Desember", "December", "Des", "Dec"},
	}
	for i, month := range names {
		want := time.Date(2026, time.Month(i+1), 9, 0, 0, 0, 0, time.UTC).Format("2006-01-02")
		for _, name := range month {
			if got, err := clock.ParseDay("9 " + name + " 2026"); err != nil || got != want {
				t.Errorf("ParseDay(9 %s 2026) = %q, %v, want %s", name, got, err, want)
			}
		}
	}
}

func TestParseDay_Weekday_Ignored(t *testing.T) {
	names := []string{
		"Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Jum'at", "Sabtu", "Minggu", "Ahad",
		"Sen", "Sel", "Rab", "Kam", "Jum", "Sab", "Min", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun",
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
	}
	for _, name := range names {
		if got, err := clock.ParseDay(name + ", 10/12/2026"); err != nil || got != "2026-12-10" {
			t.Errorf("ParseDay(%s, 10/12/2026) = %q, %v", name, got, err)
		}
	}
}

func TestParseDay_Invalid_Fails(t *testing.T) {
	typed := []string{
		"", " ", "besok", "10", "10/12", "12/2026", "2026", "10/12/26", "12/31/2026", "31/02/2026", "29/2/2026",
		"0/1/2026", "1/0/2026", "32/1/2026", "2026-13-01", "2026-00-10", "10 Foo 2026", "10 2026", "Des 2026",
		"10/12-2026 lagi", "10/12/0206", "10/12/20226", "2026-12-10T09:00", "10/12/2026; DROP TABLE", "besok, 10/12/2026", "١٠/١٢/٢٠٢٦",
	}
	for _, text := range typed {
		if got, err := clock.ParseDay(text); !errors.Is(err, clock.ErrNotADay) || got != "" {
			t.Errorf("ParseDay(%q) = %q, %v, want ErrNotADay", text, got, err)
		}
	}
}

func TestParseTime_DotsAndColons_Parsed(t *testing.T) {
	cases := map[string]string{
		"09:00": "09:00", "09.00": "09:00", "9:00": "09:00", "9.05": "09:05", " 23:59 ": "23:59", "0.00": "00:00",
	}
	for typed, want := range cases {
		if got, err := clock.ParseTime(typed); err != nil || got != want {
			t.Errorf("ParseTime(%q) = %q, %v, want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "9", "24:00", "09:60", "9:5", "09:00 WIB", "pagi", "-1:00", "09:00:00"} {
		if got, err := clock.ParseTime(typed); !errors.Is(err, clock.ErrNotATime) || got != "" {
			t.Errorf("ParseTime(%q) = %q, %v, want ErrNotATime", typed, got, err)
		}
	}
}

func FuzzParseDay(f *testing.F) {
	for _, seed := range []string{"2026-12-10", "10/12/2026", "Kam, 10 Des 2026", "31/02/2026", "10 Mei2026", "\x00", ""} {
		f.Add(seed)
	}
	form := regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	f.Fuzz(func(t *testing.T, typed string) {
		day, err := clock.ParseDay(typed)
		if err != nil {
			check.That(t, day == "", "ParseDay(%q) gives %q beside an error", typed, day)
			return
		}
		check.That(t, form.MatchString(day), "ParseDay(%q) = %q, which is not YYYY-MM-DD", typed, day)
		check.Equal(t, "ParseDay", check.Must(clock.ParseDay(day)), day)
		check.Equal(t, "value", clock.AddDays(clock.AddDays(day, 1), -1), day)
	})
}
