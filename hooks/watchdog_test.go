package hooks

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/pocketbase/core"
)

// watched starts a watchdog over a job until the test ends.
func watched(t *testing.T, run task) (job, *watchdog) {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: filepath.Join(t.TempDir(), "data")})
	j, w := watch(app, job{"letters", quick, run})
	w.wake()
	t.Cleanup(w.rest)
	return j, w
}

// A clock that stands still is a scheduler that is stuck: it waits for a time that never comes.
func TestTheWatchdogRunsTheTickOfASchedulerThatIsStuck(t *testing.T) {
	var runs atomic.Int64
	j, _ := watched(t, counting(&runs))
	started(t, clockwork.NewFakeClock(), j)
	until(t, "the job has run five times", func() bool { return runs.Load() >= 5 })
}

func TestAJobThatFailsOrPanicsDoesNotEndTheWatch(t *testing.T) {
	var runs atomic.Int64
	watched(t, func(context.Context, core.App, time.Time) error {
		if runs.Add(1)%2 == 0 {
			panic("on purpose")
		}
		return errors.New("on purpose")
	})
	until(t, "the job has run four times", func() bool { return runs.Load() >= 4 })
}

func TestTheWatchdogLeavesAlone(t *testing.T) {
	t.Run("a scheduler that works", func(t *testing.T) {
		var runs, others atomic.Int64
		j, _ := watched(t, counting(&runs))
		run := j.run
		j.run = func(ctx context.Context, app core.App, now time.Time) error {
			others.Add(1)
			return run(ctx, app, now)
		}
		started(t, clockwork.NewRealClock(), j)
		until(t, "the scheduler has run the job twenty times", func() bool { return others.Load() >= 20 })
		// A busy machine may make the scheduler late a few times.
		if extra := runs.Load() - others.Load(); extra > 5 {
			t.Errorf("the watchdog stepped in %d times", extra)
		}
	})
	t.Run("a job that takes long", func(t *testing.T) {
		var running, most, runs atomic.Int64
		watched(t, func(context.Context, core.App, time.Time) error {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(10 * quick)
			running.Add(-1)
			runs.Add(1)
			return nil
		})
		until(t, "it has run twice", func() bool { return runs.Load() >= 2 })
		if most.Load() != 1 {
			t.Errorf("%d runs at once", most.Load())
		}
	})
}

func TestASchedulerThatWakesUpDoesNotRunBesideTheWatchdog(t *testing.T) {
	begun, release := make(chan struct{}, 10), make(chan struct{})
	var runs atomic.Int64
	j, _ := watched(t, func(context.Context, core.App, time.Time) error {
		runs.Add(1)
		begun <- struct{}{}
		<-release
		return nil
	})
	<-begun
	if err := j.run(t.Context(), nil, time.Now()); err != nil || runs.Load() != 1 {
		t.Errorf("%d runs, %v", runs.Load(), err)
	}
	close(release)
}

func TestTheWatchEndsWithTheRunOfItsOwn(t *testing.T) {
	var ended atomic.Bool
	begun := make(chan struct{}, 10)
	_, w := watched(t, func(ctx context.Context, _ core.App, _ time.Time) error {
		begun <- struct{}{}
		<-ctx.Done()
		ended.Store(true)
		return ctx.Err()
	})
	<-begun
	w.rest()
	if !ended.Load() {
		t.Error("a run went on after the watch ended")
	}
}
