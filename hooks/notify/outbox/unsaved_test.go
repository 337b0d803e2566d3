package outbox

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// refuseState makes the database refuse rows of one state, as a full disk would.
func (w *world) refuseState(state string) {
	w.run(fmt.Sprintf(`CREATE TRIGGER refusal BEFORE UPDATE OF state ON deliveries WHEN NEW.state = '%s'
		BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`, state))
}

func TestProcessDue_OutcomeCannotBeSaved_Stops(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.queue(letter(1), letter(2), letter(3))
	w.refuseState(StateSent)
	for i := range 5 {
		// Even after the lease has run out the row in memory wins.
		_, err := w.sender.ProcessDue(context.Background(), monday.Add(time.Duration(i)*6*time.Minute))
		if err == nil {
			t.Fatal("nobody is told that the ledger cannot be written")
		}
	}
	if n := len(o.got()); n != 1 {
		t.Fatalf("%d letters left while none could be written down", n)
	}
	w.run("DROP TRIGGER refusal")
	w.flush(monday.Add(time.Hour))
	for _, d := range w.rows() {
		if d.State != StateSent {
			t.Errorf("%s is %s", d.SubjectID, d.State)
		}
	}
	if n := len(o.got()); n != 3 {
		t.Errorf("%d letters arrived, expected one each", n)
	}
}

func TestProcessDue_RefusalCannotBeSaved_Stops(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{"RCPT": "550 5.1.1 no such user"})
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1))
	w.refuseState(StateFailed)
	if _, err := w.sender.ProcessDue(context.Background(), monday); err == nil {
		t.Fatal("nobody is told")
	}
	if suppressed := w.suppressed(); len(suppressed) != 0 {
		t.Errorf("half an outcome was written: %v", suppressed)
	}
	w.run("DROP TRIGGER refusal")
	w.flush(monday.Add(time.Minute))
	w.expect(letter(1), StateFailed, ReasonRefused)
	if suppressed := w.suppressed(); len(suppressed) != 1 {
		t.Errorf("suppressed: %v", suppressed)
	}
}

func TestProcessDue_ClaimFails_SendsNothing(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.queue(letter(1), letter(2))
	w.refuseState(StateSending)
	for range 3 {
		if _, err := w.sender.ProcessDue(context.Background(), monday); err == nil {
			t.Fatal("nobody is told that no row can be claimed")
		}
	}
	if n := len(o.got()); n != 0 {
		t.Fatalf("%d letters left without a claim", n)
	}
	w.run("DROP TRIGGER refusal")
	w.flush(monday.Add(time.Second))
	if n := len(o.got()); n != 2 {
		t.Errorf("%d letters arrived", n)
	}
}

// A database that may not grow stands for a full disk: SQLite answers both with the same error.
func TestProcessDue_DatabaseFull_LosesAndDoublesNothing(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	for i := range 20 {
		w.queue(letter(i))
	}
	o.onMessage = func(n int) {
		if n == 5 {
			w.run("PRAGMA max_page_count = 1")
		}
	}
	w.say = func(asked int) Contents {
		if asked <= 5 {
			return w.said
		}
		// Longer than what the first messages leave free.
		return Contents{Subject: "Panjang", Lines: []string{fmt.Sprintf("%25000s", "panjang")}}
	}
	failures := 0
	for range 4 {
		if _, err := w.sender.ProcessDue(context.Background(), monday); err != nil {
			failures++
		}
	}
	if failures == 0 {
		t.Fatal("the disk never was full")
	}
	w.run("PRAGMA max_page_count = 1000000")
	w.flush(monday.Add(11 * time.Minute))
	copies := map[string]int{}
	for _, a := range o.got() {
		copies[a.to]++
	}
	for _, d := range w.rows() {
		if d.State != StateSent || copies[d.Email] != 1 {
			t.Errorf("%s is %s, %d copies", d.SubjectID, d.State, copies[d.Email])
		}
	}
}
