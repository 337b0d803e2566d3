package hooks

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/store"
	"simpul/hooks/web"

	"simpul/hooks/testkit/check"
)

const quick = 10 * time.Millisecond

// started runs jobs until the test ends.
func started(t *testing.T, ticking clockwork.Clock, jobs ...job) (stop func() error) {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: filepath.Join(t.TempDir(), "data")})
	scheduler := check.Must(timetable(app, jobs, ticking))
	scheduler.Start()
	stopped := false
	stop = func() error {
		if stopped {
			return nil
		}
		stopped = true
		return scheduler.Shutdown()
	}
	t.Cleanup(func() {
		check.NoError(t, stop())
	})
	return stop
}

// until waits for something to become true.
func until(t *testing.T, what string, true func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !true(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("still not: %s", what)
		}
	}
}

// counting is a job that counts its runs.
func counting(n *atomic.Int64) task {
	return func(context.Context, core.App, time.Time) error {
		n.Add(1)
		return nil
	}
}

// A13
func TestSchedule_JobPanicsOrFails_RunsAgain(t *testing.T) {
	var panics, failures, others atomic.Int64
	started(t, clockwork.NewRealClock(),
		job{"panics", quick, func(context.Context, core.App, time.Time) error { panics.Add(1); panic("on purpose") }},
		job{"fails", quick, func(context.Context, core.App, time.Time) error { failures.Add(1); return errors.New("on purpose") }},
		job{"works", quick, counting(&others)})
	until(t, "every job has run ten times", func() bool { return panics.Load() >= 10 && failures.Load() >= 10 && others.Load() >= 10 })
}

func TestSchedule_SlowJob_NeverOverlaps(t *testing.T) {
	var running, most, slow, other atomic.Int64
	started(t, clockwork.NewRealClock(),
		job{"slow", quick, func(context.Context, core.App, time.Time) error {
			most.Store(max(most.Load(), running.Add(1)))
			time.Sleep(10 * quick)
			running.Add(-1)
			slow.Add(1)
			return nil
		}},
		job{"other", quick, counting(&other)})
	until(t, "the slow job has run five times", func() bool { return slow.Load() >= 5 })
	check.Equal(t, "Load", most.Load(), 1)
	if other.Load() < slow.Load() {
		t.Errorf("the other job ran %d times beside %d", other.Load(), slow.Load())
	}
}

func TestSchedule_Stop_InterruptsJob(t *testing.T) {
	var begun, interrupted atomic.Int64
	stop := started(t, clockwork.NewRealClock(), job{"long", quick, func(ctx context.Context, _ core.App, _ time.Time) error {
		begun.Add(1)
		<-ctx.Done()
		interrupted.Add(1)
		return ctx.Err()
	}})
	until(t, "the job runs", func() bool { return begun.Load() == 1 })
	begin := time.Now()
	check.NoError(t, stop())
	if took := time.Since(begin); took > 5*time.Second || interrupted.Load() != 1 {
		t.Errorf("the stop took %s, %d runs were interrupted", took, interrupted.Load())
	}
	time.Sleep(5 * quick)
	if begun.Load() != 1 {
		t.Errorf("after the stop the job ran %d times more", begun.Load()-1)
	}
}

// swayed is a wall clock that somebody sets.
type swayed struct {
	clockwork.Clock
	by *atomic.Int64
}

func (s swayed) Now() time.Time { return time.Now().Round(0).Add(time.Duration(s.by.Load())) }

// A6
func TestSchedule_ClockChanged_JobsGoOn(t *testing.T) {
	for name, by := range map[string]time.Duration{"back": -time.Hour, "forward": 72 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			var runs, shift atomic.Int64
			started(t, swayed{clockwork.NewRealClock(), &shift}, job{"ticks", quick, counting(&runs)})
			until(t, "three runs", func() bool { return runs.Load() >= 3 })
			shift.Store(int64(by))
			before := runs.Load()
			until(t, "ten more runs", func() bool { return runs.Load() >= before+10 })
		})
	}
}

