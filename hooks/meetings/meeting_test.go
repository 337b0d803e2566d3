package meetings_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

func TestShow_Hours_InMeetingZone(t *testing.T) {
	w := newWorld(t)
	// Typed by somebody in Semarang for a meeting in Tabanan.
	w.Make("memberships", "programme", w.Rantang.Id, "user", w.Initiator.Id, "role", "coordinator")
	as := w.As(w.Initiator)
	form := as.Get("/programmes/rantang/meetings/new").Want(200)
	check.Equal(t, "the form", form.Doc().Find("select[name=time_zone] option[selected]").AttrOr("value", ""), "Asia/Makassar")
	page := as.Follow(as.Post("/programmes/rantang/meetings", typed("title", "Rapat Tabanan", "time_zone", "Asia/Makassar")...))
	made := w.Only("meetings", "title", "Rapat Tabanan")
	check.Equal(t, "09.00 WITA is stored", made.GetString("starts_at"), "2026-12-10 01:00:00.000Z")
	url := "/meetings/" + made.Id
	w.Make("minutes", "meeting", made.Id, "body", "Isi", "status", "circulated")
	for what, text := range map[string]string{
		"page":         page.Text("main"),
		"list":         as.Get("/programmes/rantang/meetings").Text("main"),
		"partner":      w.As(w.BaliPartner).Get(url).Text("main"),
		"minutes":      w.As(w.BaliPartner).Get(url + "/minutes").Text("main"),
		"home":         w.As(w.BaliInitiator).Get("/").Text("main"),
		"overview":     as.Get("/programmes/rantang").Text("main"),
		"administator": w.As(w.Administrator).Get(url).Text("main"),
	} {
		check.Contains(t, what, text, "09.00–11.30 WITA")
		check.Lacks(t, what, text, "WIB")
	}
	edit := as.Get(url + "/edit").Doc()
	for name, want := range map[string]string{"day": "2026-12-10", "starts_at": "09:00", "ends_at": "11:30", "ends_on": ""} {
		if got, _ := edit.Find("input[name=" + name + "]").Attr("value"); got != want {
			t.Errorf("the form shows %s %q, want %q", name, got, want)
		}
	}
	machine, _ := as.Get("/programmes/rantang/meetings").Doc().Find("time").Attr("datetime")
	check.Equal(t, "programs read", machine, "2026-12-10T09:00:00+08:00")
}

func TestShow_NoEnd_OnlyStart(t *testing.T) {
	w := newWorld(t)
	open := w.plan("title", "Sarasehan")
	for _, url := range []string{"/meetings/" + open.Id, "/programmes/kopi/meetings"} {
		has(t, w.As(w.Partner).Get(url).Text("main"), "09.00 WIB s.d. selesai")
	}
}

func TestShow_SeveralDays_BothDays(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	as.Post("/programmes/kopi/meetings", typed("title", "Bimtek", "ends_at", "16.00", "ends_on", "12/12/2026")...).Want(303)
	made := w.Only("meetings", "title", "Bimtek")
	check.Equal(t, "ends_at", made.GetString("ends_at"), "2026-12-12 09:00:00.000Z")
	has(t, as.Get("/meetings/"+made.Id).Text("main"), "Sab, 12 Des 2026, 16.00 WIB")
	check.Equal(t, "the form shows the last day", as.Get("/meetings/"+made.Id+"/edit").Doc().Find("input[name=ends_on]").AttrOr("value", ""), "2026-12-12")
}

func TestNormalize_MissingFields_Defaults(t *testing.T) {
	w := newWorld(t)
	answer := w.As(w.BaliInitiator).API("POST", "/api/collections/meetings/records",
		map[string]any{"programme": w.Papua.Id, "title": "Rapat", "starts_at": "2026-12-01 00:00:00Z"}).Want(200).JSON()
	for field, want := range map[string]any{"time_zone": "Asia/Jayapura", "status": "scheduled", "kind": "coordination", "mode": "in_person", "sequence": 0.0} {
		check.Equal(t, field, answer[field], want)
	}
	if uid, _ := answer["uid"].(string); len(uid) < 20 || !strings.Contains(uid, "@") {
		t.Errorf("its identity in calendars is %q", answer["uid"])
	}
	for want, fields := range map[string][]any{
		"online":    {"link", "https://example.org/r", "place", ""},
		"hybrid":    {"link", "https://example.org/r"},
		"in_person": {},
	} {
		check.Equal(t, "mode", w.plan(fields...).GetString("mode"), want)
	}
	check.Equal(t, "the link", w.plan("link", "example.org/rapat").GetString("link"), "https://example.org/rapat")
}

