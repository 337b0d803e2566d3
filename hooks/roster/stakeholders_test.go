package roster_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/roster"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

const kopi = "/programmes/kopi/stakeholders"

func TestStakeholders_List_FivePartiesInOrder(t *testing.T) {
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
		check.Equal(t, helix+" counts", answer.Text("#"+helix+" header .quiet"), want)
	}
	if got := answer.Text("#media .body"); !strings.HasPrefix(got, "Belum ada unsur media.") {
		t.Error(got)
	}
	check.Equal(t, "the gap is called", answer.Text(".callout h2"), "Belum ada unsur media.")
	check.Equal(t, "the last jump", answer.Text(".filters a:last-child"), "Media (kosong)")
	check.Equal(t, "the empty party offers no next step", answer.Doc().Find(`#media a[href="/programmes/kopi/stakeholders/new?helix=media"]`).Length(), 1)
}

func TestStakeholders_Partner_NoTeamFields(t *testing.T) {
	w := testkit.New(t)
	saved(w, place(w, w.Kopi, w.Puskesmas), "position", "Kepala Puskesmas", "role", "Layanan jiwa", "partner_status", "dormant",
		"engagement_level", "consult", "comms_strategy", "Lewat sekretarisnya", "urgent", true, "responsibility", "Home visit")
	secret := []string{"Pasif", "Dimintai pendapat", "Lewat sekretarisnya", "Perlu segera didekati", "Ubah"}
	team := w.As(w.Coordinator).Get(kopi).Want(200)
	for _, word := range append(secret, "Kepala Puskesmas", "Layanan jiwa", "Home visit") {
		check.Contains(t, "the team does not read", team.Body, word)
	}
	for _, person := range []*core.Record{w.Partner, w.OtherPartner, w.Observer} {
		answer := w.As(person).Get(kopi).Want(200)
		check.Lacks(t, person.GetString("name"), answer.Text("main"), secret...)
		check.Contains(t, person.GetString("name")+" misses", answer.Text("#government"), "Puskesmas Tambakaji", "Kepala Puskesmas", "Layanan jiwa")
	}
	rest := w.As(w.Partner).API(http.MethodGet, "/api/collections/stakeholders/records", nil).Want(200)
	check.Lacks(t, "the API tells a partner what is the team's", rest.Body, "sekretarisnya", "dormant")
}

func TestStakeholders_Outsider_NotFound(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.BaliInitiator, w.BaliPartner, w.Outsider} {
		w.As(person).Get(kopi).Want(404)
	}
	w.As(nil).Get(kopi).Want(303)
	w.As(w.Administrator).Get(kopi).Want(200)
	w.As(w.Initiator).Get("/programmes/tidak-ada/stakeholders").Want(404)
}

func TestStakeholders_English_Translated(t *testing.T) {
	w := testkit.New(t)
	text := w.As(saved(w, w.Coordinator, "language", "en")).Get(kopi).Want(200).Text("main")
	check.Contains(t, "text", text, "Stakeholders", "Government 2 stakeholders", "Business 1 stakeholder", "No media stakeholder yet.", "Add a media stakeholder")
}

func TestEndStakeholder_Access_EndsAndRowStays(t *testing.T) {
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
	check.Equal(t, "ended", w.Fresh(at).GetString("ended_on"), "2026-11-23")
	list := team.Get(kopi).Want(200)
	check.Lacks(t, "it still stands with those who take part", list.Text("#government"), "Puskesmas")
	if got := list.Text(`section[aria-labelledby="ended"]`); !strings.Contains(got, "Puskesmas Tambakaji") || !strings.Contains(got, "Berakhir 23 Nov 2026") {
		t.Error("ended:", got)
	}
}

func TestEndStakeholder_Again_UnchangedAndResumable(t *testing.T) {
	w := testkit.New(t)
	at := saved(w, place(w, w.Kopi, w.Puskesmas), "ended_on", "2026-10-01")
	team := w.As(w.Coordinator)
	team.Post("/stakeholders/" + at.Id + "/end").Want(303)
	check.Equal(t, "the day it ended", w.Fresh(at).GetString("ended_on"), "2026-10-01")
	team.Post("/stakeholders/" + at.Id + "/resume").Want(303)
	check.Equal(t, "it does not take part again", w.Fresh(at).GetString("ended_on"), "")
	check.Equal(t, "it does not take part again", partners(w, w.Kopi, w.Partner), 1)
}

