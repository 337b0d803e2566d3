package demo

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/testkit/check"
)

func TestLoad_EmptyDatabase_AllRecords(t *testing.T) {
	app := loadedApp(t)
	for collection, want := range map[string]int64{
		"programmes": 12, "organisations": 34, "users": 6, core.CollectionNameSuperusers: 1,
		"stages": 11, "stakeholders": 50, "indicators": 23, "contributions": 14, "meetings": 11, "minutes": 1, "tasks": 11,
	} {
		check.Equal(t, collection, count(t, app, collection), want)
	}
	check.Equal(t, "count", count(t, app, "programmes", dbx.HashExp{"example": true}), 12)
	check.Equal(t, "count", count(t, app, "organisations", dbx.HashExp{"example": true}), 34)
}

func TestLoad_Twice_Unchanged(t *testing.T) {
	app := loadedApp(t)
	task := find(t, app, "tasks", "skrining")
	task.Set("title", "Judul dari pemakai")
	must(t, app.Save(task))
	before := rows(t, app)
	must(t, Load(app, loadDay.Add(48*time.Hour)))
	check.Same(t, "rows before", before, rows(t, app))
	check.Equal(t, "loading again overwrote a title", find(t, app, "tasks", "skrining").GetString("title"), "Judul dari pemakai")
}

func TestLoad_RecordRefused_RolledBack(t *testing.T) {
	app := newApp(t)
	before := rows(t, app)
	app.OnRecordCreate("contributions").BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("item") == "Paket makanan" {
			return errRefused
		}
		return e.Next()
	})
	if err := Load(app, loadDay); err == nil || !strings.Contains(err.Error(), "baru-rantang") {
		t.Errorf("the error should name the record, got %v", err)
	}
	check.Same(t, "rows before", before, rows(t, app))
}

func TestLoad_Programmes_SlugAndZone(t *testing.T) {
	app := loadedApp(t)
	for slug, want := range map[string]struct{ kind, zone, owner string }{
		"kopi-rehat":              {"change_action", "Asia/Jakarta", "pps-margo-widodo"},
		"putar-palimar":           {"change_action", "Asia/Jakarta", "dinsos-jateng"},
		"pikir-peka":              {"change_action", "Asia/Jakarta", "dinsos-jateng"},
		"kata-hati":               {"regional_innovation", "Asia/Makassar", "dinsos-p3a-tabanan"},
		"kopi-kental-nikmat":      {"regional_innovation", "Asia/Makassar", "dinsos-p3a-tabanan"},
		"rantang-tresna":          {"regional_innovation", "Asia/Makassar", "dinsos-p3a-tabanan"},
		"surabaya-ppks":           {"good_practice", "Asia/Jakarta", "dinsos-surabaya"},
		"atensi":                  {"national_programme", "Asia/Jakarta", "ditjen-rehsos"},
		"ska":                     {"national_programme", "Asia/Jakarta", "ditjen-rehsos"},
		"rumah-hebat-disabilitas": {"regional_innovation", "Asia/Jakarta", "dinsos-pasuruan"},
		"shelter-pasuruan":        {"service", "Asia/Jakarta", "dinsos-pasuruan"},
		"rumah-terapi-pasuruan":   {"service", "Asia/Jakarta", "dinsos-pasuruan"},
	} {
		p, err := app.FindFirstRecordByData("programmes", "slug", slug)
		must(t, err)
		check.Same(t, slug, []string{p.GetString("kind"), p.GetString("time_zone"), p.GetString("owner")}, []string{want.kind, want.zone, idOf("organisations", want.owner)})
	}
	check.Equal(t, "Rantang Tresna is not part of KOPI KENTAL NIKMAT", find(t, app, "programmes", "rantang-tresna").GetString("parent"), idOf("programmes", "kopi-kental-nikmat"))
}

