package outbox

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/notify/smtp"
)

// object is a small calendar object, with signs of more than one byte and a line that looks like a boundary.
func object(method string) string {
	return strings.Join([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//ID", "METHOD:" + method, "BEGIN:VEVENT",
		"UID:1@hub.example.org", "DTSTAMP:20261207T010000Z", "DTSTART:20261208T020000Z", `SUMMARY:Rapat “évaluasi”\; --calendar=20`,
		" lanjutan yang panjang ", "END:VEVENT", "END:VCALENDAR", ""}, "\r\n")
}

// A16.
func TestProcessDue_Invitation_IsWellFormed(t *testing.T) {
	for _, method := range []string{"REQUEST", "CANCEL"} {
		var s smtp.DKIM
		a, _ := sentTo(t, "Asia/Makassar", func(w *world, _ *Message) {
			s = w.signs(newKey(t, "rsa"))
			w.said.Calendar = object(method)
		})
		found := inspect(t, a.body)
		if len(found.Defects) > 0 || len(a.body) > 60_000 {
			t.Errorf("%s: defects %v, %d bytes", method, found.Defects, len(a.body))
		}
		if found.Shape != "mixed{alternative{plain,html,calendar},ics}" || !slices.Equal(found.Methods, []string{method}) {
			t.Errorf("%s: the letter is %s with %v", method, found.Shape, found.Methods)
		}
		if found.Parts["text/calendar"] != object(method) || found.Parts["application/ics"] != object(method) {
			t.Errorf("%s: the object became %q and %q", method, found.Parts["text/calendar"], found.Parts["application/ics"])
		}
		if !strings.Contains(found.Parts["text/plain"], "Jadwal kunjungan") || !strings.Contains(found.Parts["text/html"], "Jadwal kunjungan") {
			t.Errorf("%s: parts %v", method, found.Parts)
		}
		if !contains(a.body, "Content-Type: text/calendar; method="+method+"; charset=UTF-8", `filename="invite.ics"`) {
			t.Errorf("%s: the parts are not called so:\n%s", method, a.body)
		}
		if signatures := verify(t, a.body, s); len(signatures) != 1 || signatures[0].Err != nil {
			t.Errorf("%s: signature %+v", method, signatures)
		}
	}
}

// A16.
func TestProcessDue_Invitation_HasTwoBoundaries(t *testing.T) {
	a, _ := sentTo(t, "Asia/Jakarta", func(w *world, _ *Message) { w.said.Calendar = object("REQUEST") })
	var names []string
	for _, found := range regexp.MustCompile(`boundary=(\S+)`).FindAllStringSubmatch(string(a.body), -1) {
		names = append(names, strings.TrimSuffix(found[1], ";"))
	}
	if len(names) != 2 || strings.HasPrefix(names[0], names[1]) || strings.HasPrefix(names[1], names[0]) {
		t.Fatalf("boundaries %v", names)
	}
}

// A16.
func TestProcessDue_UncertainInvitation_ResendsTheSameBytes(t *testing.T) {
	w := newWorld(t)
	w.signs(newKey(t, "ed25519"))
	p := newPeer(t, script{".": drop})
	w.connectTo("127.0.0.1", p.port)
	w.said.Calendar = object("REQUEST")
	w.queue(letter(1))
	w.flush(monday)
	if d := w.expect(letter(1), StateUncertain, ""); d.Message != p.copies()[0] {
		t.Errorf("the row keeps %q", d.Message)
	}
	w.said.Calendar = object("CANCEL")
	p.change(nil)
	w.flush(monday.Add(11 * time.Minute))
	if d := w.expect(letter(1), StateSent, ""); d.Message != "" {
		t.Errorf("a sent row keeps %q", d.Message)
	}
	if copies := p.copies(); len(copies) != 2 || copies[0] != copies[1] || !strings.Contains(copies[0], "method=REQUEST") {
		t.Errorf("%d copies, equal: %v", len(copies), len(copies) == 2 && copies[0] == copies[1])
	}
}