func TestEndStakeholder_BeforeJoining_Ended(t *testing.T) {
	w := testkit.New(t)
	at := saved(w, place(w, w.Kopi, w.Puskesmas), "joined_on", "2027-01-01")
	w.As(w.Coordinator).Post("/stakeholders/" + at.Id + "/end").Want(303)
	if got := w.Fresh(at); got.GetString("ended_on") != "2026-11-23" || got.GetString("joined_on") > got.GetString("ended_on") {
		t.Errorf("joined %s, ended %s", got.GetString("joined_on"), got.GetString("ended_on"))
	}
}

func TestStakeholders_OutsideTeam_Refused(t *testing.T) {
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

func TestUpdateStakeholder_Form_Saved(t *testing.T) {
	w := testkit.New(t)
	at := saved(w, place(w, w.Kopi, w.Campus), "partner_status", "contacted", "comms_strategy", "Surel saja")
	c := w.As(w.Initiator)
	form := c.Get("/stakeholders/" + at.Id + "/edit").Want(200)
	check.Same(t, "fields", []string{form.Text("h1"), form.Text("#comms_strategy")}, []string{"UIN Walisongo", "Surel saja"})
	c.Change("/stakeholders/"+at.Id+"/edit", "role", "Riset", "joined_on", "5/2/2026", "partner_status", "agreed",
		"engagement_level", "collaborate", "helix", "community", "urgent", "true").Want(303)
	after := w.Fresh(at)
	for field, want := range map[string]string{"role": "Riset", "joined_on": "2026-02-05", "partner_status": "agreed",
		"engagement_level": "collaborate", "helix": "community", "urgent": "true", "organisation": w.Campus.Id} {
		check.Equal(t, field, after.GetString(field), want)
	}
	list := c.Get(kopi).Want(200)
	check.Contains(t, "it does not count under the helix it has here", list.Text("#community"), "UIN Walisongo")
	check.Lacks(t, "it does not count under the helix it has here", list.Text("#university"), "UIN")
}

func TestUpdateStakeholder_Invalid_KeepsInput(t *testing.T) {
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
	check.Equal(t, "the typed role", late.Doc().Find("#role").AttrOr("value", ""), "Riset")
	check.Equal(t, "a refused change was kept", w.Fresh(at).GetString("role"), "")
}

func TestStakeholders_Gaps_OneAtATime(t *testing.T) {
	w := testkit.New(t)
	for _, organisation := range []*core.Record{w.Shop, w.Forum} {
		saved(w, place(w, w.Kopi, organisation), "joined_on", "2026-01-01", "ended_on", "2026-01-02")
	}
	team := w.As(w.Initiator).Get(kopi).Want(200)
	check.Equal(t, "number of elements", team.Doc().Find(".callout").Length(), 1)
	check.Equal(t, "the first gap is called", team.Text(".callout h2"), "Belum ada unsur dunia usaha.")
	check.Equal(t, "a partner is shown", w.As(w.Partner).Get(kopi).Want(200).Doc().Find(".callout").Length(), 0)
}

// TestUpdate_ChangedMeanwhile_Conflict has two people of the team open
// each form that changes a record. The second to save is told what the first one
// stored, and decides.
func TestUpdate_ChangedMeanwhile_Conflict(t *testing.T) {
	w := testkit.New(t)
	contact, place := w.Only("contacts", "user", w.Partner.Id), place(w, w.Kopi, w.Campus)
	cases := map[string]struct {
		path, collection, id string
		rest                 []string
		first, second        string // the fields that each of the two changes
		kept, label          string // what the first one typed, and where
	}{
		"organisation": {"/organisations/" + w.Puskesmas.Id + "/edit", "organisations", w.Puskesmas.Id,
			[]string{"name", "Puskesmas Tambakaji", "helix", "government", "regency", "Kota Semarang"}, "short_name", "email", "PKM", "Nama singkat"},
		"contact": {"/contacts/" + contact.Id + "/edit", "contacts", contact.Id,
			[]string{"position", "Kepala Puskesmas"}, "name", "email", "dr. Sari", "Nama orang"},
		"stakeholder": {"/stakeholders/" + place.Id + "/edit", "stakeholders", place.Id,
			nil, "role", "position", "Riset", "Peran"},
	}
	for name, c := range cases {
		early, late := w.As(w.Initiator), w.As(w.Coordinator)
		opened := late.Get(c.path).Want(200).Seen()
		early.Change(c.path, append(c.rest, c.first, c.kept)...).Want(303)
		typed := append([]string{c.second, "lain@example.org"}, c.rest...)
		refused := late.Post(c.path, append(typed, "seen", opened)...).Want(422)
		check.Contains(t, name+": the page", refused.Text(".problems"), "Orang lain baru saja mengubahnya")
		check.Equal(t, name+": the field", refused.Text("#"+c.first+"-error"), "Perlu diperbaiki: “"+c.label+"” kini tersimpan sebagai: "+c.kept)
		check.Equal(t, name+": what was typed", refused.Doc().Find("#"+c.second).AttrOr("value", ""), "lain@example.org")
		stored := func(field string) string { return w.Only(c.collection, "id", c.id).GetString(field) }
		check.That(t, stored(c.first) == c.kept && stored(c.second) != "lain@example.org", "%s: the older form was kept", name)
		again := append(typed, c.first, c.kept, "seen", refused.Seen())
		late.Post(c.path, again...).Want(303)
		check.Equal(t, name, stored(c.first), c.kept)
		check.Equal(t, name, stored(c.second), "lain@example.org")
	}
}

func TestUpdate_NoSeenField_Conflict(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Initiator).Post("/organisations/"+w.Puskesmas.Id+"/edit", "name", "Nama lain", "helix", "government").Want(422)
	check.Equal(t, "the name", w.Fresh(w.Puskesmas).GetString("name"), "Puskesmas Tambakaji")
}

