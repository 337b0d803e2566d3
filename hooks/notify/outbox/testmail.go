package outbox

import (
	"context"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/smtp"
)

// The outcomes of a trial besides the codes of smtp.Breaker. Each has a sentence under mail.trial.<code>.
const (
	TrialSent    = "sent"    // the server took the message
	TrialSignIn  = "sign_in" // the server let the hub in; nothing was sent
	TrialOff     = "off"     // nobody has entered a mail server
	TrialRefused = "refused" // the recipient was refused for good
	TrialLater   = "later"   // the server asks to come back later
	TrialUnclear = "unclear" // the connection broke before the answer
)

// Trial is how an attempt at the mail server went.
type Trial struct {
	Code  string // one of the codes above or a smtp.Fault… code
	Words string // what the server or the network said, may be empty
}

// OK reports whether the trial went well.
func (t Trial) OK() bool { return t.Code == TrialSent || t.Code == TrialSignIn }

// Sentence says the outcome and what to do about it.
func (t Trial) Sentence(language string) string {
	if key := "mail.test." + t.Code; lang.Has(key) {
		return lang.T(language, key)
	}
	return lang.T(language, "mail.channel."+t.Code)
}

// SignIn tries the connection to the mail server of the settings without sending anything.
func SignIn(ctx context.Context, app core.App) Trial {
	conn, trial := reach(ctx, app)
	if conn != nil {
		conn.Quit()
	}
	return trial
}

func reach(ctx context.Context, app core.App) (*smtp.Conn, Trial) {
	s := senderOf(app)
	if !app.Settings().SMTP.Enabled || s == nil {
		return nil, Trial{Code: TrialOff}
	}
	conn, err := s.newConn(ctx)
	if err != nil {
		return nil, faulty(err)
	}
	return conn, Trial{Code: TrialSignIn}
}

// Send sends one message to an address now, over a connection of its own, and notes it in the outbox. It is tried once
// only, and also while messages are held: somebody is sitting there waiting for it.
func Send(ctx context.Context, app core.App, address, language string) (Trial, error) {
	if !smtp.ValidAddress(address) {
		return Trial{Code: TrialRefused, Words: address}, nil
	}
	conn, trial := reach(ctx, app)
	if conn == nil {
		return trial, nil
	}
	defer conn.Quit()
	d, err := senderOf(app).trialMessage(address, language)
	if trial := faulty(err); trial.Code != "" {
		return trial, nil
	}
	if err != nil {
		return Trial{}, err
	}
	result := conn.Send(ctx, app.Settings().Meta.SenderAddress, d.Email, []byte(d.Message))
	return trialOf(result), note(app, d, result)
}

// trialMessage writes the message of a trial.
func (s *Sender) trialMessage(address, language string) (Delivery, error) {
	meta, now := s.app.Settings().Meta, clock.Now()
	d := Delivery{ID: core.GenerateDefaultRandomId(), Kind: KindAccount, Email: address, Language: language,
		Key: KindAccount + "/" + security.RandomString(24)}
	say := func(part string) string { return lang.T(language, "mail.test."+part, "hub", meta.AppName) }
	b, err := s.templates.render(d.page(Contents{Subject: say("subject"), Greeting: say("greeting"), Lines: []string{say("line")}, Why: say("why")}, meta, now))
	if err != nil {
		return d, err
	}
	d.Subject, d.TextBody, d.HTMLBody = b.subject, b.text, b.html
	c := &lease{Delivery: d}
	// A sender of its own, because only who holds the mutex may use the other one's key.
	err = (&Sender{app: s.app}).freeze(s.app, c, Contents{}, now)
	return c.Delivery, err
}

// faulty is a trial that met a fault of the connection or of the sender; its code is empty after any other error.
func faulty(err error) Trial {
	var fault smtp.TransportError
	if !errors.As(err, &fault) {
		return Trial{}
	}
	return Trial{fault.Reason, clip(fault.Error(), maxWords)}
}

// trialCodes are the outcomes of a message that was handed over.
var trialCodes = map[smtp.Class]string{smtp.Accepted: TrialSent, smtp.Rejected: TrialRefused, smtp.Deferred: TrialLater, smtp.Uncertain: TrialUnclear}

func trialOf(result smtp.Result) Trial {
	if result.SenderRefused {
		return Trial{smtp.FaultSenderRefused, result.Reply}
	}
	return Trial{trialCodes[result.Class], result.Reply}
}

// note writes the trial into the outbox as it ended.
func note(app core.App, d Delivery, result smtp.Result) error {
	now := clock.Now()
	e := entry{state: StateFailed, reason: ReasonRefused,
		Message: Message{Kind: d.Kind, Email: d.Email, Language: d.Language, Subject: d.Subject, Key: d.Key, DueAt: now, UsefulUntil: now}}
	if result.Class == smtp.Accepted {
		e.state, e.reason = StateSent, ""
	}
	if _, err := write(app, []entry{e}, now); err != nil {
		return err
	}
	fields := dbx.Params{"attempts": 1, "message_id": d.MessageID, "last_error": result.Reply}
	if result.Class == smtp.Accepted {
		fields = dbx.Params{"attempts": 1, "message_id": d.MessageID, "server_reply": result.Reply, "sent_at": Stamp(now)}
	}
	_, err := app.DB().Update(ledger, fields, dbx.HashExp{"key": d.Key}).Execute()
	return err
}
