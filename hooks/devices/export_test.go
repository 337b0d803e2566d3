package devices

import (
	"context"
	"net/http"
	"syscall"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/mail"
)

// PusherOf finds the app's pusher.
func PusherOf(app core.App) *Pusher {
	p, _ := pusherOf(app)
	return p
}

// Through has the pusher reach push services another way. Which ones it may ask stays as it is.
func (p *Pusher) Through(way http.RoundTripper) { p.client.Transport = way }

// Asking has the pusher ask others whether a letter is wanted.
func (p *Pusher) Asking(kinds mail.Kinds) { p.kinds = kinds }

// Kinds are whom it asks now.
func (p *Pusher) Kinds() mail.Kinds { return p.kinds }

// Die claims the next notice as if the process ended right after, and reports whether there was one.
func (p *Pusher) Die(now time.Time) bool {
	if err := p.plan(now); err != nil {
		panic(err)
	}
	job, err := p.claim(now)
	return job != nil && err == nil
}

// Known, Guess and Connect are what the tests of the small parts look at.
var (
	Known   = known
	Guess   = guess
	Connect = func(address string) error { return public("tcp", address, syscall.RawConn(nil)) }
)

// Problem is the key of the sentence that says why a subscription cannot be taken.
func (s Subscription) Problem() string { return s.problem() }

// Ask asks an address with the client of a new pusher.
func Ask(ctx context.Context, url string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, nil)
	if err != nil {
		return err
	}
	answer, err := newClient().Do(req)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// Waits, MostADay and MostFailures are the numbers of the package.
var Waits, MostADay, MostFailures, Most = waits, mostADay, mostFailures, most
