package programmes_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

const records = "/api/collections/programmes/records"

// said returns what the API says about a field, "" for nothing.
func said(r *testkit.Response, field string) string {
	data, _ := r.JSON()["data"].(map[string]any)
	problem, _ := data[field].(map[string]any)
	sentence, _ := problem["message"].(string)
	return sentence
}

func TestTheAdministratorIsToldInBothLanguages(t *testing.T) {
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
		if !strings.Contains(got, c.id) || !strings.Contains(got, c.en) {
			t.Errorf("%v: %q", c.body, got)
		}
		for _, word := range []string{"SELECT", "constraint", "sqlite"} {
			if strings.Contains(answer.Body, word) {
				t.Errorf("%v shows %q", c.body, word)
			}
		}
	}
}

func TestWhatTheHubKeepsOfAProgrammeStaysTheHubs(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	for field, value := range map[string]any{"slug": "milik-saya", "example": true, "adopted_from": w.Rantang.Id} {
		c.API(http.MethodPatch, records+"/"+w.Kopi.Id, map[string]any{field: value}).Want(404)
	}
	c.API(http.MethodPost, records, map[string]any{"name": "Uji", "owner": w.Agency.Id, "template": true}).Want(400)
	c.API(http.MethodPost, records, map[string]any{"name": "Uji", "owner": w.Agency.Id, "example": true}).Want(400)
	sneaky := c.API(http.MethodPatch, records+"/"+w.Kopi.Id, map[string]any{"summary": "Halo **semua**", "summary_html": "<script>x</script>"})
	if sneaky.Status == 200 && strings.Contains(w.Fresh(w.Kopi).GetString("summary_html"), "script") {
		t.Error("somebody wrote the rendered text")
	}
	if w.Fresh(w.Kopi).GetString("slug") != "kopi" || w.Fresh(w.Kopi).GetBool("example") {
		t.Error("somebody wrote what is the hub's")
	}
}

func TestOnlyADraftIsDeletedAndOnlyByItsInitiator(t *testing.T) {
	w := testkit.New(t)
	path := records + "/" + w.Kopi.Id
	w.As(w.Initiator).API(http.MethodDelete, path, nil).Want(404)
	w.Kopi.Set("status", "draft")
	if err := w.App.Save(w.Kopi); err != nil {
		t.Fatal(err)
	}
	for _, person := range []*core.Record{w.Coordinator, w.Observer, w.Partner, w.BaliInitiator, w.Outsider} {
		w.As(person).API(http.MethodDelete, path, nil).Want(404)
	}
	w.As(w.Initiator).API(http.MethodDelete, path, nil).Want(204)
	if n := w.Count("programmes"); n != 2 {
		t.Errorf("%d programmes left", n)
	}
	w.As(w.Partner).Get("/programmes/kopi/team").Want(404)
}

func TestMembershipsOverTheAPIAreTheInitiatorsAlone(t *testing.T) {
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
	if w.Count("memberships") != before || w.Fresh(observer).GetString("role") != "observer" {
		t.Error("somebody changed who may enter")
	}
	c.API(http.MethodPatch, path+"/"+observer.Id, map[string]any{"role": "coordinator"}).Want(200)
	c.API(http.MethodDelete, path+"/"+observer.Id, nil).Want(204)
}

func TestMembershipsAreReadByTeamAndObserverAndElseOnlyOnesOwn(t *testing.T) {
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
		if got != c.rows {
			t.Errorf("%s reads %v memberships, want %v", c.who.GetString("name"), got, c.rows)
		}
	}
}

func TestTheFormSpeaksEnglishWhenItRefuses(t *testing.T) {
	w := testkit.New(t)
	w.Initiator.Set("language", "en")
	if err := w.App.Save(w.Initiator); err != nil {
		t.Fatal(err)
	}
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
	if got := w.Only("programmes", "slug", "rumah-teduh").GetString("ends_on"); got != "2026-12-10" {
		t.Errorf("an English date became %q", got)
	}
	if flash := started.Header.Get("Set-Cookie"); !strings.Contains(flash, "flash=") {
		t.Error("nothing is said afterwards:", flash)
	}
}
