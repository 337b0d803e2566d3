package outbox

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

func TestAction_States_MovesOnlyTheMatching(t *testing.T) {
	states := []string{StatePlanned, StateQueued, StateSending, StateRetry, StateSent, StateUncertain, StateFailed, StateCancelled,
		StateSkipped, StateDigested, StateHeld}
	for _, c := range []struct {
		name  string
		step  Action
		moves map[string]string
	}{
		{"retry", Retry(), map[string]string{StateRetry: StateRetry, StateUncertain: StateQueued, StateFailed: StateQueued}},
		{"release", Release(), map[string]string{StateHeld: StateQueued}},
		{"drop", Drop(ReasonDroppedLate), map[string]string{StatePlanned: StateSkipped, StateQueued: StateSkipped, StateRetry: StateSkipped,
			StateUncertain: StateSkipped, StateHeld: StateSkipped}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			for i, state := range states {
				w.queue(letter(i))
				check(t, w.set(letter(i).identity(), dbx.Params{"state": state}))
				moved, err := c.step.Take(w, monday, Selector{ID: w.row(letter(i)).ID})
				check(t, err)
				after := w.row(letter(i)).State
				want, suits := c.moves[state]
				if !suits {
					want = state
				}
				if after != want || (len(moved) == 1) != suits {
					t.Errorf("%s becomes %s, want %s; %d moved", state, after, want, len(moved))
				}
				if suits && (moved[0].From != state || moved[0].To != want) {
					t.Errorf("the step says %+v", moved[0])
				}
			}
		})
	}
}

func TestRetry_Uncertain_SendsTheSameMessage(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{".": drop})
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1))
	w.flush(monday)
	p.change(nil)
	w.said.Subject = "Sudah lain"
	moved, err := Retry().Take(w, monday.Add(time.Minute), Selector{State: StateUncertain})
	check(t, err)
	w.flush(monday.Add(2 * time.Minute))
	w.expect(letter(1), StateSent, "")
	if copies := p.copies(); len(moved) != 1 || len(copies) != 2 || copies[0] != copies[1] {
		t.Errorf("%d moved, %d copies", len(moved), len(copies))
	}
}

func TestRetry_Refused_RendersAnew(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{"RCPT": "550 5.7.1 not allowed"})
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1))
	w.flush(monday)
	w.expect(letter(1), StateFailed, ReasonRefused)
	p.change(nil)
	w.said.Subject = "Ditulis lagi"
	_, err := Retry().Take(w, monday, Selector{ID: w.row(letter(1)).ID})
	check(t, err)
	w.flush(monday.Add(time.Minute))
	if d := w.expect(letter(1), StateSent, ""); d.Subject != "Ditulis lagi" || d.Attempts != 1 {
		t.Errorf("%q after %d attempts", d.Subject, d.Attempts)
	}
}

func TestDrop_EnqueuedAgain_StaysSkipped(t *testing.T) {
	w := newWorld(t)
	w.queue(letter(1))
	_, err := Drop(ReasonDroppedTold).Take(w, monday, Selector{ID: w.row(letter(1)).ID})
	check(t, err)
	w.queue(letter(1))
	w.expect(letter(1), StateSkipped, ReasonDroppedTold)
}

func TestRetry_AccountMessage_IsLeft(t *testing.T) {
	w := newWorld(t)
	w.queue(letter(1))
	check(t, w.set(letter(1).identity(), dbx.Params{"state": StateFailed, "kind": KindAccount}))
	if moved, err := Retry().Take(w, monday, Selector{State: StateFailed}); err != nil || len(moved) != 0 {
		t.Errorf("%v, %v", moved, err)
	}
}

func TestProcessDue_Late_SaysWhenItWasDue(t *testing.T) {
	for hours, late := range map[time.Duration]bool{0: false, 11: false, 13: true} {
		w := newWorld(t)
		o := newOffice(t)
		w.connectTo("127.0.0.1", o.port)
		l := letter(1)
		l.UsefulUntil = monday.Add(48 * time.Hour)
		w.queue(l)
		w.flush(monday.Add(hours * time.Hour))
		words := "Email ini terlambat. Seharusnya dikirim Sen, 7 Des 2026, 08.00 WIB."
		for kind, text := range parts(t, parse(t, o.got()[0])) {
			if contains([]byte(text), words) != late {
				t.Errorf("after %d hours the %s part says so: %v", hours, kind, !late)
			}
		}
	}
}
