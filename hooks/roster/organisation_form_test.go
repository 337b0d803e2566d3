package roster_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

func TestAnOrganisationIsRecorded(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	c.Get("/organisations/new").Want(200)
	answer := c.Post("/organisations", "once", "o-1", "name", "Radio Semarang", "short_name", "RS", "helix", "media",
		"subtype", "radio", "province", "Jawa Tengah", "regency", "Kota Semarang", "address", "Jl. Pemuda 1",
		"email", "redaksi@example.org", "phone", "(024) 123456", "website", "radio.example.org", "note", "Minta Bu Sari").Want(303)
	made := w.Only("organisations", "name", "Radio Semarang")
	if answer.Header.Get("Location") != "/organisations/"+made.Id {
		t.Error("leads to", answer.Header.Get("Location"))
	}
	for field, want := range map[string]string{"helix": "media", "subtype": "radio", "website": "https://radio.example.org",
		"phone": "(024) 123456", "note": "Minta Bu Sari", "province": "Jawa Tengah"} {
		if got := made.GetString(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	again := c.Post("/organisations", "once", "o-1", "name", "Radio Semarang", "helix", "media").Want(303)
	if again.Header.Get("Location") != answer.Header.Get("Location") || w.Count("organisations") != 7 {
		t.Error("the same form made a second entry")
	}
}

func TestADoubleIsPointedOutWithTheWayToIt(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).Post("/organisations", "name", "PUSKESMAS TAMBAK AJI", "helix", "government",
		"regency", "Kota Semarang", "address", "Jl. Raya").Want(422)
	if got := answer.Text("#name-error"); !strings.Contains(got, "Puskesmas Tambakaji sudah tercatat") {
		t.Error(got)
	}
	if answer.Doc().Find(`.callout a[href="/organisations/`+w.Puskesmas.Id+`"]`).Length() != 1 {
		t.Error("no way to the entry")
	}
	if answer.Text("#address") != "Jl. Raya" {
		t.Error("what was typed is lost")
	}
	w.As(w.Initiator).Post("/organisations", "name", "Puskesmas Tambakaji", "helix", "government", "regency", "Kabupaten Demak").Want(303)
	unplaced := w.As(w.Initiator).Post("/organisations", "name", "Puskesmas Tambakaji", "helix", "government").Want(422)
	if got := unplaced.Text("#regency-error"); !strings.Contains(got, "Tulis kabupaten atau kotanya") {
		t.Error(got)
	}
	if w.Count("organisations") != 7 {
		t.Errorf("%d organisations", w.Count("organisations"))
	}
}

func TestEveryWrongFieldOfAnOrganisationIsNamed(t *testing.T) {
	w := testkit.New(t)
	cases := []struct{ field, value, sentence string }{
		{"name", "", "Isi “Nama resmi” dulu."},
		{"name", strings.Repeat("x", 201), "terlalu panjang"},
		{"name", "3374011203990001", "16 angka"},
		{"short_name", strings.Repeat("x", 61), "terlalu panjang"},
		{"helix", "", "Pilih “Unsur” dulu."},
		{"helix", "partai", "dari daftar"},
		{"subtype", "warung", "dari daftar"},
		{"subtype", "puskesmas", "bagian dari unsur lain"},
		{"province", "Atlantis", "dari daftar"},
		{"regency", strings.Repeat("x", 101), "terlalu panjang"},
		{"address", strings.Repeat("x", 501), "terlalu panjang"},
		{"email", "bukan-alamat", "Tulis alamat email lengkap"},
		{"phone", strings.Repeat("1 ", 21), "terlalu panjang"},
		{"website", "bukan alamat", "Tulis alamat web lengkap"},
		{"note", strings.Repeat("x", 20001), "terlalu panjang"},
	}
	for _, target := range []string{"/organisations", "/organisations/" + w.Agency.Id + "/edit"} {
		for _, c := range cases {
			fields := []string{c.field, c.value}
			for _, good := range [][2]string{{"name", "Radio Semarang"}, {"helix", "media"}, {"regency", "Kota Semarang"}} {
				if good[0] != c.field {
					fields = append(fields, good[0], good[1])
				}
			}
			answer := w.As(w.Initiator).Change(target, fields...).Want(422)
			if got := answer.Text("#" + c.field + "-error"); !strings.Contains(got, c.sentence) {
				t.Errorf("%s: %s %.20q says %q", target, c.field, c.value, got)
			}
			if kept, _ := answer.Doc().Find("#name").Attr("value"); c.field != "name" && kept != "Radio Semarang" {
				t.Errorf("%s: %s: the typed name became %q", target, c.field, kept)
			}
		}
	}
	if w.Count("organisations") != 6 || w.Fresh(w.Agency).GetString("name") != "Dinas Sosial Kota Semarang" {
		t.Error("a refused form was kept")
	}
}

func TestTheTeamAroundAnOrganisationChangesIt(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	form := c.Get("/organisations/" + w.Puskesmas.Id + "/edit").Want(200)
	if got, _ := form.Doc().Find("#name").Attr("value"); got != "Puskesmas Tambakaji" {
		t.Errorf("the form begins with %q", got)
	}
	c.Change("/organisations/"+w.Puskesmas.Id+"/edit", "name", "Puskesmas Tambakaji", "short_name", "PKM Tambakaji",
		"helix", "government", "subtype", "puskesmas", "province", "Jawa Tengah", "regency", "Kota Semarang").Want(303)
	if got := w.Fresh(w.Puskesmas).GetString("short_name"); got != "PKM Tambakaji" {
		t.Errorf("short name %q", got)
	}
	duplicate := c.Change("/organisations/"+w.Puskesmas.Id+"/edit", "name", "Forum PSM Semarang", "helix", "government",
		"regency", "Kota Semarang").Want(422)
	if got := duplicate.Text("#name-error"); !strings.Contains(got, "Forum PSM Semarang sudah tercatat") {
		t.Error(got)
	}
}

func TestOthersCannotRecordOrChangeAnOrganisation(t *testing.T) {
	w := testkit.New(t)
	edit := "/organisations/" + w.Puskesmas.Id + "/edit"
	for _, person := range []*core.Record{w.Partner, w.Observer, w.Outsider} {
		w.As(person).Get("/organisations/new").Want(404)
		w.As(person).Post("/organisations", "name", "Milik saya", "helix", "media").Want(404)
	}
	for _, person := range []*core.Record{w.Partner, w.Observer, w.Outsider, w.BaliInitiator} {
		w.As(person).Get(edit).Want(404)
		w.As(person).Post(edit, "name", "Milik saya", "helix", "media").Want(404)
	}
	w.As(nil).Post("/organisations", "name", "Tamu", "helix", "media").Want(401)
	if w.Count("organisations") != 6 || w.Fresh(w.Puskesmas).GetString("name") != "Puskesmas Tambakaji" {
		t.Error("somebody wrote who may not")
	}
}

func TestAKindOfAnotherHelixIsRefusedOverTheAPI(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).API("POST", "/api/collections/organisations/records",
		map[string]any{"name": "Radio", "helix": "community", "subtype": "radio"}).Want(400)
	if data, _ := answer.JSON()["data"].(map[string]any); data["subtype"] == nil {
		t.Error(answer.Body)
	}
	w.As(w.Administrator).API("POST", "/api/collections/organisations/records", map[string]any{"name": " \t ", "helix": "media"}).Want(400)
}
