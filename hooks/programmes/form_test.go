package programmes_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// typed is a whole form of a new programme; changes replace single fields.
func typed(w *testkit.World, changes ...string) []string {
	fields := map[string]string{
		"once": "formulir-1", "name": "Rumah Teduh", "expansion": "Ruang aman", "kind": "regional_innovation",
		"owner": w.Agency.Id, "province": "Bali", "regency": "Tabanan", "starts_on": "1/12/2026",
		"ends_on": "31 Desember 2026", "summary": "Untuk **lansia**",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	out := []string{}
	for name, value := range fields {
		out = append(out, name, value)
	}
	return out
}

func TestCreate_Form_SavesProgramme(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	c.Get("/programmes/new").Want(200)
	answer := c.Post("/programmes", typed(w)...).Want(303)
	if answer.Header.Get("Location") != "/programmes/rumah-teduh" {
		t.Error("leads to", answer.Header.Get("Location"))
	}
	made := w.Only("programmes", "slug", "rumah-teduh")
	for field, want := range map[string]string{
		"name": "Rumah Teduh", "kind": "regional_innovation", "owner": w.Agency.Id, "time_zone": "Asia/Makassar",
		"starts_on": "2026-12-01", "ends_on": "2026-12-31", "status": "planning",
	} {
		check.Equal(t, field, made.GetString(field), want)
	}
	check.That(t, strings.Contains(made.GetString("summary_html"), "<strong>lansia</strong>"), "summary is not rendered: %v", made.GetString("summary_html"))
	lead := w.Only("memberships", "programme", made.Id)
	check.Same(t, "who started it does not lead", []string{lead.GetString("user"), lead.GetString("role")}, []string{w.Initiator.Id, "initiator"})
	w.Only("stakeholders", "programme", made.Id)
}

func TestCreate_SameForm_OneProgramme(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("programmes")
	fields := typed(w, "owner", "new", "owner_name", "Yayasan Baru", "owner_helix", "community")
	first := w.As(w.Initiator).Post("/programmes", fields...).Want(303)
	second := w.As(w.Initiator).Post("/programmes", fields...).Want(303)
	check.Equal(t, "Location", first.Header.Get("Location"), second.Header.Get("Location"))
	check.That(t, w.Count("programmes") == before+1 && w.Count("organisations") == 7 && w.Count("stakeholders") == 7, "something was made twice")
}

func TestCreate_NewOwner_Saved(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new", "owner_name", "  Dinas  Sosial Tabanan", "owner_helix", "government")...).Want(303)
	owner := w.Only("organisations", "name", "Dinas Sosial Tabanan")
	check.Same(t, "owner", []string{owner.GetString("helix"), owner.GetString("regency"), owner.GetString("province")}, []string{"government", "Tabanan", "Bali"})
	check.Equal(t, "the programme has another owner", w.Only("programmes", "slug", "rumah-teduh").GetString("owner"), owner.Id)
}

func TestCreate_KnownOwner_Reused(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new", "owner_name", "k3s - TABANAN", "owner_helix", "community")...).Want(303)
	check.Equal(t, "a second K3S Tabanan was recorded", w.Count("organisations"), 6)
	check.Equal(t, "the programme has another owner", w.Only("programmes", "slug", "rumah-teduh").GetString("owner"), w.Bali.Id)
}

func TestCreate_InvalidFields_KeepInput(t *testing.T) {
	w := testkit.New(t)
	programmes, organisations := w.Count("programmes"), w.Count("organisations")
	long := strings.Repeat("x", 20_001)
	cases := []struct{ field, value, sentence string }{
		{"name", "", "Isi “Nama program” dulu."},
		{"name", long[:201], "terlalu panjang"},
		{"name", "NIK 3374011203990001", "16 angka"},
		{"expansion", long[:301], "terlalu panjang"},
		{"kind", "rahasia", "dari daftar"},
		{"owner", "", "Pilih “Unit pemilik” dulu."},
		{"owner", "tidakadaxxxxxxx", "dari daftar"},
		{"owner_name", "Yayasan lain", "sudah dipilih dari daftar"},
		{"province", "Atlantis", "dari daftar"},
		{"regency", long[:101], "terlalu panjang"},
		{"time_zone", "Europe/Paris", "dari daftar"},
		{"starts_on", "kapan-kapan", "Tulis tanggal"},
		{"ends_on", "31/02/2027", "Tulis tanggal"},
		{"ends_on", "30/11/2026", "tidak boleh sebelum"},
		{"summary", long, "terlalu panjang"},
	}
	for _, c := range cases {
		answer := w.As(w.Initiator).Post("/programmes", typed(w, c.field, c.value)...).Want(422)
		if got := answer.Text("#" + c.field + "-error"); !strings.Contains(got, c.sentence) {
			t.Errorf("%s %.30q says %q", c.field, c.value, got)
		}
		kept, _ := answer.Doc().Find("#expansion").Attr("value")
		check.That(t, (c.field == "expansion" || kept == "Ruang aman") && answer.Text("#summary") != "", "%s %.30q: what was typed is lost", c.field, c.value)
		check.That(t, answer.Doc().Find(".problems a").Length() != 0, "%s: the summary above the form is empty", c.field)
	}
	check.Equal(t, "a refused form left something behind", w.Count("programmes"), programmes)
	check.Equal(t, "a refused form left something behind", w.Count("organisations"), organisations)
}

func TestCreate_NewOwnerIncomplete_Refused(t *testing.T) {
	w := testkit.New(t)
	nameless := w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new")...).Want(422)
	if got := nameless.Text("#owner_name-error"); !strings.Contains(got, "Isi “Nama pemilik baru”") {
		t.Error(got)
	}
	homeless := w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new", "owner_name", "Yayasan Baru")...).Want(422)
	if got := homeless.Text("#owner_helix-error"); !strings.Contains(got, "Pilih unsur") {
		t.Error(got)
	}
	w.Make("organisations", "name", "K3S Tabanan", "helix", "community")
	w.Bali.Set("regency", "")
	check.NoError(t, w.App.Save(w.Bali))
	several := w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new", "owner_name", "K3S Tabanan", "owner_helix", "community")...).Want(422)
	if got := several.Text("#owner_name-error"); !strings.Contains(got, "Beberapa organisasi") {
		t.Error(got)
	}
}

func TestCreate_Fails_NewOwnerRolledBack(t *testing.T) {
	w := testkit.New(t)
	w.As(w.Initiator).Post("/programmes", typed(w, "owner", "new", "owner_name", "Yayasan Baru", "owner_helix", "community",
		"ends_on", "2026-11-30")...).Want(422)
	check.Equal(t, "the owner of a programme that was refused is left over", w.Count("organisations"), 6)
}

func TestNew_WithoutPermission_NotFound(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.Coordinator, w.Partner, w.Observer, w.Outsider} {
		w.As(person).Get("/programmes/new").Want(404)
		w.As(person).Post("/programmes", typed(w)...).Want(404)
	}
	w.As(w.Administrator).Get("/programmes/new").Want(200)
	check.Equal(t, "somebody started a programme who may", w.Count("programmes"), 3)
}

