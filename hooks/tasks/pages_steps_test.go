package tasks_test

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/testkit/check"
)

func TestSetState_EachPerson_Access(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		person *core.Record
		want   int
	}{
		{nil, http.StatusUnauthorized}, {w.Outsider, http.StatusNotFound}, {w.BaliInitiator, http.StatusNotFound},
		{w.Observer, http.StatusNotFound}, {w.OtherPartner, http.StatusNotFound},
	} {
		w.As(c.person).Post(w.url()+"/state", "state", "done").Want(c.want)
		w.As(c.person).Post(w.url()+"/state", "state", "todo").Want(c.want)
	}
	if w.Fresh(w.task).GetString("state") != "todo" {
		t.Fatal("somebody else moved it")
	}
	for _, person := range []*core.Record{w.Partner, w.Initiator, w.Coordinator, w.Administrator} {
		for _, state := range []string{"in_progress", "waiting", "done", "cancelled", "todo"} {
			if person == w.Partner && state == "todo" {
				person = w.Initiator // what is called off is opened by the team
			}
			w.As(person).Post(w.url()+"/state", "state", state).Want(http.StatusSeeOther)
			check.Equal(t, person.GetString("email")+": state", w.Fresh(w.task).GetString("state"), state)
		}
	}
}

func TestSetState_DoneAndReopened_SignedAndCleared(t *testing.T) {
	w := newWorld(t)
	w.As(w.Partner).Post(w.url()+"/state", "state", "done").Want(http.StatusSeeOther)
	task := w.Fresh(w.task)
	if task.GetString("done_by") != w.Partner.Id || task.GetDateTime("done_at").String() != "2026-11-23 02:00:00.000Z" {
		t.Errorf("done by %s at %s", task.GetString("done_by"), task.GetDateTime("done_at"))
	}
	text := w.As(w.Initiator).Get(w.url()).Text("main")
	check.Contains(t, "the page", text, "Sen, 23 Nov 2026, 09.00 WIB – Narahubung Puskesmas")
	// Said again, even by somebody else, it stays as it was.
	w.As(w.Initiator).Post(w.url()+"/state", "state", "done").Want(http.StatusSeeOther)
	check.Equal(t, "the second one took the credit", w.Fresh(w.task).GetString("done_by"), w.Partner.Id)
	w.As(w.Initiator).Post(w.url()+"/state", "state", "todo").Want(http.StatusSeeOther)
	task = w.Fresh(w.task)
	check.That(t, task.GetString("done_by") == "" && task.GetDateTime("done_at").IsZero(), "still done by %s at %s", task.GetString("done_by"), task.GetDateTime("done_at"))
	w.As(w.Administrator).Post(w.url()+"/state", "state", "done").Want(http.StatusSeeOther)
	if task = w.Fresh(w.task); task.GetString("done_by") != "" || task.GetDateTime("done_at").IsZero() {
		t.Error("an administrator is no user, but it is done all the same")
	}
}

func TestSetState_Redirect_OffersUndo(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Partner)
	list := "/programmes/kopi/tasks?mine=1"
	answer := client.Post(w.url()+"/state", "state", "done", "back", list).Want(http.StatusSeeOther)
	if to := answer.Header.Get("Location"); to != list {
		t.Fatalf("leads to %s", to)
	}
	there := client.Follow(answer).Want(http.StatusOK)
	check.Equal(t, "flash", there.Text(".flash p"), "Tugas selesai. Terima kasih.")
	undo := there.Doc().Find(".flash form")
	if undo.AttrOr("action", "") != w.url()+"/state" {
		t.Fatalf("undo goes to %q", undo.AttrOr("action", ""))
	}
	answer = client.Post(undo.AttrOr("action", ""),
		"state", undo.Find("input[name=state]").AttrOr("value", ""),
		"back", undo.Find("input[name=back]").AttrOr("value", "")).Want(http.StatusSeeOther)
	check.Equal(t, "undone", answer.Header.Get("Location"), list)
	check.Equal(t, "undone", w.Fresh(w.task).GetString("state"), "todo")
}

