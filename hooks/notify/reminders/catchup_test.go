package reminders_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// missedIn are the messages that were due in a span of time, by key, with what became of each.
func missedIn(p *post, from, until string) map[string]string {
	p.Helper()
	var rows []struct {
		Key  string `db:"key"`
		Kind string `db:"kind"`
		Came string `db:"came"`
	}
	err := p.App.DB().NewQuery(`SELECT d.key, d.kind, CASE d.state WHEN 'digested' THEN 'told ' || COALESCE(t.state, 'by none') ELSE TRIM(d.state || ' ' || d.reason) END AS came
		FROM deliveries d LEFT JOIN deliveries t ON t.id = d.digest_id
		WHERE d.due_at > {:from} AND d.due_at <= {:until} AND d.kind NOT IN ('digest', 'expired_summary')`).
		Bind(dbx.Params{"from": stored(p, from), "until": stored(p, until)}).All(&rows)
	if err != nil {
		p.Fatal(err)
	}
	found := map[string]string{}
	for _, row := range rows {
		if found[row.Key] != "" {
			p.Errorf("%s stands in the ledger twice", row.Key)
		}
		found[row.Key] = row.Kind + ": " + row.Came
	}
	return found
}

// work is what a programme has going on in a week of December.
func work(p *post) (duties []*core.Record) {
	p.Helper()
	for day := 6; day <= 14; day++ {
		duties = append(duties, task(p.World, fmt.Sprintf("2026-12-%02d", day), "title", fmt.Sprintf("Tugas %d", day)))
	}
	duties = append(duties, called(p), milestone(p, "2026-12-09"), milestone(p, "2026-12-16"),
		gift(p, "submitted_at", stored(p, "2026-12-06 09:00"), "given_on", "2026-12-06"))
	return duties
}

// A hub that is killed for three days leaves nothing open: each message that was
// due meanwhile is sent late, told by the daily message, or put aside as stale and summed up.
func TestAfterThreeDaysOffEachMessageEndsInExactlyOneWay(t *testing.T) {
	const from, until = "2026-12-07 09:00", "2026-12-10 09:00"
	p := newPost(t)
	p.summaries = true
	folding(p, "task_overdue")
	p.stand("2026-12-05 09:00")
	duties := work(p)
	for _, at := range []string{"2026-12-06 08:00", "2026-12-07 08:00", from} {
		planAll(p, p.World, p.stand(at))
		p.tick(at)
	}
	before := missedIn(p, from, until)
	if len(before) < 15 {
		t.Fatalf("only %d letters are due in three days", len(before))
	}
	p.sender.Close()
	p.sender = anotherSender(p)
	planAll(p, p.World, p.stand(until))
	messages := []testkit.Post{}
	for _, at := range []string{until, "2026-12-10 09:01", "2026-12-10 12:00", "2026-12-11 08:00", "2026-12-11 08:01"} {
		messages = append(messages, p.tick(at)...)
	}
	after := missedIn(p, from, until)
	ways := map[string]int{}
	for key := range before {
		_, way, _ := strings.Cut(after[key], ": ")
		ways[way]++
		switch way {
		case "sent", "told sent", "skipped stale", "skipped done":
		default:
			t.Errorf("a letter is %q, before the hub was off %q", after[key], before[key])
		}
	}
	if len(after) != len(before) || ways["sent"]+ways["told sent"] == 0 || ways["skipped stale"] == 0 {
		t.Errorf("%d letters became %d: %v", len(before), len(after), ways)
	}
	told := map[string]int{}
	summaries := 0
	for _, l := range messages {
		for _, duty := range duties {
			if strings.Contains(text(l), duty.Id) {
				told[l.To+" "+duty.Id]++
			}
		}
		if strings.Contains(l.Header("Subject"), "tidak terkirim") {
			summaries++
			if !strings.Contains(l.Header("Subject"), fmt.Sprint(ways["skipped stale"])) {
				t.Errorf("%d letters are stale, the summary says %s", ways["skipped stale"], l.Header("Subject"))
			}
		}
	}
	if summaries != 1 {
		t.Errorf("%d summaries to the one who leads the programme", summaries)
	}
	for who, n := range told {
		email, duty, _ := strings.Cut(who, " ")
		most, err := p.App.CountRecords("deliveries", dbx.HashExp{"email": email, "subject_id": duty}, dbx.In("state", "sent", "digested"))
		if err != nil || int64(n) > most {
			t.Errorf("%s is told %d times of what stands in the ledger %d times, %v", who, n, most, err)
		}
	}
	t.Logf("%d letters were due in three days: %v", len(before), ways)
}

// The same three days with a hub that was on, as a check of the test itself: nothing is stale then.
func TestInThreeOrdinaryDaysNothingIsStale(t *testing.T) {
	p := newPost(t)
	folding(p, "task_overdue")
	p.stand("2026-12-05 09:00")
	work(p)
	p.through("2026-12-06 08:00", "2026-12-10 09:00", "", 30*time.Minute)
	for _, came := range missedIn(p, "2026-12-07 09:00", "2026-12-10 08:30") {
		if !strings.HasSuffix(came, "sent") {
			t.Errorf("a letter is %s", came)
		}
	}
}
