package outbox

import (
	"context"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const crowd = 10_000

// BenchmarkTick10000 sends 10,000 messages due at once to a server in this process.
func BenchmarkTick10000(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b)
		o := newOffice(b)
		w.connectTo("127.0.0.1", o.port)
		all := make([]Message, crowd)
		for i := range all {
			all[i] = letter(i)
		}
		w.queue(all...)
		b.StartTimer()
		begin := time.Now()
		tally, err := w.sender.ProcessDue(context.Background(), monday)
		took := time.Since(begin)
		if err != nil || tally[StateSent] != crowd || len(o.got()) != crowd {
			b.Fatalf("%v, %v, %d arrived", err, tally, len(o.got()))
		}
		b.ReportMetric(crowd/took.Seconds(), "mails/s")
		b.ReportMetric(float64(took.Microseconds())/crowd, "µs/mail")
	}
}

// BenchmarkTwoCommits is the least a message may cost: two durable changes of its row, and no message.
func BenchmarkTwoCommits(b *testing.B) {
	w := newWorld(b)
	w.queue(letter(1))
	id := w.rows()[0].ID
	for b.Loop() {
		for _, state := range []string{StateSending, StateSent} {
			check(b, w.RunInTransaction(func(tx core.App) error { return updateRow(tx, id, monday, dbx.Params{"state": state}) }))
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}

// BenchmarkFlush compares sending with the least it may cost, in turns, so that a busy machine hinders both alike. The book
// is kept as a hub keeps it.
func BenchmarkFlush(b *testing.B) {
	const part = 500
	var sending, least time.Duration
	w := newWorld(b)
	o := newOffice(b)
	w.connectTo("127.0.0.1", o.port)
	_, err := w.sender.OpenSentLog(w.DataDir() + ".sent")
	check(b, err)
	for n := 0; b.Loop(); n++ {
		all := make([]Message, part)
		for i := range all {
			all[i] = letter(n*part + i)
		}
		w.queue(all...)
		begin := time.Now()
		if tally := w.flush(monday); tally[StateSent] != part {
			b.Fatal(tally)
		}
		sending += time.Since(begin)
		id := w.rows()[0].ID
		begin = time.Now()
		for range part {
			for _, state := range []string{StateSending, StateSent} {
				check(b, w.RunInTransaction(func(tx core.App) error { return updateRow(tx, id, monday, dbx.Params{"state": state}) }))
			}
		}
		least += time.Since(begin)
	}
	b.ReportMetric(float64(b.N*part)/sending.Seconds(), "mails/s")
	b.ReportMetric(least.Seconds()/sending.Seconds(), "of-two-commits")
}

// BenchmarkIdleTick is what a tick costs when nothing is due and the ledger holds 10,000 old messages.
func BenchmarkIdleTick(b *testing.B) {
	w := newWorld(b)
	o := newOffice(b)
	w.connectTo("127.0.0.1", o.port)
	all := make([]Message, crowd)
	for i := range all {
		all[i] = letter(i)
	}
	w.queue(all...)
	w.run("UPDATE deliveries SET state = 'sent'")
	for b.Loop() {
		w.flush(monday)
	}
}