func TestNormalize_ProgrammeWithoutZone_ZoneOfProvince(t *testing.T) {
	w := newWorld(t)
	_, err := w.App.DB().NewQuery("UPDATE programmes SET time_zone = '' WHERE slug = 'rantang'").Execute()
	w.Must(err)
	made := w.Make("meetings", "programme", w.Rantang.Id, "title", "Rapat", "starts_at", "2026-12-01 00:00:00Z")
	check.Equal(t, "the zone", made.GetString("time_zone"), "Asia/Makassar")
}

// A16
func TestNormalize_TimePlaceStatus_SequenceGrows(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	meeting := w.plan()
	uid := meeting.GetString("uid")
	url := "/api/collections/meetings/records/" + meeting.Id
	for _, step := range []struct {
		change map[string]any
		want   int
	}{
		{map[string]any{"title": "Nama lain"}, 0},
		{map[string]any{"agenda": "1. Baru", "chair": ""}, 0},
		{map[string]any{"starts_at": "2026-12-02 02:00:00.000Z"}, 1},
		{map[string]any{"ends_at": "2026-12-02 04:00:00.000Z"}, 2},
		{map[string]any{"place": "Balai desa"}, 3},
		{map[string]any{"place": "Balai desa"}, 3},
		{map[string]any{"mode": "hybrid", "link": "https://example.org/r"}, 4},
		{map[string]any{"time_zone": "Asia/Makassar"}, 5},
		{map[string]any{"sequence": 90, "uid": "lain"}, 5},
		{map[string]any{"status": "postponed"}, 6},
		{map[string]any{"status": "cancelled"}, 6},
		{map[string]any{"status": "scheduled", "starts_at": "2026-12-02 03:00:00.000Z"}, 7},
		{map[string]any{"status": "held"}, 7},
	} {
		as.API("PATCH", url, step.change).Want(200)
		if got := w.Fresh(meeting); got.GetInt("sequence") != step.want || got.GetString("uid") != uid {
			t.Errorf("after %v: sequence %d of %q, want %d of %q", step.change, got.GetInt("sequence"), got.GetString("uid"), step.want, uid)
		}
	}
	if other := w.plan().GetString("uid"); other == uid {
		t.Error("two meetings share an identity")
	}
}

func TestValidate_API_InvalidRefused(t *testing.T) {
	w := newWorld(t)
	stranger := w.Only("contacts", "organisation", w.Bali.Id)
	elsewhere := w.Make("meetings", "programme", w.Rantang.Id, "title", "Lain", "starts_at", "2026-12-01 00:00:00Z")
	good := map[string]any{"programme": w.Kopi.Id, "title": "Rapat", "starts_at": "2026-12-01 02:00:00Z"}
	for what, bad := range map[string]struct {
		field string
		value any
	}{
		"ends before it starts":       {"ends_at", "2026-12-01 01:00:00Z"},
		"ends as it starts":           {"ends_at", "2026-12-01 02:00:00Z"},
		"a chair of another place":    {"chair", stranger.Id},
		"a writer of another place":   {"taken_by", stranger.Id},
		"a series of another place":   {"series", elsewhere.Id},
		"a link that runs":            {"link", "javascript:alert(1)"},
		"a link that is none":         {"link", "https://"},
		"an agenda without end":       {"agenda", strings.Repeat("a", 20001)},
		"a zone that does not exist":  {"time_zone", "Europe/Amsterdam"},
		"a mode that does not exist":  {"mode", "telepathy"},
		"a title without end":         {"title", strings.Repeat("a", 201)},
		"no title":                    {"title", ""},
		"no beginning":                {"starts_at", ""},
		"an identity number":          {"place", "NIK 3374010101010001"},
		"a programme of others":       {"programme", w.Rantang.Id},
		"a programme that is nowhere": {"programme", "nosuchprogramme"},
	} {
		body := map[string]any{}
		for k, v := range good {
			body[k] = v
		}
		body[bad.field] = bad.value
		answer := w.As(w.Initiator).API("POST", "/api/collections/meetings/records", body)
		check.Equal(t, what, answer.Status, 400)
		lacks(t, strings.ToLower(answer.Body), "sql", "constraint failed")
	}
	body := map[string]any{"mode": "in_person", "link": "https://example.org/r"}
	for k, v := range good {
		body[k] = v
	}
	has(t, w.As(w.Initiator).API("POST", "/api/collections/meetings/records", body).Want(400).Body, "Rapat luring tidak memakai tautan")
	w.As(w.Initiator).API("POST", "/api/collections/meetings/records", good).Want(200)
}

