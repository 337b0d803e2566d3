package meetings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/markdown"

	"simpul/hooks/testkit/check"
)

func TestEverySaveOfTheTextIsKeptWithItsAuthor(t *testing.T) {
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
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("kept %q, want %q", got, want)
	}
	check.Equal(t, "the minutes are at revision", w.Fresh(minutes).GetInt("revision"), 4)
}

func TestAStepIsNoRevision(t *testing.T) {
	w := newWorld(t)
	w.save("Isi")
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(303)
	w.As(w.Initiator).Post(w.minutesURL() + "/finalise").Want(303)
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	if n := w.Count("minutes_revisions"); n != 1 || minutes.GetInt("revision") != 1 {
		t.Errorf("%d revisions, the minutes say %d", n, minutes.GetInt("revision"))
	}
}

func TestEverySaveLeavesATrace(t *testing.T) {
	w := newWorld(t)
	w.save("Satu")
	w.save("Dua")
	w.As(w.Initiator).Post(w.minutesURL() + "/circulate").Want(303)
	trail, err := w.App.FindRecordsByFilter("activity", "collection = 'minutes'", "@rowid", 0, 0)
	w.Must(err)
	got := []string{}
	for _, r := range trail {
		got = append(got, r.GetString("action")+" "+r.GetString("changes"))
		if r.GetString("actor") != w.Initiator.Id || r.GetString("programme") != w.Kopi.Id {
			t.Errorf("traced to %q in %q", r.GetString("actor"), r.GetString("programme"))
		}
	}
	if len(got) != 3 {
		t.Fatalf("trace %q", got)
	}
	has(t, got[0], "create ", `"status":["","draft"]`)
	has(t, got[1], "update ", `"revision":["1","2"]`)
	has(t, got[2], "update ", `"status":["draft","circulated"]`)
	lacks(t, strings.Join(got, " "), "Satu", "Dua")
}

func TestNobodyChangesAHistory(t *testing.T) {
	w := newWorld(t)
	w.save("Isi")
	revision := w.Only("minutes_revisions", "body", "Isi")
	url := "/api/collections/minutes_revisions/records/" + revision.Id
	has(t, w.As(w.Administrator).API("PATCH", url, map[string]any{"body": "Lain"}).Want(400).Body, "Riwayat notulen")
	w.As(w.Administrator).API("DELETE", url, nil).Want(400)
	w.As(w.Initiator).API("PATCH", url, map[string]any{"body": "Lain"}).Want(403)
	check.Equal(t, "the revision", w.Fresh(revision).GetString("body"), "Isi")
}

func TestMinutesHaveAtMostTwentyThousandCharacters(t *testing.T) {
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

func TestLineEndsOfBrowsersMakeNoDifference(t *testing.T) {
	w := newWorld(t)
	as := w.As(w.Initiator)
	as.API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.meeting.Id, "body": "A\r\n\r\n" + line + "\r\n"}).Want(200)
	w.save("A\n\n" + line).Want(303)
	w.onlyTask()
	lacks(t, w.Only("minutes", "meeting", w.meeting.Id).GetString("body"), "\r")
}

func TestHostileMarkdownIsHarmless(t *testing.T) {
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

func TestAnIdentityNumberIsRefusedWithTheReason(t *testing.T) {
	w := newWorld(t)
	page := w.save("Keluarga 3374010101010001 hadir.").Want(422)
	has(t, page.Text(".field.wrong .error"), "16 angka")
	w.As(w.Initiator).API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.meeting.Id, "body": "NIK 3374010101010001"}).Want(400)
	check.Equal(t, "rows of minutes", w.Count("minutes"), 0)
}

func TestMinutesStayWithTheirMeeting(t *testing.T) {
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

func TestNobodyTypesWhatTheHubKeeps(t *testing.T) {
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

func TestASaveFromAnOldRevisionOverTheAPIIsRefused(t *testing.T) {
	w := newWorld(t)
	minutes := w.write("Satu")
	url := "/api/collections/minutes/records/" + minutes.Id
	w.As(w.Initiator).API("PATCH", url, map[string]any{"body": "Dua", "revision": 1}).Want(200)
	w.As(w.Coordinator).API("PATCH", url, map[string]any{"body": "Tiga", "revision": 1}).Want(404)
	check.Equal(t, "the minutes say", w.Fresh(minutes).GetString("body"), "Dua")
}
