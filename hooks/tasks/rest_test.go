package tasks_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// changes are a new value for every field of a task that a body can carry.
func changes(w *world) map[string]any {
	return map[string]any{
		"programme": w.Rantang.Id, "title": "Judul baru", "details": "Rincian baru", "organisation": w.Forum.Id,
		"assignee": w.Only("contacts", "organisation", w.Puskesmas.Id).Id, "accountable": w.Coordinator.Id,
		"stage":      w.Make("stages", "programme", w.Kopi.Id, "name", "Tahap", "position", 1).Id,
		"milestone":  w.Make("milestones", "programme", w.Kopi.Id, "title", "Sasaran", "horizon", "short").Id,
		"source_key": "baris-1", "starts_on": "2026-11-24", "due_on": "2026-12-24", "urgency": "urgent",
		"blocked_by": []string{w.add("title", "Lain").Id}, "recurrence": "FREQ=WEEKLY", "recurs_from": w.add("title", "Asal").Id,
		"position": 7, "once": "kunci-lain", "done_at": "2020-01-01 00:00:00.000Z", "done_by": w.OtherPartner.Id,
		"state": "in_progress", "reply": "accepted", "reply_reason": "Bisa",
	}
}

// partnersOwn are the fields a partner writes on its organisation's tasks.
var partnersOwn = map[string]bool{"state": true, "reply": true, "reply_reason": true}

// hubsOwn are the fields that no person writes.
var hubsOwn = map[string]bool{"programme": true, "source_key": true, "done_at": true, "done_by": true, "once": true}

func TestWhoMayChangeWhichFieldOverREST(t *testing.T) {
	w := newWorld(t)
	for field, value := range changes(w) {
		for _, person := range []*core.Record{w.Initiator, w.Coordinator, w.Partner, w.OtherPartner, w.Observer, w.BaliInitiator, w.Outsider, nil} {
			task := w.add("due_on", "2026-12-10")
			team := person == w.Initiator || person == w.Coordinator
			may := team && !hubsOwn[field] || person == w.Partner && partnersOwn[field]
			status := http.StatusNotFound
			if may {
				status = http.StatusOK
			}
			body := map[string]any{field: value}
			if field == "due_on" {
				body["due_reason"] = "libur"
			}
			answer := w.As(person).API(http.MethodPatch, "/api/collections/tasks/records/"+task.Id, body)
			if answer.Status != status {
				t.Errorf("%s changes %s: %d, want %d: %.200s", mailbox(person), field, answer.Status, status, answer.Body)
			}
			if changed := fmt.Sprint(w.Fresh(task).Get(field)) != fmt.Sprint(task.Get(field)); changed != may {
				t.Errorf("%s changes %s: changed is %v", mailbox(person), field, changed)
			}
		}
	}
}

func mailbox(person *core.Record) string {
	if person == nil {
		return "a guest"
	}
	return person.GetString("email")
}

func TestWhoMayCreateAndDeleteOverREST(t *testing.T) {
	w := newWorld(t)
	fields := map[string]any{"programme": w.Kopi.Id, "organisation": w.Forum.Id, "title": "Lewat API"}
	for _, c := range []struct {
		person         *core.Record
		create, remove int
	}{
		{nil, 400, 404}, {w.Outsider, 400, 404}, {w.BaliInitiator, 400, 404}, {w.Observer, 400, 404},
		{w.Partner, 400, 404}, {w.Coordinator, 200, 404}, {w.Initiator, 200, 204},
	} {
		w.As(c.person).API(http.MethodPost, "/api/collections/tasks/records", fields).Want(c.create)
		task := w.add("title", "Hapus")
		w.As(c.person).API(http.MethodDelete, "/api/collections/tasks/records/"+task.Id, nil).Want(c.remove)
	}
	for _, kept := range []string{"source_key", "done_at", "done_by"} {
		body := map[string]any{"programme": w.Kopi.Id, "organisation": w.Forum.Id, "title": "Lewat API", kept: "2020-01-01 00:00:00.000Z"}
		if kept == "done_by" {
			body[kept] = w.Initiator.Id
		}
		w.As(w.Initiator).API(http.MethodPost, "/api/collections/tasks/records", body).Want(http.StatusBadRequest)
	}
}

func TestARefusalOverRESTNamesTheFieldInBothLanguages(t *testing.T) {
	w := newWorld(t)
	answer := w.As(w.Initiator).API(http.MethodPost, "/api/collections/tasks/records",
		map[string]any{"programme": w.Kopi.Id, "organisation": w.Bali.Id, "title": "Lewat API"}).Want(http.StatusBadRequest)
	said, _ := answer.JSON()["data"].(map[string]any)["organisation"].(map[string]any)["message"].(string)
	want := "Organisasi ini tidak terlibat dalam program. Pilih organisasi lain, atau tambahkan dulu ke program. / " +
		"This organisation does not take part in the programme. Choose another, or add it to the programme first."
	if said != want {
		t.Errorf("said %q", said)
	}
}
