package reminders_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

// The hub of these tests is off from the one to the other, for twelve days.
const (
	offFrom  = "2026-11-30 09:00"
	offUntil = "2026-12-12 09:00"
)

// longWork are tasks due before, within and after the twelve days; who is late hears every two days.
func longWork(t testing.TB) *post {
	t.Helper()
	p := newPost(t)
	p.summaries = true
	p.stand("2026-11-29 09:00")
	p.change(p.rule("task_overdue", 1), "repeat_every_days", 2, "repeat_max", 9, "useful_until", "+6")
	for _, due := range []string{"2026-11-20", "2026-11-27", "2026-12-01", "2026-12-04", "2026-12-08", "2026-12-11", "2026-12-20"} {
		task(p.World, due, "title", "Tugas "+due)
	}
	p.written("2026-11-29 02:00:00.000Z")
	planAll(t, p.World, p.stand(offFrom))
	p.tick(offFrom)
	return p
}

// written gives tasks and rules the moment at which they were made and changed.
func (p *post) written(at string) {
	p.Helper()
	p.rewrite("UPDATE tasks SET created = '" + at + "', updated = '" + at + "'")
	p.rewrite("UPDATE reminder_rules SET created = '" + at + "', updated = '" + at + "'")
}

// dueIn are the messages about tasks that were due in a span of time, by what they are, with what became of each.
func dueIn(p *post, from, until string) map[string]string {
	p.Helper()
	var rows []struct {
		Message string `db:"letter"`
		Came    string `db:"came"`
	}
	err := p.App.DB().NewQuery(`SELECT k.title || ' ' || d.kind || ' ' || d.anchor_at || d.origin || d.step || ' ' || d.email || ' ' || d.due_at AS letter,
		CASE d.state WHEN 'digested' THEN 'told ' || COALESCE(t.state, 'by none') ELSE TRIM(d.state || ' ' || d.reason) END AS came
		FROM deliveries d JOIN tasks k ON k.id = d.subject_id LEFT JOIN deliveries t ON t.id = d.digest_id AND d.state = 'digested'
		WHERE d.due_at > {:from} AND d.due_at <= {:until}`).Bind(dbx.Params{"from": stored(p, from), "until": stored(p, until)}).All(&rows)
	if err != nil {
		p.Fatal(err)
	}
	found := map[string]string{}
	for _, row := range rows {
		if found[row.Message] != "" {
			p.Errorf("%s stands in the ledger twice", row.Message)
		}
		found[row.Message] = row.Came
	}
	return found
}

// wakes is a hub that is switched on again: the first ticks, and those of the next morning.
func (p *post) wakes() (bodies []string) {
	p.Helper()
	p.stand(offUntil)
	pending(p)
	for _, at := range []string{offUntil, "2026-12-12 09:01", "2026-12-13 08:00", "2026-12-13 08:01"} {
		for _, l := range p.tick(at) {
			bodies = append(bodies, l.Header("Subject")+"\n"+text(l))
		}
	}
	return bodies
}

