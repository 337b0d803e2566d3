package reminders_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// An hour that is chosen anew moves the messages of tomorrow at once, whoever chose
// it; those further off move at night.
func TestAnHourChosenAnewMovesTheNextMessagesAtOnce(t *testing.T) {
	for name, c := range map[string]struct {
		of   func(p *post) *core.Record
		want string
	}{
		"by the person":               {func(p *post) *core.Record { return p.Partner }, "2026-11-24 09:45"},
		"by the organisation":         {func(p *post) *core.Record { return p.Puskesmas }, "2026-11-24 09:45"},
		"by the programme":            {func(p *post) *core.Record { return p.Kopi }, "2026-11-24 09:45"},
		"by another organisation":     {func(p *post) *core.Record { return p.Forum }, "2026-11-24 08:00"},
		"by another programme":        {func(p *post) *core.Record { return p.Rantang }, "2026-11-24 08:00"},
		"by somebody else altogether": {func(p *post) *core.Record { return p.OtherPartner }, "2026-11-24 08:00"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.Partner, "send_at", "")
			near, far := task(p.World, "2026-11-27"), task(p.World, "2026-12-15")
			p.change(c.of(p), "send_at", "09:45")
			if row := p.row(near, c.want, "partner@example.org"); row.GetString("state") != "planned" {
				t.Errorf("tomorrow's letter is %s", row.GetString("state"))
			}
			p.row(far, "2026-12-12 08:00", "partner@example.org")
			planAll(p, p.World, p.stand("2026-11-24 00:40"))
			if c.want == "2026-11-24 09:45" {
				p.row(far, "2026-12-12 09:45", "partner@example.org")
			}
		})
	}
}
