package outbox

import (
	"errors"
	"io/fs"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/smtp"
)

func TestProcessDue_NotWanted_IsSkippedWithItsReason(t *testing.T) {
	for _, reason := range []string{ReasonDone, ReasonCancelled, ReasonNoAccess, ReasonPaused, ReasonMuted, ReasonDisabled, ReasonNoAddress} {
		t.Run(reason, func(t *testing.T) {
			w := newWorld(t)
			o := newOffice(t)
			w.connectTo("127.0.0.1", o.port)
			w.whyNot = reason
			w.queue(letter(1))
			if tally := w.flush(monday); tally[StateSkipped] != 1 {
				t.Errorf("tally %v", tally)
			}
			d := w.expect(letter(1), StateSkipped, reason)
			if d.Attempts != 0 || len(o.got()) != 0 {
				t.Errorf("%d attempts, %d letters", d.Attempts, len(o.got()))
			}
		})
	}
}

func TestProcessDue_BadOrSuppressedAddress_IsNotSent(t *testing.T) {
	for _, c := range []struct{ name, email, suppression, state, reason string }{
		{"none", "", "", StateSkipped, ReasonNoAddress},
		{"not an address", "mitra", "", StateFailed, ReasonBadAddress},
		{"a second line", "mitra@example.org\r\nBcc: all@example.org", "", StateFailed, ReasonBadAddress},
		{"a name with it", "Mitra <mitra@example.org>", "", StateFailed, ReasonBadAddress},
		{"bounced before", "mitra@example.org", `('1', 'Mitra@example.org', 'bounced', '')`, StateSkipped, ReasonBounced},
		{"stopped this kind", "mitra@example.org", `('1', 'mitra@example.org', 'unsubscribed', 'task_due')`, StateSkipped, ReasonUnsubscribed},
		{"stopped another kind", "mitra@example.org", `('1', 'mitra@example.org', 'unsubscribed', 'meeting_soon')`, StateSent, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			o := newOffice(t)
			w.connectTo("127.0.0.1", o.port)
			if c.suppression != "" {
				w.run("INSERT INTO suppressions (id, email, reason, kind) VALUES " + c.suppression)
			}
			l := letter(1)
			l.Email = c.email
			w.queue(l)
			w.flush(monday)
			w.expect(l, c.state, c.reason)
		})
	}
}

func TestProcessDue_AddressChanged_UsesTheNewOne(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.said.Email = "baru@example.org"
	w.queue(letter(1))
	w.flush(monday)
	if got := o.got(); len(got) != 1 || got[0].to != "baru@example.org" {
		t.Errorf("arrived: %v", got)
	}
	if d := w.row(letter(1)); d.Email != "baru@example.org" {
		t.Errorf("the ledger says %q", d.Email)
	}
}

// A13.
func TestProcessDue_OneBroken_SendsTheOthers(t *testing.T) {
	says := func(c Contents) Kind {
		return Kind{Wanted: func(core.App, Delivery, time.Time) (Contents, string, error) { return c, "", nil }}
	}
	mistakes := Kinds{
		"panics":      {Wanted: func(core.App, Delivery, time.Time) (Contents, string, error) { panic("nil map") }},
		"bad_letter":  says(Contents{Template: "bad"}),
		"no_template": says(Contents{Template: "unheard_of"}),
		"too_heavy":   says(Contents{Lines: []string{strings.Repeat("berat ", 10_000)}}),
	}
	for kind, reason := range map[string]string{"panics": ReasonBroken, "bad_letter": ReasonBroken, "no_template": ReasonBroken,
		"too_heavy": ReasonBroken, "nobody_answers": ReasonUnknownKind} {
		t.Run(kind, func(t *testing.T) {
			w := newWorld(t)
			o := newOffice(t)
			w.connectTo("127.0.0.1", o.port)
			maps.Copy(w.sender.kinds, mistakes)
			w.sender.templates = withBadMessage(t)
			wrong, right := letter(1), letter(2)
			wrong.Kind, right.DueAt = kind, monday.Add(time.Second)
			w.queue(wrong, right)
			w.flush(monday.Add(time.Minute))
			d := w.expect(wrong, StateFailed, reason)
			if d.LastError == "" {
				t.Error("nothing says why")
			}
			w.expect(right, StateSent, "")
		})
	}
}

