package reminders_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// Seen in Wekan: whoever asked for messages at hour 0 got them at 8.
func TestBugTheHourZeroIsNotEight(t *testing.T) {
	for name, c := range map[string]struct {
		at, zone  string
		mandatory bool
		due       string // UTC
		early     string // still nothing
		leaves    string
	}{
		"midnight, whether wanted or not":    {"00:00", "Asia/Jakarta", true, "2026-12-06 17:00", "2026-12-06 23:59", "2026-12-07 00:00"},
		"midnight waits for the morning":     {"00:00", "Asia/Jakarta", false, "2026-12-06 17:00", "2026-12-07 05:59", "2026-12-07 06:00"},
		"midnight in Jayapura":               {"00:00", "Asia/Jayapura", true, "2026-12-06 15:00", "2026-12-06 21:59", "2026-12-06 22:00"},
		"midnight in Makassar":               {"00:00", "Asia/Makassar", true, "2026-12-06 16:00", "2026-12-06 22:59", "2026-12-06 23:00"},
		"a minute past midnight":             {"00:01", "Asia/Jakarta", true, "2026-12-06 17:01", "2026-12-07 00:00", "2026-12-07 00:01"},
		"the last minute of the day":         {"23:59", "Asia/Jakarta", true, "2026-12-07 16:59", "2026-12-07 23:58", "2026-12-07 23:59"},
		"eight itself, as the person wishes": {"08:00", "Asia/Jakarta", true, "2026-12-07 02:00", "2026-12-07 08:59", "2026-12-07 09:00"},
		"no hour at all is eight":            {"", "Asia/Jakarta", true, "2026-12-07 02:00", "2026-12-07 08:59", "2026-12-07 09:00"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.change(p.Partner, "time_zone", c.zone, "send_at", "09:00")
			p.own("at", c.at, "mandatory", c.mandatory, "offset_days", -3)
			r := task(p.World, "2026-12-10")
			if got := dues(p, r, "partner@example.org"); !slices.Equal(got, []string{c.due}) {
				t.Errorf("due at %v UTC, want %s", got, c.due)
			}
			p.tick("2026-12-01 08:00") // what the hub asks at the end of November
			if left := p.tick(c.early); len(left) != 0 {
				t.Errorf("%d letters leave before the hour", len(left))
			}
			p.only(p.tick(c.leaves))
		})
	}
}

// What people type and what a meeting has keeps its zero too.
func TestTheHourZeroIsKeptHoweverItIsEntered(t *testing.T) {
	p := newPost(t)
	initiator := p.As(p.Initiator)
	initiator.SetCookie("__Host-simpul", initiator.Cookie("simpul")) // the hub has an https address here
	for _, at := range []string{"00.00", "00:00", "0.00"} {
		initiator.Post(rulesPage, with(typed(), "at", at)...).Want(http.StatusSeeOther)
		rule := ownRule(p.World)
		if got := rule.GetString("at"); got != "00:00" {
			t.Errorf("typed %s the rule keeps %q", at, got)
		}
		if seen := initiator.Get(rulesPage+"/"+rule.Id).Want(http.StatusOK).Doc().Find(`[name="at"]`).AttrOr("value", ""); seen != "00:00" && seen != "00.00" {
			t.Errorf("typed %s the form shows %q", at, seen)
		}
		p.remove(rule)
	}
	// An hour at which messages never leave is refused and not replaced.
	p.Partner.Set("send_at", "00:00")
	if err := p.App.Save(p.Partner); err == nil || p.Fresh(p.Partner).GetString("send_at") != "08:00" {
		t.Errorf("a person's midnight is %q, %v", p.Fresh(p.Partner).GetString("send_at"), err)
	}
	m, _ := coordination(p, "starts_at", "2026-12-07 17:00:00.000Z")
	soon(p, -24)
	if got := dues(p, m, "other-partner@example.org"); !slices.Equal(got, []string{"2026-12-06 17:00"}) {
		t.Errorf("a day before a meeting at midnight is %v UTC", got)
	}
	if l := find(p, p.tick("2026-11-23 09:00"), "other-partner@example.org"); !strings.Contains(text(l), "00.00 WIB") {
		t.Errorf("the invitation reads\n%s", text(l))
	}
}

// in gives the small world's first programme and its partner their zones.
func (p *post) in(programme, person string) {
	p.Helper()
	p.change(p.Kopi, "time_zone", programme, "ends_on", "2028-12-31")
	p.change(p.Partner, "time_zone", person)
}

