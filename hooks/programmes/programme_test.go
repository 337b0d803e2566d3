package programmes_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// entered is a programme as somebody meets it.
func entered(w *testkit.World, person, programme *core.Record) *programmes.Programme {
	w.Helper()
	p := check.Must(programmes.ByID(access.As(w.App, person), programme.Id))
	return p
}

func TestProgramme_Place_Text(t *testing.T) {
	w := testkit.New(t)
	cases := []struct{ regency, province, place string }{
		{"Kota Semarang", "Jawa Tengah", "Kota Semarang, Jawa Tengah"},
		{"", "Bali", "Bali"},
		{"Tabanan", "", "Tabanan"},
		{"", "", ""},
	}
	for _, c := range cases {
		r := w.Make("programmes", "name", "Uji", "owner", w.Agency.Id, "regency", c.regency, "province", c.province)
		if got := entered(w, w.Administrator, r).Place(); got != c.place {
			t.Errorf("%q in %q is at %q", c.regency, c.province, got)
		}
	}
}

func TestProgramme_Period_BothLanguages(t *testing.T) {
	w := testkit.New(t)
	cases := []struct{ from, to, id, en string }{
		{"2026-01-05", "2026-12-31", "5 Jan 2026–31 Des 2026", "5 Jan 2026–31 Dec 2026"},
		{"2026-01-05", "", "Sejak 5 Jan 2026", "Since 5 Jan 2026"},
		{"", "2026-12-31", "Sampai 31 Des 2026", "Until 31 Dec 2026"},
		{"", "", "", ""},
	}
	for _, c := range cases {
		r := w.Make("programmes", "name", "Uji", "owner", w.Agency.Id, "starts_on", c.from, "ends_on", c.to)
		p := entered(w, w.Administrator, r)
		if p.Period("id") != c.id || p.Period("en") != c.en {
			t.Errorf("%s to %s: %q, %q", c.from, c.to, p.Period("id"), p.Period("en"))
		}
	}
}

func TestProgramme_NoZone_ZoneOfProvince(t *testing.T) {
	w := testkit.New(t)
	p := entered(w, w.BaliInitiator, w.Rantang)
	p.Set("time_zone", "")
	check.Equal(t, "zone", p.Zone(), "Asia/Makassar")
}

func TestByID_EachPerson_OnlyMembers(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.BaliInitiator, w.BaliPartner, w.Outsider, w.Disabled, nil} {
		if _, err := programmes.ByID(access.As(w.App, person), w.Kopi.Id); !errors.Is(err, access.ErrRefused) {
			t.Errorf("got in: %v", err)
		}
	}
	if _, err := programmes.ByID(access.As(w.App, w.Initiator), "tidakadaxxxxxxx"); !errors.Is(err, access.ErrRefused) {
		t.Error("a programme that does not exist:", err)
	}
}

func TestProgramme_Roles_OfReader(t *testing.T) {
	w := testkit.New(t)
	cases := []struct {
		who   *core.Record
		roles access.Roles
	}{
		{w.Initiator, access.Roles{Team: true, Initiator: true}},
		{w.Coordinator, access.Roles{Team: true}},
		{w.Observer, access.Roles{Observer: true}},
		{w.Partner, access.Roles{Partner: true, Organisations: []string{w.Puskesmas.Id}}},
		{w.Administrator, access.Roles{Team: true, Initiator: true}},
	}
	for _, c := range cases {
		got := entered(w, c.who, w.Kopi).Roles
		if got.Team != c.roles.Team || got.Initiator != c.roles.Initiator || got.Observer != c.roles.Observer ||
			got.Partner != c.roles.Partner || strings.Join(got.Organisations, ",") != strings.Join(c.roles.Organisations, ",") {
			t.Errorf("%s: %+v, want %+v", c.who.GetString("name"), got, c.roles)
		}
	}
}

func TestTabs_EachReader_OnlyAllowed(t *testing.T) {
	w := testkit.New(t)
	everybody := "Ringkasan /programmes/kopi; Pemangku kepentingan /programmes/kopi/stakeholders; Tugas /programmes/kopi/tasks; " +
		"Rapat /programmes/kopi/meetings; Kontribusi /programmes/kopi/contributions"
	running := everybody + "; Pengingat /programmes/kopi/reminders; Tim /programmes/kopi/team"
	cases := []struct {
		who  *core.Record
		want string
	}{
		{w.Initiator, running}, {w.Coordinator, running}, {w.Observer, running}, {w.Administrator, running},
		{w.Partner, everybody}, {w.OtherPartner, everybody},
	}
	for _, c := range cases {
		said := []string{}
		for _, tab := range entered(w, c.who, w.Kopi).Tabs("tasks", "id").Items {
			said = append(said, tab.Label+" "+tab.URL)
			check.Equal(t, tab.Label+" is current", tab.Current, strings.HasSuffix(tab.URL, "/tasks"))
		}
		check.Equal(t, c.who.GetString("name")+" sees", strings.Join(said, "; "), c.want)
	}
	english := entered(w, w.Partner, w.Kopi).Tabs("overview", "en")
	check.That(t, english.Label == "Parts of the programme" && english.Items[0].Label == "Overview" && english.Items[0].Current, "%+v", english)
}

func TestCrumbs_Programme_LeadBack(t *testing.T) {
	w := testkit.New(t)
	crumbs := entered(w, w.Partner, w.Kopi).Crumbs("id")
	check.That(t, len(crumbs) == 2 && crumbs[0].URL == "/programmes" && crumbs[1].Label == "KOPI REHAT" && crumbs[1].URL == "/programmes/kopi", "%+v", crumbs)
}

