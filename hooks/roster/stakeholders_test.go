package roster_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

const kopi = "/programmes/kopi/stakeholders"

func TestTheFivePartiesStandInTheirOrderAndTheEmptyOneSaysSo(t *testing.T) {
	w := testkit.New(t)
	answer := w.As(w.Coordinator).Get(kopi).Want(200)
	headings := []string{}
	for _, h := range answer.Doc().Find("main section.card h2").EachIter() {
		headings = append(headings, h.Text())
	}
	if got := strings.Join(headings, " "); got != "Pemerintah Akademisi Dunia usaha Komunitas Media" {
		t.Error(got)
	}
	for helix, want := range map[string]string{
		"government": "2 pemangku kepentingan", "university": "1 pemangku kepentingan", "business": "1 pemangku kepentingan", "community": "1 pemangku kepentingan", "media": "0 pemangku kepentingan",
	} {
		if got := answer.Text("#" + helix + " header .quiet"); got != want {
			t.Errorf("%s counts %q", helix, got)
		}
	}
	if got := answer.Text("#media .body"); !strings.HasPrefix(got, "Belum ada unsur media.") {
		t.Error(got)
	}
	if got := answer.Text(".callout h2"); got != "Belum ada unsur media." {
		t.Errorf("the gap is called %q", got)
	}
	if got := answer.Text(".filters a:last-child"); got != "Media (kosong)" {
		t.Errorf("the last jump is %q", got)
	}
	if answer.Doc().Find(`#media a[href="/programmes/kopi/stakeholders/new?helix=media"]`).Length() != 1 {
		t.Error("the empty party offers no next step")
	}
}

func TestWhatIsTheTeamsStaysWithTheTeam(t *testing.T) {
	w := testkit.New(t)
	saved(w, place(w, w.Kopi, w.Puskesmas), "position", "Kepala Puskesmas", "role", "Layanan jiwa", "partner_status", "dormant",
		"engagement_level", "consult", "comms_strategy", "Lewat sekretarisnya", "urgent", true, "responsibility", "Home visit")
	secret := []string{"Pasif", "Dimintai pendapat", "Lewat sekretarisnya", "Perlu segera didekati", "Ubah"}
	team := w.As(w.Coordinator).Get(kopi).Want(200)
	for _, word := range append(secret, "Kepala Puskesmas", "Layanan jiwa", "Home visit") {
		if !strings.Contains(team.Body, word) {
			t.Errorf("the team does not read %q", word)
		}
	}
	for _, person := range []*core.Record{w.Partner, w.OtherPartner, w.Observer} {
		answer := w.As(person).Get(kopi).Want(200)
		for _, word := range secret {
			if strings.Contains(answer.Text("main"), word) {
				t.Errorf("%s reads %q", person.GetString("name"), word)
			}
		}
		for _, word := range []string{"Puskesmas Tambakaji", "Kepala Puskesmas", "Layanan jiwa"} {
			if !strings.Contains(answer.Text("#government"), word) {
				t.Errorf("%s misses %q", person.GetString("name"), word)
			}
		}
	}
	rest := w.As(w.Partner).API(http.MethodGet, "/api/collections/stakeholders/records", nil).Want(200)
	if strings.Contains(rest.Body, "sekretarisnya") || strings.Contains(rest.Body, "dormant") {
		t.Error("the API tells a partner what is the team's")
	}
}

func TestOthersDoNotSeeWhoTakesPart(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.BaliInitiator, w.BaliPartner, w.Outsider} {
		w.As(person).Get(kopi).Want(404)
	}
	w.As(nil).Get(kopi).Want(303)
	w.As(w.Administrator).Get(kopi).Want(200)
	w.As(w.Initiator).Get("/programmes/tidak-ada/stakeholders").Want(404)
}

