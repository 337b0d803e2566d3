package roster_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"simpul/hooks/testkit"
)

// form lays typed fields over a good form for a new media partner.
func form(changes ...string) []string {
	fields := map[string]string{
		"once": "formulir-1", "organisation": "new", "new_name": "Radio Semarang", "new_helix": "media", "new_subtype": "radio",
		"role": "Publikasi", "joined_on": "2026-11-20", "partner_status": "contacted", "comms_strategy": "Undang ke peluncuran",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	out := []string{}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		out = append(out, name, fields[name])
	}
	return out
}

func TestAGapIsFilledInOneStep(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	asked := c.Get(kopi + "/new?helix=media").Want(200)
	if asked.Text("h1") != "Tambah unsur media" {
		t.Error(asked.Text("h1"))
	}
	if asked.Doc().Find(`#new_helix option[value="media"][selected]`).Length() != 1 ||
		asked.Doc().Find(`#organisation option[value="new"][selected]`).Length() != 1 {
		t.Error("the form does not begin where the gap is")
	}
	action, _ := asked.Doc().Find("main form").Attr("action")
	answer := c.Post(action, form()...).Want(303)
	if told := c.Follow(answer).Text(".flash"); told != "Radio Semarang sudah ditambahkan ke program ini." {
		t.Error(told)
	}
	radio := w.Only("organisations", "name", "Radio Semarang")
	if radio.GetString("helix") != "media" || radio.GetString("subtype") != "radio" || radio.GetString("regency") != "Kota Semarang" {
		t.Errorf("%s, %s, %s", radio.GetString("helix"), radio.GetString("subtype"), radio.GetString("regency"))
	}
	at := w.Only("stakeholders", "organisation", radio.Id)
	for field, want := range map[string]string{"programme": w.Kopi.Id, "role": "Publikasi", "helix": "", "partner_status": "contacted",
		"joined_on": "2026-11-20", "comms_strategy": "Undang ke peluncuran", "ended_on": ""} {
		if got := at.GetString(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
}

func TestAnOrganisationOfTheListJoins(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Coordinator).Post(kopi, form("organisation", w.Bali.Id, "new_name", "", "new_helix", "", "new_subtype", "")...).Want(303)
	if at := place(w, w.Kopi, w.Bali); at.GetString("role") != "Publikasi" {
		t.Error("it joined without its role")
	}
	if w.Count("organisations") != 6 || partners(w, w.Kopi, w.BaliPartner) != 1 {
		t.Error("it is doubled, or its people stay outside")
	}
}

func TestOneFormSentTwiceMakesOnePlace(t *testing.T) {
	w := testkit.New(t)
	for range 2 {
		w.As(w.Coordinator).Post(kopi, form()...).Want(303)
		w.As(w.Coordinator).Post(kopi, form("once", "formulir-2", "organisation", w.Bali.Id, "new_name", "")...).Want(303)
	}
	if w.Count("stakeholders") != 8 || w.Count("organisations") != 7 {
		t.Errorf("%d places, %d organisations", w.Count("stakeholders"), w.Count("organisations"))
	}
}

func TestANameTheHubKnowsIsUsedNotDoubled(t *testing.T) {
	for _, name := range []string{"warung kopi BANARAN", "CV. Warung Kopi Banaran", "Warung-Kopi  Banaran"} {
		w := testkit.New(t)
		c := w.As(w.Initiator)
		answer := c.Post(kopi, form("new_name", name, "position", "Pemilik")...).Want(303)
		if told := c.Follow(answer).Text(".flash"); !strings.HasPrefix(told, "Warung Kopi Banaran sudah ada di daftar") {
			t.Errorf("%s: %q", name, told)
		}
		if w.Count("organisations") != 6 || w.Count("stakeholders") != 7 {
			t.Errorf("%s: %d organisations, %d places", name, w.Count("organisations"), w.Count("stakeholders"))
		}
	}
}

func TestANameOfAnotherPlaceIsAskedAbout(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Initiator).Post(kopi, form("new_name", "K3S Tabanan")...).Want(422)
	if got := answer.Text("#new_name-error"); !strings.Contains(got, "Ada K3S Tabanan di Tabanan") {
		t.Error(got)
	}
	if kept, _ := answer.Doc().Find("#role").Attr("value"); kept != "Publikasi" {
		t.Error("what was typed is lost")
	}
	w.Make("organisations", "name", "Radio Kita", "helix", "media")
	w.Make("organisations", "name", "Radio Kita", "helix", "media")
	several := w.As(w.Initiator).Post(kopi, form("new_name", "radio kita")...).Want(422)
	if got := several.Text("#new_name-error"); !strings.Contains(got, "Beberapa organisasi") {
		t.Error(got)
	}
}

