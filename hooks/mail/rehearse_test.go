package mail

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/datastore"
)

// rehearsal is a copy of a world on which its sender rehearses from a moment on.
func rehearsal(w *world, now time.Time) (*Rehearsal, *datastore.Twin) {
	w.Helper()
	twin, err := datastore.NewTwin(context.Background(), w)
	check(w, err)
	w.Cleanup(func() { check(w, twin.Remove()) })
	r, err := NewRehearsal(w, twin, now)
	check(w, err)
	return r, twin
}

// standing tells state and reason of a row in an app.
func standing(w *world, app *datastore.Twin, key string) (state, reason string) {
	w.Helper()
	check(w, app.DB().NewQuery("SELECT state, reason FROM deliveries WHERE key = {:key}").Bind(dbx.Params{"key": key}).Row(&state, &reason))
	return state, reason
}

func TestARehearsalSendsOnPaperOnly(t *testing.T) {
	w := newWorld(t)
	// Nobody listens there: whoever dialled would learn it.
	w.connectTo("127.0.0.1", 1)
	now, later := letter(1), letter(2)
	now.DueAt, later.DueAt = monday, monday.Add(3*time.Hour)
	later.UsefulUntil = monday.Add(4 * time.Hour)
	_, err := Queue(w, now, later)
	check(t, err)
	r, twin := rehearsal(w, monday)
	check(t, r.Round(context.Background(), monday))
	if state, _ := standing(w, twin, now.identity()); state != StateSent {
		t.Errorf("the letter that is due is %s in the rehearsal", state)
	}
	if state, _ := standing(w, twin, later.identity()); state != StatePlanned {
		t.Errorf("the letter that is not is %s", state)
	}
	next, err := r.Next(monday)
	if err != nil || !next.Equal(later.DueAt) {
		t.Errorf("the next letter is due at %s, %v", next, err)
	}
	check(t, r.Round(context.Background(), next.Add(2*time.Hour)))
	if state, reason := standing(w, twin, later.identity()); state != StateSkipped || reason != ReasonStale {
		t.Errorf("after its use the letter is %s (%s)", state, reason)
	}
	if next, err = r.Next(next); err != nil || !next.IsZero() {
		t.Errorf("one more is due at %s, %v", next, err)
	}
	var untouched int
	check(t, w.DB().NewQuery("SELECT COUNT(*) FROM deliveries WHERE state = 'planned' AND attempts = 0 AND message_id = ''").Row(&untouched))
	if channel := w.sender.Channel(); untouched != 2 || channel.Reason != "" {
		t.Errorf("%d letters of the hub are untouched, its channel says %q", untouched, channel.Reason)
	}
}

func TestARehearsalAsksTheSameQuestions(t *testing.T) {
	for name, c := range map[string]struct {
		answer        func(w *world)
		state, reason string
	}{
		"not wanted": {func(w *world) { w.whyNot = ReasonDone }, StateSkipped, ReasonDone},
		"put off": {func(w *world) { w.said.NotBefore, w.said.Because = monday.Add(time.Hour), ReasonQuiet },
			StateRetry, ReasonQuiet},
		"no answer":      {func(w *world) { w.fault = errors.New("disk") }, StateRetry, ""},
		"cannot be read": {func(w *world) { w.say = func(int) Contents { panic("nil map") } }, StateFailed, ReasonBroken},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			c.answer(w)
			one := letter(1)
			one.DueAt, one.UsefulUntil = monday, monday.Add(24*time.Hour)
			_, err := Queue(w, one)
			check(t, err)
			r, twin := rehearsal(w, monday)
			check(t, r.Round(context.Background(), monday))
			if state, reason := standing(w, twin, one.identity()); state != c.state || reason != c.reason {
				t.Errorf("the letter is %s (%s), want %s (%s)", state, reason, c.state, c.reason)
			}
		})
	}
}

func TestARehearsalPassesOverAHoldAndTellsOfIt(t *testing.T) {
	for held, hold := range map[string]func(w *world){
		ReasonSMTPOff: func(*world) {},
		ReasonMailHeld: func(w *world) {
			w.connectTo("127.0.0.1", 1)
			_, err := w.DB().NewQuery("UPDATE hub_settings SET mail_held = TRUE").Execute()
			check(w, err)
		},
		"": func(w *world) { w.connectTo("127.0.0.1", 1) },
	} {
		w := newWorld(t)
		hold(w)
		one := letter(1)
		one.DueAt, one.UsefulUntil = monday, monday.Add(24*time.Hour)
		_, err := Queue(w, one)
		check(t, err)
		r, twin := rehearsal(w, monday)
		check(t, r.Round(context.Background(), monday))
		if state, _ := standing(w, twin, one.identity()); state != StateSent || r.Held != held {
			t.Errorf("held because of %q, told %q, the letter is %s", held, r.Held, state)
		}
	}
}

func TestARehearsalPassesOverTheHourlyLimitAndTellsOfIt(t *testing.T) {
	for _, most := range []int{0, 1} {
		w := newWorld(t)
		w.connectTo("127.0.0.1", 1)
		_, err := w.NonconcurrentDB().Update("hub_settings", dbx.Params{"mails_per_hour": most}, nil).Execute()
		check(t, err)
		_, err = Queue(w, letter(1), letter(2), letter(3))
		check(t, err)
		r, twin := rehearsal(w, monday)
		check(t, r.Round(context.Background(), monday))
		for n := 1; n <= 3; n++ {
			if state, reason := standing(w, twin, letter(n).identity()); state != StateSent {
				t.Errorf("at %d an hour letter %d is %s (%s)", most, n, state, reason)
			}
		}
		if r.Hourly != most {
			t.Errorf("of %d an hour it tells %d", most, r.Hourly)
		}
	}
}

// What is on its way while the copy is made arrives, and is no outcome of the days rehearsed.
func TestWhatWasDecidedBeforeIsNoOutcomeOfARehearsal(t *testing.T) {
	w := newWorld(t)
	_, err := Queue(w, letter(1), letter(2))
	check(t, err)
	_, err = w.DB().NewQuery("UPDATE deliveries SET updated = '2099-01-01 00:00:00.000Z', state = CASE key WHEN {:one} THEN 'sending' ELSE 'failed' END").
		Bind(dbx.Params{"one": letter(1).identity()}).Execute()
	check(t, err)
	_, twin := rehearsal(w, monday)
	var sent, since int
	check(t, twin.DB().NewQuery("SELECT SUM(state = 'sent' AND sent_at < {:now}), SUM(updated >= {:now}) FROM deliveries").
		Bind(dbx.Params{"now": stamp(monday)}).Row(&sent, &since))
	if sent != 1 || since != 0 {
		t.Errorf("%d letters arrived, %d were decided since", sent, since)
	}
}

func TestARehearsalEndsWithItsContextAndNeedsASender(t *testing.T) {
	w := newWorld(t)
	one := letter(1)
	one.DueAt = monday
	_, err := Queue(w, one)
	check(t, err)
	r, twin := rehearsal(w, monday)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.Round(ended, monday); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end the round answers %v", err)
	}
	w.Store().Remove(storeKey)
	if _, err := NewRehearsal(w, twin, monday); !errors.Is(err, errNoSender) {
		t.Errorf("without a sender, %v", err)
	}
}
