package outbox

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"
)

// limited lets so many messages leave in an hour.
func limited(t *testing.T, most int) *world {
	t.Helper()
	w := newWorld(t)
	w.connectTo("127.0.0.1", newPeer(t, nil).port)
	_, err := w.NonconcurrentDB().Update("hub_settings", dbx.Params{"mails_per_hour": most}, nil).Execute()
	check(t, err)
	return w
}

// A18.
func TestProcessDue_HourlyLimit_DefersTheRest(t *testing.T) {
	w := limited(t, 3)
	for i := range 8 {
		w.queue(letter(i))
	}
	for _, c := range []struct {
		after time.Duration
		sent  int
	}{{0, 3}, {30 * time.Second, 3}, {59 * time.Minute, 3}, {61 * time.Minute, 6}, {90 * time.Minute, 6}, {123 * time.Minute, 8}, {200 * time.Minute, 8}} {
		w.flush(monday.Add(c.after))
		sent, waits := 0, 0
		for i := range 8 {
			switch row := w.row(letter(i)); {
			case row.State == StateSent && row.Reason == "":
				sent++
			case row.State == StateQueued && row.DeferredBy == DeferredByRate:
				waits++
			default:
				t.Errorf("after %s a letter is %s (%s)", c.after, row.State, row.Reason)
			}
		}
		if sent != c.sent || sent+waits != 8 {
			t.Errorf("after %s %d letters have left and %d wait, want %d", c.after, sent, waits, c.sent)
		}
	}
}

// A18.
func TestProcessDue_HourlyLimit_LetsCodesLeave(t *testing.T) {
	w := limited(t, 1)
	for i := range batch + 5 {
		w.queue(letter(i))
	}
	w.flush(monday)
	code := letter(batch + 9)
	w.queue(code)
	check(t, w.set(code.identity(), dbx.Params{"kind": KindAccount, "state": StateQueued, "subject": "Kode masuk", "text_body": "Kode",
		"due_at": Stamp(monday.Add(time.Minute))}))
	w.flush(monday.Add(2 * time.Minute))
	w.expect(code, StateSent, "")
	sent := 0
	for i := range batch + 5 {
		if w.row(letter(i)).State == StateSent {
			sent++
		}
	}
	if sent != 1 {
		t.Errorf("%d other letters have left", sent)
	}
}

func TestProcessDue_NoHourlyLimit_SendsAll(t *testing.T) {
	w := limited(t, 0)
	for i := range 20 {
		w.queue(letter(i))
	}
	w.flush(monday)
	for i := range 20 {
		w.expect(letter(i), StateSent, "")
	}
}
