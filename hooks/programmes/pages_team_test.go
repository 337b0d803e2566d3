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

const unknownAddress = "Belum ada akun dengan alamat itu; minta administrator membuatnya."

// role returns what a person is in Kopi besides partner, "" for nothing.
func role(w *testkit.World, person *core.Record) string {
	w.Helper()
	found := check.Must(w.App.FindAllRecords("memberships"))
	for _, m := range found {
		if m.GetString("programme") == w.Kopi.Id && m.GetString("user") == person.Id && m.GetString("role") != "partner" {
			return m.GetString("role")
		}
	}
	return ""
}

func membership(w *testkit.World, programme, person *core.Record) *core.Record {
	w.Helper()
	r := check.Must(w.App.FindFirstRecordByFilter("memberships", "programme = {:p} && user = {:u}",
		map[string]any{"p": programme.Id, "u": person.Id}))
	return r
}

func TestTeam_Members_ByRole(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).Get("/programmes/kopi/team").Want(200)
	for heading, who := range map[string]string{
		"team-initiator": "Kepala Panti", "team-coordinator": "Sub Koordinator", "team-observer": "Kepala Dinas",
	} {
		card := answer.Text(`section[aria-labelledby="` + heading + `"]`)
		check.Contains(t, heading, card, who)
	}
	partners := answer.Text(`section[aria-labelledby="team-partners"]`)
	check.That(t, strings.Contains(partners, "Puskesmas Tambakaji") && strings.Contains(partners, "Ketua Forum PSM"), "partners: %v", partners)
	check.Lacks(t, "the page shows somebody's address", answer.Body, "@example.org")
}

func TestTeam_Controls_OnlyInitiators(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.Coordinator, w.Observer} {
		answer := w.As(person).Get("/programmes/kopi/team").Want(200)
		check.Equal(t, person.GetString("name")+" is offered a form", answer.Doc().Find("main form").Length(), 0)
		w.As(person).Post("/programmes/kopi/team", "email", "outsider@example.org", "role", "member").Want(404)
		w.As(person).Post("/programmes/kopi/team/" + membership(w, w.Kopi, w.Observer).Id + "/remove").Want(404)
	}
	for _, person := range []*core.Record{w.Partner, w.BaliInitiator, w.Outsider} {
		w.As(person).Get("/programmes/kopi/team").Want(404)
		w.As(person).Post("/programmes/kopi/team", "email", "outsider@example.org", "role", "initiator").Want(404)
	}
	check.Same(t, "the team changed", []string{role(w, w.Outsider), role(w, w.Observer)}, []string{"", "observer"})
}

func TestAddMember_Address_Added(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	answer := c.Post("/programmes/kopi/team", "email", "Outsider@example.org", "role", "member").Want(303)
	if role(w, w.Outsider) != "member" {
		t.Fatal("not added")
	}
	if told := c.Follow(answer).Text(".flash"); told != "Orang luar sekarang Tim efektif." {
		t.Error(told)
	}
	w.As(w.Outsider).Get("/programmes/kopi/edit").Want(200)
}

func TestAddMember_UnknownOrDisabled_SameAnswer(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("memberships")
	for _, address := range []string{"siapa@example.org", "disabled@example.org", "admin@example.org"} {
		answer := w.As(w.Initiator).Post("/programmes/kopi/team", "email", address, "role", "coordinator").Want(422)
		if got := answer.Text("#email-error"); !strings.HasSuffix(got, unknownAddress) {
			t.Errorf("%s: %q", address, got)
		}
		check.Equal(t, "the typed address", answer.Doc().Find("#email").AttrOr("value", ""), address)
	}
	check.Equal(t, "somebody was added", w.Count("memberships"), before)
}