// withBadMessage is the stationery with one template more, which asks for a line that is not there.
func withBadMessage(t *testing.T) *templates {
	t.Helper()
	files := fstest.MapFS{"mail/bad.txt": {Data: []byte(`{{index .Lines 99}}`)}, "mail/bad.html": {Data: []byte(`x`)}}
	for _, name := range []string{"mail/letter.txt", "mail/letter.html"} {
		data, err := fs.ReadFile(templateFiles(), name)
		check(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	parsed, err := parseTemplates(files)
	check(t, err)
	return parsed
}

func TestProcessDue_KindFails_IsAskedAgain(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.fault = errors.New("database is locked")
	w.queue(letter(1))
	w.flush(monday)
	d := w.expect(letter(1), StateRetry, "")
	if d.LastError != "database is locked" || d.Attempts != 1 {
		t.Errorf("%q after %d attempts", d.LastError, d.Attempts)
	}
	w.fault = nil
	w.flush(monday.Add(2 * time.Minute))
	w.expect(letter(1), StateSent, "")
}

func TestProcessDue_Deferred_BacksOff(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{"RCPT": "450 4.2.1 greylisted"})
	w.connectTo("127.0.0.1", p.port)
	l := letter(1)
	w.queue(l)
	now := monday
	for i, minutes := range []float64{1, 5, 15, 60, 180, 360, 360} {
		w.flush(now)
		d := w.expect(l, StateRetry, "")
		if d.Attempts != i+1 {
			t.Fatalf("attempt %d is counted as %d", i+1, d.Attempts)
		}
		wait := d.NextAttemptAt.Time().Sub(now).Minutes()
		if wait < 0.89*minutes || wait > 1.11*minutes {
			t.Errorf("after attempt %d it waits %.1f minutes, expected %g ± 10%%", i+1, wait, minutes)
		}
		w.flush(d.NextAttemptAt.Time().Add(-time.Second))
		if early := w.row(l); early.Attempts != i+1 {
			t.Fatalf("tried %d times before the wait was over", early.Attempts)
		}
		now = d.NextAttemptAt.Time().Add(time.Second)
	}
}

func TestProcessDue_DeferredUntilExpiry_GivesUp(t *testing.T) {
	w := newWorld(t)
	p := newPeer(t, script{"RCPT": "450 4.2.1 greylisted"})
	w.connectTo("127.0.0.1", p.port)
	l := letter(1)
	l.UsefulUntil = monday.Add(5 * time.Minute)
	w.queue(l)
	w.flush(monday)
	w.flush(monday.Add(2 * time.Minute))
	d := w.expect(l, StateRetry, "")
	if last := d.NextAttemptAt.Time(); last.After(l.UsefulUntil) {
		t.Errorf("the last attempt %v comes after its use", last)
	}
	w.flush(monday.Add(4 * time.Minute))
	d = w.expect(l, StateFailed, ReasonGaveUp)
	if d.LastError == "" || d.Message != "" {
		t.Errorf("last error %q, message %q", d.LastError, d.Message)
	}
}

func TestProcessDue_TransportFaults_BackOffWithoutAttempts(t *testing.T) {
	for reason, fault := range map[string]script{
		smtp.FaultGreetingRefused: {"greet": "421 4.3.2 closed"},
		smtp.FaultSenderRefused:   {"MAIL": "550 5.7.1 not you"},
	} {
		t.Run(reason, func(t *testing.T) { restsLonger(t, fault) })
	}
}

func restsLonger(t *testing.T, fault script) {
	w := newWorld(t)
	p := newPeer(t, fault)
	w.connectTo("127.0.0.1", p.port)
	for i := range 3 {
		l := letter(i)
		l.UsefulUntil = monday.Add(72 * time.Hour)
		w.queue(l)
	}
	now := monday
	for i, minutes := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		w.flush(now)
		w.flush(now.Add(minutes*time.Minute - 2*time.Second))
		if rests := w.sender.Channel(); rests.Faults != i+1 || rests.PausedUntil.Sub(now).Round(time.Second) != minutes*time.Minute {
			t.Fatalf("fault %d: the channel rests %v, expected %d minutes", rests.Faults, rests.PausedUntil.Sub(now), minutes)
		}
		now = now.Add(minutes*time.Minute + time.Second)
	}
	for _, d := range w.rows() {
		if d.Attempts != 0 {
			t.Errorf("%s lost %d attempts", d.SubjectID, d.Attempts)
		}
	}
	p.change(nil)
	if tally := w.flush(now); tally[StateSent] != 3 {
		t.Errorf("after the fault: %v", tally)
	}
	if w.sender.Channel() != (smtp.Breaker{}) {
		t.Errorf("the channel still complains: %+v", w.sender.Channel())
	}
}