func TestValidate_EndedContact_OldMeetingAllowed(t *testing.T) {
	w := newWorld(t)
	chair := w.Only("contacts", "organisation", w.Forum.Id)
	meeting := w.plan("chair", chair.Id)
	left := w.Only("stakeholders", "organisation", w.Forum.Id)
	left.Set("ended_on", "2026-11-01")
	w.Must(w.App.Save(left))
	w.As(w.Initiator).API("PATCH", "/api/collections/meetings/records/"+meeting.Id, map[string]any{"title": "Nama baru"}).Want(200)
	form := w.As(w.Initiator).Get("/meetings/" + meeting.Id + "/edit").Want(200).Doc()
	check.Equal(t, "the form has lost the chair", form.Find("select[name=chair] option[selected]").AttrOr("value", ""), chair.Id)
	w.Must(w.App.Delete(chair))
	check.Equal(t, "the chair", w.Fresh(meeting).GetString("chair"), "")
}

func TestActionItems_Reworded_NewTaskAndPreviewed(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	reworded := "- [ ] @Puskesmas Tambakaji: jadwal kunjungan rumah (10/12/2026)"
	has(t, w.previewed(reworded), "Menyimpan akan membuat 1 tugas baru.")
	w.save(reworded)
	check.Equal(t, "value", len(w.tasks()), 2)
}

func TestActionItems_CancelledTask_StaysCancelled(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	w.As(w.Initiator).Post("/tasks/"+w.onlyTask().Id+"/state", "state", "cancelled").Want(303)
	w.save(line + "\n\nLagi.")
	check.Equal(t, "the task", w.onlyTask().GetString("state"), "cancelled")
}

func TestActionItems_DeletedTask_MadeAgainAndPreviewed(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	w.As(w.Initiator).API("DELETE", "/api/collections/tasks/records/"+w.onlyTask().Id, nil).Want(204)
	has(t, w.previewed(line), "Menyimpan akan membuat 1 tugas baru.")
	w.save(line)
	w.onlyTask()
}

func TestActionItems_TwoMeetings_TwoTasks(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	first := w.onlyTask()
	w.meeting = w.plan("status", "held")
	w.save(line)
	if second := w.onlyTask(); second.Id == first.Id {
		t.Error("the second meeting shares the task of the first")
	}
}

func TestDelete_DraftMeeting_MinutesGoTasksStay(t *testing.T) {
	w := newWorld(t)
	w.meeting = w.plan("status", "draft")
	w.save(line + "\n\nKEPUTUSAN: ya")
	task := w.onlyTask()
	w.attend(w.Puskesmas, "invited")
	url := "/api/collections/meetings/records/" + w.meeting.Id
	w.As(w.Coordinator).API("DELETE", url, nil).Want(404)
	w.As(w.Initiator).API("DELETE", url, nil).Want(204)
	check.Equal(t, "rows of attendances", w.Count("minutes")+w.Count("minutes_revisions")+w.Count("decisions")+w.Count("attendances"), 0)
	if got := w.Fresh(task); got.GetString("meeting") != "" || got.GetString("title") != "jadwal home visit" {
		t.Errorf("the task became %v", got.PublicExport())
	}
}

func TestDelete_ScheduledMeeting_Refused(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator).API("DELETE", "/api/collections/meetings/records/"+w.meeting.Id, nil).Want(404)
	w.As(w.Administrator).API("DELETE", "/api/collections/meetings/records/"+w.meeting.Id, nil).Want(204)
}

func TestDelete_ProgrammeWithFinalMinutes_Allowed(t *testing.T) {
	w := newWorld(t)
	w.sealed(line)
	w.Must(w.App.Delete(w.Fresh(w.Kopi)))
	for _, collection := range []string{"meetings", "minutes", "minutes_revisions", "decisions", "tasks"} {
		if n := w.Count(collection); n != 0 {
			t.Errorf("%d %s are left", n, collection)
		}
	}
}

