package outbox

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/sentlog"
	"simpul/hooks/notify/smtp"
)

// sign has the sender's domain vouch for a message. One that cannot be signed goes unsigned: the key was checked when it
// was saved, and whoever broke it since is warned by the log and by `simpul doctor`.
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
		s.app.Logger().Warn("messages go unsigned", "error", err)
		return message
	}
	return signed
}

// storeKey is where an app keeps its one sender.
const storeKey = "mail.sender"

// batch is how many due rows are read at once.
const batch = 500

// errPaused ends a round: the mail server cannot be used for now. Nothing is lost and nobody needs to hear of it twice.
var errPaused = errors.New("the way to the mail server rests")

// Sender empties the outbox. There is one per app and it sends one message at a time, so that a crash can leave at most
// sendOne message in doubt.
type Sender struct {
	app       core.App
	kinds     Kinds
	templates *templates
	dial      smtp.Options
	sort      Scheduler

	mutex   chan struct{} // held by whoever sends; guards everything below
	conn    *smtp.Conn
	unsaved *outcome // an outcome that the sent log or the database refused to take
	signer  smtp.Signer
	sentLog *sentlog.Log // what left; nil keeps none

	mu        sync.Mutex
	breaker   smtp.Breaker
	heartbeat time.Time // when it last read what is due

	life context.Context
	stop context.CancelFunc
}

// Tally counts what one ProcessDue did to how many messages, by their new state.
type Tally map[string]int

// NewSender makes the app's sender and registers it with the app. The messages are mail/*.txt and mail/*.html of the
// templates; it fails when one cannot be parsed.
func NewSender(app core.App, kinds Kinds, templates fs.FS) (*Sender, error) {
	parsed, err := parseTemplates(templates)
	if err != nil {
		return nil, err
	}
	s := &Sender{app: app, kinds: kinds, templates: parsed, sort: releaseAll, mutex: make(chan struct{}, 1),
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
// known then is decided at the next start.
func (s *Sender) Close() {
	s.stop()
	s.mutex <- struct{}{}
	defer s.unlock()
	err := s.retrySave()
	s.disconnect()
	if err = errors.Join(err, s.sentLog.Close()); err != nil {
		s.app.Logger().Error("mail: close", "error", err)
	}
	s.sentLog = nil
}

// Channel returns how the connection to the mail server stands.
func (s *Sender) Channel() smtp.Breaker {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.breaker
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

// round is one call of ProcessDue.
type round struct {
	sender *Sender
	ctx    context.Context
	start  time.Time // real time at which now was true
	now    time.Time
	tally  Tally
	opened bool // the sent log has the round
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

// next maintains the outbox, schedules what has become due and lists the messages to send. There are none while the breaker
// rests, and while messages are held only those that a person let go.
func (r *round) next() ([]string, error) {
	s := r.sender
	if err := s.lock(r.ctx); err != nil {
		return nil, err
	}
	defer s.unlock()
	s.touchHeartbeat()
	if err := errors.Join(s.retrySave(), s.sentLog.Sync()); err != nil {
		return nil, err
	}
	if !s.conn.Usable(s.app.Settings().SMTP) {
		s.disconnect()
	}
	held, err := maintain(s.app, r.moment(), r.tally)
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
	return withinRate(s.app, ids, r.moment())
}

func (r *round) sendOne(id string) error {
	if err := r.sender.lock(r.ctx); err != nil {
		return err
	}
	defer r.sender.unlock()
	if !r.opened {
		if err := r.sender.startRound(); err != nil {
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

// lock waits for the mutex.
func (s *Sender) lock(ctx context.Context) error {
	if err := errors.Join(ctx.Err(), s.life.Err()); err != nil {
		return err
	}
	select {
	case s.mutex <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Sender) unlock() { <-s.mutex }

// touchHeartbeat notes that the sender reads what is due.
func (s *Sender) touchHeartbeat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heartbeat = clock.Now()
}

func (s *Sender) disconnect() {
	if s.conn != nil {
		s.conn.Quit()
		s.conn = nil
	}
}

// refusedError says that one message did not leave; the next one may.
type refusedError struct{ words string }

func (e refusedError) Error() string { return e.words }

// deliver brings one row as far as it can at this moment and returns its new state; empty when the row was left alone.
// A refusedError concerns this message only, every other error ends the round. The caller holds the mutex.
func (s *Sender) deliver(ctx context.Context, id string, now time.Time) (string, error) {
	if !s.app.Settings().SMTP.Enabled {
		return "", nil
	}
	// The connection is opened before the row is claimed, so that a dead server costs no message an attempt.
	if err := s.connect(ctx, now); err != nil {
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		return "", s.deferBy(id, now, err)
	}
	claimed, state, err := s.claim(id, now)
	if err != nil {
		return "", s.deferBy(id, now, err)
	}
	if claimed == nil {
		return state, nil
	}
	result := s.conn.Send(ctx, s.app.Settings().Meta.SenderAddress, claimed.Email, []byte(claimed.Message))
	if result.SenderRefused {
		s.tripBreaker(now, smtp.TransportError{Reason: smtp.FaultSenderRefused, Err: errors.New(result.Reply)})
	} else {
		s.resetBreaker()
	}
	outcome := claimed.result(result, now)
	err = s.save(outcome)
	// QUIT comes after the outcome is safe.
	s.closeAfter(result)
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

// connect makes sure of a usable connection. Its faults are TransportErrors.
func (s *Sender) connect(ctx context.Context, now time.Time) error {
	settings := s.app.Settings().SMTP
	if s.conn.Usable(settings) {
		return nil
	}
	s.disconnect()
	conn, err := s.newConn(ctx)
	if err != nil {
		return err
	}
	s.conn = conn
	// That the server lets us in says nothing about what it thinks of the sender.
	if s.Channel().Reason != smtp.FaultSenderRefused {
		s.resetBreaker()
	}
	return nil
}

// newConn opens a connection to the mail server of the settings.
func (s *Sender) newConn(ctx context.Context) (*smtp.Conn, error) {
	options, settings := s.dial, s.app.Settings()
	options.Helo = smtp.Domain(settings.Meta)
	return smtp.Dial(ctx, settings.SMTP, options)
}

// resetBreaker forgets the mail server's faults.
func (s *Sender) resetBreaker() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.breaker = smtp.Breaker{}
}

// tripBreaker pauses sending after a fault.
func (s *Sender) tripBreaker(now time.Time, fault smtp.TransportError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.breaker = s.breaker.Trip(now, s.app.Settings().SMTP, fault)
}

// deferBy pauses the breaker and writes the reason on the row that met the fault, without counting an attempt.
func (s *Sender) deferBy(id string, now time.Time, err error) error {
	var fault smtp.TransportError
	if !errors.As(err, &fault) {
		return err
	}
	s.tripBreaker(now, fault)
	if err := deferBySMTP(s.app, id, s.Channel()); err != nil {
		return err
	}
	return fmt.Errorf("%w: %w", errPaused, fault)
}

// leave gives up a connection that met an error. Only after a clear answer is a QUIT safe.
func (s *Sender) closeAfter(result smtp.Result) {
	switch result.Class {
	case smtp.Accepted:
	case smtp.Rejected:
		s.disconnect()
	default:
		s.conn.Close()
		s.conn = nil
	}
}