func TestLoad_KopiRehat_SixteenStakeholdersNoMedia(t *testing.T) {
	app := loadedApp(t)
	stakeholders, err := app.FindAllRecords("stakeholders", dbx.HashExp{"programme": idOf("programmes", "kopi-rehat")})
	must(t, err)
	helices := map[string]int{}
	for _, s := range stakeholders {
		helix := s.GetString("helix")
		if helix == "" {
			organisation, err := app.FindRecordById("organisations", s.GetString("organisation"))
			must(t, err)
			helix = organisation.GetString("helix")
		}
		helices[helix]++
	}
	want := map[string]int{"government": 11, "university": 1, "business": 1, "community": 3}
	check.Same(t, "helices", helices, want)
	unnamed := find(t, app, "organisations", "dunia-usaha-semarang").GetString("subtype")
	check.Equal(t, "the business helix should not be named yet", unnamed, "business_group_unnamed")
}

func TestLoad_RantangTresna_FourStages(t *testing.T) {
	app := loadedApp(t)
	stages, err := app.FindRecordsByFilter("stages", "programme = {:p}", "position", 0, 0, dbx.Params{"p": idOf("programmes", "rantang-tresna")})
	must(t, err)
	names := []string{}
	for _, stage := range stages {
		names = append(names, stage.GetString("name"))
	}
	want := "Rantang 1 – Asesmen|Rantang 2 – Home visit|Rantang 3 – Home care|Rantang 4 – Caregiver"
	check.Equal(t, "stages", strings.Join(names, "|"), want)
}

func TestLoad_PastContributions_Verified(t *testing.T) {
	app := loadedApp(t)
	for key, want := range map[string]struct {
		giver, channel, receiver, unit string
		quantity                       float64
	}{
		"laptop":                    {"kemensos", "", "ditjen-rehsos", "unit", 162},
		"printer":                   {"kemensos", "", "ditjen-rehsos", "unit", 129},
		"scanner":                   {"kemensos", "", "ditjen-rehsos", "unit", 51},
		"pc":                        {"kemensos", "", "ditjen-rehsos", "unit", 32},
		"baju-perempuan":            {"puls-trading", "kemensos", "ditjen-rehsos", "piece", 5317},
		"aula-sosialisasi":          {"pps-margo-widodo", "", "", "activity", 1},
		"berita-antara":             {"antara-jatim", "", "", "news_item", 1},
		"berbagi-praktik-tabanan":   {"dinsos-p3a-tabanan", "", "dinsos-pasuruan", "session", 1},
		"berbagi-praktik-mahatmiya": {"sentra-mahatmiya", "", "dinsos-pasuruan", "session", 1},
	} {
		c := find(t, app, "contributions", key)
		organisations := [3]string{orgKey(want.giver), orgKey(want.channel), orgKey(want.receiver)}
		check.Equal(t, key+": wrong giver, channel or receiver", [3]string{c.GetString("contributor"), c.GetString("channelled_through"), c.GetString("recipient")}, organisations)
		for _, field := range []string{"quantity", "received_quantity", "verified_quantity"} {
			if c.GetFloat(field) != want.quantity {
				t.Errorf("%s: %s is %v, want %v", key, field, c.GetFloat(field), want.quantity)
			}
		}
		check.Same(t, key, []string{c.GetString("unit"), c.GetString("review_status"), c.GetString("value_basis")}, []string{want.unit, "verified", "not_valued"})
	}
}

func orgKey(key string) string {
	if key == "" {
		return ""
	}
	return idOf("organisations", key)
}

func TestLoad_PastMeetings_HeldAtLocalTime(t *testing.T) {
	app := loadedApp(t)
	for key, want := range map[string]string{
		"rakornis-2021":          "technical_coordination 2021-03-25 09:00 WIB",
		"kunjungan-surabaya":     "study_visit 2023-09-27 09:00 WIB",
		"kopi-rehat-sosialisasi": "socialisation 2023-11-01 09:00 WIB",
		"kopi-rehat-peluncuran":  "launch 2023-11-06 09:00 WIB",
		"kunjungan-mahatmiya":    "study_visit 2024-03-04 09:00 WITA",
		"kunjungan-tabanan":      "study_visit 2024-03-04 13:00 WITA",
	} {
		m := find(t, app, "meetings", key)
		zone := m.GetString("time_zone")
		got := fmt.Sprintf("%s %s %s", m.GetString("kind"), local(t, m, "starts_at", zone), clock.Abbreviation(zone))
		check.Equal(t, key, got, want)
		check.Equal(t, key, m.GetString("status"), "held")
	}
}

