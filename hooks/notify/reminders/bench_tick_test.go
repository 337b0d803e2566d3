package reminders_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/digest"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
)

const due = 10_000

// morning is a hub with many tasks that are due today, planned the night before.
func morning(b testing.TB, tasks int) (*post, time.Time) {
	b.Helper()
	p := newPost(b)
	crowd(p.World, tasks)
	if _, err := p.App.DB().NewQuery("UPDATE tasks SET due_on = '2026-12-10'").Execute(); err != nil {
		b.Fatal(err)
	}
	night := p.stand("2026-12-10 00:30")
	if err := reminders.ReconcileAll(context.Background(), p.App, night); err != nil {
		b.Fatal(err)
	}
	return p, p.stand("2026-12-10 08:00")
}

// statements adds up how long the database works on what it is asked; commits
// come on top.
func statements(b *testing.B, app core.App, run func()) time.Duration {
	b.Helper()
	var total time.Duration
	for _, pool := range []dbx.Builder{app.NonconcurrentDB(), app.ConcurrentDB()} {
		db := pool.(*dbx.DB)
		db.QueryLogFunc = func(_ context.Context, took time.Duration, _ string, _ *sql.Rows, _ error) { total += took }
		db.ExecLogFunc = func(_ context.Context, took time.Duration, _ string, _ sql.Result, _ error) { total += took }
		defer func() { db.QueryLogFunc, db.ExecLogFunc = nil, nil }()
	}
	run()
	return total
}

// BenchmarkTick10000Told folds as many messages to one person into the one that
// tells them, apart from the three that leave by themselves.
func BenchmarkTick10000Told(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		p, now := morning(b, due)
		b.StartTimer()
		tally, err := p.sender.ProcessDue(context.Background(), now)
		if err != nil || tally[outbox.StateSent] != 4 {
			b.Fatalf("%v, %v", tally, err)
		}
	}
}

// BenchmarkTick10000Due sends the messages about 10,000 real tasks that are due at
// once: every one asked anew whether it is wanted, over one connection.
func BenchmarkTick10000Due(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		p, now := morning(b, due)
		// What is mandatory is neither counted nor told by another message.
		p.change(p.rule("task_due", 0), "mandatory", true)
		begin := spent(b)
		b.StartTimer()
		from := time.Now()
		var tally outbox.Tally
		worked := statements(b, p.App, func() {
			var err error
			if tally, err = p.sender.ProcessDue(context.Background(), now); err != nil {
				b.Fatal(err)
			}
		})
		took := time.Since(from)
		if tally[outbox.StateSent] != due || len(p.office.Letters()) != due {
			b.Fatalf("%v, %d arrived", tally, len(p.office.Letters()))
		}
		b.ReportMetric(due/took.Seconds(), "mails/s")
		b.ReportMetric((spent(b)-begin)*1000/due, "cpu-ms/mail")
		b.ReportMetric(float64(worked.Microseconds())/1000/due, "db-ms/mail")
	}
}

// BenchmarkWanted is the question put to each message before it leaves.
func BenchmarkWanted(b *testing.B) {
	p, now := morning(b, 100)
	var d outbox.Delivery
	if err := p.App.DB().NewQuery("SELECT * FROM deliveries WHERE kind = 'task_due' LIMIT 1").One(&d); err != nil {
		b.Fatal(err)
	}
	ask := digest.Kinds()["task_due"].Wanted
	err := p.App.RunInTransaction(func(tx core.App) error {
		cpu(b, func(int) {
			if _, reason, err := ask(tx, d, now); err != nil || reason != "" {
				b.Fatalf("%s, %v", reason, err)
			}
		})
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkPlanAll is the night of a hub with 2,000 open tasks, when nothing changed.
func BenchmarkPlanAll(b *testing.B) {
	p := newPost(b)
	crowd(p.World, 2000)
	now := p.stand("2026-11-23 09:00")
	for range 2 {
		if err := reminders.ReconcileAll(context.Background(), p.App, now); err != nil {
			b.Fatal(err)
		}
	}
	cpu(b, func(int) {
		if err := reminders.ReconcileAll(context.Background(), p.App, now); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkDaily1000 sends a thousand daily messages that tell three tasks each.
func BenchmarkDaily1000(b *testing.B) {
	const people, each = 1000, 3
	for b.Loop() {
		b.StopTimer()
		p, now := morning(b, people*each)
		p.rewrite("UPDATE reminder_rules SET digest = TRUE")
		p.rewrite("DELETE FROM deliveries WHERE kind != 'task_due' OR due_at != '2026-12-10 01:00:00.000Z' OR email != 'partner@example.org'")
		p.rewrite("UPDATE deliveries SET email = 'mitra' || (CAST(SUBSTR(subject_id, 2) AS INTEGER) / 3) || '@example.org', user = ''")
		begin := spent(b)
		b.StartTimer()
		tally, err := p.sender.ProcessDue(context.Background(), now)
		if err != nil || tally[outbox.StateSent] < people {
			b.Fatalf("%v, %v", tally, err)
		}
		b.ReportMetric(spent(b)-begin, "cpu-s/op")
	}
}
