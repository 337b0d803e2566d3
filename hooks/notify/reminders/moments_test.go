package reminders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func soon(p *post, hours int, more ...any) *core.Record {
	p.Helper()
	fields := []any{"programme", p.Kopi.Id, "name", "Jam", "kind", "meeting_soon", "anchor", "meeting.starts_at", "offset_hours", hours,
		"audience", []string{"attendees"}, "useful_until", "anchor", "active", true}
	return p.Make("reminder_rules", append(fields, more...)...)
}

// An hour before is an hour before, wherever the recipient is and whatever hour
// they chose for messages.
func TestHoursAreCountedFromTheMeetingsOwnHour(t *testing.T) {
	p := newPost(t)
	soon(p, -2)
	p.change(p.OtherPartner, "time_zone", "Asia/Jayapura", "send_at", "06:00")
	m, _ := coordination(p)
	expect(t, plannedTo(p, m, "other-partner@example.org"), "2026-12-08 07:00 meeting_soon other-partner@example.org planned")
	p.tick("2026-11-23 09:00") // the invitation
	// Half an hour later is another time, and the old one is taken back.
	p.change(m, "starts_at", "2026-12-08 02:30:00.000Z")
	expect(t, plannedTo(p, m, "other-partner@example.org"), "2026-12-08 07:30 meeting_soon other-partner@example.org planned")
	if old := p.row(m, "2026-12-08 07:00", "other-partner@example.org"); old.GetString("reason") != "moved" {
		t.Errorf("the old letter is %s (%s)", old.GetString("state"), old.GetString("reason"))
	}
	p.tick("2026-12-08 07:29")
	if got := find(p, p.tick("2026-12-08 07:30"), "other-partner@example.org"); !strings.Contains(got.Header("Subject"), "11.30 WIT") && !strings.Contains(got.Header("Subject"), "09.30 WIB") {
		t.Errorf("the letter is called %s", got.Header("Subject"))
	}
	if again := p.tick("2026-12-08 07:31"); len(again) != 0 {
		t.Errorf("%d letters left again", len(again))
	}
}

func TestHoursMayLookBackAndCrossMidnight(t *testing.T) {
	for hours, want := range map[int]string{-10: "2026-12-07 23:00", 1: "2026-12-08 10:00", 20: "2026-12-09 05:00", -240: "2026-11-28 09:00"} {
		p := newPost(t)
		soon(p, hours)
		m, _ := coordination(p)
		if got := duesOf(p, m, "other-partner@example.org"); !slices.Equal(got, []string{want}) {
			t.Errorf("%d hours: %v, want %s", hours, got, want)
		}
	}
}

// missed is what leaves at once when a task is saved at an hour.
func missed(p *post, at string, save func() *core.Record) []string {
	p.Helper()
	p.stand(at)
	r := save()
	out := []string{}
	for _, l := range p.tick(at) {
		if strings.Contains(l.Part("text/plain"), r.Id) {
			out = append(out, l.To)
		}
	}
	return out
}

func TestATaskSavedAfterItsHourTellsAtOnceAndOnce(t *testing.T) {
	for name, of := range map[string]struct {
		at, due string
		want    []string
	}{
		"tomorrow, before the hour":    {"2026-11-23 07:59", "2026-11-24", []string{"partner@example.org"}}, // three days before was missed
		"tomorrow, after the hour":     {"2026-11-23 08:01", "2026-11-24", []string{"partner@example.org"}},
		"today, after the hour":        {"2026-11-23 17:00", "2026-11-23", []string{"partner@example.org"}},
		"today, before the hour":       {"2026-11-23 07:00", "2026-11-23", []string{"partner@example.org"}},
		"yesterday":                    {"2026-11-24 08:30", "2026-11-23", []string{"initiator@example.org", "partner@example.org"}},
		"in four days, nothing missed": {"2026-11-23 09:00", "2026-11-27", nil},
		"long ago, of no use":          {"2026-11-23 09:00", "2026-10-01", nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			var r *core.Record
			got := missed(p, of.at, func() *core.Record {
				r = task(p.World, of.due)
				return r
			})
			slices.Sort(got)
			if !slices.Equal(got, of.want) {
				t.Errorf("told at once: %v, want %v", got, of.want)
			}
			p.change(r, "state", "in_progress")
			planAll(p, p.World, p.stand(of.at))
			if again := p.tick(of.at); len(again) != 0 {
				t.Errorf("and again %v", to(again))
			}
		})
	}
}

func TestATaskMovedNearTellsAtOnce(t *testing.T) {
	p := newPost(t)
	r := task(p.World, "2026-12-20")
	got := missed(p, "2026-11-23 10:00", func() *core.Record {
		p.change(r, "due_on", "2026-11-24")
		return r
	})
	if !slices.Equal(got, []string{"partner@example.org"}) {
		t.Errorf("told at once: %v", got)
	}
	// Whoever takes it over hears of it too, and nobody else again.
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Wakil", "email", "wakil@example.org", "focal_point", false)
	got = missed(p, "2026-11-23 11:00", func() *core.Record {
		p.change(r, "assignee", p.contact("wakil@example.org").Id)
		return r
	})
	if !slices.Equal(got, []string{"wakil@example.org"}) {
		t.Errorf("told after the change: %v", got)
	}
}

// A new rule, or a night, makes up no messages about what is gone by.
func TestOnlySavingTheTaskItselfTellsAtOnce(t *testing.T) {
	p := newPost(t)
	task(p.World, "2026-11-25")
	p.tick("2026-11-23 09:00")
	p.own("offset_days", -7, "useful_until", "anchor")
	planAll(p, p.World, p.stand("2026-11-24 00:30"))
	if left := p.tick("2026-11-24 07:00"); len(left) != 0 {
		t.Errorf("letters left to %v", to(left))
	}
}

// plannedTo are the messages to one address among those planned.
func plannedTo(p *post, r *core.Record, email string) []string {
	return slices.DeleteFunc(planned(p, r), func(row string) bool { return !strings.Contains(row, " "+email+" ") })
}
