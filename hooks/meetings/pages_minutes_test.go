package meetings_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

// previewed is what the preview shows.
func (w *world) previewed(body string) string {
	w.Helper()
	return w.As(w.Initiator).Post(w.minutesURL()+"/preview", "body", body, "revision", w.revision()).Want(200).Text("#preview")
}

func TestWriteMinutes_New_SkeletonWithoutTasks(t *testing.T) {
	w := newWorld(t)
	w.Make("organisations", "name", "Nama Baik", "helix", "community")
	page := w.As(w.Initiator).Get(w.minutesURL() + "/edit").Want(200)
	body := page.Doc().Find("textarea[name=body]").Text()
	has(t, body, "## Jalannya rapat", "KEPUTUSAN:", "## Tindak lanjut", "- [ ] @Nama organisasi: apa yang dikerjakan (4 Des 2026)")
	check.Equal(t, "unsent text is not kept in the browser", page.Doc().Find("form[data-draft] textarea").Length(), 1)
	w.save(strings.TrimSpace(body)).Want(303)
	if n, d := len(w.tasks()), len(w.decisions()); n != 0 || d != 0 {
		t.Errorf("the skeleton made %d tasks and %d decisions", n, d)
	}
	english := w.As(w.Initiator)
	w.Initiator.Set("language", "en")
	w.Must(w.App.Save(w.Initiator))
	other := w.plan()
	has(t, english.Get("/meetings/"+other.Id+"/minutes/edit").Want(200).Body, "## Follow-up", "DECISION:")
}

func TestWriteMinutes_Saved_Continued(t *testing.T) {
	w := newWorld(t)
	w.save("Yang sudah ada.")
	page := w.As(w.Coordinator).Get(w.minutesURL() + "/edit").Want(200)
	check.Equal(t, "the text", strings.TrimSpace(page.Doc().Find("textarea[name=body]").Text()), "Yang sudah ada.")
	check.Equal(t, "the revision", page.Doc().Find("input[name=revision]").AttrOr("value", ""), "1")
}

func TestPreviewMinutes_EachLine_Outcome(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	shown := w.previewed(strings.Join([]string{
		"## Jalannya rapat", "Lancar.",
		line + "\n- [ ] @uin walisongo: rancangan survei (14/12/2026)\n- [x] @Warung: kopi\n- [ ] @Kantor Pos: antar surat\n- [ ] tanpa nama",
		"KEPUTUSAN: posko buka setiap Senin",
	}, "\n\n"))
	has(t, shown,
		"Menyimpan akan membuat 2 tugas baru.",
		"jadwal home visit Puskesmas Tambakaji Kam, 10 Des 2026 Sudah menjadi tugas",
		"rancangan survei UIN Walisongo Sen, 14 Des 2026 Tugas baru",
		"kopi Warung Kopi Banaran Tugas baru, sudah selesai",
		"antar surat Kantor Pos Belum menjadi tugas “Kantor Pos” belum terlibat dalam program ini.",
		"tanpa nama Belum menjadi tugas Baris ini belum menyebut organisasi.",
		"Keputusan posko buka setiap Senin", "Tampilan notulen Jalannya rapat Lancar.")
	has(t, w.previewed("Tanpa apa-apa"), "Belum ada baris tindak lanjut.")
	has(t, w.previewed(line), "Tidak ada tugas baru")
}

func TestPreviewMinutes_Nothing_Saved(t *testing.T) {
	w := newWorld(t)
	w.save("Isi lama")
	minutes, unwritten := w.Only("minutes", "meeting", w.meeting.Id), w.plan()
	before := w.rows()
	w.previewed(line + "\n\nKEPUTUSAN: ya")
	w.unchanged(before)
	if got := w.Fresh(minutes); got.GetString("body") != "Isi lama" || got.GetString("updated") != minutes.GetString("updated") {
		t.Errorf("the minutes became %v", got.PublicExport())
	}
	w.As(w.Initiator).Post("/meetings/"+unwritten.Id+"/minutes/preview", "body", line, "revision", "0").Want(200)
	w.unchanged(before)
}

func TestPreviewMinutes_NoScripts_Saved(t *testing.T) {
	w := newWorld(t)
	page := w.As(w.Initiator).Post(w.minutesURL()+"/preview", "body", line, "revision", "0").Want(200)
	form := page.Doc().Find("form[action='" + w.minutesURL() + "']")
	if form.Find("button:not([formaction])").Length() == 0 {
		t.Fatal("the preview has no button that saves")
	}
	revision, _ := form.Find("input[name=revision]").Attr("value")
	body := strings.TrimPrefix(form.Find("textarea[name=body]").Text(), "\n")
	w.As(w.Initiator).Post(w.minutesURL(), "body", body, "revision", revision).Want(303)
	w.onlyTask()
}

