package roster_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/roster"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
	"simpul/hooks/web"
)

// at is where contacts of an organisation are added.
func at(organisation *core.Record) string {
	return "/organisations/" + organisation.Id + "/contacts/new"
}

func TestCreateContact_Phone_Normalized(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	c.Get(at(w.Campus)).Want(200)
	answer := c.Post(at(w.Campus), "position", "Dosen pendamping", "name", "Dr. Sari", "email", "sari@example.org",
		"phone", "0812 3456-7890", "focal_point", "true", "language", "id", "from_on", "1/9/2026").Want(303)
	made := w.Only("contacts", "organisation", w.Campus.Id)
	for field, want := range map[string]string{"phone": "6281234567890", "from_on": "2026-09-01", "focal_point": "true", "user": ""} {
		check.Equal(t, field, made.GetString(field), want)
	}
	shown := c.Follow(answer)
	if got := shown.Text(`section[aria-labelledby="contacts"]`); !strings.Contains(got, "0812-3456-7890") || !strings.Contains(got, "Narahubung utama") {
		t.Error(got)
	}
	for _, link := range []string{"https://wa.me/6281234567890", "tel:+6281234567890", "mailto:sari@example.org"} {
		check.That(t, shown.Doc().Find(`a[href="`+link+`"]`).Length() == 1, "no link to %s", link)
	}
}

func TestCreateContact_SameForm_OneContact(t *testing.T) {
	w := testkit.New(t)
	for range 2 {
		w.As(w.Coordinator).Post(at(w.Campus), "position", "Dosen", "name", "Dr. Sari", "email", "sari@example.org").Want(303)
	}
	w.Only("contacts", "position", "Dosen")
	w.As(w.Coordinator).Post(at(w.Campus), "position", "Dosen", "name", "Dr. Budi").Want(303)
	check.Equal(t, "rows of contacts", w.Count("contacts"), 5)
}

func TestCreateContact_InvalidFields_Named(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "user", w.Partner.Id)
	cases := []struct{ field, value, sentence string }{
		{"position", "", "Isi “Jabatan” dulu."},
		{"position", strings.Repeat("x", 201), "terlalu panjang"},
		{"name", strings.Repeat("x", 201), "terlalu panjang"},
		{"name", "3374011203990001", "16 angka"},
		{"email", "bukan-alamat", "Tulis alamat email lengkap"},
		{"phone", "nol delapan", "Tulis nomor telepon seperti"},
		{"phone", "0812", "Tulis nomor telepon seperti"},
		{"language", "jv", "dari daftar"},
		{"from_on", "dulu", "Tulis tanggal"},
		{"until_on", "31/2/2027", "Tulis tanggal"},
		{"until_on", "2026-01-01", "tidak boleh sebelum"},
	}
	for _, target := range []string{at(w.Campus), "/contacts/" + contact.Id + "/edit"} {
		for _, c := range cases {
			fields := []string{c.field, c.value, "from_on", "2026-01-05"}
			if c.field == "from_on" {
				fields = fields[:2]
			}
			if c.field != "position" {
				fields = append(fields, "position", "Kepala baru")
			}
			answer := w.As(w.Initiator).Change(target, fields...).Want(422)
			if got := answer.Text("#" + c.field + "-error"); !strings.Contains(got, c.sentence) {
				t.Errorf("%s: %s %.20q says %q", target, c.field, c.value, got)
			}
			if kept, _ := answer.Doc().Find("#position").Attr("value"); c.field != "position" && kept != "Kepala baru" {
				t.Errorf("%s: %s: the typed position became %q", target, c.field, kept)
			}
		}
	}
	check.Equal(t, "a refused form was kept", w.Count("contacts"), 3)
	check.Equal(t, "a refused form was kept", w.Fresh(contact).GetString("position"), "Kepala Puskesmas")
}

