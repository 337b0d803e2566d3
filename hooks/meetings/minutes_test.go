package meetings_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/markdown"
	"simpul/hooks/testkit/check"
)

func TestRevisions_EachSave_KeptWithAuthor(t *testing.T) {
	w := newWorld(t)
	w.save("Satu").Want(303)
	w.As(w.Coordinator).Post(w.minutesURL(), "body", "Dua", "revision", "1").Want(303)
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	w.As(w.Initiator).API("PATCH", "/api/collections/minutes/records/"+minutes.Id, map[string]any{"body": "Tiga"}).Want(200)
	w.As(w.Administrator).API("PATCH", "/api/collections/minutes/records/"+minutes.Id, map[string]any{"body": "Empat"}).Want(200)
	kept, err := w.App.FindRecordsByFilter("minutes_revisions", "minutes = '"+minutes.Id+"'", "revision", 0, 0)
	w.Must(err)
	got := []string{}
	for _, r := range kept {
		got = append(got, fmt.Sprint(r.GetInt("revision"), " ", r.GetString("body"), " ", r.GetString("author")))
	}
	want := []string{"1 Satu " + w.Initiator.Id, "2 Dua " + w.Coordinator.Id, "3 Tiga " + w.Initiator.Id, "4 Empat "}
	check.That(t, strings.Join(got, "|") == strings.Join(want, "|"), "kept %q, want %q", got, want)
	check.Equal(t, "the minutes are at revision", w.Fresh(minutes).GetInt("revision"), 4)
}

func TestRevisions_StatusChange_None(t *testing.T) {
	w := newWorld(t)
	w.save("Isi")
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(303)
	w.As(w.Initiator).Post(w.minutesURL() + "/finalise").Want(303)
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	check.Equal(t, "n", w.Count("minutes_revisions"), 1)
	check.Equal(t, "revision", minutes.GetInt("revision"), 1)
}

func TestActivity_MinutesSaved_Recorded(t *testing.T) {
	w := newWorld(t)
	w.save("Satu")
	w.save("Dua")
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(303)
	trail, err := w.App.FindRecordsByFilter("activity", "collection = 'minutes'", "@rowid", 0, 0)
	w.Must(err)
	got := []string{}
	for _, r := range trail {
		got = append(got, r.GetString("action")+" "+r.GetString("changes"))
		check.Same(t, "traced", []string{r.GetString("actor"), r.GetString("programme")}, []string{w.Initiator.Id, w.Kopi.Id})
	}
	if len(got) != 3 {
		t.Fatalf("trace %q", got)
	}
	has(t, got[0], "create ", `"status":["","draft"]`)
	has(t, got[1], "update ", `"revision":["1","2"]`)
	has(t, got[2], "update ", `"status":["draft","circulated"]`)
	lacks(t, strings.Join(got, " "), "Satu", "Dua")
}

func TestRevisions_UpdateOrDelete_Refused(t *testing.T) {
	w := newWorld(t)
	w.save("Isi")
	revision := w.Only("minutes_revisions", "body", "Isi")
	url := "/api/collections/minutes_revisions/records/" + revision.Id
	has(t, w.As(w.Administrator).API("PATCH", url, map[string]any{"body": "Lain"}).Want(400).Body, "Riwayat notulen")
	w.As(w.Administrator).API("DELETE", url, nil).Want(400)
	w.As(w.Initiator).API("PATCH", url, map[string]any{"body": "Lain"}).Want(403)
	check.Equal(t, "the revision", w.Fresh(revision).GetString("body"), "Isi")
}

func TestMinutes_TooLong_Refused(t *testing.T) {
	w := newWorld(t)
	full := strings.Repeat("é", markdown.MaxLength)
	w.save(full).Want(303)
	page := w.save(full + "é").Want(422)
	has(t, page.Text(".field.wrong .error"), "“Isi notulen” terlalu panjang", "20.000")
	if got := page.Doc().Find("textarea[name=body]").Text(); len(got) < len(full) {
		t.Errorf("the page kept %d bytes of the text", len(got))
	}
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	for _, as := range []*core.Record{w.Initiator, w.Administrator} {
		answer := w.As(as).API("PATCH", "/api/collections/minutes/records/"+minutes.Id, map[string]any{"body": full + "é"}).Want(400)
		has(t, answer.Body, "Notulen paling banyak 20.000 karakter", "at most 20,000 characters")
	}
	check.Equal(t, "rows of minutes_revisions", w.Count("minutes_revisions"), 1)
}

