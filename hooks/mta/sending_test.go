//go:build mta

package mta_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/smtp"
	"simpul/hooks/testkit"
)

// many is how many messages are sent each time.
const many = 200

// hub is an app whose sender knows one kind of message.
type hub struct {
	*testing.T
	app    core.App
	sender *outbox.Sender
}

func newHub(t *testing.T) *hub {
	t.Helper()
	app, _ := testkit.App(t)
	h := &hub{T: t, app: app}
	said := outbox.Contents{Subject: "Tenggat Kamis, 10 Desember 2026", Greeting: "Yth. Puskesmas Tambakaji,",
		Lines:  []string{strings.Repeat("Tugas “Jadwal kunjungan” perlu selesai. ", 20)},
		Button: outbox.Link{Label: "Buka tugas", URL: testkit.HubURL + "/tasks/1"}, Why: "Anda penanggung jawab."}
	var err error
	h.sender, err = outbox.NewSender(app, outbox.Kinds{"task_due": {Wanted: func(core.App, outbox.Delivery, time.Time) (outbox.Contents, string, error) {
		return said, "", nil
	}}}, testkit.Templates())
	h.check(err)
	t.Cleanup(h.sender.Close)
	return h
}

func (h *hub) check(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// connect enters a mail server as an administrator would.
func (h *hub) connect(s *exim, method, pass string) {
	h.Helper()
	settings, err := h.app.Settings().Clone()
	h.check(err)
	settings.SMTP = core.SMTPConfig{Enabled: true, Host: "127.0.0.1", Port: s.port, Username: username, Password: pass, AuthMethod: method}
	settings.Meta.SenderAddress, settings.Meta.AppURL = "hub@hub.example.org", testkit.HubURL
	h.check(h.app.Save(settings))
}

// queue plans n messages, numbered from first.
func (h *hub) queue(first, n int) {
	h.Helper()
	messages := make([]outbox.Message, n)
	for i := range messages {
		messages[i] = outbox.Message{Kind: "task_due", SubjectCollection: "tasks", SubjectID: fmt.Sprintf("task%d", first+i), Language: "id",
			Email: fmt.Sprintf("mitra%d@example.org", first+i), AnchorAt: "2026-11-23", DueAt: testkit.Monday, UsefulUntil: testkit.Monday.Add(48 * time.Hour)}
	}
	_, err := outbox.Enqueue(h.app, messages...)
	h.check(err)
}

// flush sends what is due so long after Monday morning and tells how long it took.
func (h *hub) flush(after time.Duration) (outbox.Tally, time.Duration) {
	h.Helper()
	begin := time.Now()
	tally, err := h.sender.ProcessDue(context.Background(), testkit.Monday.Add(after))
	h.check(err)
	return tally, time.Since(begin)
}

// sign sets up DKIM.
func (h *hub) sign() smtp.DKIM {
	h.Helper()
	key, err := smtp.NewDKIMKey("rsa")
	h.check(err)
	_, err = h.app.NonconcurrentDB().Update("hub_settings", dbx.Params{"dkim_domain": "example.org", "dkim_selector": "simpul", "dkim_key": key}, nil).Execute()
	h.check(err)
	return smtp.DKIM{Domain: "example.org", Selector: "simpul", Key: key}
}

// checkArrivals holds the log of Exim against the ledger: each message once.
func (h *hub) checkArrivals(s *exim, n int) {
	h.Helper()
	var ids []string
	h.check(h.app.DB().Select("message_id").From("deliveries").Where(dbx.HashExp{"state": outbox.StateSent}).Column(&ids))
	arrived := map[string]int{}
	for _, l := range s.messages() {
		arrived[l[3]]++
		if l[2] != "esmtpsa" {
			h.Errorf("letter %s came by %s, not encrypted and signed in", l[3], l[2])
		}
	}
	if len(ids) != n || len(arrived) != n {
		h.Errorf("%d letters sent, %d arrived, want %d", len(ids), len(arrived), n)
	}
	for _, id := range ids {
		if arrived[id] != 1 {
			h.Errorf("%s arrived %d times", id, arrived[id])
		}
	}
}

func TestA20TwoHundredMessagesArriveOnceEach(t *testing.T) {
	for _, method := range []string{mailer.SMTPAuthPlain, mailer.SMTPAuthLogin} {
		t.Run(method, func(t *testing.T) {
			h, s := newHub(t), newExim(t, trusted)
			signing := h.sign()
			h.connect(s, method, password)
			h.queue(0, many)
			tally, _ := h.flush(0)
			if tally[outbox.StateSent] != many || h.sender.Channel().Reason != "" {
				t.Fatalf("%v, channel %+v", tally, h.sender.Channel())
			}
			h.checkArrivals(s, many)
			// Fifty messages a connection; the first connection was ours, to see whether Exim answers.
			if n := strings.Count(s.read("mainlog"), "SMTP connection from [127.0.0.1]") / 2; n > many/50+1 {
				t.Errorf("%d connections for %d letters", n, many)
			}
			h.checkSignature(s, signing)
		})
	}
}

// checkSignature reads a message as Exim would pass it on.
func (h *hub) checkSignature(s *exim, signing smtp.DKIM) {
	h.Helper()
	letter := s.letter(s.messages()[0][1])
	found, err := dkim.VerifyWithOptions(bytes.NewReader(letter), &dkim.VerifyOptions{LookupTXT: func(string) ([]string, error) {
		_, text, err := signing.Record()
		return []string{text}, err
	}})
	if err != nil || len(found) != 1 || found[0].Err != nil {
		h.Errorf("the signature does not survive Exim: %v in\n%s", err, letter)
	}
	for _, head := range []string{"List-Unsubscribe:", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "Auto-Submitted: auto-generated", "Received: "} {
		if !bytes.Contains(letter, []byte("\r\n"+head)) && !bytes.HasPrefix(letter, []byte(head)) {
			h.Errorf("the letter lacks %s:\n%s", head, letter)
		}
	}
}

func TestA20AWrongPasswordAndAnUntrustedCertificateAreCalledByTheirNames(t *testing.T) {
	honest, odd := newExim(t, trusted), newExim(t, stranger)
	for name, of := range map[string]struct {
		server *exim
		pass   string
		reason string
	}{
		"wrong password":        {honest, "salah", smtp.FaultWrongPassword},
		"untrusted certificate": {odd, password, smtp.FaultTLSUntrusted},
	} {
		t.Run(name, func(t *testing.T) {
			h, before := newHub(t), len(of.server.messages())
			h.connect(of.server, mailer.SMTPAuthPlain, of.pass)
			h.queue(0, 3)
			h.flush(0)
			if c := h.sender.Channel(); c.Reason != of.reason || c.Detail == "" {
				t.Errorf("the channel says %s (%s), want %s", c.Reason, c.Detail, of.reason)
			}
			if n := len(of.server.messages()) - before; n != 0 {
				t.Errorf("%d letters arrived", n)
			}
			trial, err := outbox.Send(context.Background(), h.app, "admin@example.org", "id")
			if h.check(err); trial.Code != of.reason || trial.OK() || strings.Contains(trial.Sentence("id")+trial.Sentence("en"), "⟦") {
				t.Errorf("a trial letter: %+v", trial)
			}
			// Put right, everything goes, and no attempt was used up.
			h.connect(honest, mailer.SMTPAuthPlain, password)
			if tally, _ := h.flush(time.Minute); tally[outbox.StateSent] != 3 {
				t.Errorf("after the correction: %v", tally)
			}
		})
	}
}
