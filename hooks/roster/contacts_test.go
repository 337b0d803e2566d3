package roster_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// at is where contacts of an organisation are added.
func at(organisation *core.Record) string {
	return "/organisations/" + organisation.Id + "/contacts/new"
}

func TestAContactIsRecordedWithItsNumberInOneForm(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	c.Get(at(w.Campus)).Want(200)
	answer := c.Post(at(w.Campus), "position", "Dosen pendamping", "name", "Dr. Sari", "email", "sari@example.org",
		"phone", "0812 3456-7890", "focal_point", "true", "language", "id", "from_on", "1/9/2026").Want(303)
	made := w.Only("contacts", "organisation", w.Campus.Id)
	for field, want := range map[string]string{"phone": "6281234567890", "from_on": "2026-09-01", "focal_point": "true", "user": ""} {
		if got := made.GetString(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	shown := c.Follow(answer)
	if got := shown.Text(`section[aria-labelledby="contacts"]`); !strings.Contains(got, "0812-3456-7890") || !strings.Contains(got, "Narahubung utama") {
		t.Error(got)
	}
	for _, link := range []string{"https://wa.me/6281234567890", "tel:+6281234567890", "mailto:sari@example.org"} {
		if shown.Doc().Find(`a[href="`+link+`"]`).Length() != 1 {
			t.Errorf("no link to %s", link)
		}
	}
}

func TestTheSameContactSentTwiceIsOne(t *testing.T) {
	w := testkit.New(t)
	for range 2 {
		w.As(w.Coordinator).Post(at(w.Campus), "position", "Dosen", "name", "Dr. Sari", "email", "sari@example.org").Want(303)
	}
	w.Only("contacts", "position", "Dosen")
	w.As(w.Coordinator).Post(at(w.Campus), "position", "Dosen", "name", "Dr. Budi").Want(303)
	if w.Count("contacts") != 5 {
		t.Errorf("%d contacts; two may hold offices of one name", w.Count("contacts"))
	}
}

func TestEveryWrongFieldOfAContactIsNamed(t *testing.T) {
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
	if w.Count("contacts") != 3 || w.Fresh(contact).GetString("position") != "Kepala Puskesmas" {
		t.Error("a refused form was kept")
	}
}

func TestEndingAContactShutsTheScopeAtOnce(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "user", w.Partner.Id)
	w.As(w.Partner).Get(kopi).Want(200)
	c := w.As(w.Coordinator)
	answer := c.Post("/contacts/" + contact.Id + "/end").Want(303)
	if told := c.Follow(answer).Text(".flash"); told != "Kepala Puskesmas tidak lagi mewakili organisasi ini." {
		t.Error(told)
	}
	w.As(w.Partner).Get(kopi).Want(404)
	if got := w.Fresh(contact).GetString("until_on"); got != "2026-11-22" {
		t.Errorf("last day %q", got)
	}
	shown := c.Get("/organisations/" + w.Puskesmas.Id).Want(200)
	if got := shown.Text("details"); !strings.Contains(got, "Kepala Puskesmas") || !strings.Contains(got, "sampai 22 Nov 2026") {
		t.Error("former:", got)
	}
	c.Post("/contacts/" + contact.Id + "/end").Want(303)
}

func TestAContactThatBeganTodayOrLaterCanBeEnded(t *testing.T) {
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
	if got := w.Fresh(left).GetString("until_on"); got != "2025-06-30" {
		t.Errorf("the last day of one who left long ago became %q", got)
	}
}

func TestOthersCannotTouchContacts(t *testing.T) {
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
	if w.Count("contacts") != 3 || w.Fresh(contact).GetString("until_on") != "" {
		t.Error("somebody changed a contact")
	}
}

func TestAFormCannotSmuggleAnAccountIn(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	c.Post(at(w.Campus), "position", "Dekan", "user", w.Outsider.Id, "organisation", w.Bali.Id).Want(303)
	made := w.Only("contacts", "position", "Dekan")
	c.Change("/contacts/"+made.Id+"/edit", "position", "Dekan", "user", w.Outsider.Id, "organisation", w.Bali.Id).Want(303)
	after := w.Fresh(made)
	if after.GetString("user") != "" || after.GetString("organisation") != w.Campus.Id || partners(w, w.Kopi, w.Outsider) != 0 {
		t.Error("the form wrote more than it asks")
	}
}
