package tasks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

func TestOnlyTheTeamOpensWhatWasCalledOff(t *testing.T) {
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
			if !strings.Contains(body, `"state":{`) || !strings.Contains(body, sentence) || !strings.Contains(body, "only the programme's team can open it again") {
				t.Errorf("%s by REST reads %s", name, body)
			}
			if got := w.Fresh(w.task).GetString("state"); got != "cancelled" {
				t.Errorf("%s by REST: %s", name, got)
			}
		}
	}
}

func TestThePageOffersNoWayOutOfWhatWasCalledOffButToTheTeam(t *testing.T) {
	w := newWorld(t)
	w.move(w.Initiator, "cancelled")
	for _, c := range []struct {
		person *core.Record
		offers int
	}{{w.Initiator, 1}, {w.Coordinator, 1}, {w.Partner, 0}, {w.OtherPartner, 0}} {
		doc := w.As(c.person).Get(w.url()).Want(http.StatusOK).Doc()
		if n := doc.Find("form[action$='/state']").Length(); n != c.offers || doc.Find("#steps").Length() != c.offers {
			t.Errorf("%s is offered %d steps", c.person.GetString("email"), n)
		}
	}
	// Who called it off by another way is not offered to take that back either.
	w.move(w.Initiator, "todo")
	as := w.As(w.Partner)
	if there := as.Follow(as.Post(w.url()+"/state", "state", "cancelled")); there.Doc().Find(".flash form").Length() != 0 {
		t.Errorf("the partner is offered %s", there.Text(".flash"))
	}
}

func TestWhatIsClosedIsNotAnswered(t *testing.T) {
	const sentence = "tidak dapat dijawab lagi"
	for _, state := range []string{"done", "cancelled"} {
		for _, reply := range []string{"declined", "accepted", "more_time"} {
			w := newWorld(t)
			w.move(w.Initiator, state)
			for _, person := range []*core.Record{w.Partner, w.Initiator, w.Administrator} {
				page := w.As(person).Post(w.url()+"/reply", "reply", reply, "reply_reason", noStaff).Want(http.StatusUnprocessableEntity)
				text, typed := page.Text("section[aria-labelledby=replies]"), page.Doc().Find("input[name=reply_reason]").AttrOr("value", "")
				if !strings.Contains(text, sentence) || typed != noStaff {
					t.Errorf("%s, %s: the page keeps %q and says %q", state, reply, typed, text)
				}
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

func TestAReplyDoesNotCloseATaskInTheSameBreath(t *testing.T) {
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

func TestTheHubItselfOpensWhatWasCalledOff(t *testing.T) {
	w := newWorld(t)
	w.move(w.Initiator, "cancelled")
	r := w.Fresh(w.task)
	r.Set("state", "todo")
	if err := w.App.Save(access.Sign(r, nil, access.ViaJob)); err != nil {
		t.Error(err)
	}
}
