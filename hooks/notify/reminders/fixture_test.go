package reminders_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"simpul/hooks/notify/reminders"
	"simpul/hooks/notify/rules"
)

// room is a collection that no room of the hub keeps yet, made in the test's
// own database, with the one line that its source takes.
type room struct {
	collection, kind, anchor, field string
}

var rooms = []room{
	{"agreements", "agreement_expiring", "agreement.notice_on", "notice_on"},
	{"report_snapshots", "report_ready", "report.ready_on", "ready_on"},
	{"invitations", "invitation_open", "invitation.sent_on", "sent_on"},
}

// build makes the room's collection and registers its source until the test ends.
func (r room) build(p *post) {
	p.Helper()
	p.Cleanup(reminders.AddSource(r.collection, r.kind, r.anchor, r.field))
	programmes, err := p.App.FindCollectionByNameOrId("programmes")
	if err != nil {
		p.Fatal(err)
	}
	c := core.NewBaseCollection(r.collection)
	rule := `@request.auth.id != ""`
	c.ListRule, c.ViewRule = &rule, &rule
	c.Fields.Add(&core.TextField{Name: "title"}, &core.TextField{Name: r.field}, &core.TextField{Name: "state"},
		&core.RelationField{Name: "programme", CollectionId: programmes.Id, MaxSelect: 1},
		&core.AutodateField{Name: "created", OnCreate: true})
	if err := p.App.Save(c); err != nil {
		p.Fatal(err)
	}
	for _, saved := range []*hook.TaggedHook[*core.RecordEvent]{p.App.OnRecordCreate(r.collection), p.App.OnRecordUpdate(r.collection)} {
		saved.Bind(&hook.Handler[*core.RecordEvent]{Func: reminders.Mark, Priority: -70})
	}
	p.App.OnRecordAfterCreateSuccess(r.collection).BindFunc(reminders.ReconcileSaved)
	p.App.OnRecordAfterUpdateSuccess(r.collection).BindFunc(reminders.ReconcileSaved)
}

// A room that comes later adds one line to the table of sources and is served
// like all others: planned, moved, asked again, written in both languages.
func TestARoomThatComesLaterTakesOneLine(t *testing.T) {
	for _, r := range rooms {
		t.Run(r.kind, func(t *testing.T) {
			p := newPost(t)
			r.build(p)
			p = p.again()
			rule := p.Make("reminder_rules", "name", "H-30", "kind", r.kind, "offset_days", -30, "audience", []string{"initiators"}, "active", true)
			if rule.GetString("anchor") != r.anchor {
				t.Errorf("the rule counts from %s", rule.GetString("anchor"))
			}
			about := p.Make(r.collection, "programme", p.Kopi.Id, "title", "Kesepakatan bersama", r.field, "2026-12-25", "state", "open")
			expect(t, planned(p, about), "2026-11-25 08:00 "+r.kind+" initiator@example.org planned")
			p.change(about, r.field, "2026-12-26")
			expect(t, planned(p, about), "2026-11-26 08:00 "+r.kind+" initiator@example.org planned")
			got := find(p, p.tick("2026-11-26 08:00"), "initiator@example.org")
			if text := got.Header("Subject") + got.Part("text/plain"); strings.Contains(text, "⟦") || !strings.Contains(text, "KOPI REHAT") ||
				!strings.Contains(text, "Sabtu, 26 Desember 2026") && !strings.Contains(text, "Kesepakatan bersama") {
				t.Errorf("the letter reads %s", text)
			}
			p.change(about, r.field, "2027-01-10")
			planAll(p, p.World, p.stand("2026-11-27 00:30"))
			p.change(about, "state", "closed")
			if left := planned(p, about); len(left) != 0 {
				t.Errorf("closed, it plans %v", left)
			}
			for _, language := range []string{"id", "en"} {
				if sentence := rules.Sentence(reminders.Wrap(p.Fresh(rule)), language); strings.Contains(sentence, "⟦") {
					t.Errorf("in %s the rule reads %s", language, sentence)
				}
			}
		})
	}
}
