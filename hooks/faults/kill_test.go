package faults_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

const (
	kills   = 30
	writers = 4
)

// writer is one person who goes on writing through kills. A form without an
// answer is sent again after the restart, as a browser would.
type writer struct {
	*visitor
	name   string
	make   func(once string) write
	n      int
	open   *write // sent, and no answer came
	acked  []write
	faults []error
}

// work writes until the hub is gone.
func (w *writer) work(heard chan<- struct{}) {
	for {
		if w.open == nil {
			w.n++
			next := w.make(fmt.Sprintf("%s-%04d", w.name, w.n))
			w.open = &next
		}
		err := w.send(*w.open)
		var gone *url.Error
		switch {
		case errors.As(err, &gone) || err != nil && strings.Contains(err.Error(), "unexpected EOF"):
			return
		case err != nil:
			w.faults = append(w.faults, err)
			return
		}
		w.acked, w.open = append(w.acked, *w.open), nil
		heard <- struct{}{}
	}
}

func TestKill_WhileWriting_LosesNothingAcknowledged(t *testing.T) {
	var puskesmas, forum, kopi string
	h := over(t, func(w *testkit.World) { puskesmas, forum, kopi = w.Puskesmas.Id, w.Forum.Id, w.Kopi.Id })
	h.start("serve")
	people := []*writer{}
	for i, email := range []string{"initiator", "coordinator", "partner", "other-partner"} {
		w := &writer{visitor: h.signedIn(email + "@example.org"), name: email}
		switch i {
		case 0, 1:
			w.make = func(once string) write { return newTask(once, puskesmas) }
		case 2:
			w.make = func(once string) write { return newGift(once, puskesmas, kopi) }
		case 3:
			w.make = func(once string) write { return newGift(once, forum, kopi) }
		}
		people = append(people, w)
	}
	for i := range kills {
		workUntilKilled(h, people)
		h.start("serve")
		if i%10 == 9 {
			h.sound()
		}
	}
	checkWritten(h, people)
	h.kill()
	h.sound()
	h.chained()
	checkWhole(h)
}

// workUntilKilled lets everybody write and kills the hub while they do.
func workUntilKilled(h *hub, people []*writer) {
	h.Helper()
	heard := make(chan struct{}, 10_000)
	var all sync.WaitGroup
	for _, w := range people {
		all.Go(func() { w.work(heard) })
	}
	for range 2 + rand.IntN(20) {
		select {
		case <-heard:
		case <-time.After(30 * time.Second):
			h.Fatalf("nobody can write\n%s", h.said)
		}
	}
	time.Sleep(time.Duration(rand.IntN(8000)) * time.Microsecond)
	h.kill()
	all.Wait()
	for _, w := range people {
		for _, err := range w.faults {
			h.Errorf("%s: %v", w.name, err)
		}
	}
}

// checkWritten compares what people were told with what is there.
func checkWritten(h *hub, people []*writer) {
	h.Helper()
	there := map[string][]string{}
	for _, table := range []string{"tasks", "contributions"} {
		there[table] = h.column("SELECT once FROM " + table + " WHERE once != '' ORDER BY once")
		if unique := slices.Compact(slices.Clone(there[table])); len(unique) != len(there[table]) {
			h.Errorf("%d forms became %d %s", len(unique), len(there[table]), table)
		}
	}
	told := 0
	for _, w := range people {
		for _, one := range w.acked {
			if _, found := slices.BinarySearch(there[one.table], one.once); !found {
				h.Errorf("%s was told that %s is there, and it is lost", w.name, one.once)
			}
		}
		told += len(w.acked)
	}
	// What nobody was told may be there: at most one form of each at a kill.
	extra := len(there["tasks"]) + len(there["contributions"]) - told
	check.That(h, extra >= 0 && extra <= writers, "%d rows that nobody was told of", extra)
	h.Logf("%d kills, %d writes acknowledged, none lost, %d there without an answer", kills, told, extra)
}

// checkWhole looks for saves of which only a part is there.
func checkWhole(h *hub) {
	h.Helper()
	for what, sql := range map[string]string{
		"tasks without their letters": `SELECT once FROM tasks t WHERE once != '' AND NOT EXISTS (
			SELECT 1 FROM deliveries d WHERE d.subject_id = t.id AND d.state = 'planned')`,
		"letters without their task":    `SELECT id FROM deliveries d WHERE subject_collection = 'tasks' AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = d.subject_id)`,
		"tasks without activity":        `SELECT once FROM tasks t WHERE once != '' AND NOT EXISTS (SELECT 1 FROM activity a WHERE a.record = t.id AND a.action = 'create')`,
		"gifts without activity":        `SELECT once FROM contributions c WHERE NOT EXISTS (SELECT 1 FROM activity a WHERE a.record = c.id AND a.action = 'create')`,
		"gifts without a number":        `SELECT once FROM contributions WHERE number = ''`,
		"activity of tasks not there":   `SELECT a.record FROM activity a WHERE a.collection = 'tasks' AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = a.record)`,
		"numbers that were given twice": `SELECT number FROM contributions GROUP BY number HAVING COUNT(*) > 1`,
	} {
		if found := h.column(sql); len(found) > 0 {
			h.Errorf("%s: %v", what, found)
		}
	}
}

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
func TestKill_WhileSending_LosesNoneDoublesFew(t *testing.T) {
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
	check.That(t, len(copies) == messages && extra <= extras, "%d of %d letters arrived, %d extra copies, at most %d are allowed", len(copies), messages, extra, extras)
	for id, same := range copies {
		if len(same) > 2 || !bytes.Equal(same[0], same[len(same)-1]) {
			t.Errorf("%d copies of %s, byte-identical: %v", len(same), id, bytes.Equal(same[0], same[len(same)-1]))
		}
	}
	t.Logf("%d letters: none lost, %d extra", messages, extra)
}

func TestStop_WhileSending_DoublesNone(t *testing.T) {
	const messages, stops = 120, 6
	h, office, heard := mailing(t, messages)
	longest := time.Duration(0)
	for range stops {
		h.start("serve")
		await(h, heard, 1+rand.IntN(10))
		took, err := h.stop()
		longest = max(longest, took)
		check.That(t, err == nil && took <= 5*time.Second, "the stop took %s and ended with %v\n%s", took, err, h.said)
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
