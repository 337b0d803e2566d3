package reminders_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// Each test named TestBug… stands for a mistake that people met in another
// system; the comment says what went wrong there.

// dues lists when messages about a record are or were due to an address, in UTC
// and by the database's own text, without the help of the hub's clock.
func dues(p *post, about *core.Record, email string) (out []string) {
	p.Helper()
	err := p.App.DB().NewQuery(`SELECT SUBSTR(due_at, 1, 16) FROM deliveries WHERE subject_id = {:id} AND email = {:email}
		AND state IN ('planned', 'sent') ORDER BY due_at`).Bind(map[string]any{"id": about.Id, "email": email}).Column(&out)
	if err != nil {
		p.Fatal(err)
	}
	return out
}

// through lets the hub tick from one time to another, with a planning of
// everything each hour, and returns when messages left to an address.
func (p *post) through(from, until, email string, every time.Duration) (left []string) {
	p.Helper()
	zone := clock.Zone(clock.Western)
	for at, end := slot(p, from), slot(p, until); !at.After(end); at = at.Add(every) {
		if at.Minute() == 0 {
			p.Cleanup(clock.Freeze(at))
			planAll(p, p.World, at)
		}
		text := at.In(zone).Format("2006-01-02 15:04")
		for _, l := range p.tick(text) {
			if l.To == email {
				left = append(left, text)
			}
		}
	}
	return left
}

// mine makes a rule of programme Kopi of any kind, without the usual one's fields.
func (p *post) mine(fields ...any) *core.Record {
	p.Helper()
	return p.Make("reminder_rules", append([]any{"programme", p.Kopi.Id, "name", "Aturan kita", "active", true}, fields...)...)
}

// Seen in CiviCRM: repeats counted from one date ended by another one.
func TestBugRepeatsEndAtTheirOwnAnchor(t *testing.T) {
	programme := func(p *post) *core.Record { return p.Kopi }
	for name, c := range map[string]struct {
		rule             []any // every repeats and most
		about            func(p *post) *core.Record
		own, other       string // the field that the rule counts from, and one that it must not look at
		moved, elsewhere string
		want, then       string
	}{
		"the end of the programme": {[]any{"anchor", "programme.ends_on", "offset_days", -9, "repeat_every_days", 3, "repeat_max", 2}, programme,
			"ends_on", "starts_on", "2026-12-12", "2026-12-02", "12-01 12-04 12-07", "12-03 12-06 12-09"},
		"the end, looking back": {[]any{"anchor", "programme.ends_on", "offset_days", 1, "repeat_every_days", 2, "repeat_max", 1}, programme,
			"ends_on", "starts_on", "2026-12-12", "2026-12-02", "12-11 12-13", "12-13 12-15"},
		"the start of the programme": {[]any{"anchor", "programme.starts_on", "offset_days", -3, "repeat_every_days", 2, "repeat_max", 3}, programme,
			"starts_on", "ends_on", "2026-12-03", "2026-12-20", "11-28 11-30 12-02 12-04", "11-30 12-02 12-04 12-06"},
		"a day of the rule": {[]any{"anchor", "programme.on_day", "on_day", "2026-12-10", "offset_days", -2, "repeat_every_days", 1, "repeat_max", 1}, programme,
			"", "ends_on", "", "2026-12-09", "12-08 12-09", "12-08 12-09"},
		"a task": {[]any{"kind", "task_due", "anchor", "task.due_on", "offset_days", -4, "repeat_every_days", 2, "repeat_max", 1, "audience", []string{"accountable"}},
			func(p *post) *core.Record { return task(p.World, "2026-12-10", "starts_on", "2026-12-01") },
			"due_on", "starts_on", "2026-12-12", "2026-12-05", "12-06 12-08", "12-08 12-10"},
		"a milestone": {[]any{"kind", "milestone_due", "anchor", "milestone.due_on", "offset_days", -6, "repeat_every_days", 3, "repeat_max", 2},
			func(p *post) *core.Record { return milestone(p, "2026-12-10") },
			"due_on", "", "2026-12-11", "", "12-04 12-07 12-10", "12-05 12-08 12-11"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.Kopi, "starts_on", "2026-12-01", "ends_on", "2026-12-10")
			p.mine(append([]any{"kind", "programme_date", "audience", []string{"initiators"}}, c.rule...)...)
			about := c.about(p)
			same := func(want string) {
				t.Helper()
				got := []string{}
				for _, due := range duesOf(p, about, "initiator@example.org") {
					got = append(got, strings.TrimSuffix(strings.TrimPrefix(due, "2026-"), " 08:00"))
				}
				if strings.Join(got, " ") != want {
					t.Errorf("the rule speaks on %v, want %s", got, want)
				}
			}
			same(c.want)
			if c.other != "" {
				p.change(about, c.other, c.elsewhere)
				same(c.want)
			}
			if c.own != "" {
				p.change(about, c.own, c.moved)
				same(c.then)
			}
		})
	}
}