func TestAddMember_Invalid_NamedAtField(t *testing.T) {
	w := testkit.New(t)
	cases := []struct{ email, role, field, sentence string }{
		{"", "member", "email", "Isi “Alamat email” dulu."},
		{"bukan alamat", "member", "email", "Tulis alamat email lengkap"},
		{"outsider@example.org", "", "role", "Pilih “Peran” dulu."},
		{"outsider@example.org", "partner", "role", "dari daftar"},
		{"outsider@example.org", "admin", "role", "dari daftar"},
		{"coordinator@example.org", "coordinator", "email", "sudah memegang peran itu"},
	}
	for _, c := range cases {
		answer := w.As(w.Initiator).Post("/programmes/kopi/team", "email", c.email, "role", c.role).Want(422)
		if got := answer.Text("#" + c.field + "-error"); !strings.Contains(got, c.sentence) {
			t.Errorf("%q as %q: %q", c.email, c.role, got)
		}
	}
}

func TestAddMember_OtherRole_Replaces(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("memberships")
	w.As(w.Initiator).Post("/programmes/kopi/team", "email", "observer@example.org", "role", "coordinator").Want(303)
	check.Equal(t, "the observer", role(w, w.Observer), "coordinator")
	check.Equal(t, "the observer", w.Count("memberships"), before)
}

func TestAddMember_Partner_KeepsPartnerRole(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("memberships")
	w.As(w.Initiator).Post("/programmes/kopi/team", "email", "partner@example.org", "role", "member").Want(303)
	check.Equal(t, "the partner lost a role by gaining one", role(w, w.Partner), "member")
	check.Equal(t, "the partner lost a role by gaining one", w.Count("memberships"), before+1)
}

func TestRemoveMember_Initiator_Removes(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	gone := c.Post("/programmes/kopi/team/" + membership(w, w.Kopi, w.Observer).Id + "/remove").Want(303)
	if told := c.Follow(gone).Text(".flash"); told != "Kepala Dinas sudah keluar dari tim." {
		t.Error(told)
	}
	w.As(w.Observer).Get("/programmes/kopi/team").Want(404)
	c.Post("/programmes/kopi/team/tidakadaxxxxxxx/remove").Want(404)
	c.Post("/programmes/kopi/team/" + membership(w, w.Rantang, w.BaliInitiator).Id + "/remove").Want(404)
	c.Post("/programmes/kopi/team/" + membership(w, w.Kopi, w.Partner).Id + "/remove").Want(404)
	check.Equal(t, "a partner was removed by hand", membership(w, w.Kopi, w.Partner).GetString("role"), "partner")
}

func TestRemoveMember_LastInitiator_Refused(t *testing.T) {
	w := testkit.New(t)
	own := membership(w, w.Kopi, w.Initiator)
	c := w.As(w.Initiator)
	answer := c.Post("/programmes/kopi/team/" + own.Id + "/remove").Want(422)
	if got := answer.Text(".problems"); !strings.Contains(got, "Tunjuk inisiator lain dulu") {
		t.Error(got)
	}
	answer = c.Post("/programmes/kopi/team", "email", "initiator@example.org", "role", "observer").Want(422)
	if got := answer.Text("#role-error"); !strings.Contains(got, "Tunjuk inisiator lain dulu") {
		t.Error(got)
	}
	path := "/api/collections/memberships/records/" + own.Id
	for _, person := range []*core.Record{w.Initiator, w.Administrator} {
		w.As(person).API(http.MethodDelete, path, nil).Want(400)
		w.As(person).API(http.MethodPatch, path, map[string]any{"role": "member"}).Want(400)
	}
	w.As(w.Administrator).API(http.MethodPatch, path, map[string]any{"user": w.Outsider.Id}).Want(400)
	check.Equal(t, "the programme has no initiator", role(w, w.Initiator), "initiator")
}