func TestMinutes_CRLF_Normalized(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	as.API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.meeting.Id, "body": "A\r\n\r\n" + line + "\r\n"}).Want(200)
	w.save("A\n\n" + line).Want(303)
	w.onlyTask()
	lacks(t, w.Only("minutes", "meeting", w.meeting.Id).GetString("body"), "\r")
}

func TestMinutes_HostileMarkdown_Sanitized(t *testing.T) {
	w := newWorld(t)
	w.save(strings.Join([]string{
		`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `[klik](javascript:alert(1))`,
		`![foto](https://elsewhere.example/x.png)`, `KEPUTUSAN: <b onmouseover=alert(1)>tebal</b>`,
		`- [ ] @Puskesmas Tambakaji: <svg onload=alert(1)> jadwal`,
	}, "\n\n")).Want(303)
	for _, url := range []string{w.minutesURL(), w.url(), "/tasks/" + w.onlyTask().Id} {
		main := w.As(w.Initiator).Get(url).Want(200).Doc().Find("main")
		for _, forbidden := range []string{"script", "img", "[onerror]", "[onload]", "[onmouseover]", `a[href^="javascript"]`, "b[onmouseover]"} {
			if n := main.Find(forbidden).Length(); n != 0 {
				t.Errorf("%s holds %d × %s", url, n, forbidden)
			}
		}
	}
	has(t, w.As(w.Initiator).Get(w.minutesURL()).Text(".prose"), "<script>alert(1)</script>")
}

func TestMinutes_IdentityNumber_Refused(t *testing.T) {
	w := newWorld(t)
	page := w.save("Keluarga 3374010101010001 hadir.").Want(422)
	has(t, page.Text(".field.wrong .error"), "16 angka")
	w.As(w.Initiator).API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.meeting.Id, "body": "NIK 3374010101010001"}).Want(400)
	check.Equal(t, "rows of minutes", w.Count("minutes"), 0)
}

func TestMinutes_MeetingChanged_Refused(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Isi")
	other := w.plan()
	for _, as := range []*core.Record{w.Initiator, w.Administrator} {
		answer := w.As(as).API("PATCH", "/api/collections/minutes/records/"+minutes.Id, map[string]any{"meeting": other.Id})
		if answer.Status == 200 {
			t.Errorf("%s moved the minutes", as.Email())
		}
	}
	w.As(w.Initiator).API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.meeting.Id, "body": "Kedua"}).Want(400)
}

func TestMinutes_SystemFields_NotWritten(t *testing.T) {
	w := newWorld(t)
	for field, value := range map[string]any{"status": "final", "revision": 7, "finalised_at": "2026-01-01 00:00:00Z", "finalised_by": w.Observer.Id} {
		w.As(w.Initiator).API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.meeting.Id, "body": "Isi", field: value}).Want(400)
	}
	minutes := w.write("Isi")
	for field, value := range map[string]any{"status": "final", "revision": 7, "finalised_at": "2026-01-01 00:00:00Z", "finalised_by": w.Observer.Id} {
		w.As(w.Initiator).API("PATCH", "/api/collections/minutes/records/"+minutes.Id, map[string]any{field: value}).Want(404)
	}
	w.As(w.Administrator).API("PATCH", "/api/collections/minutes/records/"+minutes.Id,
		map[string]any{"revision": 70, "finalised_by": w.Observer.Id}).Want(200)
	if got := w.Fresh(minutes); got.GetInt("revision") != 2 || got.GetString("finalised_by") != "" {
		t.Errorf("an administrator typed revision %d, final by %q", got.GetInt("revision"), got.GetString("finalised_by"))
	}
}

func TestMinutes_API_OldRevisionRefused(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Satu")
	url := "/api/collections/minutes/records/" + minutes.Id
	w.As(w.Initiator).API("PATCH", url, map[string]any{"body": "Dua", "revision": 1}).Want(200)
	w.As(w.Coordinator).API("PATCH", url, map[string]any{"body": "Tiga", "revision": 1}).Want(404)
	check.Equal(t, "the minutes say", w.Fresh(minutes).GetString("body"), "Dua")
}

// sealed makes the meeting's minutes final in the initiator's name.
func (w *world) sealed(body string) *core.Record {
	w.Helper()
	w.save(body).Want(303)
	w.As(w.Initiator).Post(w.minutesURL() + "/finalise").Want(303)
	return w.Only("minutes", "meeting", w.meeting.Id)
}

