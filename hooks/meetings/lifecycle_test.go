package meetings_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestAnotherWordingIsAnotherTaskAndThePreviewSaysSo(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	reworded := "- [ ] @Puskesmas Tambakaji: jadwal kunjungan rumah (10/12/2026)"
	has(t, w.previewed(reworded), "Menyimpan akan membuat 1 tugas baru.")
	w.save(reworded)
	if n := len(w.tasks()); n != 2 {
		t.Errorf("%d tasks", n)
	}
}

func TestACancelledTaskStaysCancelled(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	w.As(w.Initiator).Post("/tasks/"+w.onlyTask().Id+"/state", "state", "cancelled").Want(303)
	w.save(line + "\n\nLagi.")
	if got := w.onlyTask().GetString("state"); got != "cancelled" {
		t.Errorf("the task is %s", got)
	}
}

func TestADeletedTaskComesBackWhileItsLineStandsAndThePreviewSaysSo(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	w.As(w.Initiator).API("DELETE", "/api/collections/tasks/records/"+w.onlyTask().Id, nil).Want(204)
	has(t, w.previewed(line), "Menyimpan akan membuat 1 tugas baru.")
	w.save(line)
	w.onlyTask()
}

func TestTheSameLineInTwoMeetingsIsTwoTasks(t *testing.T) {
	w := newWorld(t)
	w.save(line)
	first := w.onlyTask()
	w.meeting = w.plan("status", "held")
	w.save(line)
	if second := w.onlyTask(); second.Id == first.Id {
		t.Error("the second meeting shares the task of the first")
	}
}

func TestADraftMeetingGoesWithItsMinutesButItsTasksStay(t *testing.T) {
	w := newWorld(t)
	w.meeting = w.plan("status", "draft")
	w.save(line + "\n\nKEPUTUSAN: ya")
	task := w.onlyTask()
	w.attend(w.Puskesmas, "invited")
	url := "/api/collections/meetings/records/" + w.meeting.Id
	w.As(w.Coordinator).API("DELETE", url, nil).Want(404)
	w.As(w.Initiator).API("DELETE", url, nil).Want(204)
	if n := w.Count("minutes") + w.Count("minutes_revisions") + w.Count("decisions") + w.Count("attendances"); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	if got := w.Fresh(task); got.GetString("meeting") != "" || got.GetString("title") != "jadwal home visit" {
		t.Errorf("the task became %v", got.PublicExport())
	}
}

func TestAPlannedMeetingIsNotDeletedButCancelled(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator).API("DELETE", "/api/collections/meetings/records/"+w.meeting.Id, nil).Want(404)
	w.As(w.Administrator).API("DELETE", "/api/collections/meetings/records/"+w.meeting.Id, nil).Want(204)
}

func TestAProgrammeWithFinalMinutesCanStillBeRemovedWhole(t *testing.T) {
	w := newWorld(t)
	w.sealed(line)
	w.Must(w.App.Delete(w.Fresh(w.Kopi)))
	for _, collection := range []string{"meetings", "minutes", "minutes_revisions", "decisions", "tasks"} {
		if n := w.Count(collection); n != 0 {
			t.Errorf("%d %s are left", n, collection)
		}
	}
}

func TestTheRenderedDuplicateFollowsTheTextAndStaysInside(t *testing.T) {
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

// Who may do what with the records of the room over the API, by role.
func TestWhoMayDoWhatOverTheAPI(t *testing.T) {
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
