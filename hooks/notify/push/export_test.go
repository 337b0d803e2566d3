package push

import (
	"net/http"
	"syscall"
	"testing"
	"time"
)

// SetTransport replaces how push services are reached during a test. Which ones may be asked stays as it is.
func SetTransport(t testing.TB, transport http.RoundTripper) {
	before := client.Transport
	client.Transport = transport
	t.Cleanup(func() { client.Transport = before })
}

// Claim leases the next message and does nothing else, as a process does that ends right after.
func (w *Worker) Claim(now time.Time) error {
	if err := enqueue(w.app, now); err != nil {
		return err
	}
	_, err := w.claim(now)
	return err
}

// Unexported parts that have tests of their own.
var (
	Allowed       = allowed
	Validate      = validate
	Client        = client
	RequirePublic = func(address string) error { return requirePublic("tcp", address, syscall.RawConn(nil)) }
)

const (
	MaxAttempts  = 5
	MaxPerDay    = maxPerDay
	MaxFailures  = maxFailures
	MaxPerPerson = maxPerPerson
)
