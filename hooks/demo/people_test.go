package demo

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/testkit/check"
)

// nobodys is the one number in the files: it shows how somebody without an
// address is told over WhatsApp, and no subscriber has it.
const nobodys = "0812-0000-0000"

func TestPeople_List_Order(t *testing.T) {
	app := loadedApp(t)
	want := []struct{ title, email, role string }{
		{"Inisiator KOPI REHAT", "inisiator@example.org", "initiator"},
		{"Mitra KOPI REHAT", "puskesmas@example.org", "partner"},
		{"Mitra Rantang Tresna", "mitra.tabanan@example.org", "partner"},
		{"Administrator", "admin@example.org", "administrator"},
		{"Koordinator KOPI REHAT", "koordinator@example.org", "coordinator"},
		{"Inisiator Rantang Tresna", "inisiator.tabanan@example.org", "initiator"},
		{"Pengamat KOPI REHAT", "pengamat@example.org", "observer"},
	}
	people := People(app)
	if len(people) != len(want) {
		t.Fatalf("%d people, want %d", len(people), len(want))
	}
	for i, p := range people {
		if p.Title() != want[i].title || p.Email != want[i].email || p.Role != want[i].role || p.Name == "" {
			t.Errorf("%d: %s, %s, %s, %q", i, p.Title(), p.Email, p.Role, p.Name)
		}
	}
}

func TestPeople_Password_SignsIn(t *testing.T) {
	app := loadedApp(t)
	for _, p := range People(app) {
		collection := "users"
		if p.Role == "administrator" {
			collection = core.CollectionNameSuperusers
		}
		account, err := app.FindAuthRecordByEmail(collection, p.Email)
		must(t, err)
		check.That(t, account.Verified() && !account.GetBool("disabled") && account.ValidatePassword(p.Password), "%s cannot sign in", p.Email)
	}
}

func TestPeople_Roles_MembersAndContacts(t *testing.T) {
	app := loadedApp(t)
	for _, p := range People(app) {
		if p.Role == "administrator" {
			continue
		}
		user, err := app.FindAuthRecordByEmail("users", p.Email)
		must(t, err)
		programme, err := app.FindFirstRecordByData("programmes", "name", p.Programme)
		must(t, err)
		if p.Role == "partner" {
			check.That(t, speaksIn(t, app, user, programme), "%s speaks for no stakeholder of %s", p.Email, p.Programme)
			continue
		}
		member := dbx.HashExp{"user": user.Id, "programme": programme.Id, "role": p.Role}
		check.That(t, count(t, app, "memberships", member) == 1, "%s is not %s of %s", p.Email, p.Role, p.Programme)
	}
}

// speaksIn asks what memberships of partners are made from: a current contact of a stakeholder.
func speaksIn(t *testing.T, app core.App, user, programme *core.Record) bool {
	t.Helper()
	contact, err := app.FindFirstRecordByData("contacts", "user", user.Id)
	must(t, err)
	stakeholder := dbx.HashExp{"programme": programme.Id, "organisation": contact.GetString("organisation"), "ended_on": ""}
	return contact.GetString("until_on") == "" && count(t, app, "stakeholders", stakeholder) > 0
}

func TestPeople_Contacts_OnlyPartners(t *testing.T) {
	app := loadedApp(t)
	for key, want := range map[string]int64{
		"mitra-puskesmas": 1, "mitra-tabanan": 1,
		"inisiator": 0, "koordinator": 0, "pengamat": 0, "inisiator-tabanan": 0,
	} {
		check.Equal(t, key, count(t, app, "contacts", dbx.HashExp{"user": idOf("users", key)}), want)
	}
}

func TestPeople_ZonesAndPermissions(t *testing.T) {
	app := loadedApp(t)
	for key, want := range map[string]struct {
		zone   string
		create bool
	}{
		"inisiator":         {"Asia/Jakarta", true},
		"koordinator":       {"Asia/Jakarta", false},
		"mitra-puskesmas":   {"Asia/Jakarta", false},
		"pengamat":          {"Asia/Jakarta", false},
		"inisiator-tabanan": {"Asia/Makassar", true},
		"mitra-tabanan":     {"Asia/Makassar", false},
	} {
		user := find(t, app, "users", key)
		check.Equal(t, key, user.GetString("time_zone"), want.zone)
		check.Equal(t, key, user.GetBool("may_create_programmes"), want.create)
	}
}

func TestPeople_BeforeLoadAndAfterRemove_None(t *testing.T) {
	app, _ := realHub(t)
	check.Equal(t, "value", len(People(app)), 0)
	must(t, Load(app, loadDay))
	must(t, Remove(app))
	check.Equal(t, "value", len(People(app)), 0)
}

