package demo

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/clock"

	"simpul/hooks/testkit/check"
)

func TestProgrammesHaveTheirKeyAsSlugAndTheZoneOfTheirPlace(t *testing.T) {
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
		if p.GetString("kind") != want.kind || p.GetString("time_zone") != want.zone || p.GetString("owner") != idOf("organisations", want.owner) {
			t.Errorf("%s: %s in %s", slug, p.GetString("kind"), p.GetString("time_zone"))
		}
	}
	check.Equal(t, "Rantang Tresna is not part of KOPI KENTAL NIKMAT", find(t, app, "programmes", "rantang-tresna").GetString("parent"), idOf("programmes", "kopi-kental-nikmat"))
}

func TestKopiRehatHasSixteenStakeholdersAndNoMedia(t *testing.T) {
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

func TestRantangTresnaHasFourStagesInOrder(t *testing.T) {
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

func TestPastContributionsAreVerifiedInFullAndCountOnceUnderTheGiver(t *testing.T) {
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
		if c.GetString("unit") != want.unit || c.GetString("review_status") != "verified" || c.GetString("value_basis") != "not_valued" {
			t.Errorf("%s: %s, %s, %s", key, c.GetString("unit"), c.GetString("review_status"), c.GetString("value_basis"))
		}
	}
}

func orgKey(key string) string {
	if key == "" {
		return ""
	}
	return idOf("organisations", key)
}

func TestPastEventsAreHeldMeetingsAtLocalTime(t *testing.T) {
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
		if got != want || m.GetString("status") != "held" {
			t.Errorf("%s: %s, %s", key, got, m.GetString("status"))
		}
	}
}

func TestIndicatorsKnowTheirBaseline(t *testing.T) {
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
