package outbox

import (
	"slices"
	"testing"
	"time"
)

func TestProcessDue_NoMailServer_Holds(t *testing.T) {
	w := newWorld(t)
	early, late := letter(1), letter(2)
	late.DueAt = monday.Add(time.Hour)
	w.queue(early, late)
	if tally := w.flush(monday); tally[StateHeld] != 1 {
		t.Errorf("tally %v", tally)
	}
	w.expect(early, StateHeld, ReasonSMTPOff)
	w.expect(late, StatePlanned, "")
	if w.asked != 0 {
		t.Error("a room was asked although nothing may leave")
	}
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.flush(monday.Add(2 * time.Hour))
	w.expect(early, StateSent, "")
	w.expect(late, StateSent, "")
}

func TestProcessDue_HeldUntilExpiry_Skips(t *testing.T) {
	w := newWorld(t)
	w.queue(letter(1))
	w.flush(monday)
	w.flush(monday.Add(30 * time.Hour))
	w.expect(letter(1), StateHeld, ReasonSMTPOff)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	if tally := w.flush(monday.Add(30 * time.Hour)); tally[StateSkipped] != 1 {
		t.Errorf("tally %v", tally)
	}
	w.expect(letter(1), StateSkipped, ReasonStale)
	if len(o.got()) != 0 {
		t.Error("a useless letter was sent")
	}
}

func TestProcessDue_MailHeld_Holds(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.run("UPDATE hub_settings SET mail_held = 1")
	w.queue(letter(1))
	w.flush(monday)
	w.expect(letter(1), StateHeld, ReasonMailHeld)
	w.run("UPDATE hub_settings SET mail_held = 0")
	w.flush(monday.Add(time.Minute))
	w.expect(letter(1), StateSent, "")
}

func TestProcessDue_RetryWhileHeld_IsHeldAndReleased(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{"RCPT": "450 4.2.1 later"})
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1))
	w.flush(monday)
	w.switchOff()
	w.flush(monday.Add(time.Hour))
	d := w.expect(letter(1), StateHeld, ReasonSMTPOff)
	if d.Attempts != 1 {
		t.Errorf("%d attempts remembered", d.Attempts)
	}
	p.change(nil)
	w.connectTo("127.0.0.1", p.port)
	w.flush(monday.Add(2 * time.Hour))
	w.expect(letter(1), StateSent, "")
}

func TestProcessDue_HeldForAnotherReason_StaysHeld(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	l := letter(1)
	w.queue(l)
	w.run("UPDATE deliveries SET state = 'held', reason = 'bounced'")
	w.flush(monday)
	w.expect(l, StateHeld, ReasonBounced)
}

func TestProcessDue_Several_SendsTheOldestFirst(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	for i, hours := range []time.Duration{3, 1, 2, 0} {
		l := letter(i)
		l.DueAt = monday.Add(hours * time.Hour)
		w.queue(l)
	}
	w.flush(monday.Add(4 * time.Hour))
	var to []string
	for _, a := range o.got() {
		to = append(to, a.to)
	}
	if expected := []string{"mitra3@example.org", "mitra1@example.org", "mitra2@example.org", "mitra0@example.org"}; !slices.Equal(to, expected) {
		t.Errorf("sent to %v", to)
	}
}

func TestProcessDue_HeldDuringTheRound_StopsAtOnce(t *testing.T) {
	for name, stop := range map[string]func(*world){
		ReasonMailHeld: func(w *world) { w.run("UPDATE hub_settings SET mail_held = 1") },
		ReasonSMTPOff:  func(w *world) { w.switchOff() },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			o := newOffice(t)
			w.connectTo("127.0.0.1", o.port)
			o.onMessage = func(n int) {
				if n == 2 {
					stop(w)
				}
			}
			for i := range 5 {
				w.queue(letter(i))
			}
			if tally := w.flush(monday); tally[StateSent] != 2 || tally[StateHeld] != 3 {
				t.Errorf("tally %v", tally)
			}
		})
	}
}

func TestProcessDue_NotBefore_Waits(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	tooLate := letter(2)
	tooLate.UsefulUntil = monday.Add(time.Hour)
	w.queue(letter(1), tooLate)
	w.said.NotBefore, w.said.Because = monday.Add(2*time.Hour), ReasonHoliday
	w.flush(monday)
	if d := w.expect(letter(1), StateRetry, ReasonHoliday); d.Attempts != 0 {
		t.Errorf("waiting cost %d attempts", d.Attempts)
	}
	w.expect(letter(2), StateSkipped, ReasonHoliday)
	asked := w.asked
	w.flush(monday.Add(119 * time.Minute))
	if len(o.got()) != 0 || w.asked != asked {
		t.Errorf("%d letters left on the holiday, asked %d times more", len(o.got()), w.asked-asked)
	}
	w.flush(monday.Add(2 * time.Hour))
	w.expect(letter(1), StateSent, "")
	if len(o.got()) != 1 {
		t.Errorf("%d letters arrived", len(o.got()))
	}
}