func TestLoad_Indicators_Baseline(t *testing.T) {
	app := loadedApp(t)
	for key, want := range map[string]float64{
		"kr-dilayani": 220, "kr-eks-psikotik": 160, "kr-resosialisasi": 8, "kr-daftar-tunggu": 30,
		"kh-odgj": 18, "kk-bebas-pasung": 2018, "sb-rendah": 300, "sb-tinggi": 1000, "at-umum": 100, "at-maks": 200,
		"sk-pengunjung-pangudi": 3465, "sk-laba-pangudi": 28_400_000, "sk-pengunjung-kartini": 1710,
		"sk-omzet-kartini": 67_000_000, "sk-laba-kartini": 12_400_000, "sk-batik": 187, "sp-lama": 14,
	} {
		indicator := find(t, app, "indicators", key)
		if indicator.GetFloat("baseline") != want || indicator.GetString("baseline_source") == "" {
			t.Errorf("%s: %v from %q", key, indicator.GetFloat("baseline"), indicator.GetString("baseline_source"))
		}
		if values := count(t, app, "indicator_values", dbx.HashExp{"indicator": indicator.Id}); values == 0 {
			t.Errorf("%s has no value", key)
		}
	}
}

func TestLoad_RecentContributions_EveryState(t *testing.T) {
	app := loadedApp(t)
	states := map[string]int{}
	recent, err := app.FindRecordsByFilter("contributions", "given_on >= '2026-01-01'", "", 0, 0)
	must(t, err)
	for _, c := range recent {
		state := c.GetString("review_status")
		states[state]++
		if local(t, c, "submitted_at", "Asia/Jakarta")[:10] != c.GetString("given_on") || local(t, c, "created", "Asia/Jakarta")[:10] != c.GetString("given_on") {
			t.Errorf("%s was submitted %s, given %s", c.GetString("item"), c.GetString("submitted_at"), c.GetString("given_on"))
		}
		if state != "verified" && c.GetFloat("verified_quantity")+c.GetFloat("received_quantity") != 0 {
			t.Errorf("%s is %s and has verified quantities", c.GetString("item"), state)
		}
		check.That(t, state != "needs_revision" || c.GetString("review_note") != "", "%s was sent back without a reason", c.GetString("item"))
	}
	check.Same(t, "states", states, map[string]int{"submitted": 3, "verified": 1, "needs_revision": 1})
}

func TestLoad_Tasks_EveryState(t *testing.T) {
	app := loadedApp(t)
	tasks, err := app.FindAllRecords("tasks", dbx.HashExp{"programme": idOf("programmes", "kopi-rehat")})
	must(t, err)
	today := clock.Day(loadDay, "Asia/Jakarta")
	found := map[string]int{}
	for _, task := range tasks {
		days := clock.DaysBetween(today, task.GetString("due_on"))
		state := task.GetString("state")
		switch {
		case state == "done" || state == "waiting":
			found[state]++
		case days < 0:
			found["late"]++
		case days <= 3:
			found["soon"]++
		default:
			found["later"]++
		}
	}
	check.Same(t, "tasks", found, map[string]int{"late": 2, "soon": 2, "later": 2, "waiting": 1, "done": 1})
	past, coming := find(t, app, "meetings", "koordinasi-lalu"), find(t, app, "meetings", "koordinasi-nanti")
	if !past.GetDateTime("starts_at").Time().Before(loadDay) || !coming.GetDateTime("starts_at").Time().After(loadDay) {
		t.Errorf("meetings at %s and %s", past.GetString("starts_at"), coming.GetString("starts_at"))
	}
	check.That(t, coming.GetString("agenda") != "" && coming.GetString("status") == "scheduled", "the coming meeting has no agenda or is not scheduled")
}

