package reminders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// cause is a reason to write that ends without anybody planning anew: the row is
// changed beneath the hub, as a restored table or a fault would.
type cause struct {
	make       func(p *post) *core.Record
	at, to     string
	ends       string // SQL for {:id}
	reason     string
	holdsAgain string // SQL that brings it back
}

var causes = map[string]cause{
	"a task that is done": {func(p *post) *core.Record { return task(p.World, "2026-12-10") }, "2026-12-07 08:00", "partner@example.org",
		"UPDATE tasks SET state = 'done' WHERE id = {:id}", "done", "UPDATE tasks SET state = 'todo' WHERE id = {:id}"},
	"a task that is cancelled": {func(p *post) *core.Record { return task(p.World, "2026-12-10") }, "2026-12-07 08:00", "partner@example.org",
		"UPDATE tasks SET state = 'cancelled' WHERE id = {:id}", "cancelled", "UPDATE tasks SET state = 'waiting' WHERE id = {:id}"},
	"a task due on another day": {func(p *post) *core.Record { return task(p.World, "2026-12-10") }, "2026-12-07 08:00", "partner@example.org",
		"UPDATE tasks SET due_on = '2026-12-11' WHERE id = {:id}", "moved", "UPDATE tasks SET due_on = '2026-12-10' WHERE id = {:id}"},
	"a task that is gone": {func(p *post) *core.Record { return task(p.World, "2026-12-10") }, "2026-12-07 08:00", "partner@example.org",
		"DELETE FROM tasks WHERE id = {:id}", "deleted", ""},
	"a meeting that is called off": {called, "2026-12-07 08:00", "initiator@example.org",
		"UPDATE meetings SET status = 'cancelled' WHERE id = {:id}", "cancelled", "UPDATE meetings SET status = 'scheduled' WHERE id = {:id}"},
	"a meeting at another hour": {called, "2026-12-07 08:00", "initiator@example.org",
		"UPDATE meetings SET starts_at = '2026-12-09 02:00:00.000Z' WHERE id = {:id}", "moved", "UPDATE meetings SET starts_at = '2026-12-08 02:00:00.000Z' WHERE id = {:id}"},
	"a gift that was looked at": {func(p *post) *core.Record { return gift(p) }, "2026-11-25 08:00", "initiator@example.org",
		"UPDATE contributions SET review_status = 'verified' WHERE id = {:id}", "done", "UPDATE contributions SET review_status = 'submitted' WHERE id = {:id}"},
	"a milestone that is reached": {func(p *post) *core.Record { return milestone(p, "2026-12-10") }, "2026-12-03 08:00", "initiator@example.org",
		"UPDATE milestones SET state = 'achieved' WHERE id = {:id}", "done", "UPDATE milestones SET state = 'planned' WHERE id = {:id}"},
	"an indicator that counts by itself": {func(p *post) *core.Record { return indicator(p, "monthly") }, "2026-12-01 08:00", "initiator@example.org",
		"UPDATE indicators SET period = '' WHERE id = {:id}", "not_concerned", "UPDATE indicators SET period = 'monthly' WHERE id = {:id}"},
	"a programme that rests": {func(p *post) *core.Record { return task(p.World, "2026-12-10") }, "2026-12-07 08:00", "partner@example.org",
		"UPDATE programmes SET status = 'paused' WHERE id = (SELECT programme FROM tasks WHERE id = {:id})", "programme_paused",
		"UPDATE programmes SET status = 'active' WHERE id = (SELECT programme FROM tasks WHERE id = {:id})"},
}

// called is a meeting without invitations, which would leave at once.
func called(p *post) *core.Record {
	p.Helper()
	return p.Make("meetings", "programme", p.Kopi.Id, "kind", "coordination", "title", "Rapat koordinasi", "starts_at", "2026-12-08 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled")
}

func (p *post) sql(text string, about *core.Record) {
	p.Helper()
	if _, err := p.App.DB().NewQuery(text).Bind(map[string]any{"id": about.Id}).Execute(); err != nil {
		p.Fatal(err)
	}
}

// Seen in CiviCRM: a reminder left although what it was for no longer held.
func TestBugNothingLeavesOnceItsCauseIsGone(t *testing.T) {
	for name, c := range causes {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			about := c.make(p)
			row := p.row(about, c.at, c.to)
			p.sql(c.ends, about)
			p.tick(c.at)
			if tellOf(p, about, c.to) != 0 || stateOf(p, row) != "skipped "+c.reason {
				t.Errorf("told %d times, the letter is %s", tellOf(p, about, c.to), stateOf(p, row))
			}
		})
		if c.holdsAgain == "" {
			continue
		}
		t.Run(name+", and holds again in time", func(t *testing.T) {
			p := newPost(t)
			about := c.make(p)
			row := p.row(about, c.at, c.to)
			p.sql(c.ends, about)
			p.sql(c.holdsAgain, about)
			p.tick(c.at)
			if stateOf(p, row) != "sent" {
				t.Errorf("the letter is %s", stateOf(p, row))
			}
		})
	}
}

