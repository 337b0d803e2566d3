package outbox

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/lang"
)

func TestReport_Held_SaysWhyAndTheHeartbeat(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	before, err := Report(w, monday)
	check(t, err)
	if !before.Tick.IsZero() || before.Held != "" || before.Hold != "" {
		t.Errorf("before the first tick: %+v", before)
	}
	for _, why := range []string{HoldRestored, HoldCopied, "Pindah kantor", ""} {
		_, err := w.NonconcurrentDB().NewQuery("UPDATE hub_settings SET mail_held = 1, mail_held_reason = {:why}").Bind(dbx.Params{"why": why}).Execute()
		check(t, err)
		w.flush(monday)
		h, err := Report(w, monday)
		check(t, err)
		if h.Held != ReasonMailHeld || h.Hold != why || !h.Tick.Equal(monday) {
			t.Errorf("held because of %q: %+v", why, h)
		}
	}
	for _, code := range []string{HoldRestored, HoldCopied, "person"} {
		if !lang.Has("mail.hold." + code) {
			t.Errorf("a hold because of %s has no words", code)
		}
	}
}

func TestDropReasons_All_HaveSentences(t *testing.T) {
	for _, code := range append([]string{ReasonAlreadySent}, DropReasons...) {
		if !lang.Has("deliveries.reason." + code) {
			t.Errorf("%s has no words", code)
		}
	}
}

func TestWake_BreakerOpen_TriesAtOnce(t *testing.T) {
	w := newWorld(t)
	w.connectTo("127.0.0.1", 1)
	w.queue(letter(1))
	w.flush(monday)
	w.flush(monday.Add(time.Second))
	if n := w.sender.Channel().Faults; n != 1 {
		t.Fatalf("a resting channel was tried: %d faults", n)
	}
	Wake(w)
	w.flush(monday.Add(2 * time.Second))
	if n := w.sender.Channel().Faults; n != 2 {
		t.Errorf("%d faults", n)
	}
}
