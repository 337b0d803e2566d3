package programmes_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
	"simpul/hooks/web"
)

const records = "/api/collections/programmes/records"

// said returns what the API says about a field, "" for nothing.
func said(r *testkit.Response, field string) string {
	data, _ := r.JSON()["data"].(map[string]any)
	problem, _ := data[field].(map[string]any)
	sentence, _ := problem["message"].(string)
	return sentence
}

func TestAPI_Administrator_BothLanguages(t *testing.T) {
	w := testkit.New(t)
	own := membership(w, w.Kopi, w.Initiator)
	cases := []struct {
		method, path string
		body         map[string]any
		field        string
		id, en       string
	}{
		{http.MethodPost, records, map[string]any{"name": "Uji", "owner": w.Agency.Id, "province": "Atlantis"},
			"province", "Atlantis bukan nama provinsi", "Atlantis is not a province"},
		{http.MethodPatch, records + "/" + w.Kopi.Id, map[string]any{"ends_on": "2025-01-01"},
			"ends_on", "tidak boleh sebelum mulainya", "before"},
		{http.MethodPatch, "/api/collections/memberships/records/" + own.Id, map[string]any{"role": "member"},
			"role", "Tunjuk inisiator lain dulu", "Appoint another first"},
		{http.MethodPost, "/api/collections/memberships/records",
			map[string]any{"programme": w.Kopi.Id, "user": w.Outsider.Id, "role": "partner", "organisation": w.Campus.Id},
			"role", "Peran mitra diisi otomatis", "filled in automatically"},
		{http.MethodPost, "/api/collections/memberships/records",
			map[string]any{"programme": w.Kopi.Id, "user": w.Outsider.Id, "role": "observer", "organisation": w.Campus.Id},
			"organisation", "Hanya mitra yang mewakili", "Only partners represent"},
	}
	for _, c := range cases {
		answer := w.As(w.Administrator).API(c.method, c.path, c.body).Want(400)
		got := said(answer, c.field)
		check.Contains(t, fmt.Sprint(c.body), got, c.id, c.en)
		check.Lacks(t, fmt.Sprint(c.body), answer.Body, "SELECT", "constraint", "sqlite")
	}
}

func TestAPI_SystemFields_NotWritten(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	for field, value := range map[string]any{"slug": "milik-saya", "example": true, "adopted_from": w.Rantang.Id} {
		c.API(http.MethodPatch, records+"/"+w.Kopi.Id, map[string]any{field: value}).Want(404)
	}
	c.API(http.MethodPost, records, map[string]any{"name": "Uji", "owner": w.Agency.Id, "template": true}).Want(400)
	c.API(http.MethodPost, records, map[string]any{"name": "Uji", "owner": w.Agency.Id, "example": true}).Want(400)
	sneaky := c.API(http.MethodPatch, records+"/"+w.Kopi.Id, map[string]any{"summary": "Halo **semua**", "summary_html": "<script>x</script>"})
	check.That(t, sneaky.Status != 200 || !strings.Contains(w.Fresh(w.Kopi).GetString("summary_html"), "script"), "somebody wrote the rendered text")
	check.That(t, w.Fresh(w.Kopi).GetString("slug") == "kopi" && !w.Fresh(w.Kopi).GetBool("example"), "somebody wrote what is the hub's")
}

func TestDelete_OnlyDraft_ByInitiator(t *testing.T) {
	w := testkit.New(t)
	path := records + "/" + w.Kopi.Id
	w.As(w.Initiator).API(http.MethodDelete, path, nil).Want(404)
	w.Kopi.Set("status", "draft")
	check.NoError(t, w.App.Save(w.Kopi))
	for _, person := range []*core.Record{w.Coordinator, w.Observer, w.Partner, w.BaliInitiator, w.Outsider} {
		w.As(person).API(http.MethodDelete, path, nil).Want(404)
	}
	w.As(w.Initiator).API(http.MethodDelete, path, nil).Want(204)
	check.Equal(t, "rows of programmes", w.Count("programmes"), 2)
	w.As(w.Partner).Get("/programmes/kopi/team").Want(404)
}

