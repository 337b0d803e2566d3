package outbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
	"github.com/pocketbase/pocketbase/tools/security"

	"simpul/hooks/clock"
	"simpul/hooks/notify/smtp"
)

// sign has the sender's domain vouch for a message. One that cannot be signed goes unsigned: the key was checked when it
// was saved, and whoever broke it since is told by the log and by `simpul doctor`.
func (s *Sender) sign(tx core.App, message []byte) []byte {
	dkim, err := LoadDKIM(tx)
	if err == nil && dkim.Off() {
		return message
	}
	var signed []byte
	if err == nil {
		signed, err = s.signer.Sign(message, dkim)
	}
	if err != nil {
		s.app.Logger().Warn("letters go unsigned", "error", err)
		return message
	}
	return signed
}

// storeKey is where an app keeps its one sender.
const storeKey = "mail.sender"

// batch is how many due rows are looked up at once.
const batch = 500

// errPaused ends a round: the mail server cannot be used for now. Nothing is lost and nobody needs to be told twice.
var errPaused = errors.New("the way to the mail server rests")

// Sender empties the ledger. There is one per app and it sends one message at a time, so that a crash can leave at most
// sendOne message in doubt.
type Sender struct {
	app   core.App
	kinds Kinds
	paper *templates
	dial  smtp.Options
	sort  Scheduler

	turn   chan struct{} // held by whoever sends; everything below belongs to it
	line   *smtp.Conn
	stuck  *outcome // an outcome that the sent log or the database refused to take
	signer smtp.Signer
	book   *sentLogFile // what left; nil keeps none

	mu      sync.Mutex
	channel smtp.Breaker
	looked  time.Time // when it last looked for messages

	life context.Context
	stop context.CancelFunc
}

// Tally counts what one Flush did to how many messages, by their new state.
type Tally map[string]int

// NewSender makes the app's sender and registers it with the app. The messages are mail/*.txt and mail/*.html of the
// templates; it fails when one cannot be parsed.
func NewSender(app core.App, kinds Kinds, templates fs.FS) (*Sender, error) {
	paper, err := readStationery(templates)
	if err != nil {
		return nil, err
	}
	s := &Sender{app: app, kinds: kinds, paper: paper, sort: releaseAll, turn: make(chan struct{}, 1),
		dial: smtp.Options{DialTimeout: 20 * time.Second, SendTimeout: 5 * time.Minute}}
	s.life, s.stop = context.WithCancel(context.Background())
	app.Store().Set(storeKey, s)
	return s, nil
}

// senderOf finds the app's sender; nil when this process sends no messages.
func senderOf(app core.App) *Sender {
	s, _ := app.Store().Get(storeKey).(*Sender)
	return s
}

// Close stops sending and says goodbye to the mail server. A message on its way gets three more seconds; what cannot be
// known then is settled at the next start.
func (s *Sender) Close() {
	s.stop()
	s.turn <- struct{}{}
	defer s.unlock()
	err := s.unstick()
	s.disconnect()
	if err = errors.Join(err, s.book.close()); err != nil {
		s.app.Logger().Error("mail: close", "error", err)
	}
	s.book = nil
}

// Channel tells how the way to the mail server stands.
func (s *Sender) Channel() smtp.Breaker {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channel
}

// ProcessDue sends what is due at now, oldest first, until nothing is left, ctx ends or the mail server cannot be used. It
// returns how many messages went into which state. An error means that the database failed; while an outcome cannot be
// written down no further message leaves.
func (s *Sender) ProcessDue(ctx context.Context, now time.Time) (Tally, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	round := &round{sender: s, ctx: ctx, start: time.Now(), now: now, tally: Tally{}}
	err := round.run()
	if errors.Is(err, errPaused) || errors.Is(err, s.life.Err()) || ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		err = nil
	}
	return round.tally, err
}

// round is one call of Flush.
type round struct {
	sender *Sender
	ctx    context.Context
	start  time.Time // real time at which now was true
	now    time.Time
	tally  Tally
	opened bool // the round stands in the book
}

// moment is now as the round goes on.
func (r *round) moment() time.Time { return r.now.Add(time.Since(r.start)) }

func (r *round) run() error {
	for {
		ids, err := r.next()
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := r.sendOne(id); err != nil {
				return err
			}
		}
	}
}