func TestUpdate_Team_Saved(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Coordinator)
	form := c.Get("/programmes/kopi/edit").Want(200)
	check.Equal(t, "the form", form.Doc().Find("#name").AttrOr("value", ""), "KOPI REHAT")
	check.Equal(t, "the state is not chosen", form.Doc().Find(`#status option[value="active"][selected]`).Length(), 1)
	c.Change("/programmes/kopi/edit", "name", "KOPI REHAT II", "status", "closing", "owner", w.Agency.Id,
		"province", "Jawa Tengah", "regency", "Kota Semarang", "time_zone", "Asia/Jakarta", "starts_on", "2026-01-01",
		"ends_on", "2027-01-31").Want(303)
	changed := w.Fresh(w.Kopi)
	check.Same(t, "fields", []string{changed.GetString("name"), changed.GetString("status"), changed.GetString("slug")}, []string{"KOPI REHAT II", "closing", "kopi"})
}

func TestUpdate_Invalid_KeepsInput(t *testing.T) {
	w := testkit.New(t)
	good := map[string]string{"name": "Nama lain", "status": "active", "owner": w.Agency.Id, "province": "Bali", "starts_on": "2026-01-01"}
	cases := []struct{ field, value string }{
		{"name", ""}, {"name", strings.Repeat("x", 201)}, {"status", "besok"}, {"status", ""}, {"owner", ""},
		{"owner", "new"}, {"ends_on", "2025-12-31"}, {"province", "Atlantis"},
	}
	for _, c := range cases {
		fields := []string{c.field, c.value}
		for name, value := range good {
			if name != c.field {
				fields = append(fields, name, value)
			}
		}
		answer := w.As(w.Initiator).Change("/programmes/kopi/edit", fields...).Want(422)
		check.That(t, answer.Text("#"+c.field+"-error") != "", "%s %.20q: nothing is said at the field", c.field, c.value)
		if kept, _ := answer.Doc().Find("#name").Attr("value"); c.field != "name" && kept != "Nama lain" {
			t.Errorf("%s: the typed name became %q", c.field, kept)
		}
		check.Contains(t, c.field+": the page says it is about", answer.Text(".crumbs"), "KOPI REHAT")
	}
	check.Equal(t, "a refused change was kept", w.Fresh(w.Kopi).GetString("name"), "KOPI REHAT")
}

