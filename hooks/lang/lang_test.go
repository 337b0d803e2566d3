package lang_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/testkit/check"
)

func TestT_BothLanguages_Translated(t *testing.T) {
	cases := []struct {
		language, key, want string
		args                []any
	}{
		{"id", "tasks.state.in_progress", "Dikerjakan", nil},
		{"en", "tasks.state.in_progress", "In progress", nil},
		{"", "tasks.state.in_progress", "Dikerjakan", nil},
		{"fr", "tasks.state.in_progress", "Dikerjakan", nil},
		{"id", "problem.needed", "Isi “Tenggat” dulu.", []any{"label", "Tenggat"}},
		{"en", "problem.needed", "Please fill in “Due date”.", []any{"label", "Due date"}},
		{"id", "clock.days_ago", "3 hari lalu", []any{"n", 3}},
		{"en", "clock.days_ago", "3 days ago", []any{"n", 3}},
		{"en", "clock.days_ago", "1 day ago", []any{"n", 1}},
		{"en", "clock.days_ago", "0 days ago", []any{"n", 0}},
		{"en", "clock.days_ago", "1,000 days ago", []any{"n", int64(1000)}},
		{"id", "clock.days_ago", "1.000 hari lalu", []any{"n", uint(1000)}},
		{"id", "clock.days_ago", "2,5 hari lalu", []any{"n", 2.5}},
		{"en", "clock.days_ago", "1 day ago", []any{"n", 1.0}},
		{"id", "clock.days_ago", "beberapa hari lalu", []any{"n", "beberapa"}},
		{"en", "contributions.unit.package", "packages", nil},
		{"en", "contributions.unit.package", "package", []any{"n", 1}},
		{"en", "contributions.unit.package", "packages", []any{"n", 1.5}},
		{"id", "contributions.unit.package", "paket", []any{"n", 20}},
		{"id", "tasks.state.todo", "Belum mulai", []any{"unused", "value"}},
	}
	for _, c := range cases {
		if got := lang.T(c.language, c.key, c.args...); got != c.want {
			t.Errorf("T(%q, %q, %v) = %q, want %q", c.language, c.key, c.args, got, c.want)
		}
	}
}

func TestT_Missing_ShowsKey(t *testing.T) {
	cases := []struct {
		key  string
		args []any
	}{
		{"tasks.no_such_key", nil},
		{"", nil},
		{"problem.needed", nil},
		{"problem.needed", []any{"name", "Tenggat"}},
		{"problem.needed", []any{"label"}},
		{"clock.days_ago", nil},
	}
	for _, language := range lang.Languages {
		for _, c := range cases {
			if got, want := lang.T(language, c.key, c.args...), "⟦"+c.key+"⟧"; got != want {
				t.Errorf("T(%q, %q, %v) = %q, want %q", language, c.key, c.args, got, want)
			}
		}
	}
}

func TestT_HTML_NotEscaped(t *testing.T) {
	const typed = `<b>"{{.n}}"</b>`
	check.Equal(t, "T =", lang.T("id", "problem.needed", "label", typed), "Isi “"+typed+"” dulu.")
}

func TestHas_Keys_Agree(t *testing.T) {
	keys := lang.Keys("id")
	if !slices.IsSorted(keys) || len(keys) < 200 {
		t.Errorf("%d keys, sorted: %v", len(keys), slices.IsSorted(keys))
	}
	for _, key := range keys {
		check.That(t, lang.Has(key), "Has(%q) is false", key)
	}
	for _, key := range []string{"", "tasks", "tasks.no_such_key"} {
		check.That(t, !lang.Has(key), "Has(%q) is true", key)
	}
}

