package reminders

import (
	"context"
	"errors"
	"sync"

	"github.com/pocketbase/pocketbase/core"
)

// ErrSimulating says that somebody else's simulation is under way.
var ErrSimulating = errors.New("reminders: another simulation is under way")

// errStopped ends a simulation because its app ends.
var errStopped = errors.New("reminders: the hub stops")

// desk has room for one simulation of an app at a time: each costs a copy of the
// database and a processor.
type desk struct {
	mu     sync.Mutex
	cancel context.CancelCauseFunc // nil while nobody sits there
	done   chan struct{}
}

func deskOf(app core.App) *desk {
	d, _ := app.Store().GetOrSet("reminders.simulation", func() any { return &desk{} }).(*desk)
	return d
}

// sit takes the desk, or answers ErrSimulating. Whoever sits must leave.
func (d *desk) sit(ctx context.Context) (_ context.Context, leave func(), err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.cancel != nil {
		return nil, nil, ErrSimulating
	}
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	d.cancel, d.done = cancel, done
	return ctx, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		cancel(nil)
		d.cancel = nil
		close(done)
	}, nil
}

// StopSimulation ends the app's simulation, if there is one, and returns once
// its copy of the database is gone. The roof calls it before the app ends.
func StopSimulation(app core.App) {
	d := deskOf(app)
	d.mu.Lock()
	cancel, done := d.cancel, d.done
	d.mu.Unlock()
	if cancel != nil {
		cancel(errStopped)
		<-done
	}
}
