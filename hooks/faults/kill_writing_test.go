package faults_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"simpul/hooks/testkit"
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

func TestThirtyKillsWhilePeopleWriteLoseNothingTheyWereTold(t *testing.T) {
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
	if extra < 0 || extra > writers {
		h.Errorf("%d rows that nobody was told of", extra)
	}
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
