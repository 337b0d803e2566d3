package programmes_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// typed is a whole form of a new programme; changes replace single fields.
func typed(w *testkit.World, changes ...string) []string {
	fields := map[string]string{
		"once": "formulir-1", "name": "Rumah Teduh", "expansion": "Ruang aman", "kind": "regional_innovation",
		"owner": w.Agency.Id, "province": "Bali", "regency": "Tabanan", "starts_on": "1/12/2026",
		"ends_on": "31 Desember 2026", "summary": "Untuk **lansia**",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	out := []string{}
	for name, value := range fields {
		out = append(out, name, value)
	}
	return out
}

func TestAProgrammeIsStartedFromTheForm(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	c.Get("/programmes/new").Want(200)
	answer := c.Post("/programmes", typed(w)...).Want(303)
	if answer.Header.Get("Location") != "/programmes/rumah-teduh" {
		t.Error("leads to", answer.Header.Get("Location"))
	}
	made := w.Only("programmes", "slug", "rumah-teduh")
	for field, want := range map[string]string{
		"name": "Rumah Teduh", "kind": "regional_innovation", "owner": w.Agency.Id, "time_zone": "Asia/Makassar",
		"starts_on": "2026-12-01", "ends_on": "2026-12-31", "status": "planning",
	} {
		check.Equal(t, field, made.GetString(field), want)
	}
	if !strings.Contains(made.GetString("summary_html"), "<strong>lansia</strong>") {
		t.Error("summary is not rendered:", made.GetString("summary_html"))
	}
	lead := w.Only("memberships", "programme", made.Id)
	if lead.GetString("user") != w.Initiator.Id || lead.GetString("role") != "initiator" {
		t.Error("who started it does not lead it")
	}
	w.Only("stakeholders", "programme", made.Id)
}

func TestTheSameFormSentTwiceMakesOneProgramme(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("programmes")
	fields := typed(w, "owner", "new", "owner_name", "Yayasan Baru", "owner_helix", "community")
	first := w.As(w.Initiator).Post("/programmes", fields...).Want(303)
	second := w.As(w.Initiator).Post("/programmes", fields...).Want(303)
	check.Equal(t, "Location", first.Header.Get("Location"), second.Header.Get("Location"))
	if w.Count("programmes") != before+1 || w.Count("organisations") != 7 || w.Count("stakeholders") != 7 {
		t.Error("something was made twice")
	}
}

func TestANewOwnerIsRecordedWithTheProgramme(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new", "owner_name", "  Dinas  Sosial Tabanan", "owner_helix", "government")...).Want(303)
	owner := w.Only("organisations", "name", "Dinas Sosial Tabanan")
	if owner.GetString("helix") != "government" || owner.GetString("regency") != "Tabanan" || owner.GetString("province") != "Bali" {
		t.Errorf("owner %s in %s, %s", owner.GetString("helix"), owner.GetString("regency"), owner.GetString("province"))
	}
	check.Equal(t, "the programme has another owner", w.Only("programmes", "slug", "rumah-teduh").GetString("owner"), owner.Id)
}

func TestAnOwnerTheHubKnowsIsNotRecordedTwice(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new", "owner_name", "k3s - TABANAN", "owner_helix", "community")...).Want(303)
	check.Equal(t, "a second K3S Tabanan was recorded", w.Count("organisations"), 6)
	check.Equal(t, "the programme has another owner", w.Only("programmes", "slug", "rumah-teduh").GetString("owner"), w.Bali.Id)
}

func TestEveryWrongFieldOfANewProgrammeIsNamedAndNothingIsLost(t *testing.T) {
	w := testkit.New(t)
	programmes, organisations := w.Count("programmes"), w.Count("organisations")
	long := strings.Repeat("x", 20_001)
	cases := []struct{ field, value, sentence string }{
		{"name", "", "Isi “Nama program” dulu."},
		{"name", long[:201], "terlalu panjang"},
		{"name", "NIK 3374011203990001", "16 angka"},
		{"expansion", long[:301], "terlalu panjang"},
		{"kind", "rahasia", "dari daftar"},
		{"owner", "", "Pilih “Unit pemilik” dulu."},
		{"owner", "tidakadaxxxxxxx", "dari daftar"},
		{"owner_name", "Yayasan lain", "sudah dipilih dari daftar"},
		{"province", "Atlantis", "dari daftar"},
		{"regency", long[:101], "terlalu panjang"},
		{"time_zone", "Europe/Paris", "dari daftar"},
		{"starts_on", "kapan-kapan", "Tulis tanggal"},
		{"ends_on", "31/02/2027", "Tulis tanggal"},
		{"ends_on", "30/11/2026", "tidak boleh sebelum"},
		{"summary", long, "terlalu panjang"},
	}
	for _, c := range cases {
		answer := w.As(w.Initiator).Post("/programmes", typed(w, c.field, c.value)...).Want(422)
		if got := answer.Text("#" + c.field + "-error"); !strings.Contains(got, c.sentence) {
			t.Errorf("%s %.30q says %q", c.field, c.value, got)
		}
		kept, _ := answer.Doc().Find("#expansion").Attr("value")
		if c.field != "expansion" && kept != "Ruang aman" || answer.Text("#summary") == "" {
			t.Errorf("%s %.30q: what was typed is lost", c.field, c.value)
		}
		if answer.Doc().Find(".problems a").Length() == 0 {
			t.Errorf("%s: the summary above the form is empty", c.field)
		}
	}
	if w.Count("programmes") != programmes || w.Count("organisations") != organisations {
		t.Error("a refused form left something behind")
	}
}

func TestANewOwnerNeedsANameAndAHelix(t *testing.T) {
	w := testkit.New(t)
	nameless := w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new")...).Want(422)
	if got := nameless.Text("#owner_name-error"); !strings.Contains(got, "Isi “Nama pemilik baru”") {
		t.Error(got)
	}
	homeless := w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new", "owner_name", "Yayasan Baru")...).Want(422)
	if got := homeless.Text("#owner_helix-error"); !strings.Contains(got, "Pilih unsur") {
		t.Error(got)
	}
	w.Make("organisations", "name", "K3S Tabanan", "helix", "community")
	w.Bali.Set("regency", "")
	check.NoError(t, w.App.Save(w.Bali))
	several := w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new", "owner_name", "K3S Tabanan", "owner_helix", "community")...).Want(422)
	if got := several.Text("#owner_name-error"); !strings.Contains(got, "Beberapa organisasi") {
		t.Error(got)
	}
}

func TestAProgrammeThatFailsTakesItsNewOwnerAlong(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new", "owner_name", "Yayasan Baru", "owner_helix", "community",
		"ends_on", "2026-11-30")...).Want(422)
	check.Equal(t, "the owner of a programme that was refused is left over", w.Count("organisations"), 6)
}

