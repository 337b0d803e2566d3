package outbox

import (
	"errors"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

func TestTheSameMessageIsWrittenOnce(t *testing.T) {
	w := newWorld(t)
	first, moved, other := letter(1), letter(1), letter(1)
	first.Recipient = "contact1"
	moved.AnchorAt = "2026-12-09"
	other.Email = "rekan@example.org"
	added, err := Enqueue(w, first, moved, other)
	check(t, err)
	if added != 3 {
		t.Errorf("%d rows added, expected 3: the letter, the moved one and the colleague's", added)
	}
	if added, err = Enqueue(w, first, moved); err != nil || added != 0 {
		t.Errorf("queued again: %d rows, %v", added, err)
	}
}

func TestAPlannedRowTakesAnotherHourAndAddressUntilItIsClaimed(t *testing.T) {
	w := newWorld(t)
	l := letter(1)
	l.Key = "k"
	w.queue(l)
	id := w.row(l).ID
	later := l
	later.DueAt, later.Email, later.Language = monday.Add(time.Hour), "lain@example.org", "en"
	if changed, err := Enqueue(w, later); err != nil || changed != 1 {
		t.Errorf("%d rows changed, %v", changed, err)
	}
	if d := w.row(l); d.ID != id || d.Email != "lain@example.org" || !d.DueAt.Time().Equal(later.DueAt) || d.Language != "en" {
		t.Errorf("the row is now %+v", d)
	}
	for _, state := range []string{StateQueued, StateSending, StateRetry, StateSent, StateUncertain, StateFailed, StateSkipped, StateHeld} {
		check(t, w.set("k", dbx.Params{"state": state}))
		w.queue(l)
		if d := w.row(l); d.Email != "lain@example.org" || d.State != state {
			t.Errorf("a %s row was disturbed: %s %s", state, d.State, d.Email)
		}
	}
}

func TestKeysTellPeopleAndOccurrencesApart(t *testing.T) {
	same := letter(1)
	for name, change := range map[string]func(*Message){
		"kind":       func(l *Message) { l.Kind = "task_overdue" },
		"rule":       func(l *Message) { l.Rule = "rule2" },
		"collection": func(l *Message) { l.SubjectCollection = "meetings" },
		"subject":    func(l *Message) { l.SubjectID = "task2" },
		"recipient":  func(l *Message) { l.Recipient = "contact2" },
		"user":       func(l *Message) { l.User = "user2" },
		"address":    func(l *Message) { l.Email = "lain@example.org" },
		"anchor":     func(l *Message) { l.AnchorAt = "2026-12-08" },
	} {
		l := letter(1)
		change(&l)
		if l.identity() == same.identity() {
			t.Errorf("another %s has the same key", name)
		}
	}
	capital := letter(1)
	capital.Email = "Mitra1@Example.org"
	if capital.identity() != same.identity() {
		t.Error("an address in capitals is another person")
	}
}

func TestAQueuedRowIsComplete(t *testing.T) {
	w := newWorld(t)
	w.queue(Message{Kind: "task_due", Email: " mitra@example.org ", Key: "k", DueAt: monday})
	r, err := w.FindFirstRecordByData(ledger, "key", "k")
	check(t, err)
	for field, expected := range map[string]string{"state": StatePlanned, "language": "id", "email": "mitra@example.org",
		"due_at": "2026-12-07 01:00:00.000Z", "useful_until_at": "2026-12-10 01:00:00.000Z", "created": "2026-12-07 01:00:00.000Z"} {
		if got := r.GetString(field); got != expected {
			t.Errorf("%s is %q, expected %q", field, got, expected)
		}
	}
	if len(r.Id) != 15 {
		t.Errorf("id %q", r.Id)
	}
	check(t, w.Save(r))
}

func TestMoreMessagesThanOneStatementHolds(t *testing.T) {
	w := newWorld(t)
	messages := make([]Message, 2*rowsAtOnce+1)
	for i := range messages {
		messages[i] = letter(i)
	}
	added, err := Enqueue(w, messages...)
	check(t, err)
	if added != len(messages) {
		t.Errorf("%d rows added, expected %d", added, len(messages))
	}
}

func TestMessagesOfASaveThatFailsAreGone(t *testing.T) {
	w := newWorld(t)
	refusal := errors.New("refused")
	err := w.RunInTransaction(func(tx core.App) error {
		if _, err := Enqueue(tx, letter(1)); err != nil {
			return err
		}
		return refusal
	})
	if !errors.Is(err, refusal) || len(w.rows()) != 0 {
		t.Errorf("%v, %d rows", err, len(w.rows()))
	}
}

func TestCancelTakesBackWhatHasNotLeft(t *testing.T) {
	w := newWorld(t)
	states := []string{StatePlanned, StateQueued, StateRetry, StateHeld, StateSending, StateSent, StateUncertain, StateFailed, StateSkipped}
	for i, state := range states {
		l := letter(1)
		l.Key = state
		w.queue(l)
		check(t, w.set(state, dbx.Params{"state": states[i]}))
	}
	kept, other := letter(1), letter(2)
	w.queue(kept, other)
	check(t, Cancel(w, RecordRef{"tasks", "task1"}, ReasonMoved, kept.identity()))
	for _, d := range w.rows() {
		cancelled := d.State == StateCancelled && d.Reason == ReasonMoved
		switch d.Key {
		case StatePlanned, StateQueued, StateRetry, StateHeld:
			if !cancelled {
				t.Errorf("a %s letter is %s (%s)", d.Key, d.State, d.Reason)
			}
		default:
			if cancelled {
				t.Errorf("%s was taken back", d.Key)
			}
		}
	}
}

// set writes fields of the row with a key.
func (w *world) set(key string, fields dbx.Params) error {
	_, err := w.DB().Update(ledger, fields, dbx.HashExp{"key": key}).Execute()
	return err
}

func TestADateMovedAwayAndBackIsRemembered(t *testing.T) {
	w := newWorld(t)
	l := letter(1)
	w.queue(l)
	check(t, Cancel(w, RecordRef{"tasks", "task1"}, ReasonMoved))
	w.expect(l, StateCancelled, ReasonMoved)
	w.queue(l)
	w.expect(l, StatePlanned, "")
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.flush(monday)
	check(t, Cancel(w, RecordRef{"tasks", "task1"}, ReasonMoved))
	w.queue(l)
	w.expect(l, StateSent, "")
	w.flush(monday.Add(time.Minute))
	if len(o.got()) != 1 {
		t.Errorf("%d letters arrived", len(o.got()))
	}
}

func BenchmarkQueueEight(b *testing.B) {
	w := newWorld(b)
	messages := make([]Message, 8)
	n := 0
	check(b, w.RunInTransaction(func(tx core.App) error {
		for b.Loop() {
			for i := range messages {
				n++
				messages[i] = letter(n)
			}
			if _, err := Enqueue(tx, messages...); err != nil {
				return err
			}
		}
		return nil
	}))
}
