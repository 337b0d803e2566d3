package reminders_test

import (
	"net/http"
	"slices"
	"testing"
)

// "Not ours" silences a reader until they take the task up themselves.
func TestWhoTakesUpWhatWasNotTheirsIsRemindedAgain(t *testing.T) {
	type step struct {
		team       bool
		path       string
		name, says string
	}
	for name, c := range map[string]struct {
		steps []step
		again bool
	}{
		"nothing follows":         {nil, false},
		"they begin it":           {[]step{{false, "state", "state", "in_progress"}}, true},
		"they begin and promise":  {[]step{{false, "state", "state", "in_progress"}, {false, "reply", "reply", "accepted"}}, true},
		"they promise it":         {[]step{{false, "reply", "reply", "accepted"}}, true},
		"they decline once more":  {[]step{{false, "reply", "reply", "declined"}}, false},
		"the team begins it":      {[]step{{true, "state", "state", "in_progress"}}, false},
		"they promise and refuse": {[]step{{false, "reply", "reply", "accepted"}, {false, "reply", "reply", "declined"}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p, r, l := dueMessage(t)
			path := answerLink(t, l, "Bukan saya")
			p.As(nil).Post(path, "reply_reason", "Lebih tepat untuk kelurahan.").Want(http.StatusSeeOther)
			p.stand("2026-12-08 10:00")
			for _, s := range c.steps {
				who := p.Partner
				if s.team {
					who = p.Initiator
				}
				browser(p, who).Post("/tasks/"+r.Id+"/"+s.path, s.name, s.says, "reply_reason", "Tidak ada bidan.").Want(http.StatusSeeOther)
			}
			left := to(p.tick("2026-12-09 08:00"))
			if slices.Contains(left, "partner@example.org") != c.again {
				t.Errorf("letters go to %v", left)
			}
			if page := p.As(nil).Get(path).Want(http.StatusOK); (page.Text(".callout") == says("declined_by_recipient.taken")) == c.again {
				t.Errorf("the page says %q", page.Text("main"))
			}
		})
	}
}