func TestUpdate_OutsideTeam_Refused(t *testing.T) {
	w := testkit.New(t)
	for _, person := range []*core.Record{w.Partner, w.Observer, w.BaliInitiator, w.Outsider} {
		w.As(person).Get("/programmes/kopi/edit").Want(404)
		w.As(person).Post("/programmes/kopi/edit", "name", "Milik saya", "status", "active", "owner", w.Bali.Id).Want(404)
		answer := w.As(person).API("PATCH", "/api/collections/programmes/records/"+w.Kopi.Id, map[string]any{"name": "Milik saya"})
		check.Equal(t, person.GetString("name")+" over the API", answer.Status, 404)
	}
	w.As(w.Initiator).Get("/programmes/tidak-ada/edit").Want(404)
	check.Equal(t, "somebody changed a programme that is not theirs", w.Fresh(w.Kopi).GetString("name"), "KOPI REHAT")
}

func TestUpdate_ChangedMeanwhile_Conflict(t *testing.T) {
	w := testkit.New(t)
	const path = "/programmes/kopi/edit"
	same := []string{"name", "KOPI REHAT", "status", "active", "owner", w.Agency.Id, "province", "Jawa Tengah",
		"time_zone", "Asia/Jakarta", "starts_on", "2026-01-01"}
	late := w.As(w.Coordinator)
	opened := late.Get(path).Want(200).Seen()
	w.As(w.Initiator).Change(path, append(same, "regency", "Kota Salatiga", "ends_on", "2027-01-31")...).Want(303)

	typed := append(slices.Clone(same), "regency", "Kota Semarang", "expansion", "Kolaborasi pemulihan")
	refused := late.Post(path, append(typed, "seen", opened)...).Want(422)
	said := refused.Text(".problems")
	check.Contains(t, "said", said, "Orang lain baru saja mengubahnya", "“Kabupaten/kota” kini tersimpan sebagai: Kota Salatiga",
		"“Selesai” kini tersimpan sebagai: 31 Jan 2027")
	check.Lacks(t, "a field that nobody changed is spoken", said, "Nama program", "Mulai")
	check.Equal(t, "what was typed", refused.Doc().Find("#expansion").AttrOr("value", ""), "Kolaborasi pemulihan")
	check.Equal(t, "the first change", w.Fresh(w.Kopi).GetString("regency"), "Kota Salatiga")
	late.Post(path, append(typed, "ends_on", "2027-01-31", "seen", refused.Seen())...).Want(303)
	if now := w.Fresh(w.Kopi); now.GetString("expansion") != "Kolaborasi pemulihan" || now.GetString("ends_on") != "2027-01-31" {
		t.Errorf("after the second look: %q until %s", now.GetString("expansion"), now.GetString("ends_on"))
	}
}