func TestOnlyWhoMayStartAProgrammeSeesTheForm(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.Coordinator, w.Partner, w.Observer, w.Outsider} {
		w.As(person).Get("/programmes/new").Want(404)
		w.As(person).Post("/programmes", typed(w)...).Want(404)
	}
	w.As(w.Administrator).Get("/programmes/new").Want(200)
	check.Equal(t, "somebody started a programme who may", w.Count("programmes"), 3)
}

func TestTheTeamChangesItsProgramme(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	form := c.Get("/programmes/kopi/edit").Want(200)
	if got, _ := form.Doc().Find("#name").Attr("value"); got != "KOPI REHAT" {
		t.Errorf("the form begins with %q", got)
	}
	check.Equal(t, "the state is not chosen", form.Doc().Find(`#status option[value="active"][selected]`).Length(), 1)
	c.Change("/programmes/kopi/edit", "name", "KOPI REHAT II", "status", "closing", "owner", w.Agency.Id,
		"province", "Jawa Tengah", "regency", "Kota Semarang", "time_zone", "Asia/Jakarta", "starts_on", "2026-01-01",
		"ends_on", "2027-01-31").Want(303)
	changed := w.Fresh(w.Kopi)
	if changed.GetString("name") != "KOPI REHAT II" || changed.GetString("status") != "closing" || changed.GetString("slug") != "kopi" {
		t.Errorf("%s, %s at %s", changed.GetString("name"), changed.GetString("status"), changed.GetString("slug"))
	}
}

func TestAWrongChangeOfAProgrammeIsShownWithWhatWasTyped(t *testing.T) {
	w := testkit.New(t)
	good := map[string]string{"name": "Nama lain", "status": "active", "owner": w.Agency.Id, "province": "Bali", "starts_on": "2026-01-01"}
	cases := []struct{ field, value string }{
		{"name", ""}, {"name", strings.Repeat("x", 201)}, {"status", "besok"}, {"status", ""}, {"owner", ""},
		{"owner", "new"}, {"ends_on", "2025-12-31"}, {"province", "Atlantis"},
	}
	for _, c := range cases {
		fields := []string{c.field, c.value}
		for name, value := range good {
			if name != c.field {
				fields = append(fields, name, value)
			}
		}
		answer := w.As(w.Initiator).Change("/programmes/kopi/edit", fields...).Want(422)
		if answer.Text("#"+c.field+"-error") == "" {
			t.Errorf("%s %.20q: nothing is said at the field", c.field, c.value)
		}
		if kept, _ := answer.Doc().Find("#name").Attr("value"); c.field != "name" && kept != "Nama lain" {
			t.Errorf("%s: the typed name became %q", c.field, kept)
		}
		check.Contains(t, c.field+": the page says it is about", answer.Text(".crumbs"), "KOPI REHAT")
	}
	check.Equal(t, "a refused change was kept", w.Fresh(w.Kopi).GetString("name"), "KOPI REHAT")
}

func TestOthersCannotChangeAProgramme(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.Partner, w.Observer, w.BaliInitiator, w.Outsider} {
		w.As(person).Get("/programmes/kopi/edit").Want(404)
		w.As(person).Post("/programmes/kopi/edit", "name", "Milik saya", "status", "active", "owner", w.Bali.Id).Want(404)
		answer := w.As(person).API("PATCH", "/api/collections/programmes/records/"+w.Kopi.Id, map[string]any{"name": "Milik saya"})
		check.Equal(t, person.GetString("name")+" over the API", answer.Status, 404)
	}
	w.As(w.Initiator).Get("/programmes/tidak-ada/edit").Want(404)
	check.Equal(t, "somebody changed a programme that is not theirs", w.Fresh(w.Kopi).GetString("name"), "KOPI REHAT")
}