// The codes a form offers, as the database stores them; a code without a label would show its key.
func TestLabels_EveryCode_Present(t *testing.T) {
	codes := map[string]string{
		"organisations.helix":           "government university business community media",
		"programmes.kind":               "change_action change_project regional_innovation national_programme service good_practice",
		"programmes.status":             "draft planning active paused closing completed institutionalised cancelled",
		"memberships.role":              "initiator coordinator member observer partner",
		"milestones.horizon":            "short medium long",
		"milestones.state":              "planned in_progress achieved partly_achieved missed",
		"stakeholders.partner_status":   "identified contacted committed agreed active dormant ended",
		"stakeholders.engagement_level": "inform consult involve collaborate empower",
		"assessments.influence":         "1 2 3 4",
		"assessments.interest":          "1 2 3 4",
		"assessments.stance":            "supportive neutral resistant unknown",
		"tasks.state":                   "todo in_progress waiting done cancelled",
		"tasks.reply":                   "accepted more_time declined",
		"tasks.urgency":                 "normal urgent very_urgent",
		"meetings.mode":                 "in_person online hybrid",
		"meetings.status":               "draft scheduled held postponed cancelled",
		"minutes.status":                "draft circulated final",
		"decisions.state":               "standing superseded withdrawn",
		"attendances.state":             "invited confirmed present_in_person present_online represented excused absent",
		"contributions.kind": "goods money hours labour service venue equipment_loan knowledge training publicity " +
			"market_access policy other",
		"contributions.stage":         "pledged delivered",
		"contributions.review_status": "draft submitted needs_revision verified rejected withdrawn",
		"contributions.value_basis":   "cash invoice market_estimate not_valued",
		"evidence.visibility":         "team partners public",
		"evidence.people_in_it":       "none staff_only beneficiaries_consented",
		"indicators.type":             "input output outcome",
		"indicators.direction":        "higher_better lower_better state",
		"indicators.period":           "once monthly quarterly yearly",
		"indicators.method":           "periodic cumulative latest",
		"reminder_rules.audience":     "assignee focal_point organisation accountable initiators attendees",
		"deliveries.state":            "planned queued sending retry sent uncertain failed cancelled skipped digested held",
		"holidays.kind":               "national_holiday joint_leave regional_holiday",
	}
	for field, list := range codes {
		for code := range strings.FieldsSeq(list) {
			check.That(t, lang.Has(field+"."+code), "%s.%s has no label", field, code)
		}
	}
}

func BenchmarkT(b *testing.B) {
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			lang.T("id", "tasks.state.in_progress")
		}
	})
	b.Run("plural", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			lang.T("en", "clock.days_ago", "n", 3)
		}
	})
}

func TestMoney_Format_NoSpace(t *testing.T) {
	cases := []struct {
		rupiah int64
		id, en string
	}{
		{0, "Rp0", "Rp0"},
		{7, "Rp7", "Rp7"},
		{999, "Rp999", "Rp999"},
		{1000, "Rp1.000", "Rp1,000"},
		{5000000, "Rp5.000.000", "Rp5,000,000"},
		{123456789, "Rp123.456.789", "Rp123,456,789"},
		{-1500000, "-Rp1.500.000", "-Rp1,500,000"},
		{-999, "-Rp999", "-Rp999"},
		{math.MaxInt64, "Rp9.223.372.036.854.775.807", "Rp9,223,372,036,854,775,807"},
		{math.MinInt64, "-Rp9.223.372.036.854.775.808", "-Rp9,223,372,036,854,775,808"},
	}
	for _, c := range cases {
		if got := lang.Money("id", c.rupiah); got != c.id {
			t.Errorf("Money(id, %d) = %q, want %q", c.rupiah, got, c.id)
		}
		if got := lang.Money("en", c.rupiah); got != c.en {
			t.Errorf("Money(en, %d) = %q, want %q", c.rupiah, got, c.en)
		}
	}
}

func TestNumber_Format_ByLanguage(t *testing.T) {
	cases := []struct {
		value  float64
		id, en string
	}{
		{0, "0", "0"},
		{20, "20", "20"},
		{5317, "5.317", "5,317"},
		{312400000, "312.400.000", "312,400,000"},
		{2.5, "2,5", "2.5"},
		{0.25, "0,25", "0.25"},
		{33.33333, "33,33", "33.33"},
		{99.999, "100", "100"},
		{1234.5, "1.234,5", "1,234.5"},
		{-1234.5, "-1.234,5", "-1,234.5"},
		{-0.001, "0", "0"},
		{-0.5, "-0,5", "-0.5"},
		{-100, "-100", "-100"},
		{math.NaN(), "–", "–"},
		{math.Inf(1), "–", "–"},
		{math.Inf(-1), "–", "–"},
	}
	for _, c := range cases {
		if got := lang.Number("id", c.value); got != c.id {
			t.Errorf("Number(id, %v) = %q, want %q", c.value, got, c.id)
		}
		if got := lang.Number("en", c.value); got != c.en {
			t.Errorf("Number(en, %v) = %q, want %q", c.value, got, c.en)
		}
	}
}

func TestDay_Format_ThreeLengths(t *testing.T) {
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
func TestDay_Written_ParsedBack(t *testing.T) {
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

func TestTime_Format_NamesZone(t *testing.T) {
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

func TestMoment_Zone_DecidesDay(t *testing.T) {
	at := time.Date(2026, 12, 31, 16, 30, 0, 0, time.UTC)
	check.Equal(t, "in Jakarta", lang.Moment("id", at, "Asia/Jakarta"), "Kam, 31 Des 2026, 23.30 WIB")
	check.Equal(t, "in Makassar", lang.Moment("id", at, "Asia/Makassar"), "Jum, 1 Jan 2027, 00.30 WITA")
}

func TestSpan_Format_ZoneOnce(t *testing.T) {
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

func TestAgo_Age_Coarser(t *testing.T) {
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