// A16.
func TestProcessDue_RefusedInvitation_IsRenderedAnew(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{"RCPT": "450 4.2.1 later"})
	w.connectTo("127.0.0.1", p.port)
	w.said.Calendar = object("REQUEST")
	w.queue(letter(1))
	w.flush(monday)
	w.expect(letter(1), StateRetry, "")
	w.said.Calendar = ""
	p.change(nil)
	w.flush(monday.Add(5 * time.Minute))
	w.expect(letter(1), StateSent, "")
	if copies := p.copies(); len(copies) != 1 || strings.Contains(copies[0], "text/calendar") {
		t.Errorf("%d copies; the last still brings the object", len(copies))
	}
}

func TestProcessDue_StoredContent_IsBlankedOnceFinal(t *testing.T) {
	ready := letter(1)
	ready.Subject, ready.Words, ready.Calendar = "Dibatalkan", "Rapat dibatalkan.", object("CANCEL")
	keeps := func(w *world, there bool) {
		t.Helper()
		if d := w.row(ready); (d.Words != "") != there || (d.Calendar != "") != there {
			t.Errorf("a %s row keeps %q and %d bytes, want it kept: %v", d.State, d.Words, len(d.Calendar), there)
		}
	}
	for state, put := range map[string]func(w *world){
		StateCancelled: func(w *world) { check(t, NewTx(w, monday).Cancel(RecordRef{"tasks", "task1"}, ReasonMoved)) },
		StateSkipped: func(w *world) {
			_, err := Drop(ReasonDroppedWrong).Take(w, monday, Selector{ID: w.row(ready).ID})
			check(t, err)
		},
	} {
		w := newWorld(t)
		w.queue(ready)
		keeps(w, true)
		put(w)
		if d := w.row(ready); d.State != state {
			t.Errorf("it is %s, want %s", d.State, state)
		}
		keeps(w, false)
	}
	w := newWorld(t)
	w.queue(ready)
	p := newPeer(t, script{"RCPT": "550 5.7.1 no"})
	w.connectTo("127.0.0.1", p.port)
	w.said.Calendar = object("CANCEL")
	w.flush(monday)
	w.expect(ready, StateFailed, ReasonRefused)
	keeps(w, true)
	p.change(nil)
	_, err := Retry().Take(w, monday, Selector{ID: w.row(ready).ID})
	check(t, err)
	w.flush(monday)
	w.expect(ready, StateSent, "")
	keeps(w, false)
}

func TestEnqueue_Cancelled_ReplacesTheStoredContent(t *testing.T) {
	w := newWorld(t)
	first, again := letter(1), letter(1)
	first.Subject, first.Words, first.Calendar = "Dibatalkan", "Rapat dibatalkan.", object("CANCEL")
	again.Subject, again.Words, again.Calendar = "Ditunda", "Rapat ditunda.", object("CANCEL")
	w.queue(first)
	check(t, NewTx(w, monday).Cancel(RecordRef{"tasks", "task1"}, ReasonMoved))
	w.queue(again)
	if d := w.expect(first, StatePlanned, ""); d.Subject != "Ditunda" || d.Words != "Rapat ditunda." || d.Calendar != object("CANCEL") {
		t.Errorf("it reads %s, %s", d.Subject, d.Words)
	}
}

func TestProcessDue_CalendarTooLarge_Fails(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.said.Calendar = object("REQUEST") + strings.Repeat("X", 30_000)
	w.queue(letter(1))
	w.flush(monday)
	if d := w.expect(letter(1), StateFailed, ReasonBroken); !strings.Contains(d.LastError, "weighs") {
		t.Errorf("it failed with %q", d.LastError)
	}
	check(t, w.set(letter(1).identity(), dbx.Params{"state": StatePlanned}))
	w.said.Calendar = object("REQUEST")
	w.flush(monday)
	w.expect(letter(1), StateSent, "")
}