func TestEndContact_Access_EndsAtOnce(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "user", w.Partner.Id)
	w.As(w.Partner).Get(kopi).Want(200)
	c := w.As(w.Coordinator)
	answer := c.Post("/contacts/" + contact.Id + "/end").Want(303)
	if told := c.Follow(answer).Text(".flash"); told != "Kepala Puskesmas tidak lagi mewakili organisasi ini." {
		t.Error(told)
	}
	w.As(w.Partner).Get(kopi).Want(404)
	check.Equal(t, "last day", w.Fresh(contact).GetString("until_on"), "2026-11-22")
	shown := c.Get("/organisations/" + w.Puskesmas.Id).Want(200)
	if got := shown.Text("details"); !strings.Contains(got, "Kepala Puskesmas") || !strings.Contains(got, "sampai 22 Nov 2026") {
		t.Error("former:", got)
	}
	c.Post("/contacts/" + contact.Id + "/end").Want(303)
}

func TestEndContact_BegunTodayOrLater_Ended(t *testing.T) {
	w := testkit.New(t)
	for _, begins := range []string{"2026-11-23", "2027-01-01", ""} {
		contact := w.Make("contacts", "organisation", w.Campus.Id, "position", "Dekan", "user", w.Outsider.Id, "from_on", begins)
		w.As(w.Coordinator).Post("/contacts/" + contact.Id + "/end").Want(303)
		after := w.Fresh(contact)
		if after.GetString("until_on") != "2026-11-22" || after.GetString("from_on") > "2026-11-22" || partners(w, w.Kopi, w.Outsider) != 0 {
			t.Errorf("begun %q: from %q until %q", begins, after.GetString("from_on"), after.GetString("until_on"))
		}
	}
	left := w.Make("contacts", "organisation", w.Campus.Id, "position", "Dekan lama", "until_on", "2025-06-30")
	w.As(w.Coordinator).Post("/contacts/" + left.Id + "/end").Want(303)
	check.Equal(t, "the last day of one who left long ago", w.Fresh(left).GetString("until_on"), "2025-06-30")
}

func TestContacts_OtherPeople_Refused(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "user", w.Partner.Id)
	for _, person := range []*core.Record{w.Partner, w.OtherPartner, w.Observer, w.BaliInitiator, w.Outsider} {
		c := w.As(person)
		c.Get(at(w.Puskesmas)).Want(404)
		c.Post(at(w.Puskesmas), "position", "Saya").Want(404)
		c.Get("/contacts/" + contact.Id + "/edit").Want(404)
		c.Post("/contacts/"+contact.Id+"/edit", "position", "Saya").Want(404)
		c.Post("/contacts/" + contact.Id + "/end").Want(404)
	}
	w.As(nil).Post("/contacts/" + contact.Id + "/end").Want(401)
	w.As(w.Coordinator).Get("/contacts/tidakadaxxxxxxx/edit").Want(404)
	check.Equal(t, "somebody changed a contact", w.Count("contacts"), 3)
	check.Equal(t, "somebody changed a contact", w.Fresh(contact).GetString("until_on"), "")
}

func TestUpdateContact_UserField_Ignored(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	c.Post(at(w.Campus), "position", "Dekan", "user", w.Outsider.Id, "organisation", w.Bali.Id).Want(303)
	made := w.Only("contacts", "position", "Dekan")
	c.Change("/contacts/"+made.Id+"/edit", "position", "Dekan", "user", w.Outsider.Id, "organisation", w.Bali.Id).Want(303)
	after := w.Fresh(made)
	check.That(t, after.GetString("user") == "" && after.GetString("organisation") == w.Campus.Id && partners(w, w.Kopi, w.Outsider) == 0, "the form wrote more than it asks")
}

func spell(options []web.Option) string {
	out := []string{}
	for _, o := range options {
		out = append(out, strings.TrimPrefix(o.Group+": ", ": ")+o.Label)
	}
	return strings.Join(out, "; ")
}

