package meetings_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

// seat is the id of an organisation's stakeholder in Kopi.
func (w *world) seat(organisation *core.Record) string {
	w.Helper()
	return w.Only("stakeholders", "organisation", organisation.Id).Id
}

// mark sends the attendance list as the coordinator.
func (w *world) mark(fields ...string) int {
	w.Helper()
	return w.As(w.Coordinator).Post(w.url()+"/attendances", fields...).Status
}

// state is that of an organisation's only line, "" if it has none.
func (w *world) state(organisation *core.Record) string {
	w.Helper()
	found, err := w.App.FindAllRecords("attendances")
	w.Must(err)
	for _, r := range found {
		if r.GetString("stakeholder") == w.seat(organisation) {
			return r.GetString("state")
		}
	}
	return ""
}

func TestAttendance_WholeForm_Saved(t *testing.T) {
	w := newWorld(t)
	page := w.As(w.Coordinator).Get(w.url() + "/attendances").Want(200)
	check.Equal(t, "number of elements", page.Doc().Find("form select[name^='state-']").Length(), 5)
	check.Equal(t, "the helices", page.Text("form h2"), "PemerintahAkademisiDunia usahaKomunitas")
	as := w.As(w.Coordinator)
	page = as.Follow(as.Post(w.url()+"/attendances",
		"state-"+w.seat(w.Puskesmas), "present_in_person", "name-"+w.seat(w.Puskesmas), "Bu Rina",
		"state-"+w.seat(w.Campus), "present_online", "state-"+w.seat(w.Shop), "excused", "state-"+w.seat(w.Forum), ""))
	has(t, page.Text("main"), "Daftar hadir tersimpan.", "Pemerintah 1 hadir dari 1", "Bu Rina", "Akademisi 1 hadir dari 1", "Dunia usaha 0 hadir dari 1", "Izin/dinas luar")
	check.Equal(t, "rows of attendances", w.Count("attendances"), 3)
}

func TestAttendance_Row_ChangedAndRemoved(t *testing.T) {
	w := newWorld(t)
	w.attend(w.Puskesmas, "invited", "name", "Bu Rina")
	key := w.seat(w.Puskesmas)
	page := w.As(w.Coordinator).Get(w.url() + "/attendances")
	check.Equal(t, "the list", page.Doc().Find("select[name=state-"+key+"] option[selected]").AttrOr("value", ""), "invited")
	was := []string{"was-" + key, "invited", "then-" + key, "Bu Rina"}
	w.mark(append(was, "state-"+key, "present_online", "name-"+key, "Bu Rina")...)
	check.Equal(t, "the line", w.state(w.Puskesmas), "present_online")
	w.mark("was-"+key, "present_online", "then-"+key, "Bu Rina", "state-"+key, "", "name-"+key, "Bu Rina")
	check.Equal(t, "the line", w.state(w.Puskesmas), "")
}

func TestAttendance_TwoAtOnce_KeepBoth(t *testing.T) {
	w := newWorld(t)
	first, second := w.seat(w.Puskesmas), w.seat(w.Campus)
	// Both opened the empty list; each marks one and sends all.
	w.mark("state-"+first, "present_in_person", "was-"+first, "", "state-"+second, "", "was-"+second, "")
	w.mark("state-"+first, "", "was-"+first, "", "state-"+second, "present_online", "was-"+second, "")
	if a, b := w.state(w.Puskesmas), w.state(w.Campus); a != "present_in_person" || b != "present_online" {
		t.Errorf("the lines say %q and %q", a, b)
	}
	// Both mark the same stakeholder who was not on the list when they opened it.
	w.mark("state-"+first, "excused", "was-"+first, "")
	check.Equal(t, "the line", w.state(w.Puskesmas), "excused")
	check.Equal(t, "the line", w.Count("attendances"), 2)
}

func TestAttendance_OneInvalidRow_NothingSaved(t *testing.T) {
	w := newWorld(t)
	page := w.As(w.Coordinator).Post(w.url()+"/attendances",
		"state-"+w.seat(w.Puskesmas), "present_in_person", "state-"+w.seat(w.Campus), "asleep", "name-"+w.seat(w.Forum), strings.Repeat("a", 201)).Want(422)
	has(t, page.Text(".problems"), "Pilih “Kehadiran” dari daftar.", "“Nama yang hadir” terlalu panjang")
	check.Equal(t, "what was chosen", page.Doc().Find("select[name=state-"+w.seat(w.Puskesmas)+"] option[selected]").AttrOr("value", ""), "present_in_person")
	check.Equal(t, "an identity number", w.mark("state-"+w.seat(w.Puskesmas), "invited", "state-"+w.seat(w.Campus), "invited", "name-"+w.seat(w.Campus), "3374010101010001"), 422)
	check.Equal(t, "rows of attendances", w.Count("attendances"), 0)
}

func TestAttendance_OtherProgramme_NotOffered(t *testing.T) {
	w := newWorld(t)
	w.mark("state-"+w.seat(w.Bali), "present_in_person")
	left := w.Only("stakeholders", "organisation", w.Shop.Id)
	left.Set("ended_on", "2026-11-01")
	w.Must(w.App.Save(left))
	w.mark("state-"+w.seat(w.Shop), "present_in_person")
	check.Equal(t, "rows of attendances", w.Count("attendances"), 0)
}

