package outbox

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/notify/smtp"
)

// jumps are what people and time servers do to a wall clock, in the order in which it happens to one hub.
var jumps = []struct {
	name string
	by   time.Duration
}{
	{"an hour back", -time.Hour}, {"an hour forward", time.Hour}, {"three days forward", 72 * time.Hour},
	{"three days back", -72 * time.Hour}, {"ten minutes back while letters leave", -10 * time.Minute},
}

// The hub ticks every half minute of real time whatever the wall clock says; each tick is told what it says.
func TestProcessDue_ClockJumps_DoublesAndLosesNothing(t *testing.T) {
	for _, jump := range jumps {
		t.Run(jump.name, func(t *testing.T) {
			w := newWorld(t)
			wall := monday
			o := newOffice(t, func(o *office) {
				o.onMessage = func(n int) {
					if n == 3 {
						wall = wall.Add(jump.by)
					}
				}
			})
			w.connectTo("127.0.0.1", o.port)
			for i := range 6 {
				l := letter(i)
				l.UsefulUntil = monday.Add(30 * 24 * time.Hour)
				w.queue(l)
			}
			// One tick for the messages of before, the jump in its middle, then one for a message that comes due after it.
			tick := func() {
				if _, err := w.sender.ProcessDue(context.Background(), wall); err != nil {
					t.Fatal(err)
				}
				wall = wall.Add(30 * time.Second)
			}
			tick()
			next := letter(9)
			next.DueAt, next.UsefulUntil = wall.Add(20*time.Second), wall.Add(24*time.Hour)
			w.queue(next)
			tick()
			tick()
			w.expect(next, StateSent, "")
			for range 5 {
				tick()
			}
			copies := map[string]int{}
			for _, a := range o.got() {
				copies[a.to]++
			}
			for address, n := range copies {
				if n > 1 {
					t.Errorf("%d copies to %s", n, address)
				}
			}
			if jump.by > 0 && len(copies) != 7 {
				t.Errorf("%d of 7 letters left", len(copies))
			}
		})
	}
}

// What was put off by a clock that ran ahead does not wait until the right clock gets there.
func TestProcessDue_ClockSetBack_RetriesSoon(t *testing.T) {
	ahead := monday.Add(72 * time.Hour)
	for name, leave := range map[string]func(w *world) (state string){
		"a refused letter": func(w *world) string {
			p := newPeer(w, script{"RCPT": "450 4.2.1 later"})
			w.connectTo("127.0.0.1", p.port)
			w.flush(ahead)
			p.change(nil)
			return StateRetry
		},
		"a letter that may have arrived": func(w *world) string {
			p := newPeer(w, script{".": drop})
			w.connectTo("127.0.0.1", p.port)
			w.flush(ahead)
			p.change(nil)
			return StateUncertain
		},
		"a mail server that was away": func(w *world) string {
			w.connectTo("127.0.0.1", 1)
			w.flush(ahead)
			p := newPeer(w, script{})
			w.connectTo("127.0.0.1", p.port)
			// As if it had been this server, because other settings are tried at once.
			w.sender.breaker = smtp.Breaker{}.Trip(ahead, w.Settings().SMTP, smtp.TransportError{Reason: smtp.FaultRefused, Err: syscall.ECONNREFUSED})
			return StateRetry
		},
		"a letter left by a crash": func(w *world) string {
			p := newPeer(w, script{})
			w.connectTo("127.0.0.1", p.port)
			check(w, w.set(letter(1).identity(), dbx.Params{"state": StateSending, "attempts": 1, "message_id": "a@hub.example.org",
				"message": stored, "leased_until_at": Stamp(ahead.Add(leaseFor))}))
			return StateSending
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			l := letter(1)
			l.UsefulUntil = monday.Add(30 * 24 * time.Hour)
			w.queue(l)
			if state, got := leave(w), w.row(l).State; got != state {
				t.Fatalf("the letter is %s, expected %s", got, state)
			}
			for i := range 3 {
				w.flush(monday.Add(time.Duration(i) * 30 * time.Second))
			}
			w.expect(l, StateSent, "")
		})
	}
}

func TestProcessDue_Snoozed_Waits(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	l := letter(1)
	l.UsefulUntil = monday.Add(30 * 24 * time.Hour)
	w.queue(l)
	w.said.NotBefore, w.said.Because = monday.Add(5*24*time.Hour), ReasonHoliday
	for i := range 3 {
		w.flush(monday.Add(time.Duration(i) * time.Hour))
	}
	w.expect(l, StateRetry, ReasonHoliday)
	if len(o.got()) != 0 {
		t.Error("the letter left on the holiday")
	}
}