func TestTheSamePlaceTwiceIsRefusedKindly(t *testing.T) {
	w := testkit.New(t)
	for _, fields := range [][]string{
		form("organisation", w.Campus.Id, "new_name", ""),
		form("new_name", "UIN Walisongo"),
	} {
		answer := w.As(w.Initiator).Post(kopi, fields...).Want(422)
		if got := answer.Text("#organisation-error"); !strings.Contains(got, "UIN Walisongo sudah tercatat di program ini") {
			t.Error(got)
		}
	}
	w.As(w.Initiator).Post(kopi, form("organisation", w.Campus.Id, "new_name", "", "position", "Rektor")...).Want(303)
	if w.Count("stakeholders") != 7 {
		t.Errorf("%d places", w.Count("stakeholders"))
	}
}

func TestOneThatLeftComesBackIntoItsOldRow(t *testing.T) {
	w := testkit.New(t)
	at := saved(w, place(w, w.Kopi, w.Campus), "ended_on", "2026-06-30", "role", "Riset")
	w.As(w.Initiator).Post(kopi, form("organisation", w.Campus.Id, "new_name", "", "role", "Pelatihan", "joined_on", "")...).Want(303)
	after := w.Fresh(at)
	if after.GetString("ended_on") != "" || after.GetString("role") != "Pelatihan" || w.Count("stakeholders") != 6 {
		t.Errorf("ended %q, role %q, %d places", after.GetString("ended_on"), after.GetString("role"), w.Count("stakeholders"))
	}
}

func TestEveryWrongFieldOfANewPlaceIsNamedAndNothingIsLost(t *testing.T) {
	w := testkit.New(t)
	cases := []struct {
		field, value, sentence string
		more                   []string
	}{
		{"organisation", "", "Pilih “Organisasi” dulu.", nil},
		{"organisation", "tidakadaxxxxxxx", "dari daftar", []string{"new_name", ""}},
		{"new_name", "", "Isi “Nama organisasi baru” dulu.", nil},
		{"new_name", strings.Repeat("x", 201), "terlalu panjang", nil},
		{"new_name", "Warga 3374011203990001", "16 angka", nil},
		{"new_name", "Radio lain", "sudah dipilih dari daftar", []string{"organisation", w.Bali.Id}},
		{"new_helix", "", "Pilih unsur", []string{"new_subtype", ""}},
		{"new_helix", "partai", "dari daftar", nil},
		{"new_subtype", "puskesmas", "bagian dari unsur lain", nil},
		{"new_subtype", "warung", "dari daftar", nil},
		{"position", strings.Repeat("x", 201), "terlalu panjang", nil},
		{"role", strings.Repeat("x", 201), "terlalu panjang", nil},
		{"responsibility", strings.Repeat("x", 2001), "terlalu panjang", nil},
		{"joined_on", "31-31-2026", "Tulis tanggal", nil},
		{"partner_status", "teman", "dari daftar", nil},
		{"engagement_level", "sedikit", "dari daftar", nil},
		{"comms_strategy", strings.Repeat("x", 5001), "terlalu panjang", nil},
	}
	for _, c := range cases {
		answer := w.As(w.Coordinator).Post(kopi, form(append(c.more, c.field, c.value)...)...).Want(422)
		if got := answer.Text("#" + c.field + "-error"); !strings.Contains(got, c.sentence) {
			t.Errorf("%s %.20q says %q", c.field, c.value, got)
		}
		if kept, _ := answer.Doc().Find("#role").Attr("value"); c.field != "role" && kept != "Publikasi" {
			t.Errorf("%s %.20q: what was typed is lost", c.field, c.value)
		}
	}
	if w.Count("stakeholders") != 6 || w.Count("organisations") != 6 {
		t.Error("a refused form left something behind")
	}
}

func TestTheKindAloneSaysTheHelix(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Coordinator).Post(kopi, form("new_helix", "")...).Want(303)
	if radio := w.Only("organisations", "name", "Radio Semarang"); radio.GetString("helix") != "media" {
		t.Error("a radio station counts as", radio.GetString("helix"))
	}
}

func TestAnUnknownHelixInTheAddressIsNoHelix(t *testing.T) {
	w := testkit.New(t)
	if got := w.As(w.Coordinator).Get(kopi + "/new?helix=%27x").Want(200).Text("h1"); got != "Tambah pemangku kepentingan" {
		t.Error(got)
	}
	narrowed := w.As(w.Coordinator).Get(kopi + "/new?helix=community").Want(200)
	if got := narrowed.Doc().Find("#organisation optgroup").Length(); got != 1 {
		t.Errorf("%d groups of organisations for one helix", got)
	}
}