func TestStatusBadge_EachStatus_LabelAndColour(t *testing.T) {
	w := testkit.New(t)
	cases := []struct{ status, text, kind string }{
		{"draft", "Draf", "plain"}, {"planning", "Perencanaan", "plain"}, {"active", "Berjalan", "ok"},
		{"paused", "Ditunda", "warn"}, {"closing", "Penutupan", "warn"}, {"completed", "Selesai", "plain"},
		{"institutionalised", "Dilembagakan", "plain"}, {"cancelled", "Dibatalkan", "bad"}, {"", "", ""},
	}
	p := entered(w, w.Initiator, w.Kopi)
	for _, c := range cases {
		p.Set("status", c.status)
		if got := p.Badge("id"); got.Text != c.text || got.Kind != c.kind {
			t.Errorf("%s: %+v", c.status, got)
		}
	}
}

func TestStages_Programme_InOrder(t *testing.T) {
	w := testkit.New(t)
	for i, name := range []string{"Pendampingan", "Rujukan", "Asesmen"} {
		w.Make("stages", "programme", w.Kopi.Id, "name", name, "position", 3-i, "unit_of_count", "orang")
	}
	w.Make("stages", "programme", w.Rantang.Id, "name", "Rantang", "position", 1)
	d := access.As(w.App, w.Partner)
	p := check.Must(programmes.ByID(d, w.Kopi.Id))
	stages := check.Must(programmes.Stages(d, p))
	names := []string{}
	for _, s := range stages {
		names = append(names, s.Name)
	}
	if got := strings.Join(names, ", "); got != "Asesmen, Rujukan, Pendampingan" || stages[0].Unit != "orang" || stages[0].Position != 1 {
		t.Errorf("%s: %+v", got, stages[0])
	}
	if _, err := programmes.Stages(access.As(w.App, w.Outsider), p); !errors.Is(err, access.ErrRefused) {
		t.Error("somebody outside reads the stages:", err)
	}
}

// begun makes a programme over the API as somebody who may start one.
func begun(w *testkit.World, fields map[string]any) *testkit.Response {
	w.Helper()
	body := map[string]any{"name": "Rumah Teduh", "owner": w.Agency.Id}
	for name, value := range fields {
		body[name] = value
	}
	return w.As(w.Initiator).API(http.MethodPost, "/api/collections/programmes/records", body)
}

func TestNormalize_NoSlug_FromName(t *testing.T) {
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

func TestValidate_ReservedSlug_Refused(t *testing.T) {
	w := testkit.New(t)
	answer := begun(w, map[string]any{"slug": "new"}).Want(400)
	check.That(t, strings.Contains(answer.Body, `"slug"`), "the field is not named: %v", answer.Body)
}

func TestNormalize_Province_SetsZone(t *testing.T) {
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

func TestNormalize_ProvinceChanged_ZoneFollowsUnlessChosen(t *testing.T) {
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

func TestValidate_InvalidFields_Refused(t *testing.T) {
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
		check.That(t, answer.Status == 400 && data[c.field] != nil, "%v: %d %s", c.body, answer.Status, answer.Body)
	}
	check.Equal(t, "a refused programme was kept", w.Count("programmes"), before)
}

func TestValidate_OneDayProgramme_Accepted(t *testing.T) {
	w := testkit.New(t)
	begun(w, map[string]any{"starts_on": "2026-05-02", "ends_on": "2026-05-02"}).Want(200)
}

func TestStatus_FirstDay_Decides(t *testing.T) {
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

func TestCreate_Creator_InitiatorAndOwnerStakeholder(t *testing.T) {
	w := testkit.New(t)
	id, _ := begun(w, nil).Want(200).JSON()["id"].(string)
	lead := w.Only("memberships", "programme", id)
	check.Same(t, "membership", []string{lead.GetString("user"), lead.GetString("role")}, []string{w.Initiator.Id, "initiator"})
	first := w.Only("stakeholders", "programme", id)
	check.Same(t, "first stakeholder", []string{first.GetString("organisation"), first.GetString("joined_on")}, []string{w.Agency.Id, "2026-11-23"})
}

func TestCreate_Administrator_NoMembership(t *testing.T) {
	w := testkit.New(t)
	made := w.As(w.Administrator).API(http.MethodPost, "/api/collections/programmes/records",
		map[string]any{"name": "Titipan", "owner": w.Agency.Id}).Want(200)
	id, _ := made.JSON()["id"].(string)
	w.Only("stakeholders", "programme", id)
	n, err := w.App.CountRecords("memberships", dbx.HashExp{"programme": id})
	check.That(t, err == nil && n == 0, "%d memberships, %v", n, err)
}

func TestUpdate_Owner_BothStakeholders(t *testing.T) {
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

func TestCreate_WithoutPermission_Refused(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("programmes")
	for _, person := range []string{"coordinator", "partner", "outsider"} {
		c := w.As(w.Only("users", "email", person+"@example.org"))
		c.API(http.MethodPost, "/api/collections/programmes/records",
			map[string]any{"name": "Diam-diam", "owner": w.Agency.Id}).Want(400)
	}
	check.Equal(t, "a refused start left something behind", w.Count("programmes"), before)
	check.Equal(t, "a refused start left something behind", w.Count("organisations"), 6)
}