func TestMinutes_RenderedField_FollowsText(t *testing.T) {
	w := newWorld(t)
	w.save("# Satu")
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	has(t, minutes.GetString("body_html"), "Satu</h3>")
	w.save("**Dua**")
	has(t, w.Fresh(minutes).GetString("body_html"), "<strong>Dua</strong>")
	as := w.As(w.Initiator)
	url := "/api/collections/minutes/records/" + minutes.Id
	lacks(t, as.API("GET", url, nil).Want(200).Body, "body_html", "strong")
	as.API("PATCH", url, map[string]any{"body_html": "<script>alert(1)</script>"})
	lacks(t, w.Fresh(minutes).GetString("body_html"), "script")
}

// Who may do what with the records of meetings over the API, by role.
func TestAPI_EachPerson_Access(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Edaran", "status", "circulated")
	decision := w.Make("decisions", "meeting", w.meeting.Id, "text", "Ya")
	seat := w.attend(w.Puskesmas, "invited")
	records := map[string]*core.Record{"meetings": w.meeting, "minutes": minutes, "decisions": decision, "attendances": seat}
	change := map[string]map[string]any{
		"meetings": {"title": "Baru"}, "minutes": {"body": "Baru"}, "decisions": {"text": "Baru"}, "attendances": {"state": "confirmed"},
	}
	// Four letters a role: read, change, create, delete; a dash for no.
	table := map[string]map[string]string{
		"initiator":     {"meetings": "ruc-", "minutes": "ru--", "decisions": "ruc-", "attendances": "rucd"},
		"coordinator":   {"meetings": "ruc-", "minutes": "ru--", "decisions": "ruc-", "attendances": "rucd"},
		"observer":      {"meetings": "r---", "minutes": "r---", "decisions": "r---", "attendances": "r---"},
		"partner":       {"meetings": "r---", "minutes": "r---", "decisions": "r---", "attendances": "r---"},
		"other partner": {"meetings": "r---", "minutes": "r---", "decisions": "r---", "attendances": "----"},
		"outsider":      {"meetings": "----", "minutes": "----", "decisions": "----", "attendances": "----"},
	}
	people := map[string]*core.Record{
		"initiator": w.Initiator, "coordinator": w.Coordinator, "observer": w.Observer,
		"partner": w.Partner, "other partner": w.OtherPartner, "outsider": w.Outsider,
	}
	for who, person := range people {
		as := w.As(person)
		for collection, r := range records {
			base := "/api/collections/" + collection + "/records"
			fresh := map[string]map[string]any{
				"meetings":    {"programme": w.Kopi.Id, "title": "R", "starts_at": "2026-12-01 02:00:00Z"},
				"minutes":     {"meeting": w.meeting.Id, "body": "Kedua"},
				"decisions":   {"meeting": w.meeting.Id, "text": "Baru lagi"},
				"attendances": {"meeting": w.meeting.Id, "name": fmt.Sprint("Tamu dari ", who), "state": "invited"},
			}[collection]
			made := as.API("POST", base, fresh)
			victim := r.Id
			if id, ok := made.JSON()["id"].(string); ok {
				victim = id
			}
			got := messages("r", as.API("GET", base+"/"+r.Id, nil).Status, 200) +
				messages("u", as.API("PATCH", base+"/"+r.Id, change[collection]).Status, 200) +
				messages("c", made.Status, 200) + messages("d", as.API("DELETE", base+"/"+victim, nil).Status, 204)
			if want := table[who][collection]; got != want {
				t.Errorf("%s, %s: %s, want %s", who, collection, got, want)
			}
		}
	}
}

func messages(letter string, status, want int) string {
	if status == want {
		return letter
	}
	return "-"
}