func TestFinalMinutes_Update_Refused(t *testing.T) {
	w := newWorld(t)
	minutes := w.sealed("Isi yang sah")
	before := w.rows()
	url := "/api/collections/minutes/records/" + minutes.Id
	for _, change := range []map[string]any{
		{"body": "Lain"}, {"status": "draft"}, {"status": "circulated"}, {"finalised_at": ""}, {"finalised_by": ""}, {"body": line},
	} {
		w.As(w.Initiator).API("PATCH", url, change).Want(404)
		has(t, w.As(w.Administrator).API("PATCH", url, change).Want(400).Body, "sudah disahkan")
	}
	w.As(w.Administrator).API("DELETE", url, nil).Want(400)
	w.As(w.Initiator).API("DELETE", url, nil).Want(403)
	w.save("Lain").Want(409)
	now := w.Fresh(minutes)
	now.Set("body", "Lain")
	if err := w.App.Save(now); err == nil {
		t.Error("the hub itself changed final minutes")
	}
	w.unchanged(before)
	if got := w.Fresh(minutes); got.GetString("body") != "Isi yang sah" || got.GetString("status") != "final" {
		t.Errorf("they are %s: %s", got.GetString("status"), got.GetString("body"))
	}
}

func TestFinalMinutes_Show_WhoAndWhen(t *testing.T) {
	w := newWorld(t)
	minutes := w.sealed("Isi")
	if minutes.GetString("finalised_by") != w.Initiator.Id || minutes.GetDateTime("finalised_at").IsZero() {
		t.Errorf("final by %q at %q", minutes.GetString("finalised_by"), minutes.GetString("finalised_at"))
	}
	page := w.As(w.Partner).Get(w.minutesURL()).Want(200)
	check.Equal(t, "badge", page.Text(".page-head .badge"), "Disahkan")
	lacks(t, page.Body, "/minutes/edit", "/minutes/finalise", "/minutes/circulate")
	lacks(t, w.As(w.Initiator).Get(w.minutesURL()).Body, "/minutes/edit", "/minutes/finalise")
	check.Equal(t, "editing", w.As(w.Initiator).Get(w.minutesURL()+"/edit").Want(303).Header.Get("Location"), w.minutesURL())
}

func TestFinalMinutes_AuthorDeleted_Stay(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator)
	another := w.Make("users", "email", "second@example.org", "password", "kata-sandi-kedua", "name", "Kedua")
	w.Make("memberships", "programme", w.Kopi.Id, "user", another.Id, "role", "initiator")
	w.save("Isi")
	w.As(another).Post(w.minutesURL() + "/finalise").Want(303)
	w.Must(w.App.Delete(another))
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	check.Same(t, "they", []string{minutes.GetString("status"), minutes.GetString("finalised_by")}, []string{"final", ""})
	w.Must(w.App.Delete(w.Fresh(w.meeting)))
	check.Equal(t, "rows of minutes_revisions", w.Count("minutes")+w.Count("minutes_revisions"), 0)
}

func TestCirculateAndFinalise_EachPerson_Access(t *testing.T) {
	w := newWorld(t)
	people := map[string]*core.Record{
		"initiator": w.Initiator, "coordinator": w.Coordinator, "observer": w.Observer, "partner": w.Partner,
		"initiator elsewhere": w.BaliInitiator, "outsider": w.Outsider, "disabled": w.Disabled, "administrator": w.Administrator,
	}
	may := map[string][2]bool{"initiator": {true, true}, "coordinator": {true, false}, "administrator": {true, true}}
	for who, person := range people {
		for i, step := range []string{"circulate", "finalise"} {
			meeting := w.plan()
			minutes := w.Make("minutes", "meeting", meeting.Id, "body", "Isi")
			answer := w.As(person).API("POST", "/api/hub/minutes/"+minutes.Id+"/"+step, nil)
			if got := answer.Status == 200; got != may[who][i] || !got && answer.Status != 404 && answer.Status != 401 {
				t.Errorf("%s %s over the API: %d", who, step, answer.Status)
			}
			meeting = w.plan()
			w.Make("minutes", "meeting", meeting.Id, "body", "Isi")
			if got := w.As(person).Post("/meetings/" + meeting.Id + "/minutes/" + step).Status; (got == 303) != may[who][i] && who != "disabled" {
				t.Errorf("%s %s on the page: %d", who, step, got)
			}
		}
	}
	guest := w.As(nil)
	minutes := w.write("Isi")
	guest.API("POST", "/api/hub/minutes/"+minutes.Id+"/circulate", nil).Want(401)
	guest.Post(w.minutesURL() + "/circulate").Want(401)
	check.Equal(t, "the minutes", w.Fresh(minutes).GetString("status"), "draft")
}

