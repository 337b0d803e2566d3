package reminders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/outbox"
)

// Objection is something that happens between planning a message to the partner
// and sending it.
type objection struct {
	happens func(p *post, r *core.Record)
	state   string // of the message afterwards
	reason  string
	early   bool // the message is taken back at once, not only when it is due
}

func (p *post) rule(kind string, offset int) *core.Record {
	p.Helper()
	r, err := p.App.FindFirstRecordByFilter("reminder_rules", "kind = {:kind} && offset_days = {:offset}",
		map[string]any{"kind": kind, "offset": offset})
	if err != nil {
		p.Fatal(err)
	}
	return r
}

func (p *post) contact(email string) *core.Record {
	p.Helper()
	return p.Only("contacts", "email", email)
}

var objections = map[string]objection{
	"the task is done": {func(p *post, r *core.Record) { p.change(r, "state", "done") }, "cancelled", "done", true},
	"the task is cancelled": {func(p *post, r *core.Record) { p.change(r, "state", "cancelled") },
		"cancelled", "cancelled", true},
	"the task is deleted":      {func(p *post, r *core.Record) { p.remove(r) }, "cancelled", "deleted", true},
	"its day moves":            {func(p *post, r *core.Record) { p.change(r, "due_on", "2026-12-15") }, "cancelled", "moved", true},
	"it has no day any more":   {func(p *post, r *core.Record) { p.change(r, "due_on", "") }, "cancelled", "moved", true},
	"its organisation changes": {func(p *post, r *core.Record) { p.change(r, "organisation", p.Forum.Id) }, "cancelled", "not_concerned", true},
	"the contact leaves office": {func(p *post, _ *core.Record) { p.change(p.contact("partner@example.org"), "until_on", "2026-11-22") },
		"cancelled", "not_concerned", true},
	"the contact is deleted": {func(p *post, _ *core.Record) { p.remove(p.contact("partner@example.org")) }, "cancelled", "not_concerned", true},
	"the contact's last day passes": {func(p *post, _ *core.Record) { p.change(p.contact("partner@example.org"), "until_on", "2026-12-06") },
		"skipped", "no_access", false},
	"the rule is switched off": {func(p *post, _ *core.Record) { p.change(p.rule("task_due", -3), "active", false) }, "cancelled", "rule_off", true},
	"the rule is deleted":      {func(p *post, _ *core.Record) { p.remove(p.rule("task_due", -3)) }, "cancelled", "rule_off", true},
	"the programme gets its own": {func(p *post, _ *core.Record) {
		p.Make("reminder_rules", "programme", p.Kopi.Id, "name", "Kita", "kind", "task_due", "anchor", "task.due_on",
			"offset_days", -2, "audience", []string{"focal_point"}, "active", true)
	}, "cancelled", "rule_off", true},
	"the account is closed": {func(p *post, _ *core.Record) { p.change(p.Partner, "disabled", true) }, "skipped", "disabled", false},
	"the person pauses":     {func(p *post, _ *core.Record) { p.change(p.Partner, "paused_until_on", "2026-12-07") }, "skipped", "paused", false},
	"the person mutes the kind": {func(p *post, _ *core.Record) { p.change(p.Partner, "muted_kinds", []string{"task_due"}) },
		"skipped", "muted", false},
	"the organisation leaves the programme": {func(p *post, _ *core.Record) {
		p.change(p.Only("stakeholders", "organisation", p.Puskesmas.Id), "ended_on", "2026-11-23")
	}, "skipped", "no_access", false},
	"the membership is gone": {func(p *post, _ *core.Record) {
		m := p.Only("memberships", "organisation", p.Puskesmas.Id)
		if _, err := p.App.DB().Delete("memberships", dbx.HashExp{"id": m.Id}).Execute(); err != nil {
			p.Fatal(err)
		}
	}, "skipped", "no_access", false},
	"the address is wiped": {func(p *post, _ *core.Record) {
		p.change(p.contact("partner@example.org"), "email", "")
		p.change(p.Partner, "email", "")
	}, "skipped", "no_address", false},
	"the address bounced": {func(p *post, _ *core.Record) {
		p.Make("suppressions", "email", "Partner@example.org", "reason", "bounced")
	}, "skipped", "bounced", false},
	"the person unsubscribed from the kind": {func(p *post, _ *core.Record) {
		p.Make("suppressions", "email", "partner@example.org", "reason", "unsubscribed", "kind", "task_due")
	}, "skipped", "unsubscribed", false},
	"the person refused all letters": {func(p *post, _ *core.Record) {
		p.Make("suppressions", "email", "partner@example.org", "reason", "unsubscribed")
	}, "skipped", "unsubscribed", false},
	"the person called them spam": {func(p *post, _ *core.Record) {
		p.Make("suppressions", "email", "partner@example.org", "reason", "complaint")
	}, "skipped", "complaint", false},
	"the account is deleted with its contact": {func(p *post, _ *core.Record) {
		p.remove(p.contact("partner@example.org"))
		p.remove(p.Partner)
	}, "cancelled", "not_concerned", true},
	"the programme pauses":       {func(p *post, _ *core.Record) { p.change(p.Kopi, "status", "paused") }, "skipped", "programme_paused", false},
	"the programme is completed": {func(p *post, _ *core.Record) { p.change(p.Kopi, "status", "completed") }, "skipped", "done", false},
}