// atOnce runs n writers side by side and counts their answers by status.
func atOnce(n int, write func(i int) int) map[int]int {
	var (
		all  sync.WaitGroup
		lock sync.Mutex
		got  = map[int]int{}
	)
	for i := range n {
		all.Go(func() {
			status := write(i)
			lock.Lock()
			defer lock.Unlock()
			got[status]++
		})
	}
	all.Wait()
	return got
}

func TestCreateStakeholder_EightAtOnce_One(t *testing.T) {
	w := testkit.New(t)
	got := atOnce(8, func(int) int { return w.As(w.Coordinator).Post(kopi, form()...).Status })
	if got[http.StatusSeeOther] != 8 || w.Count("stakeholders") != 7 || w.Count("organisations") != 7 {
		t.Errorf("%v: %d places, %d organisations", got, w.Count("stakeholders"), w.Count("organisations"))
	}
}

func TestCreateStakeholder_EightSameName_OneOrganisation(t *testing.T) {
	w := testkit.New(t)
	got := atOnce(8, func(i int) int {
		return w.As(w.Coordinator).Post(kopi, form("once", fmt.Sprint("f-", i), "position", fmt.Sprint("Bagian ", i))...).Status
	})
	if got[http.StatusSeeOther] != 8 || w.Count("stakeholders") != 14 || w.Count("organisations") != 7 {
		t.Errorf("%v: %d places, %d organisations", got, w.Count("stakeholders"), w.Count("organisations"))
	}
}

func TestCreateOrganisation_EightAtOnce_AllSaved(t *testing.T) {
	w := testkit.New(t)
	got := atOnce(8, func(i int) int {
		return w.As(w.Coordinator).Post("/organisations", "once", fmt.Sprint("o-", i), "name", fmt.Sprint("Radio ", i), "helix", "media").Status
	})
	check.Equal(t, "created", got[http.StatusSeeOther], 8)
	check.Equal(t, "organisations", w.Count("organisations"), 14)
}