// atOnce runs n writers side by side and returns their answers' statuses.
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

func TestCreate_EightSameNameAtOnce_DistinctSlugs(t *testing.T) {
	w := testkit.New(t)
	got := atOnce(8, func(i int) int {
		return w.As(w.Initiator).Post("/programmes", typed(w, "once", fmt.Sprint("formulir-", i))...).Status
	})
	if got[http.StatusSeeOther] != 8 {
		t.Fatalf("answers %v", got)
	}
	var addresses []string
	err := w.App.DB().Select("slug").Distinct(true).From("programmes").Where(dbx.Like("slug", "rumah-teduh")).Column(&addresses)
	check.That(t, err == nil && len(addresses) == 8, "%d addresses, %v: %v", len(addresses), err, addresses)
}

func TestCreate_EightAtOnce_OneProgramme(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("programmes")
	fields := typed(w, "owner", "new", "owner_name", "Yayasan Baru", "owner_helix", "community")
	got := atOnce(8, func(int) int { return w.As(w.Initiator).Post("/programmes", fields...).Status })
	check.That(t, got[http.StatusSeeOther] == 8, "answers %v", got)
	check.Equal(t, "rows of programmes", w.Count("programmes"), before+1)
	check.Equal(t, "rows of organisations", w.Count("organisations"), 7)
}

func TestRemoveMember_TwoInitiatorsAtOnce_OneStays(t *testing.T) {
	w := testkit.New(t)
	other := w.Make("memberships", "programme", w.Kopi.Id, "user", w.Outsider.Id, "role", "initiator")
	own := membership(w, w.Kopi, w.Initiator)
	got := atOnce(2, func(i int) int {
		if i == 0 {
			return w.As(w.Initiator).Post("/programmes/kopi/team/" + other.Id + "/remove").Status
		}
		return w.As(w.Outsider).Post("/programmes/kopi/team/" + own.Id + "/remove").Status
	})
	left, err := w.App.CountRecords("memberships", dbx.HashExp{"programme": w.Kopi.Id, "role": "initiator"})
	check.That(t, err == nil && left == 1, "%d initiators left after %v, %v", left, got, err)
}

func TestActivity_ProgrammeAndMembers_Recorded(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	c.Post("/programmes", typed(w)...).Want(303)
	made := w.Only("programmes", "slug", "rumah-teduh")
	c.Change("/programmes/rumah-teduh/edit", "name", "Rumah Teduh", "status", "active", "owner", w.Agency.Id, "province", "Bali").Want(303)
	c.Post("/programmes/rumah-teduh/team", "email", "outsider@example.org", "role", "member").Want(303)
	rows := check.Must(w.App.FindAllRecords("activity", dbx.HashExp{"programme": made.Id}))
	seen := map[string]int{}
	for _, r := range rows {
		if r.GetString("actor") != w.Initiator.Id || r.GetString("via") != "page" {
			t.Errorf("%s of %s by %q via %q", r.GetString("action"), r.GetString("collection"), r.GetString("actor"), r.GetString("via"))
		}
		seen[r.GetString("action")+" "+r.GetString("collection")]++
	}
	want := map[string]int{"create programmes": 1, "update programmes": 1, "create memberships": 2, "create stakeholders": 1}
	check.That(t, fmt.Sprint(seen) == fmt.Sprint(want), "traces %v, want %v", seen, want)
}