func TestOptions_Stakeholders_CurrentOnce(t *testing.T) {
	w := testkit.New(t)
	w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", w.Campus.Id, "position", "Rektor")
	saved(w, place(w, w.Kopi, w.Forum), "ended_on", "2026-11-23")
	d, p := enter(w, w.Partner, w.Kopi)
	options := check.Must(roster.OrganisationOptions(d, p, "id"))
	want := "Pemerintah: Dinas Sosial Kota Semarang; Pemerintah: Puskesmas Tambakaji; Akademisi: UIN Walisongo; Dunia usaha: Warung Kopi Banaran"
	check.Equal(t, "got", spell(options), want)
	check.Equal(t, "an option carries another organisation", options[1].Value, w.Puskesmas.Id)
	outside, _ := enter(w, w.BaliPartner, w.Rantang)
	if _, err := roster.OrganisationOptions(outside, p, "id"); err == nil {
		t.Error("somebody outside is offered who takes part")
	}
}

func TestOptions_Team_WithoutDisabled(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Coordinator, "position", "Bimbingan")
	for _, person := range []*core.Record{w.Initiator, w.Coordinator, w.Administrator} {
		d, p := enter(w, person, w.Kopi)
		options := check.Must(roster.TeamOptions(d, p))
		check.Equal(t, person.GetString("name")+" is offered", spell(options), "Kepala Panti; Sub Koordinator – Bimbingan")
	}
}

func TestOptions_Contacts_ByAccess(t *testing.T) {
	w := testkit.New(t)
	w.Make("contacts", "organisation", w.Campus.Id, "position", "Dosen", "name", "Dr. Sari")
	w.Make("contacts", "organisation", w.Campus.Id, "position", "Dekan lama", "until_on", "2026-11-22")
	w.Make("contacts", "organisation", w.Campus.Id, "position", "Dekan baru", "from_on", "2026-11-24")
	organisations := []string{w.Puskesmas.Id, w.Campus.Id, w.Bali.Id}
	cases := []struct {
		who, programme *core.Record
		want           string
	}{
		{w.Coordinator, w.Kopi, "Puskesmas Tambakaji: Kepala Puskesmas; UIN Walisongo: Dosen – Dr. Sari"},
		{w.Partner, w.Kopi, "Puskesmas Tambakaji: Kepala Puskesmas"},
		{w.Observer, w.Kopi, ""},
		{w.BaliInitiator, w.Rantang, "K3S Tabanan: Ketua"},
	}
	for _, c := range cases {
		d, _ := enter(w, c.who, c.programme)
		options := check.Must(roster.ContactOptions(d, organisations))
		check.Equal(t, c.who.GetString("name")+" is offered", spell(options), c.want)
	}
	d, _ := enter(w, w.Coordinator, w.Kopi)
	check.Equal(t, "without organisations", len(check.Must(roster.ContactOptions(d, nil))), 0)
}

// intruder prepares what somebody who runs Kopi could do to get into Rantang:
// K3S Tabanan, which takes part there, is made a partner of Kopi, so that its
// contacts come into reach.
func intruder(w *testkit.World) *testkit.Client {
	w.Helper()
	c := w.As(w.Initiator)
	c.API(http.MethodPost, "/api/collections/stakeholders/records",
		map[string]any{"programme": w.Kopi.Id, "organisation": w.Bali.Id}).Want(200)
	return c
}

// closed checks that nobody new came into Rantang.
func closed(w *testkit.World, after string) {
	w.Helper()
	for _, person := range []*core.Record{w.Initiator, w.Coordinator, w.Outsider, w.Partner} {
		check.That(w, partners(w, w.Rantang, person) == 0, "after %s %s may enter Rantang", after, person.GetString("name"))
		w.As(person).Get("/programmes/rantang/stakeholders").Want(404)
	}
}

func TestContacts_LinkAccount_NoForeignAccess(t *testing.T) {
	w := testkit.New(t)
	c := intruder(w)
	records := "/api/collections/contacts/records"
	c.API(http.MethodPost, records, map[string]any{"organisation": w.Bali.Id, "position": "Tamu", "user": w.Initiator.Id}).Want(400)
	own := c.API(http.MethodPost, records, map[string]any{"organisation": w.Bali.Id, "position": "Tamu"}).Want(200)
	id, _ := own.JSON()["id"].(string)
	c.API(http.MethodPatch, records+"/"+id, map[string]any{"user": w.Initiator.Id}).Want(404)
	c.API(http.MethodPatch, records+"/"+w.Only("contacts", "user", w.BaliPartner.Id).Id, map[string]any{"user": w.Outsider.Id}).Want(404)
	mine := w.Make("contacts", "organisation", w.Agency.Id, "position", "Kepala", "user", w.Initiator.Id)
	c.API(http.MethodPatch, records+"/"+mine.Id, map[string]any{"organisation": w.Bali.Id}).Want(404)
	closed(w, "linking an account")
}

