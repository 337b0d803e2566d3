package hooks

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// patience is for how many of its intervals a job may be silent.
const patience = 3

// watchdog runs a job that its scheduler has forgotten. It trusts the monotonic
// clock alone, which nobody can set.
type watchdog struct {
	app  core.App
	job  job
	ctx  context.Context
	stop context.CancelFunc
	done chan struct{} // closed once it sleeps again; nil before it wakes

	mu      sync.Mutex
	running bool
	last    time.Time // when the job last began or ended
}

// watch returns a job that tells the watchdog of each run, and the watchdog.
func watch(app core.App, j job) (job, *watchdog) {
	w := &watchdog{app: app, job: j, last: time.Now()}
	w.ctx, w.stop = context.WithCancel(context.Background())
	watched := j
	watched.run = w.run
	return watched, w
}

// wake begins the watch.
func (w *watchdog) wake() {
	w.done = make(chan struct{})
	go w.guard(w.ctx)
}

// run does the job unless it is being done: a scheduler that comes back to life
// must not do it beside the watchdog.
func (w *watchdog) run(ctx context.Context, app core.App, now time.Time) error {
	if !w.begin(0) {
		return nil
	}
	defer w.end()
	return w.job.run(ctx, app, now)
}

// begin claims the job if it has been silent for that long.
func (w *watchdog) begin(silent time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running || time.Since(w.last) < silent {
		return false
	}
	w.running, w.last = true, time.Now()
	return true
}

func (w *watchdog) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.running, w.last = false, time.Now()
}

// guard looks once an interval whether the job was forgotten.
func (w *watchdog) guard(ctx context.Context) {
	defer close(w.done)
	look := time.NewTicker(w.job.every)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		if w.begin(patience * w.job.every) {
			w.stepIn(ctx)
		}
	}
}

// stepIn does the job in the scheduler's place. A panic ends this run only.
func (w *watchdog) stepIn(ctx context.Context) {
	defer w.end()
	defer func() {
		if cause := recover(); cause != nil {
			w.app.Logger().Error("schedule: panic", "job", w.job.name, "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
		}
	}()
	w.app.Logger().Error("schedule: the scheduler is silent, the watchdog steps in", "job", w.job.name, "intervals", patience)
	if err := w.job.run(ctx, w.app, clock.Now()); err != nil && ctx.Err() == nil {
		w.app.Logger().Error("schedule: "+w.job.name, "error", err)
	}
}

// rest ends the watch and waits for a run of its own to end.
func (w *watchdog) rest() {
	w.stop()
	if w.done != nil {
		<-w.done
	}
}
