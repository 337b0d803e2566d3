package lang_test

import (
	"slices"
	"strings"
	"testing"

	"simpul/hooks/lang"
)

func TestTSpeaksBothLanguages(t *testing.T) {
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

func TestTShowsTheKeyWhereASentenceOrAValueIsMissing(t *testing.T) {
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

func TestTLeavesEscapingToThePage(t *testing.T) {
	const typed = `<b>"{{.n}}"</b>`
	if got := lang.T("id", "problem.needed", "label", typed); got != "Isi “"+typed+"” dulu." {
		t.Errorf("T = %q, want the value exactly as typed", got)
	}
}

func TestHasAndKeysAgree(t *testing.T) {
	keys := lang.Keys("id")
	if !slices.IsSorted(keys) || len(keys) < 200 {
		t.Errorf("%d keys, sorted: %v", len(keys), slices.IsSorted(keys))
	}
	for _, key := range keys {
		if !lang.Has(key) {
			t.Errorf("Has(%q) is false", key)
		}
	}
	for _, key := range []string{"", "tasks", "tasks.no_such_key"} {
		if lang.Has(key) {
			t.Errorf("Has(%q) is true", key)
		}
	}
}

// The codes a form offers, as the database stores them; a code without a label would show its key.
func TestEveryCodeHasALabel(t *testing.T) {
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
			if !lang.Has(field + "." + code) {
				t.Errorf("%s.%s has no label", field, code)
			}
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
