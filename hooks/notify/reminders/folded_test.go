package reminders_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// folded is a task of the partner's whose message of eight stands in the daily message of ten; it is five past eight.
func folded(t *testing.T) (p *post, about, row *core.Record) {
	t.Helper()
	p = readable(t)
	folding(p, "task_due")
	p.change(p.Partner, "send_at", "10:00")
	p.change(p.rule("task_due", -3), "at", "08:01") // the rule's own hour goes before the person's
	about = task(p.World, "2026-12-10")
	row = p.row(about, "2026-12-07 08:01", "partner@example.org")
	p.stand("2026-12-07 08:05")
	fold(p)
	if row = p.Fresh(row); row.GetString("state") != "digested" || teller(p, row).GetString("state") != "planned" {
		t.Fatalf("the letter is %s", stateOf(p, row))
	}
	return p, about, row
}

// teller is the message that tells another.
func teller(p *post, row *core.Record) *core.Record {
	p.Helper()
	told, err := p.App.FindRecordById("deliveries", p.Fresh(row).GetString("digest_id"))
	if err != nil {
		p.Fatal(err)
	}
	return told
}

func TestA17WhatTheDailyMessageWasToTellIsTakenBackWithItsCause(t *testing.T) {
	for _, state := range []string{"planned", "queued", "retry", "held"} {
		t.Run(state, func(t *testing.T) {
			p, about, row := folded(t)
			p.rewrite("UPDATE deliveries SET state = '" + state + "' WHERE kind = 'digest'")
			p.change(about, "state", "done")
			if got := p.Fresh(row); stateOf(p, row) != "cancelled done" || got.GetString("digest_id") != "" {
				t.Errorf("the letter is %s, told by %q", stateOf(p, row), got.GetString("digest_id"))
			}
			reads := why(p, p.Initiator, about)["Kepala Puskesmas – Puskesmas Tambakaji"]
			if strings.Contains(reads, "Masuk email harian") || !strings.Contains(reads, "08.01 WIBSudah selesai Dibatalkan") {
				t.Errorf("the page that explains says %q", reads)
			}
			if own := p.As(p.Partner).Get("/deliveries").Text("main"); strings.Contains(own, "Masuk email harian") {
				t.Errorf("the partner's own list says %q", own)
			}
		})
	}
}

func TestA17WhatWasToldStaysTold(t *testing.T) {
	for _, state := range []string{"sending", "sent", "uncertain"} {
		t.Run(state, func(t *testing.T) {
			p, about, row := folded(t)
			p.rewrite("UPDATE deliveries SET state = '" + state + "', sent_at = '2026-12-07 01:06:00.000Z' WHERE kind = 'digest'")
			for _, change := range []func(){func() { p.change(about, "state", "done") }, func() { p.remove(about) }} {
				change()
				if stateOf(p, row) != "digested" || teller(p, row).GetString("kind") != "digest" {
					t.Errorf("the letter is %s", stateOf(p, row))
				}
			}
		})
	}
}

// The mail server has the daily message and has not answered yet.
func TestA17WhatIsBeingToldAtThisMomentStays(t *testing.T) {
	p, about, row := folded(t)
	onItsWay, answer := make(chan struct{}), make(chan struct{})
	p.office.Heard = func(int) {
		close(onItsWay)
		<-answer
	}
	now := p.stand("2026-12-07 10:00")
	ended := make(chan error, 1)
	go func() {
		_, err := p.sender.ProcessDue(context.Background(), now)
		ended <- err
	}()
	<-onItsWay
	p.change(about, "state", "done")
	if got := stateOf(p, row); got != "digested" || stateOf(p, teller(p, row)) != "sending" {
		t.Errorf("the letter is %s", got)
	}
	close(answer)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if n := tellOf(p, about, "partner@example.org"); n != 1 || stateOf(p, row) != "digested" {
		t.Errorf("told %d times, the letter is %s", n, stateOf(p, row))
	}
}

