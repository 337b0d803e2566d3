package outbox

import (
	"testing"
	"time"
)

// A message is of no use from the very moment on until which it was useful.
func TestProcessDue_UsefulUntil_IsExclusive(t *testing.T) {
	for name, c := range map[string]struct {
		until, notBefore time.Time
		state, reason    string
	}{
		"useful for one more second":  {monday.Add(time.Minute), time.Time{}, StateSent, ""},
		"useful until now":            {monday, time.Time{}, StateSkipped, ReasonStale},
		"may leave while it helps":    {monday.Add(time.Hour), monday.Add(time.Hour - time.Second), StateRetry, ReasonHoliday},
		"may leave when it is no use": {monday.Add(time.Hour), monday.Add(time.Hour), StateSkipped, ReasonHoliday},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := newOffice(t)
			w.connectTo("127.0.0.1", o.port)
			w.said.NotBefore, w.said.Because = c.notBefore, ReasonHoliday
			l := letter(1)
			l.DueAt, l.UsefulUntil = monday.Add(-time.Hour), c.until
			w.queue(l)
			w.flush(monday)
			w.expect(l, c.state, c.reason)
		})
	}
}

// Whether a useless message failed or was only skipped hangs on whether the server ever refused it.
func TestProcessDue_ExpiredAfterAttempts_Fails(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{"RCPT": "450 4.2.1 later"})
	w.connectTo("127.0.0.1", p.port)
	tried, waited := letter(1), letter(2)
	waited.DueAt = monday.Add(2 * time.Minute)
	w.queue(tried, waited)
	w.flush(monday)
	w.connectTo("127.0.0.1", 1) // and then it was gone
	w.flush(monday.Add(20 * time.Minute))
	w.flush(monday.Add(25 * time.Hour))
	w.expect(tried, StateFailed, ReasonStale)
	w.expect(waited, StateSkipped, ReasonStale)
}

// The same holds when its use ends between the sorting of a round and its own turn.
func TestProcessDue_ExpiresDuringTheRound_IsNotSent(t *testing.T) {
	for attempts, state := range map[string]string{"0": StateSkipped, "1": StateFailed} {
		w := newWorld(t)
		l := letter(1)
		w.queue(l)
		w.run("UPDATE deliveries SET state = 'retry', attempts = " + attempts)
		claimed, got, err := w.sender.claim(w.row(l).ID, l.UsefulUntil.Add(time.Second))
		check(t, err)
		if claimed != nil || got != state {
			t.Errorf("after %s attempts it is claimed: %v, and %s", attempts, claimed != nil, got)
		}
		w.expect(l, state, ReasonStale)
	}
}
