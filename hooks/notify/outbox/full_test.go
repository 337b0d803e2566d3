package outbox

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// sqliteFull is SQLite's code for a database that may not or cannot grow.
const sqliteFull = 13

// fillOn makes every change of a row to one state need far more room than the database has, until roomAgain: the change
// itself is refused by SQLite as on a full disk, in the middle of the transaction.
func (w *world) fillOn(state string) {
	w.Helper()
	w.run("CREATE TABLE IF NOT EXISTS filler (blob BLOB)")
	// Pages set free leave room for changes to other states.
	w.run("INSERT INTO filler VALUES (zeroblob(400000))")
	w.run("DELETE FROM filler")
	w.run("CREATE TRIGGER filling BEFORE UPDATE OF state ON deliveries WHEN NEW.state = '" + state + "' BEGIN INSERT INTO filler VALUES (zeroblob(4000000)); END")
	w.run("PRAGMA max_page_count = 1") // SQLite takes the present size for the least
}

func (w *world) roomAgain() {
	w.Helper()
	w.run("PRAGMA max_page_count = 1000000")
	w.run("DROP TRIGGER filling")
}

// A4.
func TestProcessDue_DiskFull_StopsAndRecovers(t *testing.T) {
	for _, c := range []struct {
		name, state string
		leave       int // messages that leave before the sender stops
	}{
		{"during the claim", StateSending, 0},
		{"during the commit of what was sent", StateSent, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			o := newOffice(t)
			w.connectTo("127.0.0.1", o.port)
			for i := range 20 {
				w.queue(letter(i))
			}
			w.fillOn(c.state)
			for i := range 30 {
				_, err := w.sender.ProcessDue(context.Background(), monday.Add(time.Duration(i)*30*time.Second))
				var full interface{ Code() int }
				if !errors.As(err, &full) || full.Code() != sqliteFull {
					t.Fatalf("tick %d says %v", i, err)
				}
			}
			if n := len(o.got()); n != c.leave {
				t.Errorf("%d letters left in 30 ticks on a full disk", n)
			}
			w.roomAgain()
			w.flush(monday.Add(20 * time.Minute))
			w.checkLedger(20)
			checkCopies(t, o.got(), 20, 0)
		})
	}
}

// Killed while the outcome could not be written down: the message is sent once more, the same, and never a third time.
func TestProcessDue_DiskFullThenCrash_SendsAtMostTwice(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.queue(letter(1))
	w.fillOn(StateSent)
	if _, err := w.sender.ProcessDue(context.Background(), monday); err == nil {
		t.Fatal("the disk was not full")
	}
	// The process ends here with all it knew.
	var err error
	w.sender.unsaved = nil
	w.sender.Close()
	w.sender, err = NewSender(w, w.sender.kinds, templateFiles())
	check(t, err)
	w.roomAgain()
	w.flush(monday.Add(11 * time.Minute))
	w.flush(monday.Add(40 * time.Minute))
	w.expect(letter(1), StateSent, "")
	got := o.got()
	if len(got) != 2 || !strings.EqualFold(string(got[0].body), string(got[1].body)) {
		t.Errorf("%d copies", len(got))
	}
}
