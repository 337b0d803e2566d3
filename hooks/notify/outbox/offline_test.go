package outbox

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

// mute is a message to somebody without an address, in no programme.
func mute(n int) Message {
	l := letter(n)
	l.Email, l.Recipient = "", "narahubung00001"
	l.Key = Key("mute", l.SubjectID)
	return l
}

func hands(now time.Time) Offline { return Offline{Person: "", Now: now} }

func TestMarkContacted_Message_NeverLeavesByMail(t *testing.T) {
	w := newWorld(t)
	w.switchOff()
	w.queue(mute(1), mute(2))
	w.flush(monday)
	ids := []string{w.row(mute(1)).ID}
	w.expect(mute(1), StateHeld, ReasonSMTPOff)
	moved, err := hands(monday).MarkContacted(w, ids)
	check(t, err)
	if len(moved) != 1 || moved[0].From != StateHeld || moved[0].To != StateSent || moved[0].Why != ReasonByHand {
		t.Errorf("it says %+v", moved)
	}
	again, err := hands(monday.Add(time.Minute)).MarkContacted(w, ids)
	check(t, err)
	if len(again) != 0 {
		t.Errorf("told twice: %+v", again)
	}
	p := newPeer(t, script{})
	w.connectTo("127.0.0.1", p.port)
	w.said.Email = "sekarang@example.org"
	w.flush(monday.Add(time.Hour))
	w.expect(mute(1), StateSent, ReasonByHand)
	w.expect(mute(2), StateSent, "")
	if n := len(p.copies()); n != 1 {
		t.Errorf("%d letters left, want the other one", n)
	}
}

func TestMarkContacted_States_MovesOnlyWhatNoMailBrings(t *testing.T) {
	w := newWorld(t)
	for i, c := range []struct {
		state, reason, email string
		moves                bool
	}{
		{StateSkipped, ReasonNoAddress, "", true}, {StateHeld, ReasonSMTPOff, "", true}, {StateQueued, "", "", true},
		{StateSkipped, ReasonBounced, "a@example.org", true}, {StateFailed, ReasonBadAddress, "a@", true},
		{StateFailed, ReasonRefused, "a@example.org", false}, {StateSending, "", "", false}, {StateSkipped, ReasonDone, "", false},
		{StateSent, "", "a@example.org", false}, {StateQueued, "", "a@example.org", false}, {StateCancelled, ReasonDone, "", false},
	} {
		w.queue(mute(i))
		check(t, w.set(mute(i).identity(), dbx.Params{"state": c.state, "reason": c.reason, "email": c.email}))
		id := w.row(mute(i)).ID
		waiting, err := hands(monday).Waiting(w)
		check(t, err)
		moved, err := hands(monday).MarkContacted(w, []string{id, "nosuchletter000"})
		check(t, err)
		if (len(waiting) == 1) != c.moves || (len(moved) == 1) != c.moves {
			t.Errorf("%s (%s) to %q: %d wait, %d told", c.state, c.reason, c.email, len(waiting), len(moved))
		}
		if elsewhere, err := (Offline{Programme: "programlain0000", Now: monday}).MarkContacted(w, []string{id}); err != nil || len(elsewhere) != 0 {
			t.Errorf("another programme told %d, %v", len(elsewhere), err)
		}
	}
}

// What is said to be untold after all waits for a person again, or for the
// sender where the address is used again meanwhile.
func TestUndoContacted_Address_DecidesTheState(t *testing.T) {
	for name, c := range map[string]struct {
		email, marked, state, reason string
	}{
		"no address":      {"", "", StateSkipped, ReasonNoAddress},
		"still refused":   {"a@example.org", "A@example.org", StateSkipped, ReasonBounced},
		"right after all": {"a@example.org", "", StatePlanned, ""},
		"another one":     {"a@example.org", "b@example.org", StatePlanned, ""},
	} {
		w := newWorld(t)
		w.queue(mute(1))
		check(t, w.set(mute(1).identity(), dbx.Params{"state": StateSkipped, "reason": ReasonBounced, "email": c.email}))
		if c.email == "" {
			check(t, w.set(mute(1).identity(), dbx.Params{"reason": ReasonNoAddress}))
		}
		if c.marked != "" {
			check(t, suppress(w, &outcome{suppress: c.marked, at: monday}))
		}
		ids := []string{w.row(mute(1)).ID}
		told, err := hands(monday).MarkContacted(w, ids)
		check(t, err)
		back, err := hands(monday.Add(time.Hour)).UndoContacted(w, ids)
		check(t, err)
		if len(told) != 1 || len(back) != 1 || back[0].To != c.state || back[0].Why != c.reason {
			t.Errorf("%s: %+v, %+v", name, told, back)
		}
		w.expect(mute(1), c.state, c.reason)
	}
}

func TestWaiting_Expired_IsNotOffered(t *testing.T) {
	w := newWorld(t)
	useless, old := mute(1), mute(2)
	old.UsefulUntil = time.Time{}
	w.queue(useless, old)
	for at, want := range map[time.Time]int{monday: 2, monday.Add(25 * time.Hour): 1, monday.Add(15 * 24 * time.Hour): 0, monday.Add(-time.Minute): 0} {
		waiting, err := hands(at).Waiting(w)
		check(t, err)
		if len(waiting) != want {
			t.Errorf("at %s %d wait, want %d", at, len(waiting), want)
		}
	}
}

func TestMarkRead_Repeated_WritesOnlyTheFirst(t *testing.T) {
	w := newWorld(t)
	w.queue(letter(1), letter(2))
	before := w.row(letter(1))
	check(t, MarkRead(w, monday, dbx.HashExp{"id": before.ID}))
	check(t, MarkRead(w, monday.Add(time.Hour), dbx.HashExp{"id": before.ID}))
	if after := w.row(letter(1)); after != before {
		t.Errorf("the mark made %+v of %+v", after, before)
	}
	for n, want := range map[int]string{1: Stamp(monday), 2: ""} {
		var at string
		check(t, w.DB().Select("read_at").From(ledger).Where(dbx.HashExp{"id": w.row(letter(n)).ID}).Row(&at))
		if at != want {
			t.Errorf("letter %d was read at %q, want %q", n, at, want)
		}
	}
}