func TestCirculate_Repeated_NoError(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Isi")
	for range 2 {
		w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(303)
	}
	w.As(w.Initiator).API("POST", "/api/hub/minutes/"+minutes.Id+"/circulate", nil).Want(404)
	for range 2 {
		w.As(w.Initiator).Post(w.minutesURL() + "/finalise").Want(303)
	}
	answer := w.As(w.Administrator).API("POST", "/api/hub/minutes/"+minutes.Id+"/finalise", nil)
	check.That(t, answer.Status != 200 || w.Fresh(minutes).GetString("finalised_by") == w.Initiator.Id, "an administrator made final minutes final again")
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(404)
	w.As(w.Initiator).API("POST", "/api/hub/minutes/nosuchminutes00/finalise", nil).Want(404)
}

func TestCirculate_API_AnswersRecord(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Isi")
	made := w.As(w.Initiator).API("POST", "/api/hub/minutes/"+minutes.Id+"/finalise", nil).Want(200).JSON()
	check.That(t, made["status"] == "final" && made["finalised_by"] == w.Initiator.Id && made["id"] == minutes.Id, "the answer is %v", made)
	if _, shown := made["body_html"]; shown {
		t.Error("the answer shows a hidden field")
	}
}

func TestFinalise_SavedMeanwhile_LatestText(t *testing.T) {
	w := newWorld(t)
	w.save("Satu")
	w.save("Dua")
	w.As(w.Initiator).Post(w.minutesURL() + "/finalise").Want(303)
	check.Equal(t, "the final text", w.Only("minutes", "meeting", w.meeting.Id).GetString("body"), "Dua")
}

func TestDecisions_SavedAgain_Once(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.save("KEPUTUSAN: posko buka setiap Senin\n\n- Decision: next meeting in January").Want(303)
	}
	check.Same(t, "decisions", w.decisions(), []string{"posko buka setiap Senin", "next meeting in January"})
}

func TestDecisions_Corrected_Replaced(t *testing.T) {
	w := newWorld(t)
	w.save("KEPUTUSAN: posko buka stiap Senin\n\nKEPUTUSAN: ditinjau")
	reviewed := w.Only("decisions", "text", "ditinjau")
	reviewed.Set("review_on", "2027-01-05")
	w.Must(w.App.Save(reviewed))
	w.save("KEPUTUSAN: posko buka setiap Senin")
	check.Same(t, "decisions", w.decisions(), []string{"ditinjau", "posko buka setiap Senin"})
}

func TestDecisions_CirculatedLineRemoved_Stays(t *testing.T) {
	w := newWorld(t)
	w.save("KEPUTUSAN: posko buka setiap Senin")
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(303)
	w.save("Tidak ada keputusan.")
	check.Same(t, "decisions", w.decisions(), []string{"posko buka setiap Senin"})
}

var errBroken = errors.New("the disk is full")

func TestSaveMinutes_TaskFails_RolledBack(t *testing.T) {
	w := newWorld(t)
	w.save("Rapat dibuka.")
	before := w.rows()
	w.App.OnRecordCreate("tasks").BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("title") == "gagal" {
			return errBroken
		}
		return e.Next()
	})
	body := line + "\n- [ ] @UIN Walisongo: gagal\n\nKEPUTUSAN: ya"
	check.Equal(t, "the page", w.save(body).Status, 500)
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	w.As(w.Initiator).API("PATCH", "/api/collections/minutes/records/"+minutes.Id, map[string]any{"body": body}).Want(400)
	w.unchanged(before)
	if got := w.Fresh(minutes); got.GetString("body") != "Rapat dibuka." || got.GetInt("revision") != 1 {
		t.Errorf("the minutes are at revision %d: %s", got.GetInt("revision"), got.GetString("body"))
	}
}

func TestSaveMinutes_InvalidTask_NamedAtBody(t *testing.T) {
	w := newWorld(t)
	w.App.OnRecordValidate("tasks").BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("title") == "ditolak" {
			e.Record.Set("due_on", "besok")
		}
		return e.Next()
	})
	body := "Catatan panjang.\n\n- [ ] @UIN Walisongo: ditolak"
	page := w.save(body).Want(422)
	has(t, page.Text(".field.wrong .error"), "Baris 3 belum bisa menjadi tugas: ditolak")
	check.Equal(t, "the text", strings.TrimSpace(page.Doc().Find("textarea[name=body]").Text()), body)
	answer := w.As(w.Initiator).API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.meeting.Id, "body": body}).Want(400)
	has(t, answer.Body, "Baris 3 belum bisa menjadi tugas", "cannot become a task yet", `"body"`)
	check.Equal(t, "rows of minutes", w.Count("minutes"), 0)
}
