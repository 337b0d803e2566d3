package reminders_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/testkit"
)

// What begins and ends with a day holds on that day itself.
func TestTheFirstAndTheLastDayInOfficeCount(t *testing.T) {
	for name, c := range map[string]struct {
		field, day string
		goes       bool
	}{
		"the last day is today":      {"until_on", "2026-12-07", true},
		"the last day was yesterday": {"until_on", "2026-12-06", false},
		"the first day is today":     {"from_on", "2026-12-07", true},
		"the first day is tomorrow":  {"from_on", "2026-12-08", false},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			dean := p.Make("contacts", "organisation", p.Campus.Id, "position", "Dekan", "email", "dekan@example.org", "focal_point", true)
			r := task(p.World, "2026-12-10", "organisation", p.Campus.Id)
			// Written beneath the hub, so that only the question at the last moment decides.
			if _, err := p.App.DB().Update("contacts", dbx.Params{c.field: c.day}, dbx.HashExp{"id": dean.Id}).Execute(); err != nil {
				t.Fatal(err)
			}
			p.tick("2026-12-07 08:00")
			if told := tellOf(p, r, "dekan@example.org") == 1; told != c.goes {
				t.Errorf("told: %v, want %v", told, c.goes)
			}
		})
	}
}

// An organisation is gone on the day its part ends; the day before it is still there.
func TestAnOrganisationIsGoneOnTheDayItsPartEnds(t *testing.T) {
	for ended, goes := range map[string]bool{"2026-12-06": false, "2026-12-07": false, "2026-12-08": true} {
		t.Run(ended, func(t *testing.T) {
			p := newPost(t)
			p.Make("contacts", "organisation", p.Campus.Id, "position", "Dekan", "email", "dekan@example.org", "focal_point", true)
			r := task(p.World, "2026-12-10", "organisation", p.Campus.Id)
			p.change(p.Only("stakeholders", "organisation", p.Campus.Id), "ended_on", ended)
			p.tick("2026-12-07 08:00")
			if told := tellOf(p, r, "dekan@example.org") == 1; told != goes {
				t.Errorf("told: %v, want %v", told, goes)
			}
		})
	}
}

func TestA18TheCapIsThatOfALocalDay(t *testing.T) {
	p := newPost(t)
	p.own("offset_days", -3, "at", "17:00")
	p.own("offset_days", -2, "at", "07:00")
	for range 3 {
		task(p.World, "2026-12-10")
	}
	for _, at := range []string{"2026-12-07 17:00", "2026-12-08 07:00"} {
		alone := slices.DeleteFunc(p.tick(at), func(l testkit.Post) bool { return !strings.HasPrefix(l.Header("Subject"), "Tenggat") })
		if len(alone) != 3 {
			t.Errorf("at %s %d letters leave by themselves", at, len(alone))
		}
	}
	if left := p.tick("2026-12-08 07:01"); len(left) != 0 {
		t.Errorf("%d more", len(left))
	}
}

// Whoever also takes part in Bali gets no daily message on the day of silence, not
// even about another programme; it comes the day after.
func TestOnNyepiTheDailyMessageAboutAnotherProvinceWaitsToo(t *testing.T) {
	p := newPost(t)
	p.change(p.rule("contribution_prompt", 0), "active", false)
	p.holiday("2026-12-10", "regional_holiday", "Bali", true)
	p.change(p.BaliPartner, "mail_frequency", "daily")
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Pendamping", "user", p.BaliPartner.Id, "email", "bali-partner@example.org", "focal_point", true)
	r := task(p.World, "2026-12-13")
	for _, at := range []string{"2026-12-10 07:00", "2026-12-10 08:00", "2026-12-10 18:00"} {
		if left := to(p.tick(at)); slices.Contains(left, "bali-partner@example.org") {
			t.Errorf("at %s letters leave to %v", at, left)
		}
	}
	p.tick("2026-12-11 07:00")
	if n := tellOf(p, r, "bali-partner@example.org"); n != 1 {
		t.Errorf("the day after %d letters tell of it", n)
	}
}

// A message that loses its use on the day of silence is put aside and not sorted for ever.
func TestOnNyepiWhatIsUselessTheDayAfterIsPutAside(t *testing.T) {
	p := newPost(t)
	p.holiday("2026-12-10", "regional_holiday", "Bali", true)
	p.change(p.BaliPartner, "mail_frequency", "daily")
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Pendamping", "user", p.BaliPartner.Id, "email", "bali-partner@example.org", "focal_point", true)
	p.change(p.rule("task_due", 0), "useful_until", "anchor")
	r := task(p.World, "2026-12-10")
	p.tick("2026-12-10 07:00")
	p.tick("2026-12-11 07:00")
	if row := p.row(r, "2026-12-10 07:00", "bali-partner@example.org"); stateOf(p, row) != "skipped holiday" || row.GetString("digest_id") != "" {
		t.Errorf("the letter of the day is %s", stateOf(p, row))
	}
}