func TestAttendance_Guest_ByName(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	guest := []string{"name", "  Pak   Lurah ", "position", "Lurah", "organisation_name", "Kelurahan Tambakaji", "state", "present_in_person", "once", "kunci-2"}
	page := as.Follow(as.Post(w.url()+"/guests", guest...))
	has(t, page.Text(".flash"), "Pak Lurah masuk daftar hadir.")
	as.Post(w.url()+"/guests", guest...).Want(303)
	if n := w.Count("attendances"); n != 1 {
		t.Fatalf("%d lines", n)
	}
	has(t, as.Get(w.url()).Text("main"), "Tamu 1 hadir dari 1", "Kelurahan Tambakaji", "Pak Lurah, Lurah")
	line := w.Only("attendances", "name", "Pak Lurah")
	page = as.Get(w.url() + "/attendances")
	check.Equal(t, "the form", page.Doc().Find("input[name=name-"+line.Id+"]").AttrOr("value", ""), "Pak Lurah")
	for what, c := range map[string]struct {
		fields []string
		want   string
	}{
		"no name":     {[]string{"name", "", "state", "invited"}, "Isi “Nama yang hadir” dulu."},
		"only spaces": {[]string{"name", "   ", "state", "invited"}, "Isi “Nama yang hadir” dulu."},
		"again":       {[]string{"name", "Pak Lurah", "state", "invited"}, "Isi “Nama yang hadir” ini sudah tercatat."},
		"no state":    {[]string{"name", "Bu Camat", "state", ""}, "Pilih “Kehadiran” dulu."},
		"wrong state": {[]string{"name", "Bu Camat", "state", "asleep"}, "Pilih “Kehadiran” dari daftar."},
		"long name":   {[]string{"name", strings.Repeat("a", 201), "state", "invited"}, "terlalu panjang"},
	} {
		page := as.Post(w.url()+"/guests", c.fields...).Want(422)
		check.Contains(t, what, page.Text(".problems"), c.want)
	}
}

func TestAttendance_Partner_OwnRowOnly(t *testing.T) {
	w := newWorld(t)
	own := w.attend(w.Puskesmas, "present_in_person", "name", "Bu Rina", "represents", "Kepala Puskesmas")
	other := w.attend(w.Forum, "absent", "name", "Pak Joko")
	w.Make("attendances", "meeting", w.meeting.Id, "name", "Pak Lurah", "state", "present_in_person")
	page := w.As(w.Partner).Get(w.url()).Want(200)
	has(t, page.Text("main"), "Puskesmas Tambakaji", "Bu Rina", "mewakili Kepala Puskesmas", "Hadir luring")
	lacks(t, page.Text("main"), "Pak Joko", "Pak Lurah")
	has(t, w.As(w.Observer).Get(w.url()).Text("main"), "Bu Rina", "Pak Joko", "Pak Lurah")
	w.As(w.Partner).API("GET", "/api/collections/attendances/records/"+own.Id, nil).Want(200)
	w.As(w.Partner).API("GET", "/api/collections/attendances/records/"+other.Id, nil).Want(404)
	w.As(w.Partner).API("PATCH", "/api/collections/attendances/records/"+own.Id, map[string]any{"state": "confirmed"}).Want(404)
	third := w.plan()
	has(t, w.As(w.Partner).Get("/meetings/"+third.Id).Text("main"), "Organisasi Anda belum tercatat")
}

func TestAttendance_OtherProgramme_Refused(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	url := "/api/collections/attendances/records"
	for what, body := range map[string]map[string]any{
		"a stakeholder of another programme": {"stakeholder": w.seat(w.Bali)},
		"a contact of another programme":     {"contact": w.Only("contacts", "organisation", w.Bali.Id).Id},
		"a contact of another stakeholder":   {"stakeholder": w.seat(w.Puskesmas), "contact": w.Only("contacts", "organisation", w.Forum.Id).Id},
		"nobody":                             {"state": "invited"},
		"a state that is none":               {"name": "Tamu", "state": "asleep"},
	} {
		body["meeting"] = w.meeting.Id
		check.Equal(t, what, as.API("POST", url, body).Status, 400)
	}
	good := map[string]any{"meeting": w.meeting.Id, "stakeholder": w.seat(w.Puskesmas), "contact": w.Only("contacts", "organisation", w.Puskesmas.Id).Id}
	check.Equal(t, "a new line", as.API("POST", url, good).Want(200).JSON()["state"], any("invited"))
	has(t, as.API("POST", url, good).Want(400).Body, "sudah tercatat")
}

func TestAttendance_ContactDeleted_RowStays(t *testing.T) {
	w := newWorld(t)
	contact := w.Only("contacts", "organisation", w.Forum.Id)
	line := w.Make("attendances", "meeting", w.meeting.Id, "contact", contact.Id, "state", "confirmed")
	has(t, w.As(w.Initiator).Get(w.url()).Text("main"), "Komunitas 0 hadir dari 1", "Forum PSM Semarang")
	w.Must(w.App.Delete(contact))
	if got := w.Fresh(line); got.GetString("contact") != "" || got.GetString("state") != "confirmed" {
		t.Errorf("the line became %v", got.PublicExport())
	}
}
