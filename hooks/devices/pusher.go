package devices

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/mail"
)

const (
	// storeKey is where an app keeps its one pusher.
	storeKey = "devices.pusher"
	// atOnce is how many push services are asked at the same time.
	atOnce = 2
)

// errNoPusher is answered where nobody tells devices.
var errNoPusher = errors.New("devices: this process sends no notices")

// Pusher tells devices. There is one per app.
type Pusher struct {
	app    core.App
	kinds  mail.Kinds
	client *http.Client
}

// NewPusher makes the app's pusher and registers it with the app. Kinds answer whether a letter is still wanted.
func NewPusher(app core.App, kinds mail.Kinds) *Pusher {
	p := &Pusher{app: app, kinds: kinds, client: newClient()}
	app.Store().Set(storeKey, p)
	return p
}

// pusherOf finds the app's pusher.
func pusherOf(app core.App) (*Pusher, error) {
	p, there := app.Store().Get(storeKey).(*Pusher)
	if !there {
		return nil, errNoPusher
	}
	return p, nil
}

// Flush tells devices of the letters whose hour has come, until nothing is left or ctx ends. Nothing leaves while all
// letters are held, by an administrator or because the hub was restored or copied.
func (p *Pusher) Flush(ctx context.Context, now time.Time) error {
	var held bool
	err := p.app.DB().NewQuery("SELECT COALESCE((SELECT mail_held FROM hub_settings LIMIT 1), TRUE)").Row(&held)
	if err != nil || held {
		return err
	}
	r, err := p.begin(now)
	if err == nil {
		err = p.plan(now)
	}
	if err != nil {
		return err
	}
	faults := make([]error, atOnce)
	var workers sync.WaitGroup
	for i := range atOnce {
		workers.Go(func() { faults[i] = r.work(ctx) })
	}
	workers.Wait()
	return errors.Join(faults...)
}

// round is one call of Flush, or one test.
type round struct {
	*Pusher
	keys  keys
	now   time.Time
	start time.Time // real time at which now was true

	mu   sync.Mutex
	rest map[string]bool // services that could not be reached in this round
}

func (p *Pusher) begin(now time.Time) (*round, error) {
	k, err := keysOf(p.app)
	return &round{Pusher: p, keys: k, now: now, start: time.Now(), rest: map[string]bool{}}, err
}

// moment is now as the round goes on.
func (r *round) moment() time.Time { return r.now.Add(time.Since(r.start)) }

// work sends one notice after the other. A panic ends this round of one worker, and nothing else.
func (r *round) work(ctx context.Context) (err error) {
	defer caught(&err)
	for ctx.Err() == nil {
		job, err := r.claim(r.moment())
		if err != nil || job == nil {
			return err
		}
		v := r.attempt(ctx, job)
		if ctx.Err() != nil {
			return nil // stopped on the way: tried again once the claim has run out
		}
		if err := r.settle(job, v, r.moment()); err != nil {
			return err
		}
	}
	return nil
}

// attempt sends a notice unless its service could not be reached in this round: one more attempt would only cost time.
func (r *round) attempt(ctx context.Context, job *push) verdict {
	service := host(job.Endpoint)
	r.mu.Lock()
	rests := r.rest[service]
	r.mu.Unlock()
	if rests {
		return away
	}
	v := r.send(ctx, job)
	if v == away {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.rest[service] = true
	}
	return v
}