func TestContacts_Reopened_NoForeignAccess(t *testing.T) {
	w := testkit.New(t)
	left := w.Make("contacts", "organisation", w.Bali.Id, "position", "Ketua lama", "user", w.Outsider.Id, "until_on", "2026-06-30")
	coming := w.Make("contacts", "organisation", w.Bali.Id, "position", "Ketua baru", "user", w.Outsider.Id, "from_on", "2027-01-01")
	c := intruder(w)
	for _, attempt := range []struct {
		contact *core.Record
		field   string
		value   string
	}{
		{left, "until_on", ""}, {left, "until_on", "2027-06-30"}, {left, "email", "pencuri@example.org"},
		{coming, "from_on", ""}, {coming, "from_on", "2026-11-01"},
	} {
		answer := c.API(http.MethodPatch, "/api/collections/contacts/records/"+attempt.contact.Id, map[string]any{attempt.field: attempt.value})
		data, _ := answer.JSON()["data"].(map[string]any)
		check.That(t, answer.Status == 400 && data[attempt.field] != nil, "%s = %q: %d %s", attempt.field, attempt.value, answer.Status, answer.Body)
	}
	answer := c.Change("/contacts/"+left.Id+"/edit", "position", "Ketua lama", "until_on", "").Want(422)
	if got := answer.Text("#until_on-error"); got == "" {
		t.Error("the page says nothing at the field")
	}
	c.API(http.MethodPatch, "/api/collections/contacts/records/"+left.Id, map[string]any{"name": "Bapak Wayan"}).Want(200)
	closed(w, "changing a term")
}

func TestContacts_Reopened_ByInitiatorOfAll(t *testing.T) {
	w := testkit.New(t)
	contact := saved(w, w.Only("contacts", "user", w.Partner.Id), "until_on", "2026-06-30")
	path := "/api/collections/contacts/records/" + contact.Id
	w.As(w.Coordinator).API(http.MethodPatch, path, map[string]any{"until_on": ""}).Want(200)
	check.Equal(t, "the partner stays outside", partners(w, w.Kopi, w.Partner), 1)
	saved(w, contact, "until_on", "2026-06-30")
	w.Make("stakeholders", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id)
	w.As(w.Coordinator).API(http.MethodPatch, path, map[string]any{"until_on": ""}).Want(400)
	w.As(w.Administrator).API(http.MethodPatch, path, map[string]any{"until_on": ""}).Want(200)
	check.Equal(t, "the administrator cannot reopen a term", partners(w, w.Rantang, w.Partner), 1)
}

func TestStakeholders_OtherProgramme_Refused(t *testing.T) {
	w := testkit.New(t)
	c := intruder(w)
	records := "/api/collections/stakeholders/records"
	c.API(http.MethodPost, records, map[string]any{"programme": w.Rantang.Id, "organisation": w.Puskesmas.Id}).Want(400)
	c.API(http.MethodPatch, records+"/"+place(w, w.Kopi, w.Puskesmas).Id, map[string]any{"programme": w.Rantang.Id}).Want(404)
	c.API(http.MethodPatch, records+"/"+place(w, w.Kopi, w.Puskesmas).Id, map[string]any{"organisation": w.Bali.Id}).Want(404)
	c.API(http.MethodPatch, records+"/"+place(w, w.Rantang, w.Bali).Id, map[string]any{"ended_on": "2026-11-23"}).Want(404)
	c.API(http.MethodDelete, records+"/"+place(w, w.Kopi, w.Puskesmas).Id, nil).Want(403)
	c.Post("/programmes/rantang/stakeholders", "organisation", w.Puskesmas.Id).Want(404)
	c.Post("/stakeholders/" + place(w, w.Rantang, w.Bali).Id + "/end").Want(404)
	closed(w, "placing an organisation")
	check.Equal(t, "somebody of Kopi ended what is Rantang's", partners(w, w.Rantang, w.BaliPartner), 1)
	check.Equal(t, "somebody of Kopi ended what is Rantang's", w.Fresh(place(w, w.Rantang, w.Bali)).GetString("ended_on"), "")
}

