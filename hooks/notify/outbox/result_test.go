package outbox

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/smtp"
)

// provoked is one row of the table of faults.
type provoked struct {
	name     string
	script   script
	state    string
	reason   string
	attempts int
	channel  string // why the channel rests
	bounced  bool
	arrived  int // messages the server took up to their dot
}

var faults = []provoked{
	{name: "EOF at connect", script: script{"greet": drop}, state: StateRetry, reason: DeferredBySMTP, channel: smtp.FaultUnreachable},
	{name: "greeting never comes", script: script{"greet": hang}, state: StateRetry, reason: DeferredBySMTP, channel: smtp.FaultTimedOut},
	{name: "greeting 421", script: script{"greet": "421 4.3.2 too busy"}, state: StateRetry, reason: DeferredBySMTP, channel: smtp.FaultGreetingRefused},
	{name: "greeting 554", script: script{"greet": "554 5.7.1 go away"}, state: StateRetry, reason: DeferredBySMTP, channel: smtp.FaultGreetingRefused},
	{name: "AUTH 535", script: script{"AUTH": "535 5.7.8 wrong"}, state: StateRetry, reason: DeferredBySMTP, channel: smtp.FaultWrongPassword},
	{name: "no AUTH offered", script: script{"EHLO": "250 mail.example.org"}, state: StateRetry, reason: DeferredBySMTP, channel: smtp.FaultAuthMissing},
	{name: "MAIL 451", script: script{"MAIL": "451 4.3.0 later"}, state: StateRetry, attempts: 1},
	{name: "MAIL 550 refuses the sender", script: script{"MAIL": "550 5.7.1 not you"}, state: StateRetry, reason: DeferredBySMTP, channel: smtp.FaultSenderRefused},
	{name: "MAIL 5.1.8 is no bounce", script: script{"MAIL": "553 5.1.8 sender unknown"}, state: StateRetry, reason: DeferredBySMTP, channel: smtp.FaultSenderRefused},
	{name: "EOF at MAIL", script: script{"MAIL": drop}, state: StateRetry, attempts: 1},
	{name: "MAIL never answered", script: script{"MAIL": hang}, state: StateRetry, attempts: 1},
	{name: "RCPT 450", script: script{"RCPT": "450 4.2.1 greylisted"}, state: StateRetry, attempts: 1},
	{name: "RCPT 452", script: script{"RCPT": "452 4.5.3 too many"}, state: StateRetry, attempts: 1},
	{name: "RCPT 550 unknown mailbox", script: script{"RCPT": "550 5.1.1 no such user"}, state: StateFailed, reason: ReasonRefused, attempts: 1, bounced: true},
	{name: "RCPT 550 by policy", script: script{"RCPT": "550 5.7.1 not allowed"}, state: StateFailed, reason: ReasonRefused, attempts: 1},
	{name: "RCPT 5.1.7 speaks of the sender", script: script{"RCPT": "550 5.1.7 bad sender"}, state: StateFailed, reason: ReasonRefused, attempts: 1},
	{name: "RCPT 5.1.8 speaks of the sender", script: script{"RCPT": "550 5.1.8 bad sender"}, state: StateFailed, reason: ReasonRefused, attempts: 1},
	{name: "EOF at RCPT", script: script{"RCPT": drop}, state: StateRetry, attempts: 1},
	{name: "DATA 451", script: script{"DATA": "451 4.3.0 later"}, state: StateRetry, attempts: 1},
	{name: "DATA 554", script: script{"DATA": "554 5.5.1 no"}, state: StateFailed, reason: ReasonRefused, attempts: 1},
	{name: "EOF at DATA", script: script{"DATA": drop}, state: StateRetry, attempts: 1},
	{name: "dot 451", script: script{".": "451 4.3.0 disk full"}, state: StateRetry, attempts: 1, arrived: 1},
	{name: "dot 552", script: script{".": "552 5.3.4 too big"}, state: StateFailed, reason: ReasonRefused, attempts: 1, arrived: 1},
	{name: "dot 554", script: script{".": "554 5.7.1 spam"}, state: StateFailed, reason: ReasonRefused, attempts: 1, arrived: 1},
	{name: "drop in the middle of the body", script: script{"body": drop}, state: StateUncertain, attempts: 1},
	{name: "reset in the middle of the body", script: script{"body": rst}, state: StateUncertain, attempts: 1},
	{name: "drop after the dot", script: script{".": drop}, state: StateUncertain, attempts: 1, arrived: 1},
	{name: "reset after the dot", script: script{".": rst}, state: StateUncertain, attempts: 1, arrived: 1},
	{name: "no answer after the dot", script: script{".": hang}, state: StateUncertain, attempts: 1, arrived: 1},
	{name: "answer after the dot comes too late", script: script{".": slow}, state: StateUncertain, attempts: 1, arrived: 1},
	{name: "drop after 250", script: script{".": "250 2.0.0 queued|drop"}, state: StateSent, attempts: 1, arrived: 1},
	{name: "a reset that would be refused is never asked for", script: script{"RSET": "421 4.3.2 bye"}, state: StateSent, attempts: 1, arrived: 1},
	{name: "no fault", script: script{}, state: StateSent, attempts: 1, arrived: 1},
}

