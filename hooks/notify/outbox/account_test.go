package outbox

import (
	"errors"
	"io"
	"net/mail"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/mails"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"simpul/hooks/clock"
)

// withAccounts is a world in which PocketBase's own mail is taken over, with one user who reads English.
func withAccounts(t *testing.T) (*world, *core.Record) {
	t.Helper()
	w := newWorld(t)
	w.OnMailerSend().BindFunc(TakeOver)
	w.OnMailerRecordOTPSend().BindFunc(OneTimeCode)
	users, err := w.FindCollectionByNameOrId("users")
	check(t, err)
	user := core.NewRecord(users)
	user.SetEmail("mitra@example.org")
	user.SetPassword("rahasia-sekali")
	user.Set("name", "Kepala Puskesmas")
	user.Set("language", "en")
	user.Set("time_zone", "Asia/Jayapura")
	check(t, w.Save(user))
	return w, user
}

func TestTakeOver_OneTimeCode_IsSentAtOnceAndBlanked(t *testing.T) {
	w, user := withAccounts(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	check(t, mails.SendRecordOTP(w, user, "otp1", "48151623"))
	got := o.got()
	if len(got) != 1 || got[0].to != "mitra@example.org" || !contains(got[0].body, "48151623", "+0900", "Auto-Submitted: auto-generated") {
		t.Fatalf("arrived: %v", got)
	}
	both := parts(t, parse(t, got[0]))
	if !strings.Contains(both["text/plain"], "48151623") || strings.Contains(both["text/plain"], "<") {
		t.Errorf("text part: %s", both["text/plain"])
	}
	if contains(got[0].body, codeHeader) || contains(got[0].body, "List-Id") {
		t.Errorf("headers: %s", got[0].body)
	}
	d := w.rows()[0]
	if d.State != StateSent || d.TextBody+d.HTMLBody != "" || strings.Contains(d.Subject, "48151623") {
		t.Errorf("the ledger keeps %+v", d)
	}
	if d.Kind != KindAccount || d.User != user.Id || d.Language != "en" || d.UsefulUntilAt.Time().Sub(monday) != 10*time.Minute {
		t.Errorf("the row: %+v", d)
	}
}

func TestTakeOver_NoMailServer_HoldsTheCode(t *testing.T) {
	w, user := withAccounts(t)
	check(t, mails.SendRecordOTP(w, user, "otp1", "48151623"))
	d := w.rows()[0]
	if d.State != StateHeld || d.Reason != ReasonSMTPOff || !strings.Contains(d.TextBody, "48151623") {
		t.Errorf("the row: %+v", d)
	}
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.flush(monday.Add(time.Hour))
	d = w.rows()[0]
	if d.State != StateSkipped || d.Reason != ReasonStale || d.Subject+d.TextBody+d.HTMLBody != "" || len(o.got()) != 0 {
		t.Errorf("an expired code: %+v", d)
	}
}

func TestTakeOver_PasswordReset_ExpiresAfterADay(t *testing.T) {
	w, user := withAccounts(t)
	check(t, mails.SendRecordPasswordReset(w, user))
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	w.flush(monday.Add(23 * time.Hour))
	if got := o.got(); len(got) != 1 || !contains(got[0].body, "/sign-in/reset/") {
		t.Errorf("arrived: %v", got)
	}
}

// message is a message as PocketBase hands it over.
func accountMessage(to ...string) *mailer.Message {
	m := &mailer.Message{Subject: "Test", HTML: "<p>Halo</p>"}
	for _, address := range to {
		m.To = append(m.To, mail.Address{Address: address})
	}
	return m
}

func TestTakeOver_Refused_ReturnsTheServersReply(t *testing.T) {
	for _, c := range []struct {
		name   string
		script script
		says   string
		state  string
	}{
		{"refused for good", script{"RCPT": "550 5.1.1 no such user"}, "no such user", StateFailed},
		{"refused for now", script{"RCPT": "450 4.2.1 greylisted"}, "greylisted", StateRetry},
		{"line broken before the letter", script{"MAIL": drop}, "EOF", StateRetry},
		{"wrong password", script{"greet": "554 5.7.1 closed"}, "closed", StateRetry},
		{"unclear", script{".": drop}, "EOF", StateUncertain},
		{"taken", script{}, "", StateSent},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, _ := withAccounts(t)
			p := newPeer(t, c.script)
			w.connectTo("127.0.0.1", p.port)
			err := w.NewMailClient().Send(accountMessage("admin@example.org"))
			if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
				t.Errorf("the caller hears %v, expected %q", err, c.says)
			}
			if d := w.rows()[0]; d.State != c.state {
				t.Errorf("the row is %s, expected %s", d.State, c.state)
			}
		})
	}
}

