package meetings_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestDraftMinutesAreForTeamAndObserverOnly(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Rahasia dulu.\n\nKEPUTUSAN: rahasia juga")
	api := "/api/collections/minutes/records/" + minutes.Id
	for who, person := range map[string]*core.Record{"initiator": w.Initiator, "coordinator": w.Coordinator, "observer": w.Observer} {
		has(t, w.As(person).Get(w.minutesURL()).Want(200).Text("main"), "Rahasia dulu.")
		if s := w.As(person).API("GET", api, nil).Status; s != 200 {
			t.Errorf("%s over the API: %d", who, s)
		}
	}
	for who, person := range map[string]*core.Record{
		"partner": w.Partner, "other partner": w.OtherPartner, "partner elsewhere": w.BaliPartner, "outsider": w.Outsider,
	} {
		page := w.As(person).Get(w.minutesURL()).Want(404)
		lacks(t, page.Body, "Rahasia")
		if s := w.As(person).API("GET", api, nil).Status; s != 404 {
			t.Errorf("%s over the API: %d", who, s)
		}
		for _, collection := range []string{"minutes", "decisions", "minutes_revisions"} {
			lacks(t, w.As(person).API("GET", "/api/collections/"+collection+"/records", nil).Body, "ahasia")
		}
	}
	lacks(t, w.As(w.Partner).Get(w.url()).Want(200).Text("main"), "ahasia", "otulen")
	w.As(nil).Get(w.minutesURL()).Want(303)
}

func TestCirculatedMinutesAreForPartnersToo(t *testing.T) {
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

func TestMinutesThatAreNotWrittenLeadTheTeamToWriteThem(t *testing.T) {
	w := newWorld(t)
	if to := w.As(w.Coordinator).Get(w.minutesURL()).Want(303).Header.Get("Location"); to != w.minutesURL()+"/edit" {
		t.Errorf("the team is led to %s", to)
	}
	for _, person := range []*core.Record{w.Observer, w.Partner, w.Outsider} {
		w.As(person).Get(w.minutesURL()).Want(404)
	}
	has(t, w.As(w.Initiator).Get(w.url()).Text("main"), "Tulis notulen")
	lacks(t, w.As(w.Observer).Get(w.url()).Text("main"), "Tulis notulen")
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(404)
}

func TestPrintedMinutesHoldWhatAnOfficeExpects(t *testing.T) {
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
		if got := page.Text(".letterhead"); got != "Dinas Sosial Kota Semarang Jl. Pemuda 148" {
			t.Errorf("letterhead %q", got)
		}
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

func TestTheTableFollowsTheTasksNotTheText(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	task := w.onlyTask()
	task.Set("title", "Jadwal kunjungan rumah yang pasti")
	task.Set("state", "done")
	w.Must(w.App.Save(task))
	has(t, w.As(w.Initiator).Get(w.minutesURL()).Text("table"), "Jadwal kunjungan rumah yang pasti Puskesmas Tambakaji Kam, 10 Des 2026 Selesai")
}

func TestMinutesSpeakTheReadersLanguage(t *testing.T) {
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

func TestNoPageOfTheRoomHasAGapInItsWords(t *testing.T) {
	w := newWorld(t)
	w.save(line + "\n\n- [ ] @Siapa: entah\n\nKEPUTUSAN: ya")
	w.attend(w.Puskesmas, "represented")
	for _, url := range []string{
		w.url(), w.url() + "/edit", w.url() + "/attendances", w.minutesURL(), w.minutesURL() + "/edit",
		"/programmes/kopi/meetings", "/programmes/kopi/meetings?when=past", "/programmes/kopi/meetings/new",
	} {
		page := w.As(w.Initiator).Get(url).Want(200)
		lacks(t, page.Body, "⟦", "<no value>", "ZgotmplZ")
		if n := page.Doc().Find("h1").Length(); n != 1 {
			t.Errorf("%s has %d main headings", url, n)
		}
	}
	lacks(t, w.As(w.Initiator).Post(w.minutesURL()+"/preview", "body", line, "revision", "1").Body, "⟦", "<no value>")
	lacks(t, strings.ToLower(w.As(w.Initiator).Post(w.minutesURL(), "body", "x", "revision", "0").Body), "⟦", "<no value>")
}
