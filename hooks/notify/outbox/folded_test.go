package outbox

import (
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/clock"
)

func TestAMessageWithinAnotherIsTakenBackUntilThatOneLeaves(t *testing.T) {
	for state, taken := range map[string]bool{
		StatePlanned: true, StateQueued: true, StateRetry: true, StateHeld: true,
		StateSending: false, StateSent: false, StateUncertain: false, StateFailed: false, StateSkipped: false,
	} {
		for name, take := range map[string]func(w *world) error{
			"by its subject": func(w *world) error { return Cancel(w, RecordRef{"tasks", letter(2).SubjectID}, ReasonDone) },
			"by its key":     func(w *world) error { return NewTx(w, clock.Now()).CancelKeys(ReasonDone, letter(2).identity()) },
		} {
			t.Run(name+" within one that is "+state, func(t *testing.T) {
				w := newWorld(t)
				w.queue(letter(1), letter(2), letter(3))
				daily := w.row(letter(1)).ID
				check(t, w.set(letter(1).identity(), dbx.Params{"state": state}))
				for _, n := range []int{2, 3} {
					check(t, w.set(letter(n).identity(), dbx.Params{"state": StateDigested, "digest_id": daily}))
				}
				check(t, take(w))
				got := w.row(letter(2))
				if gone := got.State == StateCancelled && got.Reason == ReasonDone && got.DigestID == ""; gone != taken {
					t.Errorf("the letter is %s (%s), told by %q", got.State, got.Reason, got.DigestID)
				}
				if other := w.row(letter(3)); other.State != StateDigested || other.DigestID != daily {
					t.Errorf("another letter is %s, told by %q", other.State, other.DigestID)
				}
				if !taken {
					return
				}
				w.queue(letter(2))
				if got := w.row(letter(2)); got.State != StatePlanned || got.DigestID != "" || got.Reason != "" {
					t.Errorf("queued again it is %s (%s), told by %q", got.State, got.Reason, got.DigestID)
				}
			})
		}
	}
}