func TestA17WhatComesBackIsToldExactlyOnce(t *testing.T) {
	for name, c := range map[string]struct {
		away, back func(p *post, about *core.Record)
	}{
		"moved away and back": {func(p *post, about *core.Record) { p.change(about, "due_on", "2026-12-20") },
			func(p *post, about *core.Record) { p.change(about, "due_on", "2026-12-10") }},
		"done by mistake": {func(p *post, about *core.Record) { p.change(about, "state", "done") },
			func(p *post, about *core.Record) { p.change(about, "state", "todo") }},
		"another's by mistake": {func(p *post, about *core.Record) { p.change(about, "organisation", p.Forum.Id) },
			func(p *post, about *core.Record) { p.change(about, "organisation", p.Puskesmas.Id) }},
		"the rule was off": {func(p *post, _ *core.Record) { p.change(p.rule("task_due", -3), "active", false) },
			func(p *post, _ *core.Record) { p.change(p.rule("task_due", -3), "active", true) }},
		"it never went": {func(*post, *core.Record) {}, func(p *post, about *core.Record) { p.change(about, "title", "Judul baru") }},
	} {
		t.Run(name, func(t *testing.T) {
			p, about, row := folded(t)
			c.away(p, about)
			planAll(t, p.World, p.stand("2026-12-07 08:10"))
			pending(p)
			p.stand("2026-12-07 08:15")
			for range 2 {
				c.back(p, about)
				planAll(t, p.World, p.stand("2026-12-07 08:20"))
				pending(p)
				fold(p)
			}
			if stateOf(p, row) != "digested" || teller(p, row).GetString("state") != "planned" {
				t.Fatalf("the letter is %s", stateOf(p, row))
			}
			same, err := p.App.CountRecords("deliveries", dbx.HashExp{"subject_id": about.Id, "email": row.GetString("email"), "anchor_at": row.GetString("anchor_at"), "step": row.GetInt("step")})
			if err != nil || same != 1 {
				t.Errorf("the letter stands there %d times, %v", same, err)
			}
			p.tick("2026-12-07 10:00")
			p.tick("2026-12-07 10:30")
			if n := tellOf(p, about, "partner@example.org"); n != 1 {
				t.Errorf("the partner is told %d times", n)
			}
		})
	}
}

// A meeting is no task: what was missed by saving it is not told. What waited in the daily message is.
func TestA17AMeetingMovedAwayAndBackIsStillInTheDailyMessage(t *testing.T) {
	p := newPost(t)
	folding(p, "meeting_soon")
	p.change(p.OtherPartner, "send_at", "10:00")
	p.change(p.rule("meeting_soon", -1), "at", "08:01")
	m, _ := coordination(p)
	p.tick("2026-11-23 09:00") // the invitation
	p.stand("2026-12-07 08:05")
	row := p.row(m, "2026-12-07 08:01", otherPartner)
	fold(p)
	p.change(m, "starts_at", "2026-12-20 02:00:00.000Z")
	if stateOf(p, row) != "cancelled moved" {
		t.Errorf("while the meeting is on another day the letter is %s", stateOf(p, row))
	}
	p.change(m, "starts_at", "2026-12-08 02:00:00.000Z")
	fold(p)
	if stateOf(p, row) != "digested" {
		t.Errorf("the letter is %s", stateOf(p, row))
	}
	// What helps nobody any more does not come back.
	p.change(m, "starts_at", "2026-12-20 02:00:00.000Z")
	p.stand("2026-12-08 09:01")
	p.change(m, "starts_at", "2026-12-08 02:00:00.000Z")
	if stateOf(p, row) != "cancelled moved" {
		t.Errorf("once the meeting has begun the letter is %s", stateOf(p, row))
	}
}

func TestAMessageThatComesBackIsUnread(t *testing.T) {
	p, about, row := folded(t)
	p.rewrite("UPDATE deliveries SET read_at = '2026-12-07 01:04:00.000Z' WHERE id = '" + row.Id + "'")
	planAll(t, p.World, p.stand("2026-12-07 08:06"))
	if p.Fresh(row).GetString("read_at") == "" {
		t.Error("a night takes it as unread")
	}
	p.change(about, "due_on", "2026-12-20")
	p.change(about, "due_on", "2026-12-10")
	if got := p.Fresh(row); got.GetString("state") != "planned" || got.GetString("read_at") != "" {
		t.Errorf("the letter is %s, read at %q", stateOf(p, row), got.GetString("read_at"))
	}
}

// What does not take a message back stands beside it on the page that explains.
func TestWhyAFoldedMessageWillNotBeToldIsExplained(t *testing.T) {
	p, about, row := folded(t)
	const partner = "Kepala Puskesmas – Puskesmas Tambakaji"
	if got := why(p, p.Initiator, about)[partner]; !strings.Contains(got, "Masuk email harian") || strings.Contains(got, "menjeda") {
		t.Errorf("the page says %q", got)
	}
	p.change(p.Partner, "paused_until_on", "2026-12-31")
	if got := why(p, p.Initiator, about)[partner]; !strings.Contains(got, "08.01 WIBPenerima sedang menjeda email Tidak akan dikirim") {
		t.Errorf("the page says %q", got)
	}
	// Once told, what happens afterwards says nothing about it.
	p.rewrite("UPDATE deliveries SET state = 'sent' WHERE kind = 'digest'")
	if got := why(p, p.Initiator, about)[partner]; !strings.Contains(got, "08.01 WIB Masuk email harian") {
		t.Errorf("the page says %q", got)
	}
	if left := to(p.tick("2026-12-07 10:00")); slices.Contains(left, row.GetString("email")) {
		t.Errorf("letters left to %v", left)
	}
}