func TestTheListSpeaksEnglish(t *testing.T) {
	w := testkit.New(t)
	text := w.As(saved(w, w.Coordinator, "language", "en")).Get(kopi).Want(200).Text("main")
	for _, word := range []string{"Stakeholders", "Government 2 stakeholders", "Business 1 stakeholder", "No media stakeholder yet.", "Add a media stakeholder"} {
		if !strings.Contains(text, word) {
			t.Errorf("%q is missing in %q", word, text)
		}
	}
}

func TestEndingShutsTheScopeAtOnceAndKeepsTheRow(t *testing.T) {
	w := testkit.New(t)
	partner, team := w.As(w.Partner), w.As(w.Coordinator)
	partner.Get(kopi).Want(200)
	at := place(w, w.Kopi, w.Puskesmas)
	answer := team.Post("/stakeholders/" + at.Id + "/end").Want(303)
	if told := team.Follow(answer).Text(".flash"); told != "Keterlibatan Puskesmas Tambakaji sudah berakhir." {
		t.Error(told)
	}
	partner.Get(kopi).Want(404)
	partner.API(http.MethodGet, "/api/collections/programmes/records/"+w.Kopi.Id, nil).Want(404)
	if got := w.Fresh(at).GetString("ended_on"); got != "2026-11-23" {
		t.Errorf("ended on %q", got)
	}
	list := team.Get(kopi).Want(200)
	if strings.Contains(list.Text("#government"), "Puskesmas") {
		t.Error("it still stands with those who take part")
	}
	if got := list.Text(`section[aria-labelledby="ended"]`); !strings.Contains(got, "Puskesmas Tambakaji") || !strings.Contains(got, "Berakhir 23 Nov 2026") {
		t.Error("ended:", got)
	}
}

func TestEndingAgainChangesNothingAndItCanTakePartAgain(t *testing.T) {
	w := testkit.New(t)
	at := saved(w, place(w, w.Kopi, w.Puskesmas), "ended_on", "2026-10-01")
	team := w.As(w.Coordinator)
	team.Post("/stakeholders/" + at.Id + "/end").Want(303)
	if got := w.Fresh(at).GetString("ended_on"); got != "2026-10-01" {
		t.Errorf("the day it ended became %q", got)
	}
	team.Post("/stakeholders/" + at.Id + "/resume").Want(303)
	if w.Fresh(at).GetString("ended_on") != "" || partners(w, w.Kopi, w.Partner) != 1 {
		t.Error("it does not take part again")
	}
}

func TestOneThatHadNotJoinedYetCanBeEnded(t *testing.T) {
	w := testkit.New(t)
	at := saved(w, place(w, w.Kopi, w.Puskesmas), "joined_on", "2027-01-01")
	w.As(w.Coordinator).Post("/stakeholders/" + at.Id + "/end").Want(303)
	if got := w.Fresh(at); got.GetString("ended_on") != "2026-11-23" || got.GetString("joined_on") > got.GetString("ended_on") {
		t.Errorf("joined %s, ended %s", got.GetString("joined_on"), got.GetString("ended_on"))
	}
}

func TestOnlyTheTeamTouchesAPlace(t *testing.T) {
	w := testkit.New(t)
	at := place(w, w.Kopi, w.Puskesmas)
	for _, person := range []*core.Record{w.Partner, w.Observer, w.BaliInitiator, w.Outsider} {
		c := w.As(person)
		c.Get("/stakeholders/" + at.Id + "/edit").Want(404)
		c.Post("/stakeholders/"+at.Id+"/edit", "role", "Saya").Want(404)
		c.Post("/stakeholders/" + at.Id + "/end").Want(404)
		c.Post("/stakeholders/" + at.Id + "/resume").Want(404)
		c.Get(kopi + "/new").Want(404)
		c.Post(kopi, "organisation", w.Bali.Id).Want(404)
	}
	w.As(nil).Post("/stakeholders/" + at.Id + "/end").Want(401)
	w.As(w.Coordinator).Get("/stakeholders/tidakadaxxxxxxx/edit").Want(404)
	if after := w.Fresh(at); after.GetString("role") != "" || after.GetString("ended_on") != "" || w.Count("stakeholders") != 6 {
		t.Error("somebody changed who takes part")
	}
}