func TestRemoveMember_OtherActiveInitiator_Allowed(t *testing.T) {
	w := testkit.New(t)
	own := membership(w, w.Kopi, w.Initiator)
	closed := membership(w, w.Kopi, w.Disabled)
	closed.Set("role", "initiator")
	check.NoError(t, w.App.Save(closed))
	c := w.As(w.Initiator)
	c.Post("/programmes/kopi/team/" + own.Id + "/remove").Want(422)
	c.Post("/programmes/kopi/team", "email", "coordinator@example.org", "role", "initiator").Want(303)
	answer := c.Post("/programmes/kopi/team/" + own.Id + "/remove").Want(303)
	if answer.Header.Get("Location") != "/programmes" {
		t.Error("whoever left is sent to", answer.Header.Get("Location"))
	}
	c.Get("/programmes/kopi/team").Want(404)
}

func TestDelete_Programme_MembershipsGoAlong(t *testing.T) {
	w := testkit.New(t)
	check.NoError(t, w.App.Delete(w.Papua))
	if _, err := w.App.FindFirstRecordByData("memberships", "programme", w.Papua.Id); err == nil {
		t.Error("a membership of no programme is left")
	}
}

func TestMemberships_API_RoleNotEscalated(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("memberships")
	records := "/api/collections/memberships/records"
	cases := []struct {
		who   *core.Record
		body  map[string]any
		field string
	}{
		{w.Initiator, map[string]any{"programme": w.Kopi.Id, "user": w.Outsider.Id, "role": "member", "organisation": w.Bali.Id}, "organisation"},
		{w.Administrator, map[string]any{"programme": w.Kopi.Id, "user": w.Outsider.Id, "role": "partner", "organisation": w.Puskesmas.Id}, "role"},
		{w.Administrator, map[string]any{"programme": w.Kopi.Id, "user": w.Partner.Id, "role": "partner"}, "role"},
		{w.Administrator, map[string]any{"programme": w.Rantang.Id, "user": w.Partner.Id, "role": "partner", "organisation": w.Puskesmas.Id}, "role"},
	}
	for _, c := range cases {
		answer := w.As(c.who).API(http.MethodPost, records, c.body).Want(400)
		data, _ := answer.JSON()["data"].(map[string]any)
		check.That(t, data[c.field] != nil, "%v: %s", c.body, answer.Body)
	}
	w.As(w.Initiator).API(http.MethodPost, records,
		map[string]any{"programme": w.Kopi.Id, "user": w.Outsider.Id, "role": "partner", "organisation": w.Puskesmas.Id}).Want(400)
	w.As(w.Initiator).API(http.MethodPost, records,
		map[string]any{"programme": w.Rantang.Id, "user": w.Initiator.Id, "role": "member"}).Want(400)
	check.Equal(t, "a refused membership was kept", w.Count("memberships"), before)
}

// Who does not lead a programme must not learn from its form who has an account.
func TestAddMember_OutsideTeam_AddressNotRevealed(t *testing.T) {
	w := testkit.New(t)
	for name, person := range map[string]*core.Record{"coordinator": w.Coordinator, "observer": w.Observer, "partner": w.Partner} {
		for _, address := range []string{"outsider@example.org", "disabled@example.org", "stranger@example.org", "not an address"} {
			r := w.As(person).Post("/programmes/kopi/team", "email", address, "role", "observer")
			check.That(t, r.Status == http.StatusNotFound, "%s asks about %s: status %d", name, address, r.Status)
		}
	}
}

func TestRemoveMember_OtherProgramme_NotFound(t *testing.T) {
	w := testkit.New(t)
	member := w.Make("memberships", "programme", w.Rantang.Id, "user", w.Outsider.Id, "role", "observer")
	c := w.As(w.BaliInitiator) // leads both programmes
	c.Post("/programmes/papua/team/" + member.Id + "/remove").Want(http.StatusNotFound)
	w.Fresh(member)
	c.Post("/programmes/rantang/team/" + member.Id + "/remove").Want(http.StatusSeeOther)
	check.Equal(t, "number of left", len(check.Must(w.App.FindAllRecords("memberships", dbx.HashExp{"user": w.Outsider.Id}))), 0)
}
