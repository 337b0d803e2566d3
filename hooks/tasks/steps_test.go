package tasks_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

func TestWhoMayMoveATaskOn(t *testing.T) {
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

func TestDoneIsSignedAndReopeningForgetsIt(t *testing.T) {
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
	if task.GetString("done_by") != "" || !task.GetDateTime("done_at").IsZero() {
		t.Errorf("still done by %s at %s", task.GetString("done_by"), task.GetDateTime("done_at"))
	}
	w.As(w.Administrator).Post(w.url()+"/state", "state", "done").Want(http.StatusSeeOther)
	if task = w.Fresh(w.task); task.GetString("done_by") != "" || task.GetDateTime("done_at").IsZero() {
		t.Error("an administrator is no user, but it is done all the same")
	}
}

func TestAStepLeadsBackAndCanBeUndone(t *testing.T) {
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
	if to := answer.Header.Get("Location"); to != list || w.Fresh(w.task).GetString("state") != "todo" {
		t.Errorf("undone it leads to %s and is %s", to, w.Fresh(w.task).GetString("state"))
	}
}

func TestAStepNeverLeadsOutOfTheHub(t *testing.T) {
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

func TestAnUnknownStateIsRefusedInWords(t *testing.T) {
	w := newWorld(t)
	for _, state := range []string{"", "finished", "done;"} {
		page := w.As(w.Partner).Post(w.url()+"/state", "state", state).Want(http.StatusUnprocessableEntity)
		if strings.Contains(page.Body, "SQL") || page.Text("h1") == "" {
			t.Errorf("%q answers %q", state, page.Text("main"))
		}
	}
}

func TestTheOwnerAnswersATask(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Partner)
	for _, c := range []struct{ reply, reason string }{{"accepted", ""}, {"more_time", ""}, {"more_time", "minggu depan"}, {"declined", "tidak ada petugas"}} {
		client.Post(w.url()+"/reply", "reply", c.reply, "reply_reason", c.reason).Want(http.StatusSeeOther)
		task := w.Fresh(w.task)
		if task.GetString("reply") != c.reply || task.GetString("reply_reason") != c.reason {
			t.Errorf("stored %s %q, want %s %q", task.GetString("reply"), task.GetString("reply_reason"), c.reply, c.reason)
		}
	}
	text := w.As(w.Initiator).Get(w.url()).Text("main")
	check.Contains(t, "the team", text, "Tidak sanggup – tidak ada petugas")
}

func TestDecliningNeedsAReasonAndKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	for _, reason := range []string{"", " ", "...", strings.Repeat("a", 1001)} {
		page := w.As(w.Partner).Post(w.url()+"/reply", "reply", "declined", "reply_reason", reason).Want(http.StatusUnprocessableEntity)
		if page.Text("#reply_reason-error") == "" || page.Text("#body-error") != "" {
			t.Errorf("%.5q: no sentence at the field", reason)
		}
		if kept := page.Doc().Find("input[name=reply_reason]").AttrOr("value", ""); kept != strings.TrimSpace(reason) {
			t.Errorf("typed %.5q, came back %.5q", reason, kept)
		}
	}
	w.As(w.Partner).Post(w.url()+"/reply", "reply", "perhaps").Want(http.StatusUnprocessableEntity)
	w.As(w.Partner).Post(w.url() + "/reply").Want(http.StatusUnprocessableEntity)
	check.Equal(t, "stored", w.Fresh(w.task).GetString("reply"), "")
}

func TestNobodyElseAnswers(t *testing.T) {
	w := newWorld(t)
	for _, person := range []*core.Record{w.Outsider, w.Observer, w.OtherPartner, w.BaliPartner} {
		w.As(person).Post(w.url()+"/reply", "reply", "accepted").Want(http.StatusNotFound)
		w.As(person).Post(w.url()+"/reply", "reply", "declined").Want(http.StatusNotFound)
		w.As(person).Post(w.url()+"/comments", "body", "Halo").Want(http.StatusNotFound)
		w.As(person).Post(w.url()+"/comments", "body", "").Want(http.StatusNotFound)
	}
	w.As(nil).Post(w.url()+"/reply", "reply", "accepted").Want(http.StatusUnauthorized)
	if w.Fresh(w.task).GetString("reply") != "" || w.Count("comments") != 0 {
		t.Error("somebody else answered")
	}
}
