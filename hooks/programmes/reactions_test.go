package programmes_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// begun makes a programme over the API as somebody who may start one.
func begun(w *testkit.World, fields map[string]any) *testkit.Response {
	w.Helper()
	body := map[string]any{"name": "Rumah Teduh", "owner": w.Agency.Id}
	for name, value := range fields {
		body[name] = value
	}
	return w.As(w.Initiator).API(http.MethodPost, "/api/collections/programmes/records", body)
}

func TestAnAddressIsMadeOfTheName(t *testing.T) {
	w := testkit.New(t)
	cases := []struct{ name, slug string }{
		{"Rumah Teduh", "rumah-teduh"},
		{"Rumah Teduh", "rumah-teduh-2"},
		{"  RUMAH — teduh! ", "rumah-teduh-3"},
		{"Jum'at Berkah", "jumat-berkah"},
		{"Ásri & Lestari 2026", "asri-lestari-2026"},
		{"!!!", "program"},
		{"New", "new-2"},
		{strings.Repeat("panjang ", 20), strings.TrimSuffix(strings.Repeat("panjang-", 9), "-")[:69]},
	}
	for _, c := range cases {
		r := w.Make("programmes", "name", c.name, "owner", w.Agency.Id)
		if got := r.GetString("slug"); got != c.slug {
			t.Errorf("%q got the address %q, want %q", c.name, got, c.slug)
		}
	}
}

func TestAnAddressThatMeansAnotherPageIsRefused(t *testing.T) {
	w := testkit.New(t)
	answer := begun(w, map[string]any{"slug": "new"}).Want(400)
	if !strings.Contains(answer.Body, `"slug"`) {
		t.Error("the field is not named:", answer.Body)
	}
}

func TestTheZoneFollowsTheProvince(t *testing.T) {
	w := testkit.New(t)
	cases := []struct{ province, chosen, zone, stored string }{
		{"Jawa Tengah", "", "Asia/Jakarta", "Jawa Tengah"},
		{"bali", "", "Asia/Makassar", "Bali"},
		{" Papua Barat ", "", "Asia/Jayapura", "Papua Barat"},
		{"", "", "Asia/Jakarta", ""},
		{"Bali", "Asia/Jakarta", "Asia/Jakarta", "Bali"},
	}
	for _, c := range cases {
		r := w.Make("programmes", "name", "Uji", "owner", w.Agency.Id, "province", c.province, "time_zone", c.chosen)
		if r.GetString("time_zone") != c.zone || r.GetString("province") != c.stored {
			t.Errorf("%q with %q: zone %q, province %q", c.province, c.chosen, r.GetString("time_zone"), r.GetString("province"))
		}
	}
}

func TestAProgrammeThatMovesTakesTheNewZoneUnlessItsOwnWasChosen(t *testing.T) {
	w := testkit.New(t)
	followed := w.Fresh(w.Make("programmes", "name", "Ikut", "owner", w.Agency.Id, "province", "Jawa Tengah"))
	followed.Set("province", "Bali")
	chosen := w.Fresh(w.Make("programmes", "name", "Sendiri", "owner", w.Agency.Id, "province", "Jawa Tengah",
		"time_zone", "Asia/Jayapura"))
	chosen.Set("province", "Bali")
	for _, r := range []*core.Record{followed, chosen} {
		check.NoError(t, w.App.Save(r))
	}
	check.Equal(t, "zone", w.Fresh(followed).GetString("time_zone"), "Asia/Makassar")
	check.Equal(t, "chosen zone", w.Fresh(chosen).GetString("time_zone"), "Asia/Jayapura")
}