// PocketBase withdraws a code whose message could not be sent, so a message that will be tried again must not be an error.
func TestTakeOver_CodeDeferred_IsNoError(t *testing.T) {
	w, user := withAccounts(t)
	p := newPeer(t, script{"RCPT": "450 4.2.1 greylisted"})
	w.connectTo("127.0.0.1", p.port)
	check(t, mails.SendRecordOTP(w, user, "otp1", "48151623"))
	p.change(nil)
	w.flush(monday.Add(2 * time.Minute))
	if copies := p.copies(); len(copies) != 1 || !strings.Contains(copies[0], "48151623") {
		t.Errorf("copies: %v", copies)
	}
	p.change(script{"RCPT": "550 5.1.1 no such user"})
	if err := mails.SendRecordOTP(w, user, "otp2", "23421516"); err == nil {
		t.Error("a code refused for good is no error")
	}
}

func TestTakeOver_BreakerOpenOrBounced_IsTried(t *testing.T) {
	w, _ := withAccounts(t)
	p := newPeer(t, script{"greet": "421 4.3.2 closed"})
	w.connectTo("127.0.0.1", p.port)
	w.run("INSERT INTO suppressions (id, email, reason, kind) VALUES ('1', 'admin@example.org', 'bounced', '')")
	if err := w.NewMailClient().Send(accountMessage("admin@example.org")); err == nil {
		t.Fatal("the fault was hidden")
	}
	p.change(nil)
	check(t, w.NewMailClient().Send(accountMessage("admin@example.org")))
	if n := len(p.copies()); n != 1 {
		t.Errorf("%d letters arrived", n)
	}
}

func TestTakeOver_SeveralRecipients_GetOneMessageEach(t *testing.T) {
	w, _ := withAccounts(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	m := accountMessage("a@example.org", "b@example.org")
	m.Cc, m.Bcc = []mail.Address{{Address: "c@example.org"}}, []mail.Address{{Address: "d@example.org"}}
	check(t, w.NewMailClient().Send(m))
	for i, a := range o.got() {
		if to := string("abcd"[i]) + "@example.org"; a.to != to || !contains(a.body, "To: <"+to+">") || contains(a.body, "Cc:") {
			t.Errorf("letter %d went to %s: %s", i, a.to, a.body)
		}
	}
	if len(o.got()) != 4 {
		t.Errorf("%d letters", len(o.got()))
	}
}

func TestTakeOver_InTransaction_WaitsForTheCommit(t *testing.T) {
	w, _ := withAccounts(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	refusal := errors.New("taken back")
	send := func(answer error) error {
		return w.RunInTransaction(func(tx core.App) error {
			check(t, tx.NewMailClient().Send(accountMessage("admin@example.org")))
			return answer
		})
	}
	if err := send(refusal); !errors.Is(err, refusal) || len(w.rows()) != 0 || len(o.got()) != 0 {
		t.Errorf("%v: %d rows, %d letters", err, len(w.rows()), len(o.got()))
	}
	check(t, send(nil))
	if len(o.got()) != 0 {
		t.Error("sent before the save was safe")
	}
	w.flush(clock.Now())
	if len(o.got()) != 1 {
		t.Errorf("%d letters arrived", len(o.got()))
	}
}

func TestTakeOver_Attachments_AreRefused(t *testing.T) {
	w, _ := withAccounts(t)
	m := accountMessage("a@example.org")
	m.Attachments = map[string]io.Reader{"a.txt": strings.NewReader("x")}
	if err := w.NewMailClient().Send(m); err == nil || len(w.rows()) != 0 {
		t.Errorf("%v, %d rows", err, len(w.rows()))
	}
}