func TestSetState_ForeignBack_Ignored(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Partner)
	for _, back := range []string{"https://evil.example", "//evil.example", `/\evil.example`, "javascript:alert(1)"} {
		check.Equal(t, back, client.Post(w.url()+"/state", "state", "done", "back", back).Header.Get("Location"), "/")
	}
	for referer, want := range map[string]string{
		"":                                  w.url(),
		"http://example.com/tasks?late=1":   "/tasks?late=1",
		"http://evil.example/programmes":    w.url(),
		"http://example.com//evil.example/": "/",
	} {
		req := httptest.NewRequest(http.MethodPost, w.url()+"/state", strings.NewReader("state=done"))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Referer", referer)
		if to := client.Do(req).Want(http.StatusSeeOther).Header.Get("Location"); to != want {
			t.Errorf("from %q it leads to %s, want %s", referer, to, want)
		}
	}
}

func TestSetState_UnknownState_Refused(t *testing.T) {
	w := newWorld(t)
	for _, state := range []string{"", "finished", "done;"} {
		page := w.As(w.Partner).Post(w.url()+"/state", "state", state).Want(http.StatusUnprocessableEntity)
		check.That(t, !strings.Contains(page.Body, "SQL") && page.Text("h1") != "", "%q answers %q", state, page.Text("main"))
	}
}

func TestSetReply_Owner_Saved(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Partner)
	for _, c := range []struct{ reply, reason string }{{"accepted", ""}, {"more_time", ""}, {"more_time", "minggu depan"}, {"declined", "tidak ada petugas"}} {
		client.Post(w.url()+"/reply", "reply", c.reply, "reply_reason", c.reason).Want(http.StatusSeeOther)
		task := w.Fresh(w.task)
		check.Same(t, "stored", []string{task.GetString("reply"), task.GetString("reply_reason")}, []string{c.reply, c.reason})
	}
	text := w.As(w.Initiator).Get(w.url()).Text("main")
	check.Contains(t, "the team", text, "Tidak sanggup – tidak ada petugas")
}

func TestSetReply_DeclinedWithoutReason_KeepsInput(t *testing.T) {
	w := newWorld(t)
	for _, reason := range []string{"", " ", "...", strings.Repeat("a", 1001)} {
		page := w.As(w.Partner).Post(w.url()+"/reply", "reply", "declined", "reply_reason", reason).Want(http.StatusUnprocessableEntity)
		check.That(t, page.Text("#reply_reason-error") != "" && page.Text("#body-error") == "", "%.5q: no sentence at the field", reason)
		if kept := page.Doc().Find("input[name=reply_reason]").AttrOr("value", ""); kept != strings.TrimSpace(reason) {
			t.Errorf("typed %.5q, came back %.5q", reason, kept)
		}
	}
	w.As(w.Partner).Post(w.url()+"/reply", "reply", "perhaps").Want(http.StatusUnprocessableEntity)
	w.As(w.Partner).Post(w.url() + "/reply").Want(http.StatusUnprocessableEntity)
	check.Equal(t, "stored", w.Fresh(w.task).GetString("reply"), "")
}

func TestSetReply_OtherPerson_Refused(t *testing.T) {
	w := newWorld(t)
	for _, person := range []*core.Record{w.Outsider, w.Observer, w.OtherPartner, w.BaliPartner} {
		w.As(person).Post(w.url()+"/reply", "reply", "accepted").Want(http.StatusNotFound)
		w.As(person).Post(w.url()+"/reply", "reply", "declined").Want(http.StatusNotFound)
		w.As(person).Post(w.url()+"/comments", "body", "Halo").Want(http.StatusNotFound)
		w.As(person).Post(w.url()+"/comments", "body", "").Want(http.StatusNotFound)
	}
	w.As(nil).Post(w.url()+"/reply", "reply", "accepted").Want(http.StatusUnauthorized)
	check.Equal(t, "somebody else answered", w.Fresh(w.task).GetString("reply"), "")
	check.Equal(t, "somebody else answered", w.Count("comments"), 0)
}

