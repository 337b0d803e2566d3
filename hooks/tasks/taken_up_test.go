package tasks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

const noStaff = "Tidak ada petugas."

// newDeclined is the world after Puskesmas has said that it cannot do its task.
func newDeclined(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.As(w.Partner).Post(w.url()+"/reply", "reply", "declined", "reply_reason", noStaff).Want(http.StatusSeeOther)
	return w
}

// move presses one of the buttons of the task's page.
func (w *world) move(person *core.Record, state string) {
	w.Helper()
	w.As(person).Post(w.url()+"/state", "state", state).Want(http.StatusSeeOther)
}

func TestWhoseLaterStepOutweighsThatATaskWasDeclined(t *testing.T) {
	for name, c := range map[string]struct {
		step  func(w *world)
		reply string
	}{
		"the organisation begins":   {func(w *world) { w.move(w.Partner, "in_progress") }, ""},
		"the organisation finishes": {func(w *world) { w.move(w.Partner, "done") }, ""},
		"it does so by another way": {func(w *world) { w.As(w.Partner).API("PATCH", w.api(), map[string]any{"state": "done"}).Want(200) }, ""},
		"the organisation waits":    {func(w *world) { w.move(w.Partner, "waiting") }, "declined"},
		"it declines what it finished": {func(w *world) {
			w.As(w.Partner).API("PATCH", w.api(), map[string]any{"state": "done", "reply_reason": "Selesai oleh kelurahan."}).Want(400)
		}, "declined"},
		"the team begins":           {func(w *world) { w.move(w.Coordinator, "in_progress") }, "declined"},
		"the team has it done":      {func(w *world) { w.move(w.Initiator, "done") }, "declined"},
		"an administrator finishes": {func(w *world) { w.move(w.Administrator, "done") }, "declined"},
		"the hub finishes": {func(w *world) {
			r := w.Fresh(w.task)
			r.Set("state", "done")
			check.NoError(w, w.App.Save(r))
		}, "declined"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newDeclined(t)
			c.step(w)
			check.Equal(t, "the reply", w.Fresh(w.task).GetString("reply"), c.reply)
			text := w.As(w.Initiator).Get(w.url()).Text("main")
			if shown := strings.Contains(text, "Tidak sanggup –"); shown != (c.reply != "") {
				t.Errorf("the page says %s", text)
			}
		})
	}
}

func TestThePageOfATaskTakenUpAfterAllShowsWhatHoldsNow(t *testing.T) {
	w := newDeclined(t)
	if n := w.As(w.Initiator).Get("/tasks?reply=trouble").Doc().Find("main .rows li").Length(); n != 1 {
		t.Fatalf("%d tasks are in trouble", n)
	}
	w.move(w.Partner, "in_progress")
	for _, reader := range []*core.Record{w.Initiator, w.Partner, w.Observer} {
		page := w.As(reader).Get(w.url()).Want(http.StatusOK)
		// "Tidak sanggup" is still one of the answers offered, but nowhere said to be the one given.
		if badges := page.Text("main .badge"); strings.Contains(badges, "Tidak sanggup") || !strings.Contains(badges, "Dikerjakan") {
			t.Errorf("the badges say %q", badges)
		}
		check.Lacks(t, "the page holds the reason of a reply that does not hold", page.Body, noStaff)
	}
	check.Equal(t, "number of elements", w.As(w.Initiator).Get("/tasks?reply=trouble").Doc().Find("main .rows li").Length(), 0)
	found, err := w.App.FindRecordsByFilter("activity", "record = {:id} && changes ~ 'in_progress'", "", 0, 0, map[string]any{"id": w.task.Id})
	if err != nil || len(found) != 1 || !strings.Contains(found[0].GetString("changes"), `"reply":["declined",""]`) || found[0].GetString("actor") != w.Partner.Id {
		t.Errorf("the activity keeps %v, %v", found, err)
	}
}

func TestAStepTakenBackBringsTheReplyBackWhole(t *testing.T) {
	for _, state := range []string{"in_progress", "done"} {
		for name, person := range map[string]func(w *world) *core.Record{
			"who took it": func(w *world) *core.Record { return w.Partner }, "the team": func(w *world) *core.Record { return w.Initiator },
		} {
			w := newDeclined(t)
			w.move(w.Partner, state)
			w.move(person(w), "todo")
			if r := w.Fresh(w.task); r.GetString("reply") != "declined" || r.GetString("reply_reason") != noStaff {
				t.Errorf("%s, taken back by %s, the reply is %q: %s", state, name, r.GetString("reply"), r.GetString("reply_reason"))
			}
		}
	}
}

func TestWhatWasSaidOrDoneSinceIsNotTakenBackToADeclinedTask(t *testing.T) {
	for name, c := range map[string]struct {
		since func(w *world)
		reply string
	}{
		"another step": {func(w *world) { w.move(w.Partner, "waiting") }, ""},
		"another reply": {func(w *world) {
			w.As(w.Partner).Post(w.url()+"/reply", "reply", "accepted").Want(http.StatusSeeOther)
		}, "accepted"},
		"another organisation": {func(w *world) {
			w.As(w.Initiator).API("PATCH", w.api(), map[string]any{"organisation": w.Forum.Id}).Want(200)
		}, ""},
	} {
		w := newDeclined(t)
		w.move(w.Partner, "in_progress")
		c.since(w)
		w.move(w.Initiator, "todo")
		if got := w.Fresh(w.task).GetString("reply"); got != c.reply {
			t.Errorf("after %s the reply is %q, want %q", name, got, c.reply)
		}
	}
}

func TestATaskThatWasNeverDeclinedKeepsItsReply(t *testing.T) {
	for _, reply := range []string{"accepted", "more_time"} {
		w := newWorld(t)
		w.As(w.Partner).Post(w.url()+"/reply", "reply", reply, "reply_reason", "Minggu depan.").Want(http.StatusSeeOther)
		for _, state := range []string{"in_progress", "done", "todo"} {
			w.move(w.Partner, state)
			if r := w.Fresh(w.task); r.GetString("reply") != reply || r.GetString("reply_reason") != "Minggu depan." {
				t.Errorf("%s: the reply %s became %q: %s", state, reply, r.GetString("reply"), r.GetString("reply_reason"))
			}
		}
	}
}