// next tidies the ledger, sorts what has become due and looks up the messages to send. There are none while the channel
// rests, and while messages are held only those that a person let go.
func (r *round) next() ([]string, error) {
	s := r.sender
	if err := s.lock(r.ctx); err != nil {
		return nil, err
	}
	defer s.unlock()
	s.touchHeartbeat()
	if err := errors.Join(s.unstick(), s.book.sync()); err != nil {
		return nil, err
	}
	if !s.line.Usable(s.app.Settings().SMTP) {
		s.disconnect()
	}
	held, err := tidy(s.app, r.moment(), r.tally)
	if err != nil || held == ReasonSMTPOff {
		return nil, err
	}
	if !s.Channel().Allows(r.moment(), s.app.Settings().SMTP) {
		return nil, errPaused
	}
	if held == "" {
		if err := s.sort(r.ctx, s.app, r.moment()); err != nil {
			return nil, err
		}
	}
	ids, err := due(s.app, r.moment(), held != "")
	if err != nil {
		return nil, err
	}
	return within(s.app, ids, r.moment())
}

func (r *round) sendOne(id string) error {
	if err := r.sender.lock(r.ctx); err != nil {
		return err
	}
	defer r.sender.unlock()
	if !r.opened {
		if err := r.sender.openRound(); err != nil {
			return err
		}
		r.opened = true
	}
	state, err := r.sender.deliver(r.ctx, id, r.moment())
	if state != "" {
		r.tally[state]++
	}
	var refused refusedError
	if errors.As(err, &refused) {
		return nil
	}
	return err
}

// lock waits for the turn to send.
func (s *Sender) lock(ctx context.Context) error {
	if err := errors.Join(ctx.Err(), s.life.Err()); err != nil {
		return err
	}
	select {
	case s.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Sender) unlock() { <-s.turn }

// touchHeartbeat notes that the sender looks for messages.
func (s *Sender) touchHeartbeat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looked = clock.Now()
}

func (s *Sender) disconnect() {
	if s.line != nil {
		s.line.Quit()
		s.line = nil
	}
}

// refusedError says that one message did not leave; the next one may.
type refusedError struct{ words string }

func (e refusedError) Error() string { return e.words }

// deliver brings one row as far as it can at this moment and returns its new state; empty when the row was left alone.
// A refusedError concerns this message only, every other error ends the round. The caller holds the turn.
func (s *Sender) deliver(ctx context.Context, id string, now time.Time) (string, error) {
	if !s.app.Settings().SMTP.Enabled {
		return "", nil
	}
	// The line is opened before the row is claimed, so that a dead server costs no message an attempt.
	if err := s.connect(ctx, now); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", s.blame(id, now, err)
	}
	claimed, state, err := s.claim(id, now)
	if err != nil {
		return "", s.blame(id, now, err)
	}
	if claimed == nil {
		return state, nil
	}
	result := s.line.Send(ctx, s.app.Settings().Meta.SenderAddress, claimed.Email, []byte(claimed.Message))
	if result.SenderRefused {
		s.pause(now, smtp.TransportError{Reason: smtp.FaultSenderRefused, Err: errors.New(result.Reply)})
	} else {
		s.calm()
	}
	outcome := claimed.result(result, now)
	err = s.save(outcome)
	// QUIT comes after the outcome is safe.
	s.leave(result)
	switch {
	case err != nil:
		return "", err
	case result.SenderRefused:
		return outcome.state, fmt.Errorf("%w: %s", errPaused, result.Reply)
	case result.Class != smtp.Accepted:
		return outcome.state, refusedError{result.Reply}
	}
	return outcome.state, nil
}

// connect makes sure of a usable line. Its faults are TransportErrors.
func (s *Sender) connect(ctx context.Context, now time.Time) error {
	settings := s.app.Settings().SMTP
	if s.line.Usable(settings) {
		return nil
	}
	s.disconnect()
	line, err := s.newConn(ctx)
	if err != nil {
		return err
	}
	s.line = line
	// That the server lets us in says nothing about what it thinks of the sender.
	if s.Channel().Reason != smtp.FaultSenderRefused {
		s.calm()
	}
	return nil
}

// newConn opens a connection to the mail server of the settings.
func (s *Sender) newConn(ctx context.Context) (*smtp.Conn, error) {
	options, settings := s.dial, s.app.Settings()
	options.Helo = smtp.Domain(settings.Meta)
	return smtp.Dial(ctx, settings.SMTP, options)
}

// calm forgets the channel's faults.
func (s *Sender) calm() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel = smtp.Breaker{}
}

// pause lets the channel rest after a fault.
func (s *Sender) pause(now time.Time, fault smtp.TransportError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channel = s.channel.Trip(now, s.app.Settings().SMTP, fault)
}