func TestSetState_Cancelled_OnlyTeamReopens(t *testing.T) {
	const sentence = "hanya tim program yang dapat membukanya lagi"
	for _, state := range []string{"todo", "in_progress", "waiting", "done"} {
		for name, c := range map[string]struct {
			person func(w *world) *core.Record
			may    bool
		}{
			"owner":         {func(w *world) *core.Record { return w.Partner }, false},
			"team":          {func(w *world) *core.Record { return w.Coordinator }, true},
			"initiator":     {func(w *world) *core.Record { return w.Initiator }, true},
			"administrator": {func(w *world) *core.Record { return w.Administrator }, true},
		} {
			w := newWorld(t)
			w.move(w.Initiator, "cancelled")
			as := w.As(c.person(w))
			there := as.Follow(as.Post(w.url()+"/state", "state", state).Want(http.StatusSeeOther)).Want(http.StatusOK)
			if said := strings.Contains(there.Text(".flash.warn"), sentence); said == c.may {
				t.Errorf("%s takes it to %s and reads %q", name, state, there.Text(".flash"))
			}
			if opened := w.Fresh(w.task).GetString("state") == state; opened != c.may {
				t.Errorf("%s by the page: %s", name, w.Fresh(w.task).GetString("state"))
			}
			if c.may {
				continue
			}
			body := as.API(http.MethodPatch, w.api(), map[string]any{"state": state}).Want(http.StatusBadRequest).Body
			check.Contains(t, name+" by REST", body, `"state":{`, sentence, "only the programme's team can open it again")
			check.Equal(t, name+" by REST", w.Fresh(w.task).GetString("state"), "cancelled")
		}
	}
}

func TestShow_Cancelled_ReopenOnlyForTeam(t *testing.T) {
	w := newWorld(t)
	w.move(w.Initiator, "cancelled")
	for _, c := range []struct {
		person *core.Record
		offers int
	}{{w.Initiator, 1}, {w.Coordinator, 1}, {w.Partner, 0}, {w.OtherPartner, 0}} {
		doc := w.As(c.person).Get(w.url()).Want(http.StatusOK).Doc()
		check.Equal(t, c.person.GetString("email")+" is offered", doc.Find("form[action$='/state']").Length(), c.offers)
		check.Equal(t, c.person.GetString("email")+" is offered", doc.Find("#steps").Length(), c.offers)
	}
	// Who called it off by another way is not offered to take that back either.
	w.move(w.Initiator, "todo")
	as := w.As(w.Partner)
	if there := as.Follow(as.Post(w.url()+"/state", "state", "cancelled")); there.Doc().Find(".flash form").Length() != 0 {
		t.Errorf("the partner is offered %s", there.Text(".flash"))
	}
}

func TestSetReply_ClosedTask_Refused(t *testing.T) {
	const sentence = "tidak dapat dijawab lagi"
	for _, state := range []string{"done", "cancelled"} {
		for _, reply := range []string{"declined", "accepted", "more_time"} {
			w := newWorld(t)
			w.move(w.Initiator, state)
			for _, person := range []*core.Record{w.Partner, w.Initiator, w.Administrator} {
				page := w.As(person).Post(w.url()+"/reply", "reply", reply, "reply_reason", noStaff).Want(http.StatusUnprocessableEntity)
				text, typed := page.Text("section[aria-labelledby=replies]"), page.Doc().Find("input[name=reply_reason]").AttrOr("value", "")
				check.That(t, strings.Contains(text, sentence) && typed == noStaff, "%s, %s: the page keeps %q and says %q", state, reply, typed, text)
				if n := page.Doc().Find(`section[aria-labelledby=replies] a[href="#reply"]`).Length(); n != 0 {
					t.Errorf("%s, %s: the sentence leads to nothing", state, reply)
				}
				if strings.Contains(page.Text(".page-head"), "Tidak sanggup") || page.Doc().Find("button[name=reply]").Length() != 0 {
					t.Errorf("%s, %s: the page says %q", state, reply, page.Text("main"))
				}
				body := w.As(person).API(http.MethodPatch, w.api(), map[string]any{"reply": reply, "reply_reason": noStaff}).Want(http.StatusBadRequest).Body
				if !strings.Contains(body, `"reply":{`) || !strings.Contains(body, sentence) || !strings.Contains(body, "can no longer be answered") {
					t.Errorf("%s, %s by REST: %s", state, reply, body)
				}
			}
			if r := w.Fresh(w.task); r.GetString("reply") != "" || r.GetString("reply_reason") != "" || r.GetString("state") != state {
				t.Errorf("%s: it is %s, %s: %s", state, r.GetString("state"), r.GetString("reply"), r.GetString("reply_reason"))
			}
			w.As(w.OtherPartner).Post(w.url()+"/reply", "reply", reply, "reply_reason", noStaff).Want(http.StatusNotFound)
		}
	}
}

