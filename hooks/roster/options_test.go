package roster_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/roster"
	"simpul/hooks/testkit"
	"simpul/hooks/web"

	"simpul/hooks/testkit/check"
)

func spell(options []web.Option) string {
	out := []string{}
	for _, o := range options {
		out = append(out, strings.TrimPrefix(o.Group+": ", ": ")+o.Label)
	}
	return strings.Join(out, "; ")
}

func TestFormsOfferWhoTakesPartNowEachOnce(t *testing.T) {
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

func TestTheTeamIsOfferedWithoutClosedAccounts(t *testing.T) {
	w := testkit.New(t)
	saved(w, w.Coordinator, "position", "Bimbingan")
	for _, person := range []*core.Record{w.Initiator, w.Coordinator, w.Administrator} {
		d, p := enter(w, person, w.Kopi)
		options := check.Must(roster.TeamOptions(d, p))
		check.Equal(t, person.GetString("name")+" is offered", spell(options), "Kepala Panti; Sub Koordinator – Bimbingan")
	}
}

func TestContactsInOfficeAreOfferedToWhoMaySeeThem(t *testing.T) {
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
	if options, err := roster.ContactOptions(d, nil); err != nil || len(options) != 0 {
		t.Errorf("without organisations: %v, %v", options, err)
	}
}