func TestPreviewMinutes_Invalid_NamesProblem(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{"", "   ", strings.Repeat("a", 20001), "NIK 3374010101010001"} {
		page := w.As(w.Initiator).Post(w.minutesURL()+"/preview", "body", body, "revision", "0").Want(422)
		check.That(t, page.Text(".field.wrong .error") != "", "no sentence for %.20q", body)
		w.save(body).Want(422)
	}
	check.Equal(t, "rows of minutes", w.Count("minutes"), 0)
}

func TestSaveMinutes_Flash_CountsTasks(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	page := as.Follow(as.Post(w.minutesURL(), "body", line+"\n- [ ] @Warung: kopi\n- [ ] @Siapa: entah", "revision", "0"))
	has(t, page.Text(".flash"), "Notulen tersimpan. 2 tugas dibuat.")
	has(t, page.Text(".callout"), "1 baris belum menjadi tugas", "entah")
	page = as.Follow(as.Post(w.minutesURL(), "body", line, "revision", "1"))
	check.Equal(t, "the flash", page.Text(".flash"), "Notulen tersimpan.")
}

func TestSaveMinutes_TwoWriters_NothingLost(t *testing.T) {
	w := newWorld(t)
	w.save("Dasar")
	w.As(w.Coordinator).Post(w.minutesURL(), "body", "Dari koordinator", "revision", "1").Want(303)
	mine := "Dari inisiator\n\n" + line
	page := w.As(w.Initiator).Post(w.minutesURL(), "body", mine, "revision", "1").Want(409)
	doc := page.Doc()
	check.Equal(t, "my text", strings.TrimSpace(doc.Find("textarea[name=body]").Text()), mine)
	check.Equal(t, "their text", strings.TrimSpace(doc.Find("textarea[readonly]").Text()), "Dari koordinator")
	has(t, page.Text("main"), "Sub Koordinator baru saja menyimpan notulen ini")
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	check.Equal(t, "stored", minutes.GetString("body"), "Dari koordinator")
	check.Equal(t, "stored", len(w.tasks()), 0)
	revision, _ := doc.Find("input[name=revision]").Attr("value")
	w.As(w.Initiator).Post(w.minutesURL(), "body", "Dari koordinator\n\n"+mine, "revision", revision).Want(303)
	if got := w.Fresh(minutes); got.GetInt("revision") != 3 || !strings.Contains(got.GetString("body"), "Dari koordinator") {
		t.Errorf("revision %d: %s", got.GetInt("revision"), got.GetString("body"))
	}
	w.onlyTask()
}

func TestSaveMinutes_TwoBeginners_NothingLost(t *testing.T) {
	w := newWorld(t)
	w.save("Pertama")
	page := w.As(w.Coordinator).Post(w.minutesURL(), "body", "Kedua", "revision", "0").Want(409)
	has(t, page.Body, "Pertama", "Kedua")
}

func TestSaveMinutes_AfterFinal_ShownForCopying(t *testing.T) {
	w := newWorld(t)
	w.sealed("Sah")
	page := w.As(w.Coordinator).Post(w.minutesURL(), "body", "Tambahan saya", "revision", "1").Want(409)
	has(t, page.Text("main"), "Notulen ini sudah disahkan", "Tambahan saya", "Sah")
	check.Equal(t, "the page offers to save", page.Doc().Find("form .submit").Length(), 0)
}

func TestSaveMinutes_NoRevision_Conflict(t *testing.T) {
	w := newWorld(t)
	w.save("Satu")
	for _, revision := range []string{"", "0", "2", "x", "-1"} {
		w.As(w.Initiator).Post(w.minutesURL(), "body", "Dua", "revision", revision).Want(409)
	}
	check.Equal(t, "the minutes say", w.Only("minutes", "meeting", w.meeting.Id).GetString("body"), "Satu")
}

