package outbox

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/clock"
	"simpul/hooks/notify/smtp"
)

const (
	// accountUseful is how long PocketBase's own messages are worth sending; their links expire.
	accountUseful = 24 * time.Hour
	// codeHeader carries a one-time code's lifetime in seconds from OneTimeCode to TakeOver. It never leaves the hub.
	codeHeader = "X-Hub-Code-Seconds"
	// turnWait is how long a person's message waits for the one just being sent before it is left to the next ProcessDue.
	turnWait = 10 * time.Second
)

// OneTimeCode marks a message with a one-time code, so that it is not sent once the code has expired. events.go binds it
// to OnMailerRecordOTPSend.
func OneTimeCode(e *core.MailerRecordEvent) error {
	if e.Message.Headers == nil {
		e.Message.Headers = map[string]string{}
	}
	e.Message.Headers[codeHeader] = strconv.FormatInt(e.Record.Collection().OTP.Duration, 10)
	return e.Next()
}

// TakeOver gives PocketBase's own mail the same way out as every message: a row in the outbox first, then the one sender.
// events.go binds it to OnMailerSend.
func TakeOver(e *core.MailerEvent) error {
	e.Mailer = pocketbaseMailer{e.App}
	return e.Next()
}

// pocketbaseMailer is a mailer.Mailer that writes into the outbox.
type pocketbaseMailer struct{ app core.App }

// Send writes one row for each recipient and tries at once. While messages are held it returns nil and the rows wait. An
// error tells what the mail server said; a message refused for the moment is tried again all the same. For a one-time
// code such a refusal is no error, because PocketBase would withdraw the code.
func (p pocketbaseMailer) Send(m *mailer.Message) error {
	if len(m.Attachments)+len(m.InlineAttachments) > 0 {
		return errors.New("messages of the hub carry no attachments")
	}
	held, err := holding(p.app)
	if err != nil {
		return err
	}
	var problems []error
	for _, to := range slices.Concat(m.To, m.Cc, m.Bcc) {
		key := KindAccount + "/" + security.RandomString(24)
		if err := p.insert(key, held, to, m); err != nil {
			return err
		}
		if held == "" {
			problems = append(problems, p.dispatch(key, isCode(m)))
		}
	}
	return errors.Join(problems...)
}

// enter writes the row of one recipient.
func (p pocketbaseMailer) insert(key, held string, to mail.Address, m *mailer.Message) error {
	now := clock.Now()
	e := entry{state: StateQueued, text: m.Text, html: m.HTML,
		Message: Message{Kind: KindAccount, Subject: smtp.HeaderText(m.Subject), Email: to.Address, Key: key, DueAt: now, UsefulUntil: now.Add(usefulTime(m))}}
	if held != "" {
		e.state, e.reason = StateHeld, held
	}
	if e.text == "" {
		e.text = smtp.PlainText(m.HTML)
	}
	e.User, e.Language = p.findUser(to.Address)
	_, err := write(p.app, []entry{e}, now)
	return err
}

// person finds whose address it is and the language they read; nobody for strangers and administrators.
func (p pocketbaseMailer) findUser(address string) (user, language string) {
	// No row leaves both empty, which is the answer.
	_ = p.app.DB().NewQuery(`SELECT id, language FROM users WHERE email = {:email} COLLATE NOCASE AND email != ''`).
		Bind(dbx.Params{"email": address}).Row(&user, &language)
	return user, language
}

func isCode(m *mailer.Message) bool { return m.Headers[codeHeader] != "" }

func usefulTime(m *mailer.Message) time.Duration {
	seconds, err := strconv.Atoi(m.Headers[codeHeader])
	if err != nil || seconds <= 0 {
		return accountUseful
	}
	return time.Duration(seconds) * time.Second
}

// dispatch sends the row now, unless this process sends no messages or a save is still open: a message never leaves
// inside a transaction that might be taken back.
func (p pocketbaseMailer) dispatch(key string, code bool) error {
	s := senderOf(p.app)
	if s == nil || p.app.IsTransactional() {
		return nil
	}
	var id string
	if err := p.app.DB().NewQuery("SELECT id FROM deliveries WHERE `key` = {:key}").Bind(dbx.Params{"key": key}).Row(&id); err != nil {
		return err
	}
	state, err := s.sendNow(id)
	if err == nil || code && state != StateFailed {
		return nil
	}
	return fmt.Errorf("mail server: %w", err)
}

// once brings one row as far as it can now, whatever the breaker is thought to be: a person waits for it.
func (s *Sender) sendNow(id string) (string, error) {
	turn, cancel := context.WithTimeout(s.life, turnWait)
	defer cancel()
	if err := s.lock(turn); err != nil {
		return "", nil
	}
	defer s.unlock()
	if err := errors.Join(s.retrySave(), s.startRound()); err != nil {
		return "", err
	}
	state, err := s.deliver(s.life, id, clock.Now())
	return state, errors.Join(err, s.sentLog.Sync())
}