func TestUpdate_ReplyAndState_Refused(t *testing.T) {
	w := newWorld(t)
	both := map[string]any{"state": "done", "reply": "declined", "reply_reason": noStaff}
	w.As(w.Partner).API(http.MethodPatch, w.api(), both).Want(http.StatusBadRequest)
	w.move(w.Initiator, "done")
	both["state"] = "todo"
	w.As(w.Initiator).API(http.MethodPatch, w.api(), both).Want(http.StatusOK)
	if r := w.Fresh(w.task); r.GetString("state") != "todo" || r.GetString("reply") != "declined" {
		t.Errorf("opened and declined it is %s, %s", r.GetString("state"), r.GetString("reply"))
	}
}

func TestSave_BySystem_ReopensCancelled(t *testing.T) {
	w := newWorld(t)
	w.move(w.Initiator, "cancelled")
	r := w.Fresh(w.task)
	r.Set("state", "todo")
	check.NoError(t, w.App.Save(access.Sign(r, nil, access.ViaJob)))
}

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

func TestSetState_AfterDecline_ReplyByActor(t *testing.T) {
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

func TestShow_TakenUpAfterDecline_CurrentReply(t *testing.T) {
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

func TestSetState_Undone_RestoresReply(t *testing.T) {
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

func TestSetState_UndoneAfterChange_KeepsNewReply(t *testing.T) {
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

func TestSetState_NeverDeclined_KeepsReply(t *testing.T) {
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

func TestCreate_EightAtOnce_AllSaved(t *testing.T) {
	w := newWorld(t)
	before := w.Count("tasks")
	const writers, each = 8, 5
	var wait sync.WaitGroup
	answers := make(chan int, writers*each)
	for writer := range writers {
		client := w.As(w.Coordinator)
		wait.Go(func() {
			for n := range each {
				once := "penulis-" + strconv.Itoa(writer) + "-" + strconv.Itoa(n)
				answers <- client.Post(newTasks, complete(w, "once", once, "title", "Tugas "+once)...).Status
			}
		})
	}
	wait.Wait()
	close(answers)
	for status := range answers {
		check.Equal(t, "one of them", status, http.StatusSeeOther)
	}
	check.Equal(t, "value", w.Count("tasks")-before, writers*each)
	w.As(w.Coordinator).Get(newTasks + "?state=all&page=2").Want(http.StatusOK)
}

func TestSetState_EightAtOnce_OneChange(t *testing.T) {
	w := newWorld(t)
	var wait sync.WaitGroup
	answers := make(chan int, 8)
	for range 8 {
		client := w.As(w.Partner)
		wait.Go(func() { answers <- client.Post(w.url()+"/state", "state", "done").Status })
	}
	wait.Wait()
	close(answers)
	for status := range answers {
		check.Equal(t, "one of them", status, http.StatusSeeOther)
	}
	if task := w.Fresh(w.task); task.GetString("state") != "done" || task.GetString("done_by") != w.Partner.Id {
		t.Errorf("it is %s, by %s", task.GetString("state"), task.GetString("done_by"))
	}
}
