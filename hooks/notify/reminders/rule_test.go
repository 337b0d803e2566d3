package reminders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// own makes a rule of programme Kopi; more fields change it.
func (p *post) own(fields ...any) *core.Record {
	p.Helper()
	usual := []any{"programme", p.Kopi.Id, "name", "Aturan kita", "kind", "task_due", "anchor", "task.due_on",
		"offset_days", -2, "audience", []string{"focal_point"}, "active", true}
	return p.Make("reminder_rules", append(usual, fields...)...)
}

func planned(p *post, r *core.Record) []string {
	p.Helper()
	return slices.DeleteFunc(ledger(p.World, r), func(row string) bool { return !strings.HasSuffix(row, "planned") })
}

func TestAProgrammesOwnRulesReplaceTheHubsOfThatKind(t *testing.T) {
	p := newPost(t)
	kopi, rantang := task(p.World, "2026-12-10"), of(p, p.Rantang, p.Bali, "2026-12-10")
	rule := p.own("at", "10:30")
	expect(t, planned(p, kopi), "2026-12-08 10:30 task_due partner@example.org planned")
	if n := len(planned(p, rantang)); n != 3 {
		t.Errorf("the other programme has %d letters planned", n)
	}
	// The rule of the kind "overdue" is still the hub's.
	p.stand("2026-12-10 09:00")
	if rows := planned(p, task(p.World, "2026-12-10")); len(rows) != 7 || !strings.Contains(rows[1], "task_overdue") {
		t.Errorf("of an overdue task are planned %v", rows)
	}
	p.stand("2026-11-23 09:00")
	p.change(rule, "programme", p.Rantang.Id)
	if n := len(planned(p, kopi)); n != 3 {
		t.Errorf("after the rule went elsewhere %d letters are planned: %v", n, planned(p, kopi))
	}
	expect(t, planned(p, rantang), "2026-12-08 09:30 task_due bali-partner@example.org planned")
	p.change(rule, "active", false)
	if n := len(planned(p, rantang)); n != 3 {
		t.Errorf("without its own rule %d letters are planned", n)
	}
}

func TestAChangedRulePlansAnew(t *testing.T) {
	p := newPost(t)
	r := task(p.World, "2026-12-10")
	rule := p.rule("task_due", -3)
	p.change(rule, "at", "09:15")
	expect(t, planned(p, r)[:1], "2026-12-07 09:15 task_due partner@example.org planned")
	p.change(rule, "offset_days", -5)
	expect(t, planned(p, r)[:1], "2026-12-05 09:15 task_due partner@example.org planned")
	p.change(rule, "audience", []string{"initiators"})
	expect(t, planned(p, r)[:1], "2026-12-05 09:15 task_due initiator@example.org planned")
	p.change(rule, "kind", "meeting_soon", "anchor", "meeting.starts_at", "audience", []string{"attendees"})
	expect(t, planned(p, r), "2026-12-09 08:00 task_due partner@example.org planned", "2026-12-10 08:00 task_due partner@example.org planned")
}

func TestARuleRepeatsUntilItsMaximum(t *testing.T) {
	for name, c := range map[string]struct {
		every, most int
		want        string
	}{
		"once":              {0, 0, "11-26"},
		"every day, twice":  {1, 2, "11-26 11-27 11-28"},
		"every three, once": {3, 1, "11-26 11-29"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.rule("task_overdue", 1), "repeat_every_days", c.every, "repeat_max", c.most, "audience", []string{"focal_point"},
				"escalate_to", []string{}, "escalate_after_workdays", 0)
			r := task(p.World, "2026-11-25")
			days := []string{}
			for _, row := range planned(p, r) {
				if strings.Contains(row, "task_overdue") {
					days = append(days, row[5:10])
				}
			}
			if got := strings.Join(days, " "); got != c.want {
				t.Errorf("an overdue task reminds on %s, want %s", got, c.want)
			}
			// Messages already due stay one each, however often the night plans.
			planAll(t, p.World, p.stand("2026-11-27 00:30"))
			left := slices.DeleteFunc(p.tick("2026-12-20 08:00"), func(l testkit.Post) bool { return !strings.HasPrefix(l.Header("Subject"), "Lewat") })
			if n := len(left); n > 1+c.most {
				t.Errorf("%d letters left", n)
			}
		})
	}
}