// Seen in CiviCRM: monthly and yearly repeats left with every run of a whole day.
func TestBugARepeatLeavesOnceHoweverOftenTheHubTicksThatDay(t *testing.T) {
	for name, c := range map[string]struct {
		make        func(p *post)
		from, until string
		to          string
		want        []string
	}{
		"the question of each month": {func(*post) {}, "2026-11-24 12:00", "2026-11-26 12:00", "partner@example.org", []string{"2026-11-25 08:00"}},
		"the value of each month": {func(p *post) { indicator(p, "monthly") }, "2026-11-30 12:00", "2026-12-02 12:00",
			"initiator@example.org", []string{"2026-12-01 08:00"}},
		"the value of each quarter": {func(p *post) { indicator(p, "quarterly") }, "2026-12-31 12:00", "2027-01-02 12:00",
			"initiator@example.org", []string{"2027-01-01 08:00"}},
		"the value of each year": {func(p *post) { indicator(p, "yearly") }, "2026-12-31 12:00", "2027-01-02 12:00",
			"initiator@example.org", []string{"2027-01-01 08:00"}},
		"the year's value, asked for again": {func(p *post) { indicator(p, "yearly") }, "2027-01-07 12:00", "2027-01-09 12:00",
			"initiator@example.org", []string{"2027-01-08 08:00"}},
		"a task late, every third day": {func(p *post) {
			p.mine("kind", "task_due", "anchor", "task.due_on", "offset_days", -9, "audience", []string{"focal_point"})
			task(p.World, "2026-11-25")
		}, "2026-11-26 00:00", "2026-11-29 12:00",
			"initiator@example.org", []string{"2026-11-26 08:00", "2026-11-29 08:00"}},
		"the last day of a month": {func(p *post) {
			p.mine("kind", "programme_date", "anchor", "programme.on_day", "on_day", "2026-12-31", "audience", []string{"initiators"})
		}, "2026-12-30 12:00", "2027-01-01 12:00", "initiator@example.org", []string{"2026-12-31 08:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.Kopi, "ends_on", "2027-12-31")
			c.make(p)
			if got := p.through(c.from, c.until, c.to, 20*time.Minute); !slices.Equal(got, c.want) {
				t.Errorf("letters left at %v, want %v", got, c.want)
			}
		})
	}
}

// Seen in CiviCRM: what the server's own zone was decided when messages left.
func TestBugTheMachinesOwnZoneMovesNothing(t *testing.T) {
	was := time.Local
	t.Cleanup(func() { time.Local = was })
	for _, machine := range []string{"UTC", "Asia/Jakarta", "America/Los_Angeles", "Pacific/Kiritimati"} {
		t.Run(machine, func(t *testing.T) {
			zone, err := time.LoadLocation(machine)
			if err != nil {
				t.Fatal(err)
			}
			time.Local = zone
			p := newPost(t)
			p.mine("kind", "milestone_due", "anchor", "milestone.due_on", "at", "00:00", "mandatory", true, "audience", []string{"initiators"})
			duty := task(p.World, "2026-11-30")
			m, _ := coordination(p)
			night := milestone(p, "2026-12-01")
			planAll(p, p.World, p.stand("2026-11-24 00:10"))
			asked := p.Only("stakeholders", "organisation", p.Puskesmas.Id)
			for _, c := range []struct {
				about *core.Record
				to    string
				want  []string
			}{
				{duty, "partner@example.org", []string{"2026-11-27 01:00", "2026-11-29 01:00", "2026-11-30 01:00"}},
				{m, "initiator@example.org", []string{"2026-12-07 01:00"}},
				{night, "initiator@example.org", []string{"2026-11-30 17:00"}},
				{asked, "partner@example.org", []string{"2026-11-25 01:00", "2026-12-23 01:00"}},
			} {
				if got := dues(p, c.about, c.to); !slices.Equal(got, c.want) {
					t.Errorf("about %s: due %v UTC, want %v", c.about.Collection().Name, got, c.want)
				}
			}
			p.tick("2026-11-27 07:59") // the question of the 25th, late
			if l := p.only(p.tick("2026-11-27 08:00")); !strings.HasSuffix(l.Header("Date"), "08:00:00 +0700") ||
				!strings.Contains(fmt.Sprint(l.Header("Subject"), text(l)), "Senin, 30 November 2026") {
				t.Errorf("the letter is dated %s and called %s", l.Header("Date"), l.Header("Subject"))
			}
		})
	}
}
