package programmes_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"
)

// entered is a programme as somebody meets it.
func entered(w *testkit.World, person, programme *core.Record) *programmes.Programme {
	w.Helper()
	p, err := programmes.ByID(access.As(w.App, person), programme.Id)
	if err != nil {
		w.Fatal(err)
	}
	return p
}

func TestAProgrammeSaysWhereItIs(t *testing.T) {
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

func TestAProgrammeSaysWhenItRunsInBothLanguages(t *testing.T) {
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

func TestAProgrammeWithoutAZoneTakesItsProvinces(t *testing.T) {
	w := testkit.New(t)
	p := entered(w, w.BaliInitiator, w.Rantang)
	p.Set("time_zone", "")
	if got := p.Zone(); got != "Asia/Makassar" {
		t.Errorf("zone %q in Bali", got)
	}
}

func TestAProgrammeIsMetByThoseInsideOnly(t *testing.T) {
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

func TestAProgrammeKnowsWhatItsReaderIs(t *testing.T) {
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

func TestTheTabsLeadToTheRoomsAReaderMayEnter(t *testing.T) {
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
			if tab.Current != strings.HasSuffix(tab.URL, "/tasks") {
				t.Errorf("%s is current: %v", tab.Label, tab.Current)
			}
		}
		if got := strings.Join(said, "; "); got != c.want {
			t.Errorf("%s sees %s", c.who.GetString("name"), got)
		}
	}
	english := entered(w, w.Partner, w.Kopi).Tabs("overview", "en")
	if english.Label != "Parts of the programme" || english.Items[0].Label != "Overview" || !english.Items[0].Current {
		t.Errorf("%+v", english)
	}
}

func TestTheCrumbsLeadBack(t *testing.T) {
	w := testkit.New(t)
	crumbs := entered(w, w.Partner, w.Kopi).Crumbs("id")
	if len(crumbs) != 2 || crumbs[0].URL != "/programmes" || crumbs[1].Label != "KOPI REHAT" || crumbs[1].URL != "/programmes/kopi" {
		t.Errorf("%+v", crumbs)
	}
}

func TestTheStateIsSaidInWordsAndColour(t *testing.T) {
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

func TestStagesComeInOrderAndFromThisProgramme(t *testing.T) {
	w := testkit.New(t)
	for i, name := range []string{"Pendampingan", "Rujukan", "Asesmen"} {
		w.Make("stages", "programme", w.Kopi.Id, "name", name, "position", 3-i, "unit_of_count", "orang")
	}
	w.Make("stages", "programme", w.Rantang.Id, "name", "Rantang", "position", 1)
	d := access.As(w.App, w.Partner)
	p, err := programmes.ByID(d, w.Kopi.Id)
	if err != nil {
		t.Fatal(err)
	}
	stages, err := programmes.Stages(d, p)
	if err != nil {
		t.Fatal(err)
	}
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