func TestAMessageIsUsefulAsLongAsItsRuleSays(t *testing.T) {
	for useful, c := range map[string]struct{ last, never string }{
		"anchor": {"2026-12-10 19:59", "2026-12-11 06:00"},
		"+1":     {"2026-12-11 19:59", "2026-12-12 06:00"},
		"":       {"2026-12-10 07:59", "2026-12-10 08:00"}, // three days after it was due
	} {
		t.Run("until "+useful, func(t *testing.T) {
			for at, want := range map[string]string{c.last: "sent", c.never: "skipped"} {
				p := newPost(t)
				p.change(p.rule("task_due", -3), "useful_until", useful)
				r := task(p.World, "2026-12-10")
				p.tick(at)
				if got := p.row(r, "2026-12-07 08:00", "partner@example.org"); got.GetString("state") != want {
					t.Errorf("at %s the letter is %s (%s), want %s", at, got.GetString("state"), got.GetString("reason"), want)
				}
			}
		})
	}
}

func TestAMeetingIsAnnouncedUntilItBegins(t *testing.T) {
	for at, want := range map[string]string{"2026-12-08 08:59": "sent", "2026-12-08 09:00": "skipped"} {
		p := newPost(t)
		m := messages["meeting_soon"].make(p)
		p.tick(at)
		if got := p.row(m, "2026-12-07 08:00", "other-partner@example.org"); got.GetString("state") != want {
			t.Errorf("at %s the letter is %s", at, got.GetString("state"))
		}
	}
	// Another hour of the same day holds for what is not sent yet.
	p := newPost(t)
	m := messages["meeting_soon"].make(p)
	p.change(m, "starts_at", "2026-12-08 07:30:00.000Z")
	got := find(p, p.tick("2026-12-08 10:00"), "other-partner@example.org")
	if !strings.Contains(got.Header("Subject"), "14.30 WIB") {
		t.Errorf("the letter is called %q", got.Header("Subject"))
	}
}

func TestARulesOwnWordsFillInWhatIsMeant(t *testing.T) {
	p := newPost(t)
	p.change(p.rule("task_due", -3), "subject_id", "Ingat: {title}", "body_id", "Mohon {title} selesai {when}.\n\nSalam dari {programme}.",
		"subject_en", "Remember: {title}")
	p.Make("tasks", "programme", p.Kopi.Id, "title", "Beli <kopi> & {when}", "organisation", p.Puskesmas.Id,
		"accountable", p.Initiator.Id, "due_on", "2026-12-10", "state", "todo")
	got := p.only(p.tick("2026-12-07 08:00"))
	if subject := got.Header("Subject"); subject != "Ingat: Beli <kopi> & {when}" {
		t.Errorf("the letter is called %q", subject)
	}
	if text := got.Part("text/plain"); !strings.Contains(text, "Mohon Beli <kopi> & {when} selesai Kamis, 10 Desember 2026.\n\nSalam dari KOPI REHAT.\n") {
		t.Errorf("it reads %s", text)
	}
	if html := got.Part("text/html"); !strings.Contains(html, "Beli &lt;kopi&gt; &amp; {when}") || strings.Contains(html, "<kopi>") {
		t.Errorf("it shows %s", html)
	}
	p.change(p.Partner, "language", "en")
	p.change(p.rule("task_due", -1), "subject_en", "Remember: {title}")
	if subject := p.only(p.tick("2026-12-09 08:00")).Header("Subject"); !strings.HasPrefix(subject, "Remember: Beli") {
		t.Errorf("in English the letter is called %q", subject)
	}
}