func TestA8AMessageThatIsNotWantedStaysWithItsReason(t *testing.T) {
	for name, o := range objections {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			r := task(p.World, "2026-12-10")
			id := p.row(r, "2026-12-07 08:00", "partner@example.org").Id
			o.happens(p, r)
			now, err := p.App.FindRecordById("deliveries", id)
			if err != nil {
				t.Fatal(err)
			}
			if early := now.GetString("state") == "cancelled"; early != o.early {
				t.Errorf("taken back at once: %v, want %v", early, o.early)
			}
			if left := to(p.tick("2026-12-07 08:00")); slices.Contains(left, "partner@example.org") {
				t.Errorf("letters left to %v", left)
			}
			after, err := p.App.FindRecordById("deliveries", id)
			if err != nil {
				t.Fatal(err)
			}
			if after.GetString("state") != o.state || after.GetString("reason") != o.reason {
				t.Errorf("the letter is %s (%s), want %s (%s)", after.GetString("state"), after.GetString("reason"), o.state, o.reason)
			}
		})
	}
}

func TestAMandatoryMessageIgnoresPauseAndMuteButNotAClosedAccount(t *testing.T) {
	for name, o := range map[string]struct {
		field string
		value any
		goes  bool
	}{
		"paused":   {"paused_until_on", "2027-01-01", true},
		"muted":    {"muted_kinds", []string{"task_due"}, true},
		"disabled": {"disabled", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.rule("task_due", -3), "mandatory", true)
			task(p.World, "2026-12-10")
			p.change(p.Partner, o.field, o.value)
			left := p.tick("2026-12-07 08:00")
			if (len(left) == 1) != o.goes {
				t.Fatalf("%d letters left", len(left))
			}
			if o.goes && !strings.Contains(left[0].Part("text/plain"), "tidak dapat dihentikan") || o.goes && strings.Contains(left[0].Part("text/plain"), outbox.StopPath) {
				t.Errorf("a mandatory letter says how to stop it: %s", left[0].Part("text/plain"))
			}
		})
	}
}

func TestAMessageGoesOnceHoweverOftenTheHubTicks(t *testing.T) {
	p := newPost(t)
	r := task(p.World, "2026-12-10")
	if left := p.tick("2026-12-07 07:59"); len(left) != 0 {
		t.Errorf("%d letters left too early", len(left))
	}
	p.only(p.tick("2026-12-07 08:00"))
	for _, at := range []string{"2026-12-07 08:00", "2026-12-07 08:01", "2026-12-07 17:00", "2026-12-08 08:00"} {
		if left := p.tick(at); len(left) != 0 {
			t.Errorf("%d more letters left at %s", len(left), at)
		}
	}
	// Whatever is planned again finds the message sent.
	p.change(r, "due_on", "2026-12-11")
	p.change(r, "due_on", "2026-12-10")
	planAll(t, p.World, p.stand("2026-12-08 09:00"))
	if got := p.row(r, "2026-12-07 08:00", "partner@example.org"); got.GetString("state") != "sent" || got.GetString("server_reply") == "" {
		t.Errorf("the letter is %s with the reply %q", got.GetString("state"), got.GetString("server_reply"))
	}
	if left := to(p.tick("2026-12-09 08:00")); len(left) != 1 {
		t.Errorf("on the day before, letters left to %v", left)
	}
}