func TestAfterTwelveDaysOffEveryMessageOfAHubThatWasOnIsSentToldOrSummedUp(t *testing.T) {
	on := longWork(t)
	on.through(offFrom, offUntil, "", time.Hour)
	want := dueIn(on, offFrom, offUntil)
	for letter, came := range want {
		if came != "sent" && came != "told sent" {
			t.Errorf("with a hub that was on, %s is %s", letter, came)
		}
	}
	p := longWork(t)
	before := len(dueIn(p, offFrom, offUntil))
	bodies := p.wakes()
	got, ways := dueIn(p, offFrom, offUntil), map[string]int{}
	for letter, came := range got {
		ways[came]++
		if came != "sent" && came != "told sent" && came != "skipped stale" {
			t.Errorf("%s is %s", letter, came)
		}
	}
	if a, b := slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got)); !slices.Equal(a, b) {
		t.Errorf("a hub that was on wrote\n%s\none that was off\n%s", strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
	if before >= len(got) || ways["sent"]+ways["told sent"] == 0 || ways["skipped stale"] == 0 {
		t.Errorf("%d letters stood there before, %d afterwards: %v", before, len(got), ways)
	}
	late, summaries := 0, []string{}
	for _, body := range bodies {
		if strings.Contains(body, "Email ini terlambat.") {
			late++
		}
		if subject, _, _ := strings.Cut(body, "\n"); strings.Contains(subject, "tidak terkirim") {
			summaries = append(summaries, subject)
		}
	}
	if late == 0 || len(summaries) != 1 || !strings.Contains(summaries[0], fmt.Sprint(ways["skipped stale"])) {
		t.Errorf("%d letters say that they are late, %d are lost, and the summaries say %v", late, ways["skipped stale"], summaries)
	}
}

func TestASecondStartAfterALongTimeOffChangesNothing(t *testing.T) {
	p := longWork(t)
	p.wakes()
	before := dueIn(p, offFrom, "2026-12-13 08:01")
	for _, at := range []string{"2026-12-13 08:02", "2026-12-13 08:03"} {
		planAll(t, p.World, p.stand(at))
		if left := p.tick(at); len(left) != 0 {
			t.Errorf("at %s %v", at, to(left))
		}
	}
	if after := dueIn(p, offFrom, "2026-12-13 08:01"); !maps.Equal(before, after) {
		t.Errorf("%v became %v", before, after)
	}
}

// earliest is when the first message was due that the long time off had kept from being written.
func earliest(p *post, title string) string {
	p.Helper()
	var due string
	err := p.App.DB().NewQuery(`SELECT COALESCE(MIN(d.due_at), '') FROM deliveries d JOIN tasks k ON k.id = d.subject_id
		WHERE k.title = {:title} AND d.created >= {:at}`).Bind(dbx.Params{"title": title, "at": stored(p, offUntil)}).Row(&due)
	if err != nil {
		p.Fatal(err)
	}
	return due
}

func TestWhatChangedSinceMakesUpNoMessagesOfThePast(t *testing.T) {
	const title, changed = "Tugas 2026-12-04", "2026-12-10 12:00"
	for name, c := range map[string]struct {
		happens func(p *post)
		from    string // the first message that is written when the hub is on again
	}{
		"nothing": {func(*post) {}, "2026-12-09 08:00"},
		"its day": {func(p *post) { p.rewrite("UPDATE tasks SET updated = '" + stored(p, changed) + "'") }, "2026-12-11 08:00"},
		"a rule":  {func(p *post) { p.rewrite("UPDATE reminder_rules SET updated = '" + stored(p, changed) + "'") }, "2026-12-11 08:00"},
		"both, by a clock that was ahead": {func(p *post) { p.written("2027-12-10 05:00:00.000Z") },
			"2026-12-09 08:00"},
		"it is new":                        {func(p *post) { p.written(stored(p, offUntil)) }, "2026-12-13 08:00"},
		"nobody knows when it was planned": {func(p *post) { p.rewrite("UPDATE hub_settings SET planned_at = ''") }, "2026-12-13 08:00"},
		"it was planned yesterday": {func(p *post) {
			p.rewrite("UPDATE hub_settings SET planned_at = '" + stored(p, "2026-12-11 09:00") + "'")
		},
			"2026-12-13 08:00"},
		"the hub is a restored one": {func(p *post) {
			p.rewrite("UPDATE hub_settings SET mail_held = TRUE, mail_held_reason = 'restored'")
		}, "2026-12-13 08:00"},
		"the hub is a copy":          {func(p *post) { p.rewrite("UPDATE hub_settings SET mail_held = TRUE, mail_held_reason = 'copied'") }, "2026-12-13 08:00"},
		"somebody holds all letters": {func(p *post) { p.rewrite("UPDATE hub_settings SET mail_held = TRUE") }, "2026-12-09 08:00"},
	} {
		t.Run(name, func(t *testing.T) {
			p := longWork(t)
			c.happens(p)
			planAll(t, p.World, p.stand(offUntil))
			if got, want := earliest(p, title), stored(p, c.from); got != want {
				t.Errorf("the first letter that is written is due %q, want %q", got, want)
			}
		})
	}
}

func TestARestoredHubWritesNoMessagesOfThePastOnceItIsReleasedEither(t *testing.T) {
	p := longWork(t)
	p.rewrite("UPDATE hub_settings SET mail_held = TRUE, mail_held_reason = 'restored'")
	planAll(t, p.World, p.stand(offUntil))
	p.rewrite("UPDATE hub_settings SET mail_held = FALSE, mail_held_reason = ''")
	planAll(t, p.World, p.stand("2026-12-12 09:30"))
	if got, want := earliest(p, "Tugas 2026-12-04"), stored(p, "2026-12-13 08:00"); got != want {
		t.Errorf("the first letter that is written is due %q, want %q", got, want)
	}
}

// A summary looks thirty days back; what is older is told by none and stays unwritten.
func TestWhatNoSummaryTellsOfIsNotWritten(t *testing.T) {
	p := longWork(t)
	p.change(p.rule("task_overdue", 1), "repeat_max", 40)
	p.written("2026-11-29 02:00:00.000Z")
	now := p.stand("2027-01-20 09:00")
	planAll(t, p.World, now)
	got, err := time.Parse("2006-01-02 15:04:05.000Z", earliest(p, "Tugas 2026-12-11"))
	if since := now.Add(-30 * 24 * time.Hour); err != nil || !got.After(since) || got.After(since.Add(3*24*time.Hour)) {
		t.Errorf("the first letter that is written is due %s, %v", got, err)
	}
}

// One that was off for a week or less had everything written, and its first tick plans nothing.
func TestOnlyALongTimeOffIsFollowedWithTheFirstTick(t *testing.T) {
	for at, planned := range map[string]bool{"2026-12-06 09:00": false, offUntil: true} {
		p := longWork(t)
		p.stand(at)
		before := p.Count("deliveries")
		pending(p)
		if more := p.Count("deliveries") > before; more != planned {
			t.Errorf("the first tick at %s plans: %v", at, more)
		}
		p.rewrite("DELETE FROM deliveries")
		if pending(p); p.Count("deliveries") != 0 {
			t.Errorf("the second tick at %s plans as well", at)
		}
	}
}