// Seen in Deck: a card whose due date was moved after its reminder never reminded again.
func TestBugAMovedDateRemindsAgain(t *testing.T) {
	// What happens once the message three days before the 10th has left.
	for name, c := range map[string]struct {
		steps []func(p *post, r *core.Record)
		want  string // all that is planned then
	}{
		"to a later day":                        {[]func(*post, *core.Record){movesTo("2026-12-20")}, "12-17 12-19 12-20"},
		"to an earlier day":                     {[]func(*post, *core.Record){movesTo("2026-12-09")}, "12-07 12-08 12-09"},
		"to a day that is told already, and on": {[]func(*post, *core.Record){movesTo("2026-12-20"), movesTo("2026-12-10"), movesTo("2026-12-18")}, "12-15 12-17 12-18"},
		"away and back":                         {[]func(*post, *core.Record){movesTo("2026-12-20"), movesTo("2026-12-10")}, "12-09 12-10"},
		"to no day, and to one again":           {[]func(*post, *core.Record){movesTo(""), movesTo("2026-12-12")}, "12-09 12-11 12-12"},
		"done, opened again":                    {[]func(*post, *core.Record){turns("done"), turns("todo")}, "12-09 12-10"},
		"done, opened again for another day":    {[]func(*post, *core.Record){turns("done"), turns("todo"), movesTo("2026-12-15")}, "12-12 12-14 12-15"},
		"cancelled, opened again":               {[]func(*post, *core.Record){turns("cancelled"), turns("in_progress")}, "12-09 12-10"},
		"far away, where the night plans":       {[]func(*post, *core.Record){movesTo("2027-02-10"), night("2027-01-20 00:30")}, "02-07 02-09 02-10"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.Partner, "muted_kinds", []string{"contribution_prompt"})
			p.change(p.rule("task_overdue", 1), "active", false)
			r := task(p.World, "2026-12-10")
			p.only(p.tick("2026-12-07 08:00"))
			p.stand("2026-12-07 09:00")
			for _, step := range c.steps {
				step(p, r)
			}
			got := []string{}
			for _, due := range duesOf(p, r, "partner@example.org") {
				got = append(got, due[5:10])
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("the letters are due on %v, want %s", got, c.want)
			}
		})
	}
}

func movesTo(day string) func(p *post, r *core.Record) {
	return func(p *post, r *core.Record) { p.Helper(); p.change(r, "due_on", day) }
}

func turns(code string) func(p *post, r *core.Record) {
	return func(p *post, r *core.Record) { p.Helper(); p.change(r, "state", code) }
}

func night(at string) func(p *post, r *core.Record) {
	return func(p *post, _ *core.Record) { p.Helper(); planAll(p, p.World, p.stand(at)) }
}

// Seen in Vikunja: people who were deleted or had nothing to do with it any more
// were mailed, and others who had were not.
func TestBugThoseWhoAreConcernedNowAreToldAndNobodyElse(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(p *post, r *core.Record)
		want    string
	}{
		"nothing happens":        {func(*post, *core.Record) {}, "partner"},
		"the account is deleted": {func(p *post, _ *core.Record) { p.remove(p.Partner) }, "partner"}, // the contact is still in office
		"the account and the contact are deleted": {func(p *post, _ *core.Record) {
			p.remove(p.contact("partner@example.org"))
			p.remove(p.Partner)
		}, ""},
		"the account is closed":                           {func(p *post, _ *core.Record) { p.change(p.Partner, "disabled", true) }, ""},
		"the account is closed, another contact is there": {func(p *post, _ *core.Record) { p.change(p.Partner, "disabled", true); wakil(p) }, "wakil"},
		"the contact is deleted, another is there": {func(p *post, _ *core.Record) {
			wakil(p)
			p.remove(p.contact("partner@example.org"))
		}, "wakil"},
		"the contact's term ends, another's begins": {func(p *post, _ *core.Record) {
			p.change(p.contact("partner@example.org"), "until_on", "2026-12-06")
			p.change(wakil(p), "from_on", "2026-12-07")
			planAll(p, p.World, p.stand("2026-12-07 00:30"))
		}, "wakil"},
		"the focal point is another one": {func(p *post, _ *core.Record) {
			wakil(p)
			p.change(p.contact("partner@example.org"), "focal_point", false)
		}, "wakil"},
		"the task goes to another organisation": {func(p *post, r *core.Record) { p.change(r, "organisation", p.Forum.Id) }, "other-partner"},
		"somebody is made to do it": {func(p *post, r *core.Record) {
			c := wakil(p)
			p.change(c, "focal_point", false)
			p.change(r, "assignee", c.Id)
		}, "partner wakil"},
		"somebody else is made to do it": {func(p *post, r *core.Record) {
			c := wakil(p)
			p.change(c, "focal_point", false)
			p.change(r, "assignee", c.Id)
			p.change(r, "assignee", "")
		}, "partner"},
		"the organisation leaves": {func(p *post, _ *core.Record) {
			p.change(p.Only("stakeholders", "organisation", p.Puskesmas.Id), "ended_on", "2026-11-23")
		}, ""},
		"the contact moves to where the task goes": {func(p *post, r *core.Record) {
			p.change(p.contact("partner@example.org"), "organisation", p.Forum.Id)
			p.change(r, "organisation", p.Forum.Id)
		}, "other-partner partner"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			r := task(p.World, "2026-12-10")
			c.happens(p, r)
			told := []string{}
			for _, l := range p.tick("2026-12-07 08:00") {
				if strings.Contains(text(l), r.Id) {
					told = append(told, strings.TrimSuffix(l.To, "@example.org"))
				}
			}
			if slices.Sort(told); strings.Join(told, " ") != c.want {
				t.Errorf("told are %v, want %s", told, c.want)
			}
		})
	}
}

// wakil is a second focal point of the health centre, without an account.
func wakil(p *post) *core.Record {
	p.Helper()
	return p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Wakil", "email", "wakil@example.org", "focal_point", true)
}
