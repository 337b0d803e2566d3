package mail

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/smtp"
)

// storeKey is where an app keeps its one sender.
const storeKey = "mail.sender"

// batch is how many due rows are looked up at once.
const batch = 500

// errPaused ends a round: the mail server cannot be used for now. Nothing is lost and nobody needs to be told twice.
var errPaused = errors.New("the way to the mail server rests")

// Sender empties the ledger. There is one per app and it sends one letter at a time, so that a crash can leave at most
// one letter in doubt.
type Sender struct {
	app   core.App
	kinds Kinds
	paper *stationery
	dial  smtp.Options
	sort  Sorter

	turn   chan struct{} // held by whoever sends; everything below belongs to it
	line   *smtp.Conn
	stuck  *settlement // an outcome that the sent log or the database refused to take
	signer smtp.Signer
	book   *book // what left; nil keeps none

	mu      sync.Mutex
	channel smtp.Breaker
	looked  time.Time // when it last looked for letters

	life context.Context
	stop context.CancelFunc
}

// Tally counts what one Flush did to how many letters, by their new state.
type Tally map[string]int

// NewSender makes the app's sender and registers it with the app. The letters are mail/*.txt and mail/*.html of the
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

// senderOf finds the app's sender; nil when this process sends no letters.
func senderOf(app core.App) *Sender {
	s, _ := app.Store().Get(storeKey).(*Sender)
	return s
}

// Close stops sending and says goodbye to the mail server. A letter on its way gets three more seconds; what cannot be
// known then is settled at the next start.
func (s *Sender) Close() {
	s.stop()
	s.turn <- struct{}{}
	defer s.yield()
	err := s.unstick()
	s.hangUp()
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

// Flush sends what is due at now, oldest first, until nothing is left, ctx ends or the mail server cannot be used. It
// returns how many letters went into which state. An error means that the database failed; while an outcome cannot be
// written down no further letter leaves.
func (s *Sender) Flush(ctx context.Context, now time.Time) (Tally, error) {
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
			if err := r.one(id); err != nil {
				return err
			}
		}
	}
}

// next tidies the ledger, sorts what has become due and looks up the letters to send. There are none while the channel
// rests, and while letters are held only those that a person let go.
func (r *round) next() ([]string, error) {
	s := r.sender
	if err := s.take(r.ctx); err != nil {
		return nil, err
	}
	defer s.yield()
	s.look()
	if err := errors.Join(s.unstick(), s.book.sync()); err != nil {
		return nil, err
	}
	if !s.line.Usable(s.app.Settings().SMTP) {
		s.hangUp()
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

func (r *round) one(id string) error {
	if err := r.sender.take(r.ctx); err != nil {
		return err
	}
	defer r.sender.yield()
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

// take waits for the turn to send.
func (s *Sender) take(ctx context.Context) error {
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

func (s *Sender) yield() { <-s.turn }

// look notes that the sender looks for letters.
func (s *Sender) look() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.looked = clock.Now()
}

func (s *Sender) hangUp() {
	if s.line != nil {
		s.line.Quit()
		s.line = nil
	}
}