func TestContacts_ByPartner_Refused(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Partner)
	c.API(http.MethodPost, "/api/collections/contacts/records",
		map[string]any{"organisation": w.Puskesmas.Id, "position": "Teman", "user": w.Outsider.Id}).Want(400)
	c.API(http.MethodPatch, "/api/collections/contacts/records/"+w.Only("contacts", "user", w.Partner.Id).Id,
		map[string]any{"user": w.Outsider.Id}).Want(404)
	c.API(http.MethodPost, "/api/collections/stakeholders/records",
		map[string]any{"programme": w.Kopi.Id, "organisation": w.Bali.Id}).Want(400)
	check.Equal(t, "a partner let somebody", partners(w, w.Kopi, w.Outsider)+partners(w, w.Kopi, w.BaliPartner), 0)
}

func TestContacts_DisabledAccount_Refused(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Administrator).API(http.MethodPost, "/api/collections/contacts/records",
		map[string]any{"organisation": w.Campus.Id, "position": "Dosen", "user": w.Disabled.Id}).Want(400)
	if data, _ := answer.JSON()["data"].(map[string]any); data["user"] == nil {
		t.Error(answer.Body)
	}
	w.As(w.Administrator).API(http.MethodPost, "/api/collections/contacts/records",
		map[string]any{"organisation": w.Campus.Id, "position": "Dosen", "user": w.Outsider.Id}).Want(200)
	check.Equal(t, "the administrator's link opens nothing", partners(w, w.Kopi, w.Outsider), 1)
}

// strip returns the coverage of Kopi as somebody sees it, by helix.
func strip(w *testkit.World, person *core.Record) map[string]roster.Helix {
	w.Helper()
	d, p := enter(w, person, w.Kopi)
	rows := check.Must(roster.Coverage(d, p, "id"))
	out := map[string]roster.Helix{}
	for i, want := range []string{"government", "university", "business", "community", "media"} {
		if rows[i].Helix != want {
			w.Fatalf("row %d is %s", i, rows[i].Helix)
		}
		out[want] = rows[i]
	}
	return out
}

func TestCoverage_EmptyParty_OffersNextStep(t *testing.T) {
	w := testkit.New(t)
	media := strip(w, w.Coordinator)["media"]
	want := roster.Helix{Helix: "media", Label: "Media", Count: 0, State: roster.Empty, StateLabel: "kosong",
		Names: "Belum ada unsur media", URL: "/programmes/kopi/stakeholders/new?helix=media", Action: "Tambah unsur media"}
	check.Equal(t, "got", media, want)
	partner := strip(w, w.Partner)["media"]
	check.That(t, partner.Action == "" && partner.URL == "/programmes/kopi/stakeholders#media", "a partner is offered %+v", partner)
}

func TestCoverage_OnlyRepresentatives_Vague(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Shop, "subtype", "business_group_unnamed", "short_name", "Pengusaha setempat")
	shop := strip(w, w.Coordinator)["business"]
	check.That(t, shop.State == roster.Vague && shop.StateLabel == "belum rinci" && shop.Count == 1 && shop.Names == "Pengusaha setempat" && shop.Action != "", "%+v", shop)
	named := w.Make("organisations", "name", "Bank Jateng", "helix", "business", "subtype", "regional_soe")
	w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", named.Id)
	shop = strip(w, w.Coordinator)["business"]
	check.That(t, shop.State == roster.Present && shop.Count == 2 && shop.Action == "", "%+v", shop)
}