func TestWriteMinutes_OutsideTeam_Refused(t *testing.T) {
	w := newWorld(t)
	w.write(line)
	before := w.rows()
	for who, person := range map[string]*core.Record{
		"observer": w.Observer, "partner": w.Partner, "initiator elsewhere": w.BaliInitiator, "outsider": w.Outsider,
	} {
		as := w.As(person)
		for _, status := range []int{
			as.Get(w.minutesURL() + "/edit").Status,
			as.Post(w.minutesURL()+"/preview", "body", "x", "revision", "1").Status,
			as.Post(w.minutesURL(), "body", "x", "revision", "1").Status,
		} {
			check.Equal(t, who+" gets", status, 404)
		}
		check.Equal(t, who+" creates over the API", as.API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.plan().Id, "body": line}).Status, 400)
		minutes := w.Only("minutes", "meeting", w.meeting.Id)
		check.Equal(t, who+" changes over the API", as.API("PATCH", "/api/collections/minutes/records/"+minutes.Id, map[string]any{"body": "x"}).Status, 404)
	}
	for _, collection := range []string{"minutes", "minutes_revisions", "tasks", "decisions"} {
		check.Equal(t, collection, w.Count(collection), before[collection])
	}
	guest := w.As(nil)
	guest.Get(w.minutesURL() + "/edit").Want(303)
	guest.Post(w.minutesURL(), "body", "x", "revision", "1").Want(401)
}

func TestReadMinutes_Draft_TeamAndObserver(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Rahasia dulu.\n\nKEPUTUSAN: rahasia juga")
	api := "/api/collections/minutes/records/" + minutes.Id
	for who, person := range map[string]*core.Record{"initiator": w.Initiator, "coordinator": w.Coordinator, "observer": w.Observer} {
		has(t, w.As(person).Get(w.minutesURL()).Want(200).Text("main"), "Rahasia dulu.")
		check.Equal(t, who+" over the API", w.As(person).API("GET", api, nil).Status, 200)
	}
	for who, person := range map[string]*core.Record{
		"partner": w.Partner, "other partner": w.OtherPartner, "partner elsewhere": w.BaliPartner, "outsider": w.Outsider,
	} {
		page := w.As(person).Get(w.minutesURL()).Want(404)
		lacks(t, page.Body, "Rahasia")
		check.Equal(t, who+" over the API", w.As(person).API("GET", api, nil).Status, 404)
		for _, collection := range []string{"minutes", "decisions", "minutes_revisions"} {
			lacks(t, w.As(person).API("GET", "/api/collections/"+collection+"/records", nil).Body, "ahasia")
		}
	}
	lacks(t, w.As(w.Partner).Get(w.url()).Want(200).Text("main"), "ahasia", "otulen")
	w.As(nil).Get(w.minutesURL()).Want(303)
}

func TestReadMinutes_Circulated_Partners(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Untuk semua.\n\nKEPUTUSAN: buka Senin")
	as := w.As(w.Initiator)
	has(t, as.Follow(as.Post(w.minutesURL()+"/circulate")).Text(".flash"), "Mitra kini bisa membacanya")
	page := w.As(w.Partner).Get(w.minutesURL()).Want(200)
	has(t, page.Text("main"), "Untuk semua.", "Keputusan buka Senin", "Diedarkan")
	lacks(t, page.Body, "/edit", "/circulate", "/finalise", "belum menjadi tugas")
	w.As(w.Partner).API("GET", "/api/collections/minutes/records/"+minutes.Id, nil).Want(200)
	has(t, w.As(w.Partner).Get(w.url()).Text("main"), "Baca notulen", "buka Senin")
	for _, person := range []*core.Record{w.BaliPartner, w.Outsider} {
		w.As(person).Get(w.minutesURL()).Want(404)
	}
}

func TestReadMinutes_None_LeadsTeamToWrite(t *testing.T) {
	w := newWorld(t)
	check.Equal(t, "the team is led", w.As(w.Coordinator).Get(w.minutesURL()).Want(303).Header.Get("Location"), w.minutesURL()+"/edit")
	for _, person := range []*core.Record{w.Observer, w.Partner, w.Outsider} {
		w.As(person).Get(w.minutesURL()).Want(404)
	}
	has(t, w.As(w.Initiator).Get(w.url()).Text("main"), "Tulis notulen")
	lacks(t, w.As(w.Observer).Get(w.url()).Text("main"), "Tulis notulen")
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(404)
}