func TestMemberships_API_OnlyInitiators(t *testing.T) {
	w := testkit.New(t)
	path := "/api/collections/memberships/records"
	observer := membership(w, w.Kopi, w.Observer)
	before := w.Count("memberships")
	for _, person := range []*core.Record{w.Coordinator, w.Observer, w.Partner, w.BaliInitiator, w.Outsider, w.Disabled} {
		c := w.As(person)
		c.API(http.MethodPost, path, map[string]any{"programme": w.Kopi.Id, "user": person.Id, "role": "initiator"}).Want(400)
		c.API(http.MethodPost, path, map[string]any{"programme": w.Kopi.Id, "user": w.Outsider.Id, "role": "member"}).Want(400)
		c.API(http.MethodPatch, path+"/"+observer.Id, map[string]any{"role": "initiator"}).Want(404)
		c.API(http.MethodDelete, path+"/"+observer.Id, nil).Want(404)
	}
	c := w.As(w.Initiator)
	c.API(http.MethodPatch, path+"/"+observer.Id, map[string]any{"programme": w.Rantang.Id}).Want(404)
	c.API(http.MethodPatch, path+"/"+observer.Id, map[string]any{"user": w.Outsider.Id}).Want(404)
	c.API(http.MethodPatch, path+"/"+observer.Id, map[string]any{"role": "partner"}).Want(404)
	c.API(http.MethodPatch, path+"/"+membership(w, w.Kopi, w.Partner).Id, map[string]any{"role": "initiator"}).Want(404)
	check.Equal(t, "somebody changed who may enter", w.Count("memberships"), before)
	check.Equal(t, "somebody changed who may enter", w.Fresh(observer).GetString("role"), "observer")
	c.API(http.MethodPatch, path+"/"+observer.Id, map[string]any{"role": "coordinator"}).Want(200)
	c.API(http.MethodDelete, path+"/"+observer.Id, nil).Want(204)
}

func TestMemberships_Read_TeamObserverOrOwn(t *testing.T) {
	w := testkit.New(t)
	cases := []struct {
		who  *core.Record
		rows float64
	}{
		{w.Initiator, 6}, {w.Coordinator, 6}, {w.Observer, 6}, {w.Partner, 1}, {w.OtherPartner, 1},
		{w.BaliInitiator, 3}, {w.BaliPartner, 1}, {w.Outsider, 0}, {w.Disabled, 0},
	}
	for _, c := range cases {
		answer := w.As(c.who).API(http.MethodGet, "/api/collections/memberships/records", nil)
		got, _ := answer.JSON()["totalItems"].(float64)
		check.Equal(t, c.who.GetString("name"), got, c.rows)
	}
}

func TestCreate_InvalidInEnglish_EnglishErrors(t *testing.T) {
	w := testkit.New(t)
	w.Initiator.Set("language", "en")
	check.NoError(t, w.App.Save(w.Initiator))
	c := w.As(w.Fresh(w.Initiator))
	cases := []struct{ field, value, sentence string }{
		{"name", "", "Name of the programme"},
		{"owner", "", "Owner"},
		{"owner_name", "Somebody", "Clear this name"},
		{"ends_on", "2026-11-30", "before"},
		{"ends_on", "someday", "10/12/2026"},
	}
	for _, each := range cases {
		answer := c.Post("/programmes", typed(w, each.field, each.value)...).Want(422)
		if got := answer.Text("#" + each.field + "-error"); !strings.Contains(got, each.sentence) {
			t.Errorf("%s %q: %q", each.field, each.value, got)
		}
	}
	team := c.Post("/programmes/kopi/team", "email", "nobody@example.org", "role", "member").Want(422)
	if got := team.Text("#email-error"); !strings.Contains(got, "There is no account with that address yet") {
		t.Error(got)
	}
	started := c.Post("/programmes", typed(w, "ends_on", "10 December 2026")...).Want(303)
	check.Equal(t, "an English date", w.Only("programmes", "slug", "rumah-teduh").GetString("ends_on"), "2026-12-10")
	if flash := started.Header.Get("Set-Cookie"); !strings.Contains(flash, "flash=") {
		t.Error("nothing is said afterwards:", flash)
	}
}

// offer returns the organisations a form offers somebody.
func offer(w *testkit.World, language, province string) []web.Option {
	w.Helper()
	options := check.Must(programmes.OrganisationOptions(access.As(w.App, w.Initiator), language, province))
	return options
}

