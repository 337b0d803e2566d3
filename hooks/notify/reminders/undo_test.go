package reminders_test

import (
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// undo presses the button that takes the answer of a link back, and reads what is said then.
func undo(p *post, path string) *testkit.Response {
	reader := p.As(nil)
	return reader.Follow(reader.Post(path + "/undo").Want(http.StatusSeeOther))
}

func TestADoneTaskIsOpenedAgainByTheLinkAsItWas(t *testing.T) {
	for _, state := range []string{"todo", "in_progress", "waiting"} {
		p, r, l := dueMessage(t)
		p.change(r, "state", state)
		path := answerLink(t, l, "Selesai")
		p.As(nil).Post(path).Want(http.StatusSeeOther)
		if got := undo(p, path); got.Text(".flash.ok") != says("undone") || got.Text("main form button.primary") != says("done.button") {
			t.Errorf("%s: the page says %s", state, got.Text("body"))
		}
		if now := p.Fresh(r); now.GetString("state") != state || now.GetString("done_by") != "" {
			t.Errorf("the task that was %s is %s, done by %q", state, now.GetString("state"), now.GetString("done_by"))
		}
		// Pressed again, it says that there was nothing to take back.
		if got := undo(p, path); got.Text(".flash.warn") != says("undone_not") || p.Fresh(r).GetString("state") != state {
			t.Errorf("%s: the second time the page says %s", state, got.Text(".flash"))
		}
	}
}

func TestATaskThatSomebodyElseFinishedIsNotOpenedByTheLink(t *testing.T) {
	p, r, l := dueMessage(t)
	path := answerLink(t, l, "Selesai")
	browser(p, p.Initiator).Post("/tasks/"+r.Id+"/state", "state", "done").Want(http.StatusSeeOther)
	if got := p.As(nil).Get(path); got.Text(".callout") != says("done.taken") || got.Doc().Find("main form").Length() != 0 {
		t.Errorf("the page offers %s", got.Text("main"))
	}
	if got := undo(p, path); got.Text(".flash") != says("undone_not") || p.Fresh(r).GetString("state") != "done" {
		t.Errorf("the page says %s", got.Text(".flash"))
	}
}

func TestUndoTakesTheReplyBackOnlyWhenItIsStillTheOneGivenByTheLink(t *testing.T) {
	for name, c := range map[string]struct {
		happens             func(p *post, r *core.Record)
		flash, reply, words string
	}{
		"nothing happened": {func(*post, *core.Record) {}, "undone", "", ""},
		"something else about the task": {func(p *post, r *core.Record) {
			browser(p, p.Initiator).Post("/tasks/"+r.Id+"/state", "state", "in_progress").Want(http.StatusSeeOther)
		}, "undone", "", ""},
		"another reason": {func(p *post, r *core.Record) {
			browser(p, p.Partner).Post("/tasks/"+r.Id+"/reply", "reply", "declined", "reply_reason", "Tidak ada bidan.").Want(http.StatusSeeOther)
		}, "undone_half", "declined", "Tidak ada bidan."},
		"another reply by the reader, who is reminded again": {func(p *post, r *core.Record) {
			browser(p, p.Partner).Post("/tasks/"+r.Id+"/reply", "reply", "accepted").Want(http.StatusSeeOther)
		}, "undone_not", "accepted", ""},
		"another reply by somebody else": {func(p *post, r *core.Record) {
			browser(p, p.Initiator).Post("/tasks/"+r.Id+"/reply", "reply", "accepted").Want(http.StatusSeeOther)
		}, "undone_half", "accepted", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p, r, l := dueMessage(t)
			path := answerLink(t, l, "Bukan saya")
			p.As(nil).Post(path, "reply_reason", "Lebih tepat untuk kelurahan.").Want(http.StatusSeeOther)
			c.happens(p, r)
			if got := undo(p, path); got.Text(".flash") != says(c.flash) {
				t.Errorf("the page says %q", got.Text(".flash"))
			}
			if now := p.Fresh(r); now.GetString("reply") != c.reply || now.GetString("reply_reason") != c.words {
				t.Errorf("the reply is %q: %q", now.GetString("reply"), now.GetString("reply_reason"))
			}
		})
	}
}