// The daily message itself says why it stayed.
func TestADailyMessageThatIsNotWantedSaysWhy(t *testing.T) {
	for reason, change := range map[string][]any{"paused": {"paused_until_on", "2026-12-07"}, "disabled": {"disabled", true}} {
		p := newPost(t)
		folding(p, "task_due")
		task(p.World, "2026-12-10")
		p.stand("2026-12-07 08:00")
		fold(p)
		p.change(p.Partner, change...)
		p.tick("2026-12-07 08:00")
		if got := stateOf(p, p.Only("deliveries", "kind", "digest")); got != "skipped "+reason {
			t.Errorf("the daily letter is %s, want skipped %s", got, reason)
		}
	}
}

// Two messages about one task, both late, are one line of the daily message.
func TestADailyMessageNamesEachThingOnce(t *testing.T) {
	p := newPost(t)
	folding(p, "task_due")
	r := task(p.World, "2026-12-10")
	l := find(p, p.tick("2026-12-09 08:30"), "partner@example.org")
	if n := strings.Count(text(l), r.Id); n != 1 || !strings.HasPrefix(l.Header("Subject"), "1 hal") && !strings.HasPrefix(l.Header("Subject"), "2 hal") {
		t.Errorf("%s names the task %d times", l.Header("Subject"), n)
	}
}

// Whatever the rule says of its own messages, a message of the ladder helps for three days.
func TestAMessageOfTheLadderIsUsefulForThreeDays(t *testing.T) {
	p := newPost(t)
	p.change(p.rule("task_overdue", 1), "useful_until", "+1")
	r := task(p.World, "2026-11-23")
	planAll(p, p.World, p.stand("2026-12-01 00:30"))
	var spans []string
	err := p.App.DB().NewQuery(`SELECT CAST(ROUND(julianday(useful_until_at) - julianday(due_at)) AS TEXT) FROM deliveries
		WHERE subject_id = {:id} AND origin = 'escalation' AND state = 'planned'`).Bind(map[string]any{"id": r.Id}).Column(&spans)
	if err != nil {
		t.Fatal(err)
	}
	if len(spans) == 0 || slices.ContainsFunc(spans, func(span string) bool { return span != "3.0" }) {
		t.Errorf("letters of the ladder help for %v days", spans)
	}
}

// What is lost is told by itself, also to one who wants a single message a day.
func TestTheSummaryOfWhatWasLostLeavesByItself(t *testing.T) {
	p := newPost(t)
	p.summaries = true
	p.change(p.Initiator, "mail_frequency", "daily")
	lost(p, 1, "2026-12-09 09:00", "2026-12-09 12:00")
	left := p.tick("2026-12-09 14:00")
	left = append(left, p.tick("2026-12-09 14:01")...)
	if !slices.ContainsFunc(left, func(l testkit.Post) bool {
		return l.To == "initiator@example.org" && strings.Contains(l.Header("Subject"), "tidak terkirim")
	}) {
		t.Errorf("letters left to %v", to(left))
	}
}

// What helps nobody any more is not even written down: it would be summed up as lost.
func TestWhatWasUselessFromTheStartIsNotWrittenDown(t *testing.T) {
	p := newPost(t)
	for _, due := range []string{"2026-10-01", "2025-12-10"} {
		rows := ledger(p.World, task(p.World, due)) // the ladder begins anew for what is written down late
		if slices.ContainsFunc(rows, func(row string) bool { return row < "2026-11-23 09:01" }) {
			t.Errorf("of a task due on %s are written down %v", due, rows)
		}
	}
}

// A task whose day is put back, weeks after it was written down, does not climb
// At that moment: its people are told first.
func TestAMovedDayTellsThePeopleBeforeItClimbs(t *testing.T) {
	p := newPost(t)
	r := task(p.World, "2026-12-20")
	p.born(r, "2026-10-01 09:00")
	p.change(r, "due_on", "2026-11-09")
	var climbed []string
	err := p.App.DB().NewQuery("SELECT origin FROM deliveries WHERE subject_id = {:id} AND state = 'planned' AND due_at <= {:now}").
		Bind(map[string]any{"id": r.Id, "now": stored(p, "2026-11-23 09:00")}).Column(&climbed)
	if err != nil {
		t.Fatal(err)
	}
	if len(climbed) == 0 || slices.ContainsFunc(climbed, func(origin string) bool { return origin == "escalation" }) {
		t.Errorf("at once leave %v", climbed)
	}
}