func TestOrganisations_Options_ByHelixAndName(t *testing.T) {
	w := testkit.New(t)
	w.Make("organisations", "name", "Bappeda", "helix", "government", "regency", "Kota Semarang")
	w.Make("organisations", "name", "aksi Peduli", "helix", "community")
	w.Make("organisations", "name", "Ganda", "helix", "media", "merged_into", w.Agency.Id)
	lines := []string{}
	for _, o := range offer(w, "id", "") {
		lines = append(lines, o.Group+": "+o.Label)
	}
	want := []string{
		"Pemerintah: Bappeda (Kota Semarang)", "Pemerintah: Dinas Sosial Kota Semarang",
		"Pemerintah: Puskesmas Tambakaji (Kota Semarang)", "Akademisi: UIN Walisongo (Kota Semarang)",
		"Dunia usaha: Warung Kopi Banaran (Kota Semarang)", "Komunitas: aksi Peduli",
		"Komunitas: Forum PSM Semarang (Kota Semarang)", "Komunitas: K3S Tabanan",
	}
	check.Equal(t, "offered:\n", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	check.Equal(t, "in English the first group", offer(w, "en", "")[0].Group, "Government")
}

func TestOrganisations_LongList_ProvinceFirst(t *testing.T) {
	w := testkit.New(t)
	for i := range 310 {
		w.Make("organisations", "name", fmt.Sprintf("Desa %03d", i), "helix", "government", "province", "Jawa Timur")
	}
	options := offer(w, "id", "Bali")
	if len(options) != 300 {
		t.Fatalf("%d organisations on the list", len(options))
	}
	values := map[string]bool{}
	for _, o := range options {
		values[o.Value] = true
	}
	check.That(t, values[w.Bali.Id], "the province's own organisation fell off the list")
	last := w.Only("organisations", "name", "Desa 309")
	check.That(t, !values[last.Id], "the list was not cut off")
	including := programmes.Including(options, "id", last)
	check.Equal(t, "what is stored cannot be kept", len(including), 301)
	check.Equal(t, "what is stored cannot be kept", including[0].Value, last.Id)
	check.Equal(t, "it is offered twice", len(programmes.Including(including, "id", last)), 301)
}

func TestOrganisations_SameName_ByPlace(t *testing.T) {
	w := testkit.New(t)
	here := w.Make("organisations", "name", "Puskesmas Mlati", "helix", "government", "regency", "Kota Semarang")
	there := w.Make("organisations", "name", "Puskesmas Mlati", "helix", "government", "regency", "Kabupaten Sleman")
	anywhere := w.Make("organisations", "name", "Radio Kita", "helix", "media")
	w.Make("organisations", "name", "Dobel", "helix", "media")
	w.Make("organisations", "name", "DOBEL", "helix", "media")
	w.Make("organisations", "name", "Lama", "helix", "media", "merged_into", anywhere.Id)
	cases := []struct {
		name, regency    string
		found, elsewhere string
		several          bool
	}{
		{"puskesmas mlati", "Kota Semarang", here.Id, "", false},
		{"puskesmas mlati", "Kab. Sleman", there.Id, "", false},
		{"puskesmas mlati", "", "", "", true},
		{"K3S Tabanan", "Kota Semarang", "", w.Bali.Id, false},
		{"K3S Tabanan", "", w.Bali.Id, "", false},
		{"radio kita", "Kota Semarang", anywhere.Id, "", false},
		{"dobel", "Kota Semarang", "", "", true},
		{"Lama", "", "", "", false},
		{"Belum ada", "Kota Semarang", "", "", false},
		{"", "", "", "", false},
		{"PT.", "", "", "", false},
	}
	d := access.As(w.App, w.Initiator)
	for _, c := range cases {
		got := check.Must(programmes.LookUp(d, c.name, c.regency))
		found, elsewhere := "", ""
		if got.Found != nil {
			found = got.Found.Id
		}
		if got.Elsewhere != nil {
			elsewhere = got.Elsewhere.Id
		}
		if found != c.found || elsewhere != c.elsewhere || got.Several != c.several {
			t.Errorf("%q in %q: found %q, elsewhere %q, several %v", c.name, c.regency, found, elsewhere, got.Several)
		}
	}
	if _, err := programmes.LookUp(access.As(w.App, nil), "K3S Tabanan", ""); err == nil {
		t.Error("a guest looks names up")
	}
}
