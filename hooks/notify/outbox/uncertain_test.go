package outbox

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

func TestProcessDue_Uncertain_ResendsTheSameBytes(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{".": drop})
	w.connectTo("127.0.0.1", p.port)
	l := letter(1)
	w.queue(l)
	w.flush(monday)
	d := w.expect(l, StateUncertain, "")
	if wait := d.NextAttemptAt.Time().Sub(monday); wait < secondTry || wait > secondTry+time.Second {
		t.Errorf("the second try comes after %v", wait)
	}
	// Whatever changes meanwhile, the second copy is the first.
	w.said.Subject, w.said.Email = "Sudah lain", "lain@example.org"
	w.flush(monday.Add(9 * time.Minute))
	w.expect(l, StateUncertain, "")
	p.change(nil)
	w.flush(monday.Add(11 * time.Minute))
	if d = w.expect(l, StateSent, ""); d.Message != "" {
		t.Error("a sent row keeps its message")
	}
	copies := p.copies()
	if len(copies) != 2 || copies[0] != copies[1] {
		t.Errorf("%d copies, equal: %v", len(copies), len(copies) == 2 && copies[0] == copies[1])
	}
}

func TestProcessDue_UncertainTwice_IsFinal(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{".": drop})
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1))
	for _, minutes := range []time.Duration{0, 11, 22, 33, 600} {
		w.flush(monday.Add(minutes * time.Minute))
	}
	w.expect(letter(1), StateUncertain, ReasonTwiceUnclear)
	if n := len(p.copies()); n != 2 {
		t.Errorf("%d copies left the hub", n)
	}
}

func TestProcessDue_ResendDeferred_IsRepeated(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{".": drop})
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1))
	w.flush(monday)
	p.change(script{"RCPT": "450 4.2.1 later"})
	w.flush(monday.Add(11 * time.Minute))
	d := w.expect(letter(1), StateUncertain, "")
	p.change(script{"greet": "421 4.3.2 closed"})
	next := d.NextAttemptAt.Time().Add(time.Second)
	w.flush(next)
	w.expect(letter(1), StateUncertain, DeferredBySMTP)
	p.change(nil)
	w.flush(next.Add(2 * time.Minute))
	w.expect(letter(1), StateSent, "")
	if copies := p.copies(); len(copies) != 2 || copies[0] != copies[1] {
		t.Errorf("%d copies", len(copies))
	}
}

func TestProcessDue_ResendRejected_StaysUncertain(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{".": drop})
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1))
	w.flush(monday)
	p.change(script{"RCPT": "550 5.7.1 no"})
	w.flush(monday.Add(11 * time.Minute))
	w.flush(monday.Add(time.Hour))
	w.expect(letter(1), StateUncertain, ReasonTwiceUnclear)
	if n := len(p.copies()); n != 1 {
		t.Errorf("%d copies", n)
	}
}

func TestProcessDue_ResendNotWanted_StaysUncertain(t *testing.T) {
	for reason, later := range map[string]time.Duration{ReasonDone: 11 * time.Minute, ReasonStale: 25 * time.Hour} {
		t.Run(reason, func(t *testing.T) {
			w := newWorld(t)
			p := newPeer(t, script{".": drop})
			w.connectTo("127.0.0.1", p.port)
			w.queue(letter(1))
			w.flush(monday)
			w.whyNot = reason
			w.flush(monday.Add(later))
			w.flush(monday.Add(later + time.Hour))
			w.expect(letter(1), StateUncertain, reason)
			if n := len(p.copies()); n != 1 {
				t.Errorf("%d copies", n)
			}
		})
	}
}

// stored is a finished message as a claim leaves it on a row.
const stored = "From: <hub@hub.example.org>\r\nTo: <mitra1@example.org>\r\nMessage-ID: <a@hub.example.org>\r\nSubject: S\r\n\r\n.T\r\n"

// crashed writes a row as a dead sender leaves it.
func (w *world) crashed(l Message, resends int) {
	w.Helper()
	w.queue(l)
	check(w, w.set(l.identity(), dbx.Params{"state": StateSending, "resend_count": resends, "attempts": 1, "message_id": "a@hub.example.org",
		"subject": "S", "message": stored, "leased_until_at": Stamp(monday.Add(leaseFor))}))
}

func TestProcessDue_LeaseLost_ResendsOnce(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.crashed(letter(1), 0)
	w.flush(monday.Add(9 * time.Minute))
	w.expect(letter(1), StateSending, "")
	w.flush(monday.Add(11 * time.Minute))
	w.expect(letter(1), StateSent, "")
	if got := o.got(); len(got) != 1 || string(got[0].body) != stored {
		t.Errorf("arrived: %v", got)
	}
}

func TestProcessDue_LeaseLostTwice_StaysUncertain(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.crashed(letter(1), 1)
	tally := w.flush(monday.Add(11 * time.Minute))
	d := w.expect(letter(1), StateUncertain, ReasonTwiceUnclear)
	if len(o.got()) != 0 || tally[StateUncertain] != 1 || d.Message != "" {
		t.Errorf("%d letters, tally %v, message %q", len(o.got()), tally, d.Message)
	}
}

// A server that closes a connection it finds idle costs an attempt and nothing else: the message surely did not arrive.
func TestProcessDue_IdleConnectionClosed_Retries(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{})
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1))
	w.flush(monday)
	p.mu.Lock()
	for _, conn := range p.conns {
		check(t, conn.Close())
	}
	p.mu.Unlock()
	w.queue(letter(2))
	w.flush(monday.Add(10 * time.Second))
	if d := w.expect(letter(2), StateRetry, ""); d.Attempts != 1 || d.LastError == "" {
		t.Errorf("after %d attempts: %q", d.Attempts, d.LastError)
	}
	w.flush(monday.Add(2 * time.Minute))
	w.expect(letter(2), StateSent, "")
	if n := len(p.copies()); n != 2 {
		t.Errorf("%d letters arrived", n)
	}
}