// typed is a filled form for a new meeting; more pairs replace what is in it.
func typed(more ...string) []string {
	fields := []string{"title", "Rapat koordinasi", "kind", "coordination", "day", "10/12/2026", "starts_at", "09.00", "ends_at", "11:30",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled"}
	for i := 0; i+1 < len(more); i += 2 {
		at := slices.Index(fields, more[i])
		if at >= 0 && at%2 == 0 {
			fields[at+1] = more[i+1]
			continue
		}
		fields = append(fields, more[i], more[i+1])
	}
	return fields
}

func TestCreate_Team_Saved(t *testing.T) {
	w := newWorld(t)
	chair := w.Only("contacts", "organisation", w.Puskesmas.Id)
	as := w.As(w.Coordinator)
	page := as.Follow(as.Post("/programmes/kopi/meetings", typed("title", "Rapat Desember", "kind", "fgd", "mode", "hybrid",
		"link", "meet.example.org/abc", "chair", chair.Id, "taken_by", chair.Id, "agenda", "1. Laporan\n2. Rencana")...))
	has(t, page.Text(".flash"), "Rapat tersimpan.")
	has(t, page.Text("main"), "Rapat Desember", "FGD", "Kamis, 10 Desember 2026", "09.00–11.30 WIB", "Aula · Daring",
		"https://meet.example.org/abc", "Pimpinan rapat Kepala Puskesmas, Puskesmas Tambakaji", "Laporan", "Rencana")
	made := w.Only("meetings", "title", "Rapat Desember")
	if made.GetString("programme") != w.Kopi.Id || made.GetString("status") != "scheduled" {
		t.Errorf("it is %v", made.PublicExport())
	}
	if href, _ := page.Doc().Find(".actions a[data-share]").Attr("data-text"); !strings.Contains(href, "Kam, 10 Des 2026, 09.00–11.30 WIB") {
		t.Errorf("what is passed on says %q", href)
	}
}

func TestCreate_SameForm_OneMeeting(t *testing.T) {
	w := newWorld(t)
	first := w.As(w.Initiator).Post("/programmes/kopi/meetings", typed("title", "Sekali", "once", "kunci-1")...).Want(303)
	again := w.As(w.Initiator).Post("/programmes/kopi/meetings", typed("title", "Sekali", "once", "kunci-1")...).Want(303)
	check.Equal(t, "the second sending leads elsewhere", first.Header.Get("Location"), again.Header.Get("Location"))
	w.Only("meetings", "title", "Sekali")
}

func TestCreate_InvalidFields_KeepInput(t *testing.T) {
	w := newWorld(t)
	stranger := w.Only("contacts", "organisation", w.Bali.Id)
	before := w.rows()
	meeting := w.Fresh(w.meeting)
	for what, c := range map[string]struct{ field, value, want string }{
		"no title":             {"title", "", "Isi “Nama rapat” dulu."},
		"long title":           {"title", strings.Repeat("a", 201), "terlalu panjang"},
		"no day":               {"day", "", "Isi “Hari dan tanggal” dulu."},
		"no such day":          {"day", "31/02/2026", "Tulis tanggal"},
		"no start":             {"starts_at", "", "Isi “Mulai” dulu."},
		"no such hour":         {"starts_at", "25.00", "Tulis jam"},
		"end before start":     {"ends_at", "08.00", "Jam selesai harus sesudah jam mulai."},
		"end at start":         {"ends_at", "09.00", "Jam selesai harus sesudah jam mulai."},
		"last day before":      {"ends_on", "09/12/2026", "Jam selesai harus sesudah jam mulai."},
		"kind unknown":         {"kind", "party", "dari daftar"},
		"mode unknown":         {"mode", "telepathy", "dari daftar"},
		"zone unknown":         {"time_zone", "Europe/Amsterdam", "dari daftar"},
		"status unknown":       {"status", "over", "dari daftar"},
		"long place":           {"place", strings.Repeat("a", 301), "terlalu panjang"},
		"link that runs":       {"link", "javascript:alert(1)", "Tulis alamat web lengkap"},
		"link in person":       {"link", "https://example.org/r", "Rapat luring tidak memakai tautan."},
		"chair from elsewhere": {"chair", stranger.Id, "Pilih “Pimpinan rapat” dari daftar."},
		"long agenda":          {"agenda", strings.Repeat("a", 20001), "terlalu panjang"},
		"identity number":      {"agenda", "3374010101010001", "16 angka"},
		"unreadable":           {"title", "a\x00b", "tidak terbaca"},
	} {
		fields := typed("agenda", "Agenda yang diketik", c.field, c.value)
		for url, page := range map[string]string{
			"new":  "/programmes/kopi/meetings",
			"edit": "/meetings/" + meeting.Id,
		} {
			answer := w.As(w.Initiator).Post(page, append(fields, "seen", meeting.GetString("updated"))...).Want(422)
			shown := answer.Text(".field.wrong .error") + answer.Text(".problems")
			check.That(t, strings.Contains(shown, c.want), "%s, %s: %q does not say %q", what, url, shown, c.want)
			if c.field != "agenda" {
				has(t, answer.Text("textarea[name=agenda]"), "Agenda yang diketik")
			}
			lacks(t, answer.Body, "⟦", "SQL")
		}
	}
	w.As(w.Initiator).Post("/programmes/kopi/meetings", typed("ends_at", "", "ends_on", "12/12/2026")...).Want(422)
	w.As(w.Initiator).Post("/programmes/kopi/meetings").Want(422)
	w.unchanged(before)
}

func TestSave_Unchanged_Kept(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	meeting := w.Fresh(w.meeting)
	page := as.Follow(as.Post(w.url(), typed("title", "Nama baru", "time_zone", "Asia/Jayapura", "seen", meeting.GetString("updated"))...))
	has(t, page.Text("main"), "Perubahan rapat tersimpan.", "Nama baru", "09.00–11.30 WIT")
	if got := w.Fresh(meeting); got.GetString("starts_at") != "2026-12-10 00:00:00.000Z" || got.GetInt("sequence") != 1 {
		t.Errorf("it starts at %s, sequence %d", got.GetString("starts_at"), got.GetInt("sequence"))
	}
}

func TestSave_ChangedMeanwhile_Conflict(t *testing.T) {
	w := newWorld(t)
	seen := w.Fresh(w.meeting).GetString("updated")
	changed := w.Fresh(w.meeting)
	changed.Set("place", "Balai desa")
	w.Must(w.App.Save(changed))
	page := w.As(w.Initiator).Post(w.url(), typed("title", "Punya saya", "seen", seen)...).Want(422)
	has(t, page.Text(".problems"), "Orang lain baru saja mengubahnya.")
	fresh, _ := page.Doc().Find("input[name=seen]").Attr("value")
	check.Equal(t, "the title", page.Doc().Find("input[name=title]").AttrOr("value", ""), "Punya saya")
	w.As(w.Initiator).Post(w.url(), typed("title", "Punya saya", "seen", fresh)...).Want(303)
}

func TestCreate_OutsideTeam_Refused(t *testing.T) {
	w := newWorld(t)
	before := w.rows()
	seen := w.Fresh(w.meeting).GetString("updated")
	for who, person := range map[string]*core.Record{
		"observer": w.Observer, "partner": w.Partner, "initiator elsewhere": w.BaliInitiator, "outsider": w.Outsider,
	} {
		as := w.As(person)
		for what, status := range map[string]int{
			"form":   as.Get("/programmes/kopi/meetings/new").Status,
			"create": as.Post("/programmes/kopi/meetings", typed()...).Status,
			"edit":   as.Get(w.url() + "/edit").Status,
			"save":   as.Post(w.url(), typed("seen", seen)...).Status,
			"status": as.Post(w.url()+"/status", "status", "cancelled").Status,
			"list":   as.Get(w.url() + "/attendances").Status,
			"attend": as.Post(w.url() + "/attendances").Status,
			"guest":  as.Post(w.url()+"/guests", "name", "X", "state", "invited").Status,
		} {
			check.That(t, status == 404, "%s, %s: %d", who, what, status)
		}
	}
	for _, path := range []string{"/programmes/kopi/meetings/new", w.url() + "/edit", w.url() + "/attendances"} {
		if to := w.As(nil).Get(path).Want(303).Header.Get("Location"); !strings.HasPrefix(to, "/sign-in") {
			t.Errorf("a guest is sent to %s", to)
		}
	}
	w.unchanged(before)
}

const writers = 8

// atOnce runs a function for each of eight writers at the same time and counts
// what they answer.
func atOnce(answer func(writer int) int) map[int]int {
	var all sync.WaitGroup
	var guard sync.Mutex
	answers := map[int]int{}
	start := make(chan struct{})
	for i := range writers {
		all.Go(func() {
			<-start
			got := answer(i)
			guard.Lock()
			defer guard.Unlock()
			answers[got]++
		})
	}
	close(start)
	all.Wait()
	return answers
}

func TestSaveMinutes_EightAtOnce_OneWins(t *testing.T) {
	w := newWorld(t)
	for round := range 3 {
		revision := w.revision()
		answers := atOnce(func(writer int) int {
			body := fmt.Sprintf("Teks %d dari %d\n\n%s", round, writer, line)
			page := w.As(w.Initiator).Post(w.minutesURL(), "body", body, "revision", revision)
			check.That(t, page.Status != 409 || strings.Contains(page.Body, fmt.Sprintf("Teks %d dari %d", round, writer)), "writer %d has lost the text", writer)
			return page.Status
		})
		check.That(t, answers[303] == 1 && answers[409] == writers-1, "round %d: %v", round, answers)
	}
	w.onlyTask()
	check.Equal(t, "rows of minutes_revisions", w.Count("minutes_revisions"), 3)
}

func TestSaveMinutes_EightOverAPI_OneTaskWholeHistory(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Dasar")
	answers := atOnce(func(writer int) int {
		return w.As(w.Coordinator).API("PATCH", "/api/collections/minutes/records/"+minutes.Id,
			map[string]any{"body": fmt.Sprintf("Dari %d\n\n%s", writer, line)}).Status
	})
	check.That(t, answers[200] != 0 && answers[200]+answers[400] == writers, "answers %v", answers)
	w.onlyTask()
	now := w.Fresh(minutes)
	if got, want := now.GetInt("revision"), 1+answers[200]; got != want {
		t.Errorf("revision %d after %d accepted saves", got, answers[200])
	}
	last := w.Only("minutes_revisions", "revision", now.GetInt("revision"))
	check.Equal(t, "body", last.GetString("body"), now.GetString("body"))
	check.Equal(t, "rows of minutes_revisions", w.Count("minutes_revisions"), int64(now.GetInt("revision")))
}

func TestFinalise_EightAtOnce_Once(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Isi")
	people := []*core.Record{w.Initiator, w.Administrator}
	atOnce(func(writer int) int {
		return w.As(people[writer%2]).API("POST", "/api/hub/minutes/"+minutes.Id+"/finalise", nil).Status
	})
	trail, err := w.App.FindRecordsByFilter("activity", "record = '"+minutes.Id+"' && action = 'update' && changes ~ 'final'", "", 0, 0)
	w.Must(err)
	check.Equal(t, "they", w.Fresh(minutes).GetString("status"), "final")
	check.Equal(t, "they", len(trail), 1)
}

func TestCreate_EightWithOneKey_OneMeetingAndGuest(t *testing.T) {
	w := newWorld(t)
	answers := atOnce(func(int) int {
		return w.As(w.Initiator).Post("/programmes/kopi/meetings", typed("title", "Sekali", "once", "kunci-8")...).Status
	})
	check.That(t, answers[303] == writers, "answers %v", answers)
	w.Only("meetings", "title", "Sekali")
	answers = atOnce(func(int) int {
		return w.As(w.Initiator).Post(w.url()+"/guests", "name", "Pak Lurah", "state", "invited", "once", "kunci-9").Status
	})
	check.That(t, answers[303] == writers, "answers %v", answers)
	w.Only("attendances", "name", "Pak Lurah")
}

func TestSave_SameForm_NoConflict(t *testing.T) {
	w := testkit.New(t)
	m := w.Make("meetings", "programme", w.Kopi.Id, "kind", "coordination", "title", "Rapat koordinasi", "starts_at", "2026-12-01 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled")
	client, path := w.As(w.Initiator), "/meetings/"+m.Id
	opened := client.Get(path + "/edit").Want(200).Seen()
	typed := []string{"title", "Rapat koordinasi", "kind", "coordination", "day", "2/12/2026", "starts_at", "09.00", "time_zone", "Asia/Jakarta",
		"mode", "in_person", "place", "Balai desa", "status", "scheduled", "seen", opened}
	client.Post(path, typed...).Want(303)
	client.Post(path, typed...).Want(303)
	now := w.Fresh(m)
	if now.GetString("place") != "Balai desa" || now.GetDateTime("starts_at").String() != "2026-12-02 02:00:00.000Z" {
		t.Errorf("stored at %s in %s", now.GetString("starts_at"), now.GetString("place"))
	}
	client.Post(path, append(typed, "agenda", "1. Pembukaan")...).Want(422)
}
