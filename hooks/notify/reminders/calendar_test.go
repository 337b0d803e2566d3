package reminders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// of makes a task of the one organisation of a programme.
func of(p *post, programme, organisation *core.Record, due string) *core.Record {
	p.Helper()
	return p.Make("tasks", "programme", programme.Id, "title", "Kunjungan", "organisation", organisation.Id,
		"accountable", p.BaliInitiator.Id, "due_on", due, "state", "todo")
}

func (p *post) holiday(on, kind, province string, noMail bool) *core.Record {
	p.Helper()
	return p.Make("holidays", "on", on, "name", "Libur "+on+" "+province, "kind", kind, "province", province, "no_mail", noMail)
}

func TestARegionalHolidayHoldsInItsProvinceOnly(t *testing.T) {
	p := newPost(t)
	p.holiday("2026-12-10", "regional_holiday", "Bali", false)
	tabanan := of(p, p.Rantang, p.Bali, "2026-12-10")
	semarang := task(p.World, "2026-12-10")
	// On its holiday Bali gets nothing: the messages of the 9th and of the 10th fall on one day, and one of them goes.
	expect(t, ledger(p.World, tabanan), "2026-12-07 07:00 task_due bali-partner@example.org planned",
		"2026-12-09 07:00 task_due bali-partner@example.org planned")
	expect(t, ledger(p.World, semarang), "2026-12-07 08:00 task_due partner@example.org planned",
		"2026-12-09 08:00 task_due partner@example.org planned", "2026-12-10 08:00 task_due partner@example.org planned")
}

func TestOnNyepiNoMessageAtAllLeavesInBali(t *testing.T) {
	p := newPost(t)
	p.change(p.rule("task_due", 0), "mandatory", true)
	p.holiday("2026-12-09", "national_holiday", "", false)
	p.holiday("2026-12-10", "regional_holiday", "Bali", true)
	tabanan := of(p, p.Rantang, p.Bali, "2026-12-10")
	semarang := task(p.World, "2026-12-10")
	// What is mandatory goes on a holiday, but not on the day of silence.
	expect(t, ledger(p.World, tabanan), "2026-12-07 07:00 task_due bali-partner@example.org planned",
		"2026-12-08 07:00 task_due bali-partner@example.org planned", "2026-12-09 07:00 task_due bali-partner@example.org planned")
	if rows := ledger(p.World, semarang); rows[2] != "2026-12-10 08:00 task_due partner@example.org planned" {
		t.Errorf("in Semarang the letter of the day is %s", rows[2])
	}
}

func TestALateMessageRestsOnAHolidayToo(t *testing.T) {
	p := newPost(t)
	ahead := of(p, p.Rantang, p.Bali, "2026-12-14")
	lost := of(p, p.Rantang, p.Bali, "2026-12-12")
	// The mail server was away since the 10th, and the holidays were typed in late.
	p.holiday("2026-12-11", "regional_holiday", "Bali", true)
	p.holiday("2026-12-12", "regional_holiday", "Bali", false)
	for _, at := range []string{"2026-12-11 07:00", "2026-12-11 18:00", "2026-12-12 08:00", "2026-12-13 06:59"} {
		if left := p.tick(at); len(left) != 0 {
			t.Fatalf("%d letters left on a holiday at %s", len(left), at)
		}
	}
	waits := p.row(ahead, "2026-12-11 07:00", "bali-partner@example.org")
	if waits.GetString("state") != "planned" || waits.GetString("reason") != "holiday" {
		t.Errorf("the letter is %s (%s)", waits.GetString("state"), waits.GetString("reason"))
	}
	gone := p.row(lost, "2026-12-11 07:00", "bali-partner@example.org")
	if gone.GetString("state") != "skipped" || gone.GetString("reason") != "holiday" {
		t.Errorf("a letter without use after the holiday is %s (%s)", gone.GetString("state"), gone.GetString("reason"))
	}
	left := p.tick("2026-12-13 07:00")
	if !slices.ContainsFunc(left, func(l testkit.Post) bool { return strings.Contains(l.Header("Subject"), "14 Desember") }) {
		t.Errorf("after the holiday %d letters left", len(left))
	}
}

func TestAHolidayEnteredLaterMovesWhatIsPlanned(t *testing.T) {
	p := newPost(t)
	r := task(p.World, "2026-12-10")
	p.holiday("2026-12-07", "national_holiday", "", false)
	pending(p)
	if first := ledger(p.World, r)[0]; first != "2026-12-06 08:00 task_due partner@example.org planned" {
		t.Errorf("the first letter is %s", first)
	}
	p.remove(p.Only("holidays", "on", "2026-12-07"))
	pending(p)
	if first := ledger(p.World, r)[0]; first != "2026-12-07 08:00 task_due partner@example.org planned" {
		t.Errorf("without the holiday the first letter is %s", first)
	}
}

func TestWorkdaysAreCountedOverAHolidayWeek(t *testing.T) {
	p := newPost(t)
	p.change(p.rule("task_due", -3), "workdays", true)
	for _, day := range []string{"2026-12-28", "2026-12-29"} {
		p.holiday(day, "joint_leave", "", false)
	}
	// Back from Thursday the 31st: 30; 29 and 28 are leave, 27 and 26 a weekend, 25 and 24 Christmas; 23; 22.
	r := task(p.World, "2026-12-31")
	found, err := p.App.FindRecordsByFilter("deliveries", "subject_id = {:id} && rule = {:rule}", "", 0, 0,
		map[string]any{"id": r.Id, "rule": p.rule("task_due", -3).Id})
	if err != nil || len(found) != 1 || found[0].GetString("due_at") != stored(p, "2026-12-22 08:00") {
		t.Errorf("%d letters, the first due at %s", len(found), found[0].GetString("due_at"))
	}
	p.change(p.rule("task_overdue", 1), "workdays", true)
	p.stand("2026-12-23 09:00")
	// The first workday after Wednesday the 23rd is the 30th.
	late := slices.DeleteFunc(ledger(p.World, task(p.World, "2026-12-23")), func(row string) bool {
		return !strings.Contains(row, "task_overdue partner@")
	})
	expect(t, late, "2026-12-30 08:00 task_overdue partner@example.org planned")
}

func TestTheEndsOfMonthsAndYears(t *testing.T) {
	for due, want := range map[string][2]string{
		"2027-01-01": {"2026-12-01 09:00", "2026-12-29 2026-12-31 2027-01-01"},
		"2027-01-02": {"2026-12-01 09:00", "2026-12-30 2027-01-01 2027-01-02"},
		"2028-03-01": {"2028-02-01 09:00", "2028-02-27 2028-02-29 2028-03-01"},
		"2027-03-01": {"2027-02-01 09:00", "2027-02-26 2027-02-28 2027-03-01"},
		"2028-02-29": {"2028-02-01 09:00", "2028-02-26 2028-02-28 2028-02-29"},
		"2027-03-31": {"2027-03-02 09:00", "2027-03-28 2027-03-30 2027-03-31"},
		"2027-05-01": {"2027-04-02 09:00", "2027-04-28 2027-04-30 2027-05-01"},
	} {
		p := newPost(t)
		p.stand(want[0])
		days := []string{}
		for _, row := range duesOf(p, task(p.World, due), "partner@example.org") {
			days = append(days, strings.TrimSuffix(row, " 08:00"))
		}
		if got := strings.Join(days, " "); got != want[1] {
			t.Errorf("a task due on %s reminds on %s, want %s", due, got, want[1])
		}
	}
}