func TestAPlaceIsChangedFromItsForm(t *testing.T) {
	w := testkit.New(t)
	at := saved(w, place(w, w.Kopi, w.Campus), "partner_status", "contacted", "comms_strategy", "Surel saja")
	c := w.As(w.Initiator)
	form := c.Get("/stakeholders/" + at.Id + "/edit").Want(200)
	if form.Text("h1") != "UIN Walisongo" || form.Text("#comms_strategy") != "Surel saja" {
		t.Errorf("%q, %q", form.Text("h1"), form.Text("#comms_strategy"))
	}
	c.Change("/stakeholders/"+at.Id+"/edit", "role", "Riset", "joined_on", "5/2/2026", "partner_status", "agreed",
		"engagement_level", "collaborate", "helix", "community", "urgent", "true").Want(303)
	after := w.Fresh(at)
	for field, want := range map[string]string{"role": "Riset", "joined_on": "2026-02-05", "partner_status": "agreed",
		"engagement_level": "collaborate", "helix": "community", "urgent": "true", "organisation": w.Campus.Id} {
		if got := after.GetString(field); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	list := c.Get(kopi).Want(200)
	if !strings.Contains(list.Text("#community"), "UIN Walisongo") || strings.Contains(list.Text("#university"), "UIN") {
		t.Error("it does not count under the helix it has here")
	}
}

func TestAWrongChangeOfAPlaceIsShownWithWhatWasTyped(t *testing.T) {
	w := testkit.New(t)
	at := saved(w, place(w, w.Kopi, w.Campus), "ended_on", "2026-06-30")
	long := strings.Repeat("x", 5001)
	cases := []struct{ field, value, sentence string }{
		{"position", long[:201], "terlalu panjang"},
		{"role", "Pasien 3374011203990001", "16 angka"},
		{"responsibility", long[:2001], "terlalu panjang"},
		{"joined_on", "tahun lalu", "Tulis tanggal"},
		{"partner_status", "teman", "dari daftar"},
		{"engagement_level", "sedikit", "dari daftar"},
		{"comms_strategy", long, "terlalu panjang"},
		{"helix", "partai", "dari daftar"},
	}
	for _, c := range cases {
		answer := w.As(w.Initiator).Change("/stakeholders/"+at.Id+"/edit", c.field, c.value, "new_name", "x").Want(422)
		if got := answer.Text("#" + c.field + "-error"); !strings.Contains(got, c.sentence) {
			t.Errorf("%s %.20q says %q", c.field, c.value, got)
		}
	}
	late := w.As(w.Initiator).Change("/stakeholders/"+at.Id+"/edit", "joined_on", "2026-07-01", "role", "Riset").Want(422)
	if got := late.Text(".problems"); !strings.Contains(got, "tidak boleh sebelum") {
		t.Error(got)
	}
	if kept, _ := late.Doc().Find("#role").Attr("value"); kept != "Riset" {
		t.Errorf("the typed role became %q", kept)
	}
	if w.Fresh(at).GetString("role") != "" {
		t.Error("a refused change was kept")
	}
}

func TestOneGapIsCalledOutAtATime(t *testing.T) {
	w := testkit.New(t)
	for _, organisation := range []*core.Record{w.Shop, w.Forum} {
		saved(w, place(w, w.Kopi, organisation), "joined_on", "2026-01-01", "ended_on", "2026-01-02")
	}
	team := w.As(w.Initiator).Get(kopi).Want(200)
	if got := team.Doc().Find(".callout").Length(); got != 1 {
		t.Errorf("%d call-outs", got)
	}
	if got := team.Text(".callout h2"); got != "Belum ada unsur dunia usaha." {
		t.Errorf("the first gap is called %q", got)
	}
	if got := w.As(w.Partner).Get(kopi).Want(200).Doc().Find(".callout").Length(); got != 0 {
		t.Errorf("a partner is shown %d call-outs", got)
	}
}
