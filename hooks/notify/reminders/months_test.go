package reminders_test

import (
	"slices"
	"strings"
	"testing"
)

// A message of one month that holidays push into the next is still asked about
// by the month it speaks of.
func TestAnInvitationToLogPushedOverTheEndOfAMonthIsNotLost(t *testing.T) {
	p := newPost(t)
	p.change(p.rule("contribution_prompt", 0), "offset_days", 3, "workdays", true)
	for _, day := range []string{"2026-11-26", "2026-11-27", "2026-11-30"} {
		p.Make("holidays", "on", day, "name", "Libur", "kind", "national_holiday")
	}
	planAll(t, p.World, p.stand("2026-11-24 00:30"))
	planAll(t, p.World, p.stand("2026-12-01 00:30"))
	if got := prompts(p); !slices.Contains(got, "2026-12-03 08:00") {
		t.Fatalf("planned: %v", got)
	}
	planAll(t, p.World, p.stand("2026-12-03 00:30"))
	if left := to(p.tick("2026-12-03 08:00")); !slices.Contains(left, "other-partner@example.org") {
		t.Errorf("letters left to %v", left)
	}
}

// What is mandatory takes nobody's place among the three messages of a day.
func TestMandatoryMessagesDoNotCountAgainstThoseOfADay(t *testing.T) {
	p := newPost(t)
	p.change(p.rule("task_due", -3), "mandatory", true)
	for range 2 {
		task(p.World, "2026-12-10")
	}
	if left := p.tick("2026-12-07 08:00"); len(left) != 2 {
		t.Fatalf("%d mandatory letters left", len(left))
	}
	for range 3 {
		task(p.World, "2026-12-08")
	}
	p.tick("2026-12-07 09:00")
	sent := p.count("email = 'partner@example.org' AND state = 'sent' AND kind = 'task_due'")
	if told := p.count("email = 'partner@example.org' AND state = 'digested'"); sent != 5 || told != 0 {
		t.Errorf("%d left, %d are told by another", sent, told)
	}
}

// Hours are meant each: no holiday moves them, so none stands in for another.
func TestTwoHoursOfOneDayAreTwoMessages(t *testing.T) {
	p := newPost(t)
	soon(p, -2)
	soon(p, 3)
	soon(p, -26)
	m, _ := coordination(p)
	want := []string{"2026-12-07 07:00", "2026-12-08 07:00", "2026-12-08 12:00"}
	if got := duesOf(p, m, "other-partner@example.org"); !slices.Equal(got, want) {
		t.Errorf("planned at %v, want %v", got, want)
	}
}

// A night on which nothing has changed writes nothing: every row keeps the time of its last change.
func TestAQuietNightWritesNothing(t *testing.T) {
	p := newPost(t)
	r := task(p.World, "2026-12-10")
	coordination(p)
	planAll(t, p.World, p.stand("2026-11-24 00:30"))
	const changed = "updated >= '2026-11-24 17:00'"
	planAll(t, p.World, p.stand("2026-11-25 00:30"))
	if n := p.count(changed); n != 0 {
		t.Errorf("%d rows were written anew", n)
	}
	// Somebody's other address, hour and language still reach what is planned.
	before := p.row(r, "2026-12-07 08:00", "partner@example.org")
	p.run("UPDATE users SET email = 'baru@example.org', language = 'en' WHERE email = 'partner@example.org'")
	planAll(t, p.World, p.stand("2026-11-26 00:30"))
	after := p.Fresh(before)
	if after.GetString("email") != "baru@example.org" || after.GetString("language") != "en" || p.count(changed) == 0 {
		t.Errorf("the letter goes to %s in %s", after.GetString("email"), after.GetString("language"))
	}
	// What was taken back is planned anew when it is called for again.
	p.run("UPDATE deliveries SET state = 'cancelled', reason = 'moved' WHERE kind = 'task_due'")
	planAll(t, p.World, p.stand("2026-11-27 00:30"))
	if left := p.count("state = 'cancelled' AND kind = 'task_due'"); left != 0 {
		t.Errorf("%d letters stay taken back:\n%s", left, strings.Join(ledger(p.World, r), "\n"))
	}
}

func (p *post) run(query string) {
	p.Helper()
	if _, err := p.App.DB().NewQuery(query).Execute(); err != nil {
		p.Fatal(err)
	}
}