func TestPeople_Disabled_NotListed(t *testing.T) {
	app := loadedApp(t)
	user := find(t, app, "users", "pengamat")
	user.Set("disabled", true)
	must(t, app.Save(user))
	for _, p := range People(app) {
		check.That(t, p.Email != "pengamat@example.org", "a disabled person is listed")
	}
}

func TestPeople_Roles_Translated(t *testing.T) {
	for _, role := range []string{"initiator", "coordinator", "partner", "observer"} {
		for _, language := range lang.Languages {
			if word := lang.T(language, "example."+role, "programme", "X"); word == "⟦example."+role+"⟧" {
				t.Errorf("%s has no word in %s", role, language)
			}
		}
	}
}

// One contact has a telephone and no address, so that the demonstration shows
// what the team tells by hand: a message to it is due at once.
func TestPeople_WithoutEmail_One(t *testing.T) {
	app := loadedApp(t)
	found, err := app.FindAllRecords("contacts", dbx.HashExp{"email": ""})
	must(t, err)
	if len(found) != 1 || found[0].GetString("phone") == "" || !found[0].GetBool("focal_point") {
		t.Fatalf("%d contacts have no address", len(found))
	}
	organisation := dbx.HashExp{"organisation": found[0].GetString("organisation")}
	check.That(t, count(t, app, "tasks", organisation, dbx.In("state", "todo", "in_progress")) != 0, "nothing is open for it to be told of")
}

func TestLoadHolidays_Twice_Once(t *testing.T) {
	app := newApp(t)
	for range 2 {
		must(t, LoadHolidays(app))
	}
	for kind, want := range map[string]int64{"national_holiday": 17, "joint_leave": 8, "regional_holiday": 11} {
		check.Equal(t, kind, count(t, app, "holidays", dbx.HashExp{"kind": kind}), want)
	}
}

func TestLoadHolidays_Nyepi_BaliOnly(t *testing.T) {
	app := newApp(t)
	must(t, LoadHolidays(app))
	silent, err := app.FindAllRecords("holidays", dbx.HashExp{"no_mail": true})
	must(t, err)
	check.That(t, len(silent) == 1 && silent[0].GetString("on") == "2026-03-19" && silent[0].GetString("province") == "Bali", "silent days: %v", silent)
	check.Equal(t, "Nyepi is a national holiday", count(t, app, "holidays", dbx.HashExp{"on": "2026-03-19", "kind": "national_holiday", "province": ""}), 1)
}

func TestLoadHolidays_Regional_NameProvince(t *testing.T) {
	app := newApp(t)
	must(t, LoadHolidays(app))
	days, err := app.FindAllRecords("holidays")
	must(t, err)
	for _, day := range days {
		regional := day.GetString("kind") == "regional_holiday"
		province := day.GetString("province")
		check.That(t, regional == slices.Contains(clock.Provinces, province), "%s %s: %s in %q", day.GetString("on"), day.GetString("name"), day.GetString("kind"), province)
	}
}

func TestLoadHolidays_Weekdays_Agree(t *testing.T) {
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
		check.That(t, len(days) != 0, "there is no %s", name)
	}
}

func TestLoadHolidays_YearBegun_Unchanged(t *testing.T) {
	app := newApp(t)
	save(t, app, "holidays", map[string]any{"on": "2026-08-17", "name": "Tujuh belasan", "kind": "national_holiday"})
	must(t, LoadHolidays(app))
	check.Equal(t, "count", count(t, app, "holidays"), 1)
}

func TestLoadHolidays_OtherYear_Loaded(t *testing.T) {
	app := newApp(t)
	save(t, app, "holidays", map[string]any{"on": "2027-01-01", "name": "Tahun Baru Masehi", "kind": "national_holiday"})
	must(t, LoadHolidays(app))
	check.Equal(t, "count", count(t, app, "holidays"), 37)
}

