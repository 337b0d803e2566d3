package hooks

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/go-co-op/gocron/v2"
	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"simpul/hooks/clock"
	"simpul/hooks/notify/digest"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/push"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/roster"
	"simpul/hooks/store"
	"simpul/hooks/web"
)

// task is what a job does, at the wall clock's time.
type task func(ctx context.Context, app core.App, now time.Time) error

// job is one thing that happens by itself, at the start and then ever again.
type job struct {
	name  string
	every time.Duration
	run   task
}

// jobs is the timetable.
func jobs(sender *outbox.Sender, pusher *push.Worker) []job {
	return []job{
		{"letters", 30 * time.Second, func(ctx context.Context, app core.App, now time.Time) error {
			planned := reminders.Reconcile(ctx, app, now)
			_, err := sender.ProcessDue(ctx, now)
			return errors.Join(planned, err, store.Tick(app, now))
		}},
		{"push", 30 * time.Second, func(ctx context.Context, _ core.App, now time.Time) error { return pusher.ProcessDue(ctx, now) }},
		{"night", 5 * time.Minute, nightly(night)},
	}
}

// night follows the day that ended: how much there is of what, who takes part, and what is due to whom.
func night(ctx context.Context, app core.App, now time.Time) error {
	return errors.Join(store.Analyze(app), roster.RefreshMemberships(app, now), digest.PlanDaily(app, now), reminders.ReconcileAll(ctx, app, now))
}

// nightly does something once a day, at night, or as soon as the hub runs again:
// an office may switch its machine off in the evening, and a laptop sleeps.
// The night that was done last stands in the settings, so that a start does not repeat it.
func nightly(run task) task {
	return func(ctx context.Context, app core.App, now time.Time) error {
		var done string
		err := app.DB().NewQuery("SELECT night_on FROM hub_settings LIMIT 1").Row(&done)
		today := nightOf(now)
		if err != nil || today == done {
			return err
		}
		if err = run(ctx, app, now); ctx.Err() != nil {
			return err
		}
		_, noted := app.DB().NewQuery("UPDATE hub_settings SET night_on = {:today}").Bind(dbx.Params{"today": today}).Execute()
		return errors.Join(err, noted)
	}
}

// afterMidnight is when the night's work begins in the west of the country; by
// then it is the new day everywhere.
const afterMidnight = 30 * time.Minute

// nightOf is the day, in the west of the country, to which the last night's
// work before a moment belongs.
func nightOf(now time.Time) string { return clock.Day(now.Add(-afterMidnight), clock.Western) }

// steady counts time from the start by the monotonic clock: a wall clock that
// is set back an hour would otherwise silence a job for that hour. The jobs
// themselves read the wall clock.
type steady struct {
	clockwork.Clock
	start time.Time
}

func (s steady) Now() time.Time { return s.start.Add(time.Since(s.start)) }

// bindSchedule starts the jobs once the hub listens and stops them before the
// database closes.
func bindSchedule(app core.App, templates fs.FS) error {
	var scheduler gocron.Scheduler
	sender, err := outbox.NewSender(app, digest.Kinds(), templates)
	if err != nil {
		return err
	}
	sender.ScheduleWith(digest.Schedule)
	pusher := push.NewWorker(app, digest.Kinds())
	app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "hubSchedule", Priority: 998, Func: func(se *core.ServeEvent) (err error) {
		if err := openSentLog(se.App, sender); err != nil {
			return err
		}
		if scheduler, err = timetable(se.App, jobs(sender, pusher), clockwork.NewRealClock()); err != nil {
			return err
		}
		if err := se.Next(); err != nil {
			return err // a port in use must not leave jobs running
		}
		scheduler.Start()
		return nil
	}})
	app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{Id: "hubSchedule", Priority: -9998, Func: func(te *core.TerminateEvent) error {
		if scheduler != nil {
			if err := scheduler.Shutdown(); err != nil {
				te.App.Logger().Warn("schedule: stop", "error", err)
			}
			scheduler = nil
		}
		sender.Close()
		return te.Next()
	}})
	return nil
}

// timetable makes a stopped scheduler of the jobs: each runs alone, a panic in
// one ends that run only, and a stop interrupts a running one.
func timetable(app core.App, jobs []job, ticking clockwork.Clock) (gocron.Scheduler, error) {
	scheduler, err := gocron.NewScheduler(
		gocron.WithClock(steady{ticking, time.Now()}),
		gocron.WithStopTimeout(5*time.Second),
		gocron.WithGlobalJobOptions(
			gocron.WithSingletonMode(gocron.LimitModeReschedule),
			gocron.WithEventListeners(gocron.AfterJobRunsWithPanic(func(_ uuid.UUID, name string, cause any) {
				app.Logger().Error("schedule: panic", "job", name, "cause", fmt.Sprint(cause))
			})),
		),
	)
	if err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	atStart := gocron.WithStartAt(gocron.WithStartImmediately())
	for _, j := range jobs {
		work := gocron.NewTask(func(ctx context.Context) {
			if err := j.run(ctx, app, clock.Now()); err != nil && ctx.Err() == nil {
				app.Logger().Error("schedule: "+j.name, "error", err)
			}
		})
		if _, err := scheduler.NewJob(gocron.DurationJob(j.every), work, gocron.WithName(j.name), atStart); err != nil {
			return nil, fmt.Errorf("schedule: %s: %w", j.name, err)
		}
	}
	return scheduler, nil
}

// sentLogVariable names the environment variable that says where the list of sent
// messages is kept.
const sentLogVariable = "SIMPUL_SENT"

// sentLogPath is where the list of sent messages is kept: beside the data folder, so
// that neither a restored backup nor a copied folder brings an old one along.
func sentLogPath(app core.App) string {
	if path := os.Getenv(sentLogVariable); path != "" {
		return path
	}
	return filepath.Clean(app.DataDir()) + ".sent"
}

// openSentLog begins the list of sent messages, before the first of them leaves. The
// demonstration, whose messages go nowhere, keeps none.
func openSentLog(app core.App, sender *outbox.Sender) error {
	if web.IsDemo(app) {
		return nil
	}
	hold, err := sender.OpenSentLog(sentLogPath(app))
	if err == nil && hold != "" {
		app.Logger().Warn("mail: all letters are held until somebody releases them on the page /mailbox", "why", hold)
	}
	return err
}