func TestLoad_Minutes_DecisionsAndActionItems(t *testing.T) {
	app := loadedApp(t)
	minutes := find(t, app, "minutes", "koordinasi-lalu")
	body := minutes.GetString("body")
	// Three days after Wednesday 18 November is a Saturday, so Monday it is.
	check.Contains(t, "body", body, "KEPUTUSAN: ", "- [ ] @Puskesmas Tambakaji: jadwal kunjungan rumah bersama (23/11/2026)")
	check.Lacks(t, "minutes", body, "{")
	check.Equal(t, "minutes", minutes.GetString("status"), "circulated")
	for _, line := range strings.Split(body, "\n") {
		_, said, isAction := strings.Cut(line, "- [ ] @")
		name, _, _ := strings.Cut(said, ":")
		check.That(t, !isAction || count(t, app, "organisations", dbx.HashExp{"name": name}) == 1, "no organisation is called %q", name)
	}
}

func TestLoad_AnyWeekday_DatesInOrder(t *testing.T) {
	for i := range 7 {
		now := loadDay.AddDate(0, 0, i)
		l := loader{all: all(t), now: now}
		for _, e := range l.all["tasks"] {
			day, err := l.day(e.text("due_on"), "Asia/Jakarta")
			must(t, err)
			wantLate := strings.HasPrefix(e.text("due_on"), "-")
			if late := day < clock.Day(now, "Asia/Jakarta"); late != wantLate || !clock.IsWorkday(day) {
				t.Errorf("loaded on %s, %s is due %s", now.Weekday(), e.key(), day)
			}
		}
	}
}

func TestLoad_InventedFigures_Marked(t *testing.T) {
	app := loadedApp(t)
	facts := dbx.NewExp("[[on]] < '2026-01-01'")
	check.Equal(t, "count", count(t, app, "indicator_values", facts, dbx.HashExp{"source": "Angka contoh"}), 0)
	check.Equal(t, "value", count(t, app, "indicator_values", dbx.Not(facts), dbx.NewExp("[[source]] != 'Angka contoh'")), 0)
	check.Equal(t, "the waiting list", count(t, app, "indicator_values", dbx.HashExp{"indicator": idOf("indicators", "kr-daftar-tunggu")}), 4)
}

func TestLoad_ComingMeetings_HaveAttendees(t *testing.T) {
	app := loadedApp(t)
	for _, key := range []string{"koordinasi-nanti", "rantang-nanti"} {
		invited, err := app.FindAllRecords("attendances", dbx.HashExp{"meeting": idOf("meetings", key)})
		must(t, err)
		check.That(t, len(invited) >= 3, "%s has %d people invited", key, len(invited))
		for _, a := range invited {
			contact, err := app.FindRecordById("contacts", a.GetString("contact"))
			must(t, err)
			check.That(t, contact.GetString("email") != "" || contact.GetString("phone") != "", "%s cannot be reached", contact.GetString("name"))
		}
	}
}

func TestLoad_Attendances_Consistent(t *testing.T) {
	app := loadedApp(t)
	attendances, err := app.FindAllRecords("attendances")
	must(t, err)
	for _, a := range attendances {
		meeting, err := app.FindRecordById("meetings", a.GetString("meeting"))
		must(t, err)
		stakeholder, err := app.FindRecordById("stakeholders", a.GetString("stakeholder"))
		must(t, err)
		check.Equal(t, a.GetString("name")+" attends a meeting of another programme", meeting.GetString("programme"), stakeholder.GetString("programme"))
		if a.GetString("contact") == "" {
			continue
		}
		contact, err := app.FindRecordById("contacts", a.GetString("contact"))
		must(t, err)
		check.Equal(t, a.GetString("name")+" attends for another organisation", contact.GetString("organisation"), stakeholder.GetString("organisation"))
	}
}
