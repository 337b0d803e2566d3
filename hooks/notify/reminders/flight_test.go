package reminders_test

import (
	"context"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// change is what people do to three duties while the first message is on its way.
type change struct {
	happens func(p *post, duties []*core.Record)
	waits   string // what becomes of the two messages behind it
}

// each does the same to every duty.
func each(do func(p *post, r *core.Record)) func(p *post, duties []*core.Record) {
	return func(p *post, duties []*core.Record) {
		for _, r := range duties {
			do(p, r)
		}
	}
}

// once does something to the person.
func once(do func(p *post)) func(p *post, duties []*core.Record) {
	return func(p *post, _ []*core.Record) { do(p) }
}

var changes = map[string]change{
	"done":      {each(func(p *post, r *core.Record) { p.change(r, "state", "done") }), "cancelled done"},
	"cancelled": {each(func(p *post, r *core.Record) { p.change(r, "state", "cancelled") }), "cancelled cancelled"},
	"deleted":   {each(func(p *post, r *core.Record) { p.remove(r) }), "cancelled deleted"},
	"due on another day": {each(func(p *post, r *core.Record) { p.change(r, "due_on", "2026-12-15") }),
		"cancelled moved"},
	"given to another organisation": {each(func(p *post, r *core.Record) { p.change(r, "organisation", p.Forum.Id) }), "cancelled not_concerned"},
	"of a contact whose term has ended": {once(func(p *post) { p.change(p.contact("partner@example.org"), "until_on", "2026-12-06") }),
		"cancelled not_concerned"},
	"of an organisation that left": {once(func(p *post) {
		p.change(p.Only("stakeholders", "organisation", p.Puskesmas.Id), "ended_on", "2026-12-06")
	}), "skipped no_access"},
	"of a closed account": {once(func(p *post) { p.change(p.Partner, "disabled", true) }), "skipped disabled"},
	"muted":               {once(func(p *post) { p.change(p.Partner, "muted_kinds", []string{"task_due"}) }), "skipped muted"},
	"refused": {once(func(p *post) {
		p.Make("suppressions", "email", "partner@example.org", "reason", "unsubscribed", "kind", "task_due")
	}), "skipped unsubscribed"},
	"of somebody who rests":        {once(func(p *post) { p.change(p.Partner, "paused_until_on", "2026-12-08") }), "skipped paused"},
	"of a programme that rests":    {once(func(p *post) { p.change(p.Kopi, "status", "paused") }), "skipped programme_paused"},
	"of a rule that was taken off": {once(func(p *post) { p.change(p.rule("task_due", -3), "active", false) }), "cancelled rule_off"},
}

// The mail server has the first message and has not answered yet. Nobody's save
// waits for that, and none of the messages behind it leaves any more.
func TestA8OnlyTheMessageOnItsWayStillLeaves(t *testing.T) {
	for name, c := range changes {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.rule("contribution_prompt", 0), "active", false)
			onItsWay, answer := make(chan struct{}), make(chan struct{})
			p.office.Heard = func(n int) {
				if n == 1 {
					close(onItsWay)
					<-answer
				}
			}
			duties, rows := []*core.Record{}, []*core.Record{}
			for range 3 {
				r := task(p.World, "2026-12-10")
				duties, rows = append(duties, r), append(rows, p.row(r, "2026-12-07 08:00", "partner@example.org"))
			}
			now := p.stand("2026-12-07 08:00")
			ended := make(chan error, 1)
			go func() {
				_, err := p.sender.ProcessDue(context.Background(), now)
				ended <- err
			}()
			<-onItsWay
			c.happens(p, duties)
			close(answer)
			if err := <-ended; err != nil {
				t.Fatal(err)
			}
			sent := 0
			for i, row := range rows {
				switch got := stateOf(p, row); {
				case got == "sent" && strings.Contains(text(p.office.Letters()[0]), duties[i].Id):
					sent++
				case got != c.waits:
					t.Errorf("a letter is %s, want %s", got, c.waits)
				}
			}
			told := 0
			for _, duty := range duties {
				told += tellOf(p, duty, "partner@example.org")
			}
			if sent != 1 || told != 1 {
				t.Errorf("%d letters are sent, %d arrived", sent, told)
			}
		})
	}
}
