package reminders_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/outbox"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/golden"
)

// Message writes the first message of a kind in a language as it arrives.
type letter struct {
	make func(p *post) *core.Record
	at   string
	to   string
	url  string // where its button leads; empty is the record's own page
}

// coordination is a meeting on 8 December to which the forum is invited.
func coordination(p *post, more ...any) (meeting, attendance *core.Record) {
	p.Helper()
	fields := []any{"programme", p.Kopi.Id, "kind", "coordination", "title", "Rapat koordinasi", "starts_at", "2026-12-08 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled"}
	meeting = p.Make("meetings", append(fields, more...)...)
	attendance = p.Make("attendances", "meeting", meeting.Id, "stakeholder", p.Only("stakeholders", "organisation", p.Forum.Id).Id, "state", "invited")
	return meeting, attendance
}

func gift(p *post, more ...any) *core.Record {
	p.Helper()
	fields := []any{"programme", p.Kopi.Id, "contributor", p.Forum.Id, "kind", "goods", "item", "20 paket sembako",
		"quantity", 20, "unit", "package", "given_on", "2026-11-23", "review_status", "submitted", "submitted_at", "2026-11-23 02:00:00.000Z"}
	return p.Make("contributions", append(fields, more...)...)
}

var messages = map[string]letter{
	"task_due": {func(p *post) *core.Record { return task(p.World, "2026-12-10") },
		"2026-12-07 08:00", "partner@example.org", ""},
	"task_overdue": {func(p *post) *core.Record { return task(p.World, "2026-11-25") },
		"2026-11-26 08:00", "initiator@example.org", ""},
	"meeting_soon": {func(p *post) *core.Record {
		m, _ := coordination(p)
		p.tick("2026-11-23 09:00") // the invitation
		return m
	}, "2026-12-07 08:00", "other-partner@example.org", ""},
	"meeting_invite": {func(p *post) *core.Record {
		_, a := coordination(p)
		return a
	}, "2026-11-23 09:00", "other-partner@example.org", "/meetings/*"},
	"minutes_followup": {func(p *post) *core.Record {
		m, _ := coordination(p, "status", "held")
		task(p.World, "2026-12-15", "meeting", m.Id, "organisation", p.Forum.Id)
		return p.Make("minutes", "meeting", m.Id, "body", "Rahasia notulen.", "status", "circulated")
	}, "2026-11-23 09:00", "other-partner@example.org", "/meetings/*"},
	"contribution_waiting": {func(p *post) *core.Record { return gift(p) }, "2026-11-25 08:00", "initiator@example.org", ""},
	"contribution_revision": {func(p *post) *core.Record {
		g := gift(p, "note", "Catatan rahasia", "logged_by", p.OtherPartner.Id)
		p.change(g, "review_status", "needs_revision", "reviewed_at", "2026-11-23 02:00:00.000Z", "review_note", "Alasan rahasia")
		return g
	}, "2026-11-23 09:00", "other-partner@example.org", ""},
	"contribution_prompt": {func(p *post) *core.Record {
		r := p.Only("stakeholders", "organisation", p.Forum.Id)
		planAll(p, p.World, p.stand("2026-11-24 00:30"))
		return r
	}, "2026-11-25 08:00", "other-partner@example.org", "/contributions/new?programme=kopi"},
	"indicator_due": {func(p *post) *core.Record { return indicator(p, "monthly") },
		"2026-12-01 08:00", "initiator@example.org", "/indicators/*"},
	"milestone_due": {func(p *post) *core.Record { return milestone(p, "2026-12-10") },
		"2026-12-03 08:00", "initiator@example.org", "/programmes/kopi"},
	"programme_date": {func(p *post) *core.Record {
		planAll(p, p.World, p.stand("2026-11-24 00:30"))
		return p.Kopi
	}, "2026-12-01 08:00", "initiator@example.org", "/programmes/kopi"},
}

func TestTheMessagesSayEverythingInBothLanguages(t *testing.T) {
	for kind, l := range messages {
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
				golden.Check(t, kind+"."+language+".txt", got.Header("Subject")+"\n\n"+steady(got.Part("text/plain"), about))
				golden.Check(t, kind+"."+language+".html", steady(got.Part("text/html"), about))
				checkMessage(t, got, address(l, about))
			})
		}
	}
}

var linkToken = regexp.MustCompile("(" + outbox.StopPath + "|" + outbox.WishesPath + "|" + outbox.AnswerPath + `)[\w-]+`)

// steady is a text without what differs from run to run.
func steady(text string, about *core.Record) string {
	return linkToken.ReplaceAllString(strings.NewReplacer(about.Id, "ID", meetingOf(about), "ID").Replace(text), "${1}TOKEN")
}

// meetingOf is the meeting that an attendance or minutes belong to, else nothing at all.
func meetingOf(about *core.Record) string {
	if id := about.GetString("meeting"); id != "" {
		return id
	}
	return about.Id
}

// address is where a message's button leads; a star stands for an id.
func address(l letter, about *core.Record) string {
	if l.url == "" {
		return testkit.HubURL + "/" + about.Collection().Name + "/" + about.Id
	}
	return testkit.HubURL + strings.ReplaceAll(l.url, "*", meetingOf(about))
}

func indicator(p *post, period string, more ...any) *core.Record {
	p.Helper()
	fields := []any{"programme", p.Kopi.Id, "name", "Warga terlayani", "unit", "orang", "type", "output", "direction", "higher_better",
		"period", period, "method", "latest"}
	return p.Make("indicators", append(fields, more...)...)
}

func milestone(p *post, due string) *core.Record {
	p.Helper()
	return p.Make("milestones", "programme", p.Kopi.Id, "title", "SK tim terbit", "horizon", "short", "due_on", due, "state", "planned")
}

func find(p *post, messages []testkit.Post, to string) testkit.Post {
	p.Helper()
	for _, l := range messages {
		if l.To == to {
			return l
		}
	}
	p.Fatalf("no letter to %s among %d", to, len(messages))
	return testkit.Post{}
}

// checkMessage holds for every message, whatever it says.
func checkMessage(t *testing.T, l testkit.Post, address string) {
	t.Helper()
	html := l.Part("text/html")
	if n := strings.Count(html, `<a href="`+address); n != 1 {
		t.Errorf("%d buttons lead to %s", n, address)
	}
	for _, path := range []string{outbox.StopPath, outbox.WishesPath} {
		if strings.Count(html, `<a href="`+testkit.HubURL+path) != 1 || strings.Count(l.Part("text/plain"), testkit.HubURL+path) != 1 {
			t.Errorf("one link leads to %s: %s", path, html)
		}
	}
	if n := strings.Count(html, "<a ") - strings.Count(html, outbox.AnswerPath); n != 3 {
		t.Errorf("%d links besides the answers, the button, the stop and the settings: %s", n-3, html)
	}
	for _, part := range []string{l.Part("text/plain"), html} {
		for _, wrong := range []string{"⟦", "{{", "<no value>", "besok", "tomorrow", "ahasia"} {
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