func TestWhatNoProgrammeCanBeIsRefusedAtItsField(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("programmes")
	cases := []struct {
		field string
		body  map[string]any
	}{
		{"province", map[string]any{"province": "Atlantis"}},
		{"ends_on", map[string]any{"starts_on": "2026-05-02", "ends_on": "2026-05-01"}},
		{"starts_on", map[string]any{"starts_on": "2026-02-30"}},
		{"ends_on", map[string]any{"ends_on": "besok"}},
		{"owner", map[string]any{"owner": ""}},
		{"owner", map[string]any{"owner": "tidakadaxxxxxxx"}},
		{"name", map[string]any{"name": "   "}},
		{"name", map[string]any{"name": strings.Repeat("x", 201)}},
		{"name", map[string]any{"name": "Warga 3374011203990001"}},
		{"time_zone", map[string]any{"time_zone": "Europe/Paris"}},
		{"status", map[string]any{"status": "sudah"}},
		{"slug", map[string]any{"slug": "kopi"}},
	}
	for _, c := range cases {
		answer := begun(w, c.body)
		data, _ := answer.JSON()["data"].(map[string]any)
		if answer.Status != 400 || data[c.field] == nil {
			t.Errorf("%v: %d %s", c.body, answer.Status, answer.Body)
		}
	}
	check.Equal(t, "a refused programme was kept", w.Count("programmes"), before)
}

func TestASameDayProgrammeIsAccepted(t *testing.T) {
	w := testkit.New(t)
	begun(w, map[string]any{"starts_on": "2026-05-02", "ends_on": "2026-05-02"}).Want(200)
}

func TestAProgrammeStartsWhereItsFirstDaySays(t *testing.T) {
	w := testkit.New(t)
	cases := []struct{ begins, status, want string }{
		{"2026-01-01", "", "active"},
		{"2026-11-23", "", "active"},
		{"2026-11-24", "", "planning"},
		{"", "", "planning"},
		{"2026-01-01", "draft", "draft"},
	}
	for _, c := range cases {
		r := w.Make("programmes", "name", "Uji", "owner", w.Agency.Id, "starts_on", c.begins, "status", c.status)
		if got := r.GetString("status"); got != c.want {
			t.Errorf("begins %q, status %q: got %q, want %q", c.begins, c.status, got, c.want)
		}
	}
}

func TestWhoStartsAProgrammeLeadsItAndTheOwnerTakesPart(t *testing.T) {
	w := testkit.New(t)
	id, _ := begun(w, nil).Want(200).JSON()["id"].(string)
	lead := w.Only("memberships", "programme", id)
	if lead.GetString("user") != w.Initiator.Id || lead.GetString("role") != "initiator" {
		t.Errorf("membership of %s as %s", lead.GetString("user"), lead.GetString("role"))
	}
	first := w.Only("stakeholders", "programme", id)
	if first.GetString("organisation") != w.Agency.Id || first.GetString("joined_on") != "2026-11-23" {
		t.Errorf("first stakeholder %s since %s", first.GetString("organisation"), first.GetString("joined_on"))
	}
}

func TestAnAdministratorStartsAProgrammeForOthersToLead(t *testing.T) {
	w := testkit.New(t)
	made := w.As(w.Administrator).API(http.MethodPost, "/api/collections/programmes/records",
		map[string]any{"name": "Titipan", "owner": w.Agency.Id}).Want(200)
	id, _ := made.JSON()["id"].(string)
	w.Only("stakeholders", "programme", id)
	n, err := w.App.CountRecords("memberships", dbx.HashExp{"programme": id})
	if err != nil || n != 0 {
		t.Errorf("%d memberships, %v", n, err)
	}
}

func TestANewOwnerTakesPartAndTheOldOneStays(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("stakeholders")
	w.As(w.Initiator).API(http.MethodPatch, "/api/collections/programmes/records/"+w.Kopi.Id,
		map[string]any{"owner": w.Bali.Id}).Want(200)
	if got := w.Count("stakeholders"); got != before+1 {
		t.Errorf("%d stakeholders, want one more than %d", got, before)
	}
	w.As(w.Initiator).API(http.MethodPatch, "/api/collections/programmes/records/"+w.Kopi.Id,
		map[string]any{"owner": w.Agency.Id}).Want(200)
	check.Equal(t, "going back made another stakeholder", w.Count("stakeholders"), before+1)
}

func TestWithoutThePermissionNobodyStartsAProgramme(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("programmes")
	for _, person := range []string{"coordinator", "partner", "outsider"} {
		c := w.As(w.Only("users", "email", person+"@example.org"))
		c.API(http.MethodPost, "/api/collections/programmes/records",
			map[string]any{"name": "Diam-diam", "owner": w.Agency.Id}).Want(400)
	}
	if w.Count("programmes") != before || w.Count("organisations") != 6 {
		t.Error("a refused start left something behind")
	}
}