func TestSchedule_Jobs_WallClock(t *testing.T) {
	wanted := time.Date(2026, 12, 10, 1, 0, 0, 0, time.UTC)
	t.Cleanup(clock.Freeze(wanted))
	var seen atomic.Pointer[time.Time]
	started(t, clockwork.NewRealClock(), job{"reads", time.Hour, func(_ context.Context, _ core.App, now time.Time) error {
		seen.Store(&now)
		return nil
	}})
	until(t, "the job runs at the start, an hour before its turn", func() bool { return seen.Load() != nil })
	if got := *seen.Load(); !got.Equal(wanted) {
		t.Errorf("the job believes it is %s", got)
	}
}

func TestNightly_MissedNight_RunOnce(t *testing.T) {
	var nights []string
	refused := error(nil)
	app := program(t)
	if err := app.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}
	run := nightly(func(ctx context.Context, _ core.App, now time.Time) error {
		nights = append(nights, now.In(clock.Zone(clock.Western)).Format("02 15.04"))
		return refused
	})
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	for _, step := range []struct {
		at    string // in Semarang, in December 2026
		ctx   context.Context
		fault error
	}{
		{"10 23:50", t.Context(), nil},
		{"11 00:10", t.Context(), nil},
		{"11 00:30", t.Context(), errors.New("a disk full for a moment")},
		{"11 00:35", t.Context(), nil},
		{"12 09:00", cut, context.Canceled}, // switched off at night, and again in the morning
		{"12 09:05", t.Context(), nil},
		{"12 23:59", t.Context(), nil},
		{"13 00:29", t.Context(), nil},
		{"13 00:34", t.Context(), nil},
	} {
		now := check.Must(time.ParseInLocation("02 15:04 01 2006", step.at+" 12 2026", clock.Zone(clock.Western)))
		refused = step.fault
		if err := run(step.ctx, app, now); !errors.Is(err, step.fault) && len(nights) > 0 {
			t.Errorf("at %s: %v", step.at, err)
		}
	}
	check.Same(t, "the night's work was done", nights, []string{"10 23.50", "11 00.30", "12 09.00", "12 09.05", "13 00.34"})
}

func TestNight_Statistics_CountTheRowsThatAreThere(t *testing.T) {
	app := program(t)
	check.NoError(t, errors.Join(app.RunAllMigrations(), SetUp(app)))
	check.NoError(t, night(t.Context(), app, clock.Now()))
	holidays, err := app.CountRecords("holidays")
	if err != nil || holidays == 0 {
		t.Fatalf("%d holidays, %v", holidays, err)
	}
	var counted int64
	err = app.DB().NewQuery("SELECT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = 'holidays' LIMIT 1").Row(&counted)
	check.That(t, err == nil && counted == holidays, "SQLite counts %d holidays of %d, %v", counted, holidays, err)
}

func TestNightOf_HalfPastMidnight_NextNight(t *testing.T) {
	for _, day := range []string{"2026-11-24", "2028-02-29", "2028-03-01", "2027-01-01"} {
		night := check.Must(clock.At(day, "00:30", clock.Western))
		if at, before := nightOf(night), nightOf(night.Add(-time.Second)); at != day || before != clock.AddDays(day, -1) {
			t.Errorf("the night of %s is %s, a second before it is %s", night, at, before)
		}
	}
}

func TestTheTimetableIsATickForMessagesOneForPushAndANight(t *testing.T) {
	names := []string{}
	for _, j := range jobs(nil, nil) {
		names = append(names, j.name+" "+j.every.String())
	}
	check.Same(t, "the timetable", names, []string{"letters 30s", "push 30s", "night 5m0s"})
}

// program is the whole program over an empty folder.
func program(t *testing.T) *core.BaseApp {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir(), DBConnect: store.Connect})
	files := check.Must(web.Load(os.DirFS("../templates"), os.DirFS("../pb_public")))
	check.NoError(t, Register(app, files))
	check.NoError(t, app.Bootstrap())
	t.Cleanup(func() { _ = app.ClearBootstrap() })
	return app
}
