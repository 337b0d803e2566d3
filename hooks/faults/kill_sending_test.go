package faults_test

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// pause is how long the mail server thinks about each message, so that most
// kills and stops hit one on its way.
const pause = 4 * time.Millisecond

// mailing is a hub with messages that have been due since yesterday, and the mail
// server it sends them to.
func mailing(t *testing.T, messages int) (*hub, *testkit.Office, <-chan struct{}) {
	t.Helper()
	office := testkit.NewOffice(t)
	heard := make(chan struct{}, 10*messages)
	office.Pause, office.Heard = pause, func(int) { heard <- struct{}{} }
	h := over(t, func(w *testkit.World) {
		check.NoError(t, office.Connect(w.App))
		onlyTheDayBefore(w)
		// The tasks were made two days ago and are due today.
		now := time.Now()
		defer clock.Freeze(now.Add(-48 * time.Hour))()
		for range messages {
			w.Make("tasks", "programme", w.Kopi.Id, "title", "Tugas", "organisation", w.Puskesmas.Id,
				"accountable", w.Initiator.Id, "due_on", clock.Day(now, clock.Western), "state", "todo")
		}
		if n := w.Count("deliveries"); n != int64(messages) {
			t.Fatalf("%d letters are planned, want %d", n, messages)
		}
	})
	return h, office, heard
}

// onlyTheDayBefore leaves one rule, which does not mind on which day of the year
// or at which hour the test runs.
func onlyTheDayBefore(w *testkit.World) {
	w.Helper()
	rules := check.Must(w.App.FindAllRecords("reminder_rules"))
	for _, r := range rules {
		r.Set("active", r.GetString("kind") == "task_due" && r.GetInt("offset_days") == -1)
		r.Set("mandatory", true)
		r.Set("useful_until", "+3")
		check.NoError(w, w.App.Save(r))
	}
}

// A killed hub leaves at most one message in doubt, and that message is sent once
// more. No kill comes within the first two messages of a start: one that is hit by
// two kills in a row stays uncertain by design.
func TestThirtyKillsWhileMessagesLeaveLoseNoneAndDoubleHardlyAny(t *testing.T) {
	const messages = 400
	h, office, heard := mailing(t, messages)
	for range kills {
		h.start("serve")
		await(h, heard, 2+rand.IntN(8))
		time.Sleep(time.Duration(rand.IntN(int(2 * pause))))
		h.kill()
		for len(heard) > 0 {
			<-heard
		}
		leasesEnd(h)
	}
	h.start("serve")
	settled(h)
	h.kill()
	h.sound()
	if sent := h.column("SELECT id FROM deliveries WHERE state = 'sent'"); len(sent) != messages {
		t.Errorf("%d of %d letters are sent; the states are %v", len(sent), messages, h.column("SELECT state || ' ' || reason FROM deliveries WHERE state != 'sent'"))
	}
	checkCopies(t, office.Letters(), messages, kills)
}

func await(h *hub, heard <-chan struct{}, n int) {
	h.Helper()
	for range n {
		select {
		case <-heard:
		case <-time.After(30 * time.Second):
			h.Fatalf("no letters leave\n%s", h.said)
		}
	}
}

// leasesEnd stands for the ten minutes after which a row left by a crash is
// taken up again.
func leasesEnd(h *hub) {
	h.Helper()
	h.run("UPDATE deliveries SET leased_until_at = '2026-01-01 00:00:00.000Z' WHERE state = 'sending'")
}

// settled waits until nothing is left to send.
func settled(h *hub) {
	h.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if len(h.column("SELECT id FROM deliveries WHERE state IN ('planned', 'queued', 'retry', 'sending') OR state = 'uncertain' AND next_attempt_at != ''")) == 0 {
			return
		}
	}
	h.Fatalf("letters are left: %v\n%s", h.column("SELECT state || ' ' || last_error FROM deliveries WHERE state != 'sent' LIMIT 5"), h.said)
}

func checkCopies(t *testing.T, all []testkit.Post, messages, extras int) {
	t.Helper()
	copies := map[string][][]byte{}
	for _, l := range all {
		id := l.Header("Message-Id")
		copies[id] = append(copies[id], l.Raw)
	}
	extra := len(all) - len(copies)
	if len(copies) != messages || extra > extras {
		t.Errorf("%d of %d letters arrived, %d extra copies, at most %d are allowed", len(copies), messages, extra, extras)
	}
	for id, same := range copies {
		if len(same) > 2 || !bytes.Equal(same[0], same[len(same)-1]) {
			t.Errorf("%d copies of %s, byte-identical: %v", len(same), id, bytes.Equal(same[0], same[len(same)-1]))
		}
	}
	t.Logf("%d letters: none lost, %d extra", messages, extra)
}

func TestStopsWhileMessagesLeaveAreCleanAndDoubleNothing(t *testing.T) {
	const messages, stops = 120, 6
	h, office, heard := mailing(t, messages)
	longest := time.Duration(0)
	for range stops {
		h.start("serve")
		await(h, heard, 1+rand.IntN(10))
		took, err := h.stop()
		longest = max(longest, took)
		if err != nil || took > 5*time.Second {
			t.Errorf("the stop took %s and ended with %v\n%s", took, err, h.said)
		}
		if left := h.column("SELECT id FROM deliveries WHERE state IN ('sending', 'uncertain')"); len(left) > 0 {
			t.Errorf("%d letters were left on their way", len(left))
		}
	}
	h.start("serve")
	settled(h)
	if _, err := h.stop(); err != nil {
		t.Error(err)
	}
	h.sound()
	checkCopies(t, office.Letters(), messages, 0)
	t.Logf("the longest of %d stops took %s", stops, longest)
}
