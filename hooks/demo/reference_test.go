package demo

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/clock"

	"simpul/hooks/testkit/check"
)

func TestHolidaysOfTheYearAreEnteredOnce(t *testing.T) {
	app := newApp(t)
	for range 2 {
		must(t, LoadHolidays(app))
	}
	for kind, want := range map[string]int64{"national_holiday": 17, "joint_leave": 8, "regional_holiday": 11} {
		check.Equal(t, kind, count(t, app, "holidays", dbx.HashExp{"kind": kind}), want)
	}
}

func TestNyepiIsADayWithoutMessagesInBaliOnly(t *testing.T) {
	app := newApp(t)
	must(t, LoadHolidays(app))
	silent, err := app.FindAllRecords("holidays", dbx.HashExp{"no_mail": true})
	must(t, err)
	if len(silent) != 1 || silent[0].GetString("on") != "2026-03-19" || silent[0].GetString("province") != "Bali" {
		t.Errorf("silent days: %v", silent)
	}
	check.Equal(t, "Nyepi is a national holiday", count(t, app, "holidays", dbx.HashExp{"on": "2026-03-19", "kind": "national_holiday", "province": ""}), 1)
}

func TestRegionalHolidaysNameAProvinceAndOthersDoNot(t *testing.T) {
	app := newApp(t)
	must(t, LoadHolidays(app))
	days, err := app.FindAllRecords("holidays")
	must(t, err)
	for _, day := range days {
		regional := day.GetString("kind") == "regional_holiday"
		province := day.GetString("province")
		if regional != slices.Contains(clock.Provinces, province) {
			t.Errorf("%s %s: %s in %q", day.GetString("on"), day.GetString("name"), day.GetString("kind"), province)
		}
	}
}

func TestKnownWeekdaysOfHolidaysAgree(t *testing.T) {
	app := newApp(t)
	must(t, LoadHolidays(app))
	for name, want := range map[string]time.Weekday{
		"Wafat Yesus Kristus": time.Friday, "Paskah": time.Sunday, "Kenaikan Yesus Kristus": time.Thursday,
		"Hari Raya Galungan": time.Wednesday, "Hari Raya Kuningan": time.Saturday, "Hari Raya Pagerwesi": time.Wednesday,
	} {
		days, err := app.FindAllRecords("holidays", dbx.HashExp{"name": name})
		must(t, err)
		for _, day := range days {
			on, err := time.Parse(time.DateOnly, day.GetString("on"))
			must(t, err)
			check.Equal(t, name, on.Weekday(), want)
		}
		if len(days) == 0 {
			t.Errorf("there is no %s", name)
		}
	}
}

func TestAYearSomebodyBeganIsLeftAlone(t *testing.T) {
	app := newApp(t)
	save(t, app, "holidays", map[string]any{"on": "2026-08-17", "name": "Tujuh belasan", "kind": "national_holiday"})
	must(t, LoadHolidays(app))
	check.Equal(t, "count", count(t, app, "holidays"), 1)
}

func TestAnotherYearDoesNotStopThisOne(t *testing.T) {
	app := newApp(t)
	save(t, app, "holidays", map[string]any{"on": "2027-01-01", "name": "Tahun Baru Masehi", "kind": "national_holiday"})
	must(t, LoadHolidays(app))
	check.Equal(t, "count", count(t, app, "holidays"), 37)
}