func TestLoadDefaults_Rules_Once(t *testing.T) {
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
func TestLoadDefaults_OldDatabase_AddsNewKinds(t *testing.T) {
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
func TestLoadDefaults_Urgent_Immediate(t *testing.T) {
	app := newApp(t)
	must(t, LoadDefaults(app))
	rules, err := app.FindAllRecords("reminder_rules")
	must(t, err)
	urgent := []string{"meeting_invite", "meeting_soon", "contribution_revision"}
	for _, rule := range rules {
		kind := rule.GetString("kind")
		want := !slices.Contains(urgent, kind) && !(kind == "task_due" && rule.GetInt("offset_days") == 0)
		check.That(t, rule.GetBool("digest") == want, "%s, %d days: digest is %v", kind, rule.GetInt("offset_days"), !want)
	}
}

func TestLoadDefaults_RuleSwitchedOff_StaysOff(t *testing.T) {
	app := newApp(t)
	must(t, LoadDefaults(app))
	rule, err := app.FindFirstRecordByData("reminder_rules", "kind", "meeting_soon")
	must(t, err)
	rule.Set("active", false)
	must(t, app.Save(rule))
	must(t, LoadDefaults(app))
	check.Equal(t, "count", count(t, app, "reminder_rules", dbx.HashExp{"kind": "meeting_soon"}), 1)
}

func TestLoadDefaults_ProgrammeRule_DefaultsLoaded(t *testing.T) {
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

func TestIdOf_Keys_StableDistinctValid(t *testing.T) {
	if again := idOf("users", "inisiator"); again != idOf("users", "inisiator") || again == idOf("contacts", "inisiator") {
		t.Error("an id must depend on the collection and the key only")
	}
	valid := regexp.MustCompile(`^ex[a-z0-9]{13}$`)
	seen := map[string]string{}
	for collection, entries := range all(t) {
		for _, e := range entries {
			id := idOf(collection, e.key())
			if !valid.MatchString(id) {
				t.Errorf("%s %s has the id %q", collection, e.key(), id)
			}
			if other, twice := seen[id]; twice && collection != "sign_in" {
				t.Errorf("%s %s and %s share an id", collection, e.key(), other)
			}
			seen[id] = collection + " " + e.key()
		}
	}
}

func TestValues_CountedDays_Parsed(t *testing.T) {
	l := loader{now: loadDay} // a Wednesday
	for _, c := range []struct{ written, want string }{
		{"2023-11-01", "2023-11-01"},
		{"+0", "2026-11-18"},
		{"+1", "2026-11-19"},
		{"+3", "2026-11-23"}, // Saturday becomes Monday
		{"+4", "2026-11-23"},
		{"-1", "2026-11-17"},
		{"-3", "2026-11-13"}, // Sunday becomes Friday
		{"-4", "2026-11-13"},
	} {
		got, err := l.day(c.written, "Asia/Jakarta")
		check.That(t, err == nil && got == c.want, "%s: %s, %v; want %s", c.written, got, err, c.want)
	}
	for _, wrong := range []string{"", "+", "+soon", "2026-02-31"} {
		if day, err := l.day(wrong, "Asia/Jakarta"); err == nil {
			t.Errorf("%q was read as %s", wrong, day)
		}
	}
}

func TestValues_LoadDay_Local(t *testing.T) {
	l := loader{now: time.Date(2026, 11, 17, 16, 30, 0, 0, time.UTC)} // 23.30 in Jakarta, 00.30 in Tabanan
	jakarta, _ := l.day("+0", "Asia/Jakarta")
	tabanan, _ := l.day("+0", "Asia/Makassar")
	check.Same(t, "fields", []string{jakarta, tabanan}, []string{"2026-11-17", "2026-11-18"})
}

func TestValues_Instants_Local(t *testing.T) {
	l := loader{now: loadDay}
	at, err := l.instant("2024-03-04 09:00", "Asia/Makassar")
	check.That(t, err == nil && at.Equal(time.Date(2024, 3, 4, 1, 0, 0, 0, time.UTC)), "%v, %v", at, err)
	for _, wrong := range []string{"2024-03-04", "kemarin 09:00", "+1 25:00"} {
		if at, err := l.instant(wrong, "Asia/Jakarta"); err == nil {
			t.Errorf("%q was read as %v", wrong, at)
		}
	}
}

func TestValues_DaysInText_DayFirst(t *testing.T) {
	l := loader{now: loadDay}
	got, err := l.withDays("rapat ({+1}) dan {sisanya} ({-1})", "Asia/Jakarta")
	check.That(t, err == nil && got == "rapat (19/11/2026) dan {sisanya} (17/11/2026)", "%q, %v", got, err)
}

func TestValues_Invalid_Named(t *testing.T) {
	app := newApp(t)
	stages, err := app.FindCollectionByNameOrId("stages")
	must(t, err)
	for want, wrong := range map[string]entry{
		`no field "colour"`:         {"key": "x", "colour": "red"},
		`programmes has no "never"`: {"key": "x", "name": "X", "programme": "never"},
	} {
		l := loader{app: app, all: all(t), now: loadDay}
		if err := l.load(stages, wrong); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
	check.Equal(t, "count", count(t, app, "stages"), 0)
}

func TestValues_Zone_OwnThenProgramme(t *testing.T) {
	l := loader{zones: zonesOf(all(t))}
	for want, e := range map[string]entry{
		"Asia/Jayapura": {"time_zone": "Asia/Jayapura", "programme": "kata-hati"},
		"Asia/Makassar": {"programme": "kata-hati"},
		"Asia/Jakarta":  {"meeting": "koordinasi-lalu"},
	} {
		check.Equal(t, fmt.Sprint(e), l.zone(e), want)
	}
}