// blame pauses the channel and writes the reason on the row that met the fault, without counting an attempt.
func (s *Sender) blame(id string, now time.Time, err error) error {
	var fault smtp.TransportError
	if !errors.As(err, &fault) {
		return err
	}
	s.pause(now, fault)
	if err := postpone(s.app, id, s.Channel()); err != nil {
		return err
	}
	return fmt.Errorf("%w: %w", errPaused, fault)
}

// leave gives up a connection that met an error. Only after a clear answer is a QUIT safe.
func (s *Sender) leave(result smtp.Result) {
	switch result.Class {
	case smtp.Accepted:
	case smtp.Rejected:
		s.disconnect()
	default:
		s.line.Close()
		s.line = nil
	}
}

const (
	// accountUseful is how long PocketBase's own messages are worth sending; their links expire.
	accountUseful = 24 * time.Hour
	// codeHeader carries a one-time code's lifetime in seconds from OneTimeCode to TakeOver. It never leaves the hub.
	codeHeader = "X-Hub-Code-Seconds"
	// turnWait is how long a person's message waits for the one just being sent before it is left to the next Flush.
	turnWait = 10 * time.Second
)

// OneTimeCode marks a message with a one-time code, so that it is not sent once the code has expired. The roof binds it
// to OnMailerRecordOTPSend.
func OneTimeCode(e *core.MailerRecordEvent) error {
	if e.Message.Headers == nil {
		e.Message.Headers = map[string]string{}
	}
	e.Message.Headers[codeHeader] = strconv.FormatInt(e.Record.Collection().OTP.Duration, 10)
	return e.Next()
}

// TakeOver gives PocketBase's own mail the same way out as every message: a row in the ledger first, then the one sender.
// The roof binds it to OnMailerSend.
func TakeOver(e *core.MailerEvent) error {
	e.Mailer = pocketbaseMailer{e.App}
	return e.Next()
}

// pocketbaseMailer is a mailer.Mailer that writes into the ledger.
type pocketbaseMailer struct{ app core.App }

// Send writes one row for each recipient and tries at once. While messages are held it returns nil and the rows wait. An
// error tells what the mail server said; a message refused for the moment is tried again all the same. For a one-time
// code such a refusal is no error, because PocketBase would withdraw the code.
func (p pocketbaseMailer) Send(m *mailer.Message) error {
	if len(m.Attachments)+len(m.InlineAttachments) > 0 {
		return errors.New("letters of the hub carry no attachments")
	}
	held, err := holding(p.app)
	if err != nil {
		return err
	}
	var problems []error
	for _, to := range slices.Concat(m.To, m.Cc, m.Bcc) {
		key := KindAccount + "/" + security.RandomString(24)
		if err := p.enter(key, held, to, m); err != nil {
			return err
		}
		if held == "" {
			problems = append(problems, p.dispatch(key, isCode(m)))
		}
	}
	return errors.Join(problems...)
}

// enter writes the row of one recipient.
func (p pocketbaseMailer) enter(key, held string, to mail.Address, m *mailer.Message) error {
	now := clock.Now()
	e := entry{state: StateQueued, text: m.Text, html: m.HTML,
		Message: Message{Kind: KindAccount, Subject: oneLine(m.Subject), Email: to.Address, Key: key, DueAt: now, UsefulUntil: now.Add(usefulTime(m))}}
	if held != "" {
		e.state, e.reason = StateHeld, held
	}
	if e.text == "" {
		e.text = plain(m.HTML)
	}
	e.User, e.Language = p.person(to.Address)
	_, err := write(p.app, []entry{e}, now)
	return err
}

// person finds whose address it is and the language they read; nobody for strangers and administrators.
func (p pocketbaseMailer) person(address string) (user, language string) {
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
	state, err := s.once(id)
	if err == nil || code && state != StateFailed {
		return nil
	}
	return fmt.Errorf("mail server: %w", err)
}

// once brings one row as far as it can now, whatever the channel is thought to be: a person waits for it.
func (s *Sender) once(id string) (string, error) {
	turn, cancel := context.WithTimeout(s.life, turnWait)
	defer cancel()
	if err := s.lock(turn); err != nil {
		return "", nil
	}
	defer s.unlock()
	if err := errors.Join(s.unstick(), s.openRound()); err != nil {
		return "", err
	}
	state, err := s.deliver(s.life, id, clock.Now())
	return state, errors.Join(err, s.book.sync())
}
