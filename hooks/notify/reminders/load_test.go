package reminders_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/outbox"
)

// a12Letters are fewer than the ten thousand that the benchmark sends: enough to
// fill many connections and to ask for many pages meanwhile.
const a12Messages = 600

const tasksPage = "/programmes/kopi/tasks"

// crowded is a hub with as many messages due at this moment, each leaving by itself.
func crowded(t testing.TB, messages int) (*post, time.Time) {
	t.Helper()
	p, now := morning(t, messages)
	p.change(p.rule("task_due", 0), "mandatory", true) // neither counted nor told by another message
	return p, now
}

// meanwhile asks again and again while something goes on, and returns how long each answer took.
func meanwhile(goesOn <-chan struct{}, pause time.Duration, ask func()) (took []time.Duration) {
	for {
		begin := time.Now()
		ask()
		took = append(took, time.Since(begin))
		select {
		case <-goesOn:
			return took
		case <-time.After(pause):
		}
	}
}

func TestA12PagesAnswerWhileMessagesLeaveOverConnectionsOfFifty(t *testing.T) {
	p, now := crowded(t, a12Messages)
	reader := p.reader(p.Coordinator)
	done := make(chan struct{})
	var tally outbox.Tally
	var failed error
	go func() {
		defer close(done)
		tally, failed = p.sender.ProcessDue(context.Background(), now)
	}()
	pages := meanwhile(done, 5*time.Millisecond, func() { reader.Get(tasksPage).Want(http.StatusOK) })
	if failed != nil || tally[outbox.StateSent] != a12Messages {
		t.Errorf("%v, %v", tally, failed)
	}
	if len(pages) < 3 {
		t.Errorf("only %d pages came while %d letters left", len(pages), a12Messages)
	}
	about, connections := map[string]int{}, map[int]int{}
	for _, l := range p.office.Letters() {
		about[l.Header("Message-Id")]++
		connections[l.Session]++
	}
	if len(about) != a12Messages || len(p.office.Letters()) != a12Messages {
		t.Errorf("%d letters arrived, %d different ones", len(p.office.Letters()), len(about))
	}
	for session, n := range connections {
		if n > 50 {
			t.Errorf("connection %d carried %d letters", session, n)
		}
	}
	t.Logf("%d letters over %d connections, %d pages meanwhile", a12Messages, len(connections), len(pages))
}

// BenchmarkA12TenThousandDueAtOnce sends ten thousand messages while somebody
// reads pages and somebody else saves. It reports what the tick takes of the
// database before its first message, how long saves wait for it (how long it holds
// the database, seen from outside), and pages beside those of a quiet hub.
func BenchmarkA12TenThousandDueAtOnce(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		p, now := crowded(b, due)
		reader := p.reader(p.Coordinator)
		quiet := meanwhile(after(5*time.Second), 20*time.Millisecond, func() { reader.Get(tasksPage).Want(http.StatusOK) })
		var once sync.Once
		var first time.Duration
		b.StartTimer()
		begin, done := time.Now(), make(chan struct{})
		p.office.Heard = func(int) { once.Do(func() { first = time.Since(begin) }) }
		var busy, waits []time.Duration
		var all sync.WaitGroup
		all.Go(func() {
			busy = meanwhile(done, 20*time.Millisecond, func() { reader.Get(tasksPage).Want(http.StatusOK) })
		})
		all.Go(func() { waits = meanwhile(done, 20*time.Millisecond, func() { touch(b, p) }) })
		if tally, err := p.sender.ProcessDue(context.Background(), now); err != nil || tally[outbox.StateSent] != due {
			b.Errorf("%v, %v", tally, err)
		}
		close(done)
		all.Wait()
		b.ReportMetric(float64(first.Milliseconds()), "first-letter-ms")
		b.ReportMetric(ms(quantile(waits, 0.99)), "save-p99-ms")
		b.ReportMetric(ms(quantile(waits, 1)), "save-longest-ms")
		b.ReportMetric(ms(quantile(quiet, 0.95)), "page-quiet-p95-ms")
		b.ReportMetric(ms(quantile(busy, 0.95)), "page-busy-p95-ms")
	}
}

// touch saves as little as somebody at the hub may: it waits for whoever has the database.
func touch(t testing.TB, p *post) {
	err := p.App.RunInTransaction(func(tx core.App) error {
		_, err := tx.DB().NewQuery("UPDATE programmes SET summary = summary WHERE id = {:id}").Bind(map[string]any{"id": p.Kopi.Id}).Execute()
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func after(d time.Duration) <-chan struct{} {
	done := make(chan struct{})
	time.AfterFunc(d, func() { close(done) })
	return done
}

func quantile(took []time.Duration, q float64) time.Duration {
	slices.Sort(took)
	return took[int(float64(len(took)-1)*q)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