// A3.
func TestProcessDue_SMTPFaults_LeadToTheirState(t *testing.T) {
	for _, fault := range faults {
		t.Run(fault.name, func(t *testing.T) {
			w := newWorld(t)
			p := newPeer(t, fault.script)
			w.connectTo("127.0.0.1", p.port, func(s *core.SMTPConfig) { s.Username, s.Password = "hub", "secret" })
			if fault.silent() {
				w.sender.dial = smtp.Options{DialTimeout: time.Second, SendTimeout: time.Second}
			}
			w.queue(letter(1))
			w.flush(monday)
			fault.compare(w, p)
		})
	}
}

// silent reports whether the sender has to lose patience.
func (f provoked) silent() bool {
	for _, answer := range f.script {
		if answer == hang || answer == slow {
			return true
		}
	}
	return false
}

func (f provoked) compare(w *world, p *peer) {
	w.Helper()
	d := w.expect(letter(1), f.state, f.reason)
	if d.Attempts != f.attempts {
		w.Errorf("%d attempts counted, expected %d", d.Attempts, f.attempts)
	}
	if channel := w.sender.Channel().Reason; channel != f.channel {
		w.Errorf("the channel rests because of %q, expected %q", channel, f.channel)
	}
	if arrived := len(p.copies()); arrived != f.arrived {
		w.Errorf("the server took %d letters, expected %d", arrived, f.arrived)
	}
	if suppressed := w.suppressed(); (len(suppressed) == 1) != f.bounced {
		w.Errorf("suppressed addresses: %v", suppressed)
	}
	if d.State != StateSent && d.LastError == "" {
		w.Error("the row does not keep what went wrong")
	}
	heard := p.commands()
	if strings.Count(heard, "RCPT") > strings.Count(heard, "MAIL") {
		w.Errorf("a letter with several recipients: %s", heard)
	}
	if strings.Contains(heard, "RSET") && f.state == StateSent || strings.Contains(heard, "NOOP") {
		w.Errorf("needless commands: %s", heard)
	}
}

func (w *world) suppressed() []string {
	w.Helper()
	var found []string
	check(w, w.DB().NewQuery("SELECT email || ' ' || reason || kind FROM suppressions").Column(&found))
	return found
}

// A3.
func TestProcessDue_ServerUnreachable_TripsTheBreaker(t *testing.T) {
	for _, at := range []struct {
		name, host string
		port       int
		channel    string
	}{
		{"nobody listens", "127.0.0.1", 1, smtp.FaultRefused},
		{"no such name", "mail.invalid", 25, smtp.FaultNoSuchHost},
	} {
		t.Run(at.name, func(t *testing.T) {
			w := newWorld(t)
			w.connectTo(at.host, at.port)
			w.queue(letter(1))
			w.flush(monday)
			d := w.expect(letter(1), StateRetry, DeferredBySMTP)
			if d.Attempts != 0 {
				t.Errorf("a fault of the channel used up %d attempts", d.Attempts)
			}
			if got := w.sender.Channel().Reason; got != at.channel {
				t.Errorf("reason %q, expected %q", got, at.channel)
			}
		})
	}
}

func TestProcessDue_ConnectionDiesAfterAccept_Reconnects(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{".": "250 2.0.0 queued|drop"})
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1), letter(2))
	w.flush(monday)
	sent, waits := 0, 0
	for _, d := range w.rows() {
		switch d.State {
		case StateSent:
			sent++
		case StateRetry:
			waits++
		}
	}
	if sent != 1 || waits != 1 {
		t.Fatalf("%d sent and %d waiting, expected one each", sent, waits)
	}
	w.flush(monday.Add(2 * time.Minute))
	for _, d := range w.rows() {
		if d.State != StateSent {
			t.Errorf("%s is %s", d.SubjectID, d.State)
		}
	}
}
