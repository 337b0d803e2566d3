package reminders_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// letter writes the first letter of a kind in a language as it arrives.
type letter struct {
	make func(p *post) *core.Record
	at   string
	to   string
}

var letters = map[string]letter{
	"task_due": {func(p *post) *core.Record { return task(p.World, "2026-12-10") },
		"2026-12-07 08:00", "partner@example.org"},
	"task_overdue": {func(p *post) *core.Record { return task(p.World, "2026-11-25") },
		"2026-11-26 08:00", "initiator@example.org"},
	"meeting_soon": {func(p *post) *core.Record {
		m := p.Make("meetings", "programme", p.Kopi.Id, "kind", "coordination", "title", "Rapat koordinasi", "starts_at", "2026-12-08 02:00:00.000Z",
			"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled")
		p.Make("attendances", "meeting", m.Id, "stakeholder", p.Only("stakeholders", "organisation", p.Forum.Id).Id, "state", "invited")
		return m
	}, "2026-12-07 08:00", "other-partner@example.org"},
	"contribution_waiting": {func(p *post) *core.Record {
		return p.Make("contributions", "programme", p.Kopi.Id, "contributor", p.Forum.Id, "kind", "goods", "item", "20 paket sembako",
			"quantity", 20, "unit", "package", "given_on", "2026-11-23", "review_status", "submitted", "submitted_at", "2026-11-23 02:00:00.000Z")
	}, "2026-11-25 08:00", "initiator@example.org"},
}

func TestTheLettersSayEverythingInBothLanguages(t *testing.T) {
	for kind, l := range letters {
		for _, language := range []string{"id", "en"} {
			t.Run(kind+" "+language, func(t *testing.T) {
				p := newPost(t)
				reader, err := p.App.FindAuthRecordByEmail("users", l.to)
				if err != nil {
					t.Fatal(err)
				}
				p.change(reader, "language", language)
				about := l.make(p)
				got := find(p, p.tick(l.at), l.to)
				golden(t, kind+"."+language+".txt", got.Header("Subject")+"\n\n"+strings.ReplaceAll(got.Part("text/plain"), about.Id, "ID"))
				golden(t, kind+"."+language+".html", strings.ReplaceAll(got.Part("text/html"), about.Id, "ID"))
				checkLetter(t, got, about)
			})
		}
	}
}

func find(p *post, letters []testkit.Post, to string) testkit.Post {
	p.Helper()
	for _, l := range letters {
		if l.To == to {
			return l
		}
	}
	p.Fatalf("no letter to %s among %d", to, len(letters))
	return testkit.Post{}
}

// checkLetter holds for every letter, whatever it says.
func checkLetter(t *testing.T, l testkit.Post, about *core.Record) {
	t.Helper()
	address := testkit.HubURL + "/" + about.Collection().Name + "/" + about.Id
	html := l.Part("text/html")
	if n := strings.Count(html, `<a href="`+address+`"`); n != 1 {
		t.Errorf("%d buttons lead to %s", n, address)
	}
	if !strings.Contains(html, `<a href="`+testkit.HubURL+`/me"`) || strings.Count(html, "<a ") != 2 {
		t.Errorf("besides the button one link stops such letters: %s", html)
	}
	for _, part := range []string{l.Part("text/plain"), html} {
		for _, wrong := range []string{"⟦", "{{", "<no value>", "besok", "tomorrow"} {
			if strings.Contains(part, wrong) {
				t.Errorf("the letter holds %q: %s", wrong, part)
			}
		}
	}
	for _, head := range []string{"Message-Id", "Date", "Auto-Submitted", "List-Id"} {
		if l.Header(head) == "" {
			t.Errorf("the letter has no %s", head)
		}
	}
	if len(l.Raw) > 60_000 {
		t.Errorf("the letter weighs %d bytes", len(l.Raw))
	}
}