func TestReadMinutes_Print_Complete(t *testing.T) {
	w := newWorld(t)
	w.Agency.Set("address", "Jl. Pemuda 148")
	w.Must(w.App.Save(w.Agency))
	chair := w.Make("contacts", "organisation", w.Agency.Id, "name", "Sri Rahayu", "position", "Kepala Bidang", "email", "sri@example.org", "phone", "0812-0000-0000")
	w.meeting.Set("chair", chair.Id)
	w.meeting.Set("taken_by", w.Only("contacts", "organisation", w.Forum.Id).Id)
	w.Must(w.App.Save(w.meeting))
	w.attend(w.Puskesmas, "present_in_person")
	w.attend(w.Forum, "represented")
	w.attend(w.Campus, "excused")
	w.Make("attendances", "meeting", w.meeting.Id, "name", "Tamu Desa", "state", "present_online")
	w.save("## Jalannya rapat\n\nLancar.\n\nKEPUTUSAN: posko buka\n\n" + line)
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(303)
	for _, person := range []*core.Record{w.Initiator, w.Partner} {
		page := w.As(person).Get(w.minutesURL()).Want(200)
		check.Equal(t, "letterhead", page.Text(".letterhead"), "Dinas Sosial Kota Semarang Jl. Pemuda 148")
		facts := page.Text(".summary")
		has(t, facts, "Hari dan tanggal Jumat, 20 November 2026", "Pukul 09.00–11.30 WIB", "Tempat Aula",
			"Pimpinan rapat Sri Rahayu, Kepala Bidang, Dinas Sosial Kota Semarang", "Notulis Ketua Forum, Forum PSM Semarang",
			"Peserta 3 hadir: Pemerintah 1, Komunitas 1, Tamu 1")
		has(t, page.Text("table"), "Apa Siapa Tenggat Status", "jadwal home visit Puskesmas Tambakaji Kam, 10 Des 2026 Belum mulai")
		signed := page.Text(".signatures")
		has(t, signed, "Kota Semarang, 20 November 2026", "Pimpinan rapat", "Sri Rahayu", "Kepala Bidang", "Notulis", "Ketua Forum")
		lacks(t, page.Body, "sri@example.org", "0812-0000-0000")
	}
}

func TestReadMinutes_ActionTable_FollowsTasks(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	task := w.onlyTask()
	task.Set("title", "Jadwal kunjungan rumah yang pasti")
	task.Set("state", "done")
	w.Must(w.App.Save(task))
	has(t, w.As(w.Initiator).Get(w.minutesURL()).Text("table"), "Jadwal kunjungan rumah yang pasti Puskesmas Tambakaji Kam, 10 Des 2026 Selesai")
}

func TestReadMinutes_English_Translated(t *testing.T) {
	w := newWorld(t)
	w.write("Body\n\n- [ ] @Nobody: x", "status", "circulated")
	w.Initiator.Set("language", "en")
	w.Must(w.App.Save(w.Initiator))
	page := w.As(w.Initiator).Get(w.minutesURL()).Want(200).Text("main")
	has(t, page, "Minutes: Rapat koordinasi", "Circulated", "Friday, 20 November 2026", "1 line is not a task yet", "does not take part in this programme")
	lacks(t, page, "⟦")
	for _, url := range []string{w.url(), w.url() + "/edit", w.url() + "/attendances", w.minutesURL() + "/edit", "/programmes/kopi/meetings", "/programmes/kopi/meetings/new"} {
		lacks(t, w.As(w.Initiator).Get(url).Want(200).Body, "⟦", "Simpan")
	}
}

func TestPages_BothLanguages_NoMissingWords(t *testing.T) {
	w := newWorld(t)
	w.save(line + "\n\n- [ ] @Siapa: entah\n\nKEPUTUSAN: ya")
	w.attend(w.Puskesmas, "represented")
	for _, url := range []string{
		w.url(), w.url() + "/edit", w.url() + "/attendances", w.minutesURL(), w.minutesURL() + "/edit",
		"/programmes/kopi/meetings", "/programmes/kopi/meetings?when=past", "/programmes/kopi/meetings/new",
	} {
		page := w.As(w.Initiator).Get(url).Want(200)
		lacks(t, page.Body, "⟦", "<no value>", "ZgotmplZ")
		check.Equal(t, url, page.Doc().Find("h1").Length(), 1)
	}
	lacks(t, w.As(w.Initiator).Post(w.minutesURL()+"/preview", "body", line, "revision", "1").Body, "⟦", "<no value>")
	lacks(t, strings.ToLower(w.As(w.Initiator).Post(w.minutesURL(), "body", "x", "revision", "0").Body), "⟦", "<no value>")
}
