package outbox

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

// folded has the second message told by the first.
func folded(t *testing.T, answers script) (*world, *peer) {
	t.Helper()
	w := newWorld(t)
	p := newPeer(t, answers)
	w.connectTo("127.0.0.1", p.port)
	w.queue(letter(1), letter(2))
	check(t, w.set(letter(2).identity(), dbx.Params{"state": StateDigested, "digest_id": w.row(letter(1)).ID}))
	return w, p
}

func TestProcessDue_DigestRefused_FailsItsMembers(t *testing.T) {
	for name, c := range map[string]struct {
		answers       script
		state, reason string
	}{
		"taken":             {nil, StateDigested, ""},
		"refused for good":  {script{"RCPT": "550 5.7.1 not allowed"}, StateFailed, ReasonRefused},
		"address is gone":   {script{"RCPT": "550 5.1.1 no such user"}, StateFailed, ReasonRefused},
		"refused for now":   {script{"RCPT": "450 4.2.0 busy"}, StateDigested, ""},
		"nobody knows":      {script{".": drop}, StateDigested, ""},
		"server not usable": {script{"greeting": "421 4.3.2 closing"}, StateDigested, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w, _ := folded(t, c.answers)
			w.flush(monday)
			w.expect(letter(2), c.state, c.reason)
		})
	}
}

func TestRetry_Digest_TakesItsMembersBack(t *testing.T) {
	w, p := folded(t, script{"RCPT": "550 5.7.1 not allowed"})
	w.flush(monday)
	w.expect(letter(2), StateFailed, ReasonRefused)
	p.change(nil)
	_, err := Retry().Take(w, monday.Add(time.Minute), Selector{ID: w.row(letter(1)).ID})
	check(t, err)
	w.expect(letter(2), StateDigested, "")
	w.flush(monday.Add(2 * time.Minute))
	w.expect(letter(1), StateSent, "")
	w.expect(letter(2), StateDigested, "")
}

func TestDrop_Digest_DropsItsMembers(t *testing.T) {
	w, _ := folded(t, nil)
	_, err := Drop(ReasonDroppedTold).Take(w, monday, Selector{ID: w.row(letter(1)).ID})
	check(t, err)
	w.expect(letter(1), StateSkipped, ReasonDroppedTold)
	w.expect(letter(2), StateSkipped, ReasonDroppedTold)
}

func TestProcessDue_DigestExpired_RevivesItsMembers(t *testing.T) {
	w, p := folded(t, script{"RCPT": "550 5.7.1 not allowed"})
	w.flush(monday)
	p.change(nil)
	_, err := Retry().Take(w, monday.Add(time.Minute), Selector{ID: w.row(letter(2)).ID})
	check(t, err)
	w.flush(monday.Add(2 * time.Minute))
	w.expect(letter(1), StateFailed, ReasonRefused)
	w.expect(letter(2), StateSent, "")
}

func TestProcessDue_NoAddress_KeepsTheContent(t *testing.T) {
	for name, c := range map[string]struct {
		email string
		kept  bool
	}{"without an address": {"", true}, "sent": {"mitra@example.org", false}} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.connectTo("127.0.0.1", newPeer(t, nil).port)
			l := letter(1)
			l.Email, l.Words = c.email, "Rapat dibatalkan."
			w.queue(l)
			w.flush(monday)
			if kept := w.row(l).Words != ""; kept != c.kept {
				t.Errorf("the words are kept: %v", kept)
			}
		})
	}
}