// partnersOf lists who may enter as a partner and for whom, as stored and as
// the contacts and stakeholders of the day say.
func partnersOf(w *testkit.World) (kept, wanted string) {
	w.Helper()
	said := func(query string) string {
		var rows []struct {
			Line string `db:"line"`
		}
		check.NoError(w, w.App.DB().NewQuery(query).All(&rows))
		lines := []string{}
		for _, r := range rows {
			lines = append(lines, r.Line)
		}
		return strings.Join(lines, "\n")
	}
	kept = said(`SELECT programme || user || organisation AS line FROM memberships WHERE role = 'partner' ORDER BY line`)
	wanted = said(`SELECT DISTINCT s.programme || c.user || s.organisation AS line FROM stakeholders s
		INNER JOIN contacts c ON c.organisation = s.organisation AND c.user != ''
		WHERE (s.ended_on = '' OR s.ended_on > '2026-11-23') AND (c.until_on = '' OR c.until_on >= '2026-11-23')
		AND (c.from_on = '' OR c.from_on <= '2026-11-23') ORDER BY line`)
	return kept, wanted
}

func TestMemberships_RandomChanges_MatchDates(t *testing.T) {
	w := testkit.New(t)
	people := []*core.Record{w.Partner, w.OtherPartner, w.BaliPartner, w.Outsider}
	organisations := []*core.Record{w.Puskesmas, w.Forum, w.Bali, w.Campus}
	programmes := []*core.Record{w.Kopi, w.Rantang, w.Papua}
	days := []string{"", "2026-11-22", "2026-11-23", "2026-11-24"}
	made := []*core.Record{}
	for step := range 120 {
		pick := step * 7919
		switch step % 4 {
		case 0:
			made = append(made, w.Make("contacts", "organisation", organisations[pick%4].Id, "position", fmt.Sprint("Jabatan ", step),
				"user", people[(pick/4)%4].Id, "until_on", days[(pick/16)%4]))
		case 1:
			made = append(made, w.Make("stakeholders", "programme", programmes[pick%3].Id, "organisation", organisations[(pick/3)%4].Id,
				"position", fmt.Sprint("Jabatan ", step), "ended_on", days[(pick/12)%4]))
		case 2:
			r := made[pick%len(made)]
			field := map[string]string{"contacts": "until_on", "stakeholders": "ended_on"}[r.Collection().Name]
			saved(w, r, field, days[(pick/5)%4])
		case 3:
			i := pick % len(made)
			check.NoError(t, w.App.Delete(w.Fresh(made[i])))
			made = append(made[:i], made[i+1:]...)
		}
		if kept, wanted := partnersOf(w); kept != wanted {
			t.Fatalf("after step %d the hub keeps\n%s\nbut the day says\n%s", step, kept, wanted)
		}
	}
	before, _ := partnersOf(w)
	check.NoError(t, roster.RefreshMemberships(w.App, clock.Now()))
	if after, _ := partnersOf(w); after != before {
		t.Error("a refresh on the same day changed something")
	}
}

func TestMemberships_FailedChange_AccessUnchanged(t *testing.T) {
	w := testkit.New(t)
	contact := w.Only("contacts", "user", w.Partner.Id)
	failed := w.App.RunInTransaction(func(tx core.App) error {
		r, err := tx.FindRecordById("contacts", contact.Id)
		if err != nil {
			return err
		}
		r.Set("user", w.Outsider.Id)
		if err := tx.Save(r); err != nil {
			return err
		}
		return fmt.Errorf("something after it went wrong")
	})
	check.That(t, failed != nil && partners(w, w.Kopi, w.Partner) == 1 && partners(w, w.Kopi, w.Outsider) == 0, "access changed although the change did not: %v", failed)
}

func TestActivity_Stakeholders_WithoutAddresses(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	c.Post(kopi, form()...).Want(303)
	c.Post(at(w.Campus), "position", "Dekan", "email", "dekan@example.org", "phone", "0812 3456 7890").Want(303)
	rows := check.Must(w.App.FindAllRecords("activity", dbx.HashExp{"actor": w.Coordinator.Id}))
	seen := map[string]int{}
	for _, r := range rows {
		seen[r.GetString("collection")]++
		if strings.Contains(r.GetString("changes"), "dekan@") || strings.Contains(r.GetString("changes"), "62812") {
			t.Error("the activity keeps an address:", r.GetString("changes"))
		}
	}
	if want := map[string]int{"organisations": 1, "stakeholders": 1, "contacts": 1}; fmt.Sprint(seen) != fmt.Sprint(want) {
		t.Errorf("traces %v, want %v", seen, want)
	}
}
