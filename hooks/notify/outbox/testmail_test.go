package outbox

import (
	"context"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/notify/smtp"
)

func trial(w *world) Trial {
	w.Helper()
	got, err := Send(context.Background(), w, "admin@example.org", "id")
	check(w, err)
	return got
}

func TestSend_Accepted_IsRecorded(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	// Somebody waits for it, so it also goes while other messages are held.
	w.run("UPDATE hub_settings SET mail_held = 1")
	if got := trial(w); got.Code != TrialSent || !got.OK() {
		t.Fatalf("%+v", got)
	}
	messages := o.got()
	if len(messages) != 1 || messages[0].to != "admin@example.org" {
		t.Fatalf("%d letters arrived", len(messages))
	}
	m := parse(t, messages[0])
	if both := parts(t, m); m.Header.Get("Subject") == "" || !strings.Contains(both["text/plain"], "pengaturan server email sudah benar") {
		t.Errorf("%v, %v", m.Header, both)
	}
	d := w.rows()[0]
	if d.State != StateSent || d.Email != "admin@example.org" || d.ServerReply == "" || d.TextBody+d.Message != "" || d.Attempts != 1 {
		t.Errorf("the ledger holds %+v", d)
	}
	if tally := w.flush(monday); len(tally) != 0 {
		t.Errorf("it went on: %v", tally)
	}
}

func TestSend_Faults_AreNamed(t *testing.T) {
	for code, server := range map[string]script{
		smtp.FaultWrongPassword:   {"AUTH": "535 5.7.8 no"},
		smtp.FaultSenderRefused:   {"MAIL": "550 5.1.8 not you"},
		TrialRefused:              {"RCPT": "550 5.1.1 nobody"},
		TrialLater:                {"RCPT": "451 4.7.1 later"},
		TrialUnclear:              {".": drop},
		smtp.FaultGreetingRefused: {"greet": "554 5.3.2 closed"},
	} {
		t.Run(code, func(t *testing.T) {
			w := newWorld(t)
			p := newPeer(t, server)
			w.connectTo("127.0.0.1", p.port, func(c *core.SMTPConfig) { c.Username, c.Password = "hub", "salah" })
			got := trial(w)
			if got.Code != code || got.OK() || got.Words == "" {
				t.Errorf("%+v, want %s", got, code)
			}
			for _, language := range lang.Languages {
				if s := got.Sentence(language); len(s) < 15 || strings.Contains(s, "⟦") {
					t.Errorf("%s: %s", language, s)
				}
			}
			for _, d := range w.rows() {
				if d.State != StateFailed || d.LastError == "" || d.TextBody+d.Message != "" {
					t.Errorf("the ledger holds %+v", d)
				}
			}
			if tally := w.flush(monday); len(tally) != 0 {
				t.Errorf("it is tried again: %v", tally)
			}
		})
	}
}

func TestSend_NoServerOrAddress_IsRefused(t *testing.T) {
	w := newWorld(t)
	if got := trial(w); got.Code != TrialOff {
		t.Errorf("without a server: %+v", got)
	}
	w.connectTo("127.0.0.1", 1)
	if got := trial(w); got.Code != smtp.FaultRefused {
		t.Errorf("nobody listens: %+v", got)
	}
	got, err := Send(context.Background(), w, "bukan alamat", "id")
	if err != nil || got.Code != TrialRefused {
		t.Errorf("no address: %+v, %v", got, err)
	}
	if n := len(w.rows()); n != 0 {
		t.Errorf("%d rows for letters that were never sent", n)
	}
}

func TestSignIn_Accepted_SendsNothing(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t, func(o *office) { o.password = "rahasia" })
	for password, want := range map[string]string{"rahasia": TrialSignIn, "salah": smtp.FaultWrongPassword} {
		w.connectTo("127.0.0.1", o.port, func(c *core.SMTPConfig) { c.Username, c.Password = "hub", password })
		if got := SignIn(context.Background(), w); got.Code != want {
			t.Errorf("%s: %+v", password, got)
		}
	}
	if n := len(o.got()); n != 0 {
		t.Errorf("%d letters arrived", n)
	}
}