// Seen in Wekan: reminders hours and days off the date, by zone and by month.
func TestBugNoHourAndNoDayIsOff(t *testing.T) {
	for name, c := range map[string]struct {
		programme, person string
		on, due           string // the day the task is made, and the day it is due
		want              []string
	}{
		"Semarang to Semarang": {"Asia/Jakarta", "Asia/Jakarta", "2026-12-20", "2027-01-01",
			[]string{"2026-12-29 01:00", "2026-12-31 01:00", "2027-01-01 01:00"}},
		"Semarang to Jayapura, 1 January": {"Asia/Jakarta", "Asia/Jayapura", "2026-12-20", "2027-01-01",
			[]string{"2026-12-28 23:00", "2026-12-30 23:00", "2026-12-31 23:00"}},
		"Jayapura to Semarang, 1 January": {"Asia/Jayapura", "Asia/Jakarta", "2026-12-20", "2027-01-01",
			[]string{"2026-12-29 01:00", "2026-12-31 01:00", "2027-01-01 01:00"}},
		"Tabanan to Jayapura": {"Asia/Makassar", "Asia/Jayapura", "2026-11-24", "2026-12-10",
			[]string{"2026-12-06 23:00", "2026-12-08 23:00", "2026-12-09 23:00"}},
		"a person without a zone": {"Asia/Makassar", "", "2026-11-24", "2026-12-10",
			[]string{"2026-12-07 00:00", "2026-12-09 00:00", "2026-12-10 00:00"}},
		"the leap day": {"Asia/Jakarta", "Asia/Jakarta", "2028-02-20", "2028-02-29",
			[]string{"2028-02-26 01:00", "2028-02-28 01:00", "2028-02-29 01:00"}},
		"after the leap day": {"Asia/Jakarta", "Asia/Jakarta", "2028-02-20", "2028-03-01",
			[]string{"2028-02-27 01:00", "2028-02-29 01:00", "2028-03-01 01:00"}},
		"1 March of an ordinary year": {"Asia/Jakarta", "Asia/Jakarta", "2027-02-20", "2027-03-01",
			[]string{"2027-02-26 01:00", "2027-02-28 01:00", "2027-03-01 01:00"}},
		"the 31st, in the evening of the 30th": {"Asia/Jakarta", "Asia/Jayapura", "2027-01-20", "2027-01-31",
			[]string{"2027-01-27 23:00", "2027-01-29 23:00", "2027-01-30 23:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.in(c.programme, c.person)
			p.stand(c.on + " 09:00")
			r := task(p.World, c.due)
			if got := dues(p, r, "partner@example.org"); !slices.Equal(got, c.want) {
				t.Errorf("due at %v UTC, want %v", got, c.want)
			}
			late := p.Make("tasks", "programme", p.Kopi.Id, "title", "Esok hari", "organisation", p.Puskesmas.Id, "accountable", p.Initiator.Id,
				"due_on", clock.AddDays(c.due, 1), "state", "todo")
			if next := dues(p, late, "partner@example.org"); len(next) != 3 || next[0][8:10] == c.want[0][8:10] {
				t.Errorf("a day later it is due at %v UTC", next)
			}
		})
	}
}

// A duty of 1 January in Semarang is late from midnight in Semarang on, and not
// two hours earlier because its reader lives in Jayapura.
func TestADutyBecomesLateAtItsOwnMidnight(t *testing.T) {
	for name, c := range map[string]struct{ programme, person, at, due string }{
		"midnight in Jayapura waits for Semarang's": {"Asia/Jakarta", "Asia/Jayapura", "00:00", "2027-01-01 17:00"},
		"an hour past midnight too":                 {"Asia/Jakarta", "Asia/Jayapura", "01:00", "2027-01-01 17:00"},
		"at two both have the day":                  {"Asia/Jakarta", "Asia/Jayapura", "02:00", "2027-01-01 17:00"},
		"at three":                                  {"Asia/Jakarta", "Asia/Jayapura", "03:00", "2027-01-01 18:00"},
		"midnight in Semarang":                      {"Asia/Jakarta", "Asia/Jakarta", "00:00", "2027-01-01 17:00"},
		"a duty in Jayapura, a reader in Semarang":  {"Asia/Jayapura", "Asia/Jakarta", "00:00", "2027-01-01 17:00"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.in(c.programme, c.person)
			p.mine("kind", "task_overdue", "anchor", "task.due_on", "offset_days", 1, "at", c.at, "mandatory", true, "audience", []string{"focal_point"})
			p.stand("2026-12-28 09:00")
			r := task(p.World, "2027-01-01")
			overdue := lateOnes(p, r)
			if !slices.Equal(overdue, []string{c.due}) {
				t.Errorf("late at %v UTC, want %s", overdue, c.due)
			}
		})
	}
}

func lateOnes(p *post, r *core.Record) (out []string) {
	p.Helper()
	err := p.App.DB().NewQuery(`SELECT SUBSTR(due_at, 1, 16) FROM deliveries WHERE subject_id = {:id} AND kind = 'task_overdue' AND email = 'partner@example.org'`).
		Bind(map[string]any{"id": r.Id}).Column(&out)
	if err != nil {
		p.Fatal(err)
	}
	return out
}