func TestDefaultRulesAreEnteredOnceForAllProgrammes(t *testing.T) {
	app := newApp(t)
	for range 2 {
		must(t, LoadDefaults(app))
	}
	rules, err := app.FindRecordsByFilter("reminder_rules", "programme = '' && active = true", "kind,offset_days", 0, 0)
	must(t, err)
	type rule struct {
		kind, anchor string
		days, every  int
	}
	got := []rule{}
	for _, r := range rules {
		got = append(got, rule{r.GetString("kind"), r.GetString("anchor"), r.GetInt("offset_days"), r.GetInt("repeat_every_days")})
		if r.GetString("at") != "08:00" || r.GetBool("mandatory") || r.GetString("useful_until") == "" || len(r.GetStringSlice("audience")) == 0 {
			t.Errorf("%s: incomplete", r.GetString("name"))
		}
	}
	want := []rule{
		{"contribution_prompt", "contribution.month_day", 0, 0},
		{"contribution_revision", "contribution.returned", 0, 0},
		{"contribution_waiting", "contribution.submitted_at", 2, 0},
		{"indicator_due", "indicator.period_end", 1, 7},
		{"meeting_invite", "attendance.invited", 0, 0},
		{"meeting_soon", "meeting.starts_at", -1, 0},
		{"milestone_due", "milestone.due_on", -7, 0},
		{"milestone_due", "milestone.due_on", 0, 0},
		{"minutes_followup", "minutes.circulated", 0, 0},
		{"programme_date", "programme.ends_on", -30, 0},
		{"task_due", "task.due_on", -3, 0},
		{"task_due", "task.due_on", -1, 0},
		{"task_due", "task.due_on", 0, 0},
		{"task_overdue", "task.due_on", 1, 3},
	}
	check.Same(t, "rules", got, want)
}

// A hub that has run since before a kind existed gets that kind and nothing else.
func TestAnOldHubGetsTheNewKindsAndKeepsWhatItChanged(t *testing.T) {
	app := newApp(t)
	must(t, LoadDefaults(app))
	rules, err := app.FindAllRecords("reminder_rules")
	must(t, err)
	for _, rule := range rules {
		switch rule.GetString("kind") {
		case "task_due":
			rule.Set("at", "09:30")
			must(t, app.Save(rule))
		case "meeting_invite", "milestone_due":
			must(t, app.Delete(rule))
		}
	}
	for range 2 {
		must(t, LoadDefaults(app))
	}
	for kind, want := range map[string]int64{"meeting_invite": 1, "milestone_due": 2, "task_due": 3, "task_overdue": 1} {
		if n := count(t, app, "reminder_rules", dbx.HashExp{"kind": kind}); n != want {
			t.Errorf("%d rules of %s, want %d", n, kind, want)
		}
	}
	check.Equal(t, "of the rules that were changed", count(t, app, "reminder_rules", dbx.HashExp{"kind": "task_due", "at": "09:30"}), 3)
}

// What tells of the day itself, or of something just done, does not wait for a summary.
func TestWhatIsUrgentDoesNotWaitForTheSummary(t *testing.T) {
	app := newApp(t)
	must(t, LoadDefaults(app))
	rules, err := app.FindAllRecords("reminder_rules")
	must(t, err)
	urgent := []string{"meeting_invite", "meeting_soon", "contribution_revision"}
	for _, rule := range rules {
		kind := rule.GetString("kind")
		want := !slices.Contains(urgent, kind) && !(kind == "task_due" && rule.GetInt("offset_days") == 0)
		if rule.GetBool("digest") != want {
			t.Errorf("%s, %d days: digest is %v", kind, rule.GetInt("offset_days"), !want)
		}
	}
}

func TestARuleSwitchedOffStaysOff(t *testing.T) {
	app := newApp(t)
	must(t, LoadDefaults(app))
	rule, err := app.FindFirstRecordByData("reminder_rules", "kind", "meeting_soon")
	must(t, err)
	rule.Set("active", false)
	must(t, app.Save(rule))
	must(t, LoadDefaults(app))
	check.Equal(t, "count", count(t, app, "reminder_rules", dbx.HashExp{"kind": "meeting_soon"}), 1)
}

func TestARuleOfOneProgrammeDoesNotReplaceTheDefaults(t *testing.T) {
	app, programme := realHub(t)
	defaults, err := app.FindAllRecords("reminder_rules")
	must(t, err)
	for _, rule := range defaults {
		must(t, app.Delete(rule))
	}
	save(t, app, "reminder_rules", map[string]any{
		"programme": programme.Id, "name": "Sendiri", "kind": "task_due", "anchor": "task.due_on", "audience": []string{"assignee"},
	})
	must(t, LoadDefaults(app))
	check.Equal(t, "count", count(t, app, "reminder_rules"), 15)
}