func TestCoverage_WorkAndContributions_Active(t *testing.T) {
	task := func(state string) func(*testkit.World) {
		return func(w *testkit.World) {
			w.Make("tasks", "programme", w.Kopi.Id, "title", "Data", "organisation", w.Campus.Id, "accountable", w.Initiator.Id, "state", state)
		}
	}
	gift := func(status, on string) func(*testkit.World) {
		return func(w *testkit.World) {
			r := w.Make("contributions", "programme", w.Kopi.Id, "contributor", w.Campus.Id, "kind", "hours", "item", "Pelatihan",
				"quantity", 4, "unit", "person_hour", "given_on", on, "stage", "delivered")
			_, err := w.App.DB().Update("contributions", map[string]any{"review_status": status}, nil).Execute()
			if err != nil {
				w.Fatal(r.Id, err)
			}
		}
	}
	cases := []struct {
		name  string
		make  func(*testkit.World)
		state string
	}{
		{"nothing yet", func(*testkit.World) {}, roster.Present},
		{"a task to do", task("todo"), roster.Active},
		{"a task that waits", task("waiting"), roster.Active},
		{"a task that is done", task("done"), roster.Present},
		{"a task that was cancelled", task("cancelled"), roster.Present},
		{"a verified gift 90 days ago", gift("verified", "2026-08-25"), roster.Active},
		{"a verified gift 91 days ago", gift("verified", "2026-08-24"), roster.Present},
		{"a gift nobody verified", gift("submitted", "2026-11-20"), roster.Present},
		{"a task in another programme", func(w *testkit.World) {
			w.Make("stakeholders", "programme", w.Papua.Id, "organisation", w.Campus.Id)
			w.Make("tasks", "programme", w.Papua.Id, "title", "Data", "organisation", w.Campus.Id, "accountable", w.BaliInitiator.Id, "state", "todo")
		}, roster.Present},
		{"a verified gift to another programme", func(w *testkit.World) {
			w.Make("stakeholders", "programme", w.Papua.Id, "organisation", w.Campus.Id)
			w.Make("contributions", "programme", w.Papua.Id, "contributor", w.Campus.Id, "kind", "hours", "item", "Pelatihan", "quantity", 4,
				"unit", "person_hour", "given_on", "2026-11-20", "stage", "delivered", "review_status", "verified", "verified_quantity", 4)
		}, roster.Present},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w := testkit.New(t)
			c.make(w)
			check.Equal(t, "State", strip(w, w.Observer)["university"].State, c.state)
		})
	}
}

func TestCoverage_ManyNames_Shortened(t *testing.T) {
	w := testkit.New(t)
	for _, name := range []string{"Tagana", "PKK", "Karang Taruna"} {
		o := w.Make("organisations", "name", name, "helix", "community")
		w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", o.Id)
	}
	w.Make("stakeholders", "programme", w.Kopi.Id, "organisation", w.Forum.Id, "position", "Sekretaris")
	got := strip(w, w.Partner)["community"]
	check.That(t, got.Count == 5 && got.Names == "Forum PSM Semarang, Karang Taruna, PKK dan 1 lainnya", "%+v", got)
}

func TestCoverage_EndedOrOtherHelix_NotCounted(t *testing.T) {
	w := testkit.New(t)
	saved(w, place(w, w.Kopi, w.Forum), "ended_on", "2026-11-23")
	saved(w, place(w, w.Kopi, w.Campus), "helix", "media")
	got := strip(w, w.Partner)
	check.That(t, got["community"].State == roster.Empty && got["university"].State == roster.Empty && got["media"].Names == "UIN Walisongo", "%+v", got)
}

func TestCoverage_Outsider_Refused(t *testing.T) {
	w := testkit.New(t)
	d, p := enter(w, w.Partner, w.Kopi)
	outside, _ := enter(w, w.BaliPartner, w.Rantang)
	if _, err := roster.Coverage(outside, p, "id"); err == nil {
		t.Error("somebody outside counts who takes part")
	}
	english, err := roster.Coverage(d, p, "en")
	check.That(t, err == nil && english[4].Names == "No media stakeholder yet." && strings.HasPrefix(english[0].StateLabel, "present"), "%+v, %v", english, err)
}
