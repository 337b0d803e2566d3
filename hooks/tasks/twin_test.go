package tasks_test

import (
	"net/http"
	"testing"
	"time"

	"simpul/hooks/testkit/check"
)

func TestGoingBackAndSendingAgainAsksFirst(t *testing.T) {
	w := newWorld(t)
	client, before := w.As(w.Initiator), w.Count("tasks")
	client.Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	first := w.Only("tasks", "once", "kunci-formulir-1")
	asked := client.Post(newTasks, complete(w, "once", "segar")...).Want(http.StatusUnprocessableEntity)
	link := asked.Doc().Find(".problems a")
	if link.Text() != "Ini sama dengan tugas “Siapkan data keluarga” yang baru saja dibuat. Buat lagi?" || link.AttrOr("href", "") != "/tasks/"+first.Id {
		t.Errorf("asked %q, leading to %q", link.Text(), link.AttrOr("href", ""))
	}
	check.Equal(t, "the button", asked.Text(".submit button"), "Ya, buat lagi")
	check.Equal(t, "the title came back", asked.Doc().Find("#title").AttrOr("value", ""), "Siapkan data keluarga")
	again := asked.Doc().Find("[name=again]").AttrOr("value", "")
	client.Post(newTasks, complete(w, "once", "segar", "again", again)...).Want(http.StatusSeeOther)
	check.Equal(t, "value", w.Count("tasks")-before, 2)
}

func TestWhatOnlyLooksLikeTheSameTaskIsMadeAtOnce(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator).Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	for field, value := range map[string]string{"title": "Siapkan data lain", "organisation": w.Campus.Id, "due_on": "11/12/2026"} {
		w.As(w.Initiator).Post(newTasks, complete(w, "once", "lain-"+field, field, value)...).Want(http.StatusSeeOther)
	}
	w.As(w.Coordinator).Post(newTasks, complete(w, "once", "orang-lain")...).Want(http.StatusSeeOther)
	w.Age("tasks", 11*time.Minute)
	w.As(w.Initiator).Post(newTasks, complete(w, "once", "kemudian")...).Want(http.StatusSeeOther)
}

func TestAKeyUsedForAnotherTaskDoesNotSwallowIt(t *testing.T) {
	w := newWorld(t)
	client, before := w.As(w.Initiator), w.Count("tasks")
	client.Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	answer := client.Post(newTasks, complete(w, "title", "Judul lain")...).Want(http.StatusUnprocessableEntity)
	once := answer.Doc().Find("[name=once]").AttrOr("value", "")
	if once == "" || once == "kunci-formulir-1" || answer.Doc().Find("#title").AttrOr("value", "") != "Judul lain" {
		t.Errorf("the form came back with key %q", once)
	}
	client.Post(newTasks, complete(w, "title", "Judul lain", "once", once)...).Want(http.StatusSeeOther)
	check.Equal(t, "value", w.Count("tasks")-before, 2)
}
