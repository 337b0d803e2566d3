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

func TestNewMinutesBeginWithASkeletonThatMakesNothing(t *testing.T) {
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

func TestWritingGoesOnWhereItStopped(t *testing.T) {
	w := newWorld(t)
	w.save("Yang sudah ada.")
	page := w.As(w.Coordinator).Get(w.minutesURL() + "/edit").Want(200)
	check.Equal(t, "the text", strings.TrimSpace(page.Doc().Find("textarea[name=body]").Text()), "Yang sudah ada.")
	if got, _ := page.Doc().Find("input[name=revision]").Attr("value"); got != "1" {
		t.Errorf("the revision is %q", got)
	}
}

func TestThePreviewSaysWhatBecomesOfEachLine(t *testing.T) {
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

func TestThePreviewChangesNothing(t *testing.T) {
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

func TestThePreviewCanBeSavedWithoutAnyScript(t *testing.T) {
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

func TestAPreviewOfWhatCannotBeSavedSaysSo(t *testing.T) {
	w := newWorld(t)
	for _, body := range []string{"", "   ", strings.Repeat("a", 20001), "NIK 3374010101010001"} {
		page := w.As(w.Initiator).Post(w.minutesURL()+"/preview", "body", body, "revision", "0").Want(422)
		if page.Text(".field.wrong .error") == "" {
			t.Errorf("no sentence for %.20q", body)
		}
		w.save(body).Want(422)
	}
	check.Equal(t, "rows of minutes", w.Count("minutes"), 0)
}

func TestTheFlashSaysHowManyTasksWereMade(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	page := as.Follow(as.Post(w.minutesURL(), "body", line+"\n- [ ] @Warung: kopi\n- [ ] @Siapa: entah", "revision", "0"))
	has(t, page.Text(".flash"), "Notulen tersimpan. 2 tugas dibuat.")
	has(t, page.Text(".callout"), "1 baris belum menjadi tugas", "entah")
	page = as.Follow(as.Post(w.minutesURL(), "body", line, "revision", "1"))
	check.Equal(t, "the flash", page.Text(".flash"), "Notulen tersimpan.")
}

func TestTwoWritersLoseNothing(t *testing.T) {
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
	if got := minutes.GetString("body"); got != "Dari koordinator" || len(w.tasks()) != 0 {
		t.Errorf("stored is %q with %d tasks", got, len(w.tasks()))
	}
	revision, _ := doc.Find("input[name=revision]").Attr("value")
	w.As(w.Initiator).Post(w.minutesURL(), "body", "Dari koordinator\n\n"+mine, "revision", revision).Want(303)
	if got := w.Fresh(minutes); got.GetInt("revision") != 3 || !strings.Contains(got.GetString("body"), "Dari koordinator") {
		t.Errorf("revision %d: %s", got.GetInt("revision"), got.GetString("body"))
	}
	w.onlyTask()
}

func TestTwoWhoBeginAtTheSameTimeLoseNothing(t *testing.T) {
	w := newWorld(t)
	w.save("Pertama")
	page := w.As(w.Coordinator).Post(w.minutesURL(), "body", "Kedua", "revision", "0").Want(409)
	has(t, page.Body, "Pertama", "Kedua")
}

func TestATextThatComesAfterTheSealIsShownForCopying(t *testing.T) {
	w := newWorld(t)
	w.sealed("Sah")
	page := w.As(w.Coordinator).Post(w.minutesURL(), "body", "Tambahan saya", "revision", "1").Want(409)
	has(t, page.Text("main"), "Notulen ini sudah disahkan", "Tambahan saya", "Sah")
	check.Equal(t, "the page offers to save", page.Doc().Find("form .submit").Length(), 0)
}

func TestASaveWithoutItsRevisionIsNotTrusted(t *testing.T) {
	w := newWorld(t)
	w.save("Satu")
	for _, revision := range []string{"", "0", "2", "x", "-1"} {
		w.As(w.Initiator).Post(w.minutesURL(), "body", "Dua", "revision", revision).Want(409)
	}
	check.Equal(t, "the minutes say", w.Only("minutes", "meeting", w.meeting.Id).GetString("body"), "Satu")
}

func TestOnlyTheTeamWrites(t *testing.T) {
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
