package reminders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/datastore"
	"simpul/hooks/mail"
)

// MostDays is how many days a simulation looks ahead at most.
const MostDays = 90

// UsualDays is how many it looks ahead when nobody says otherwise.
const UsualDays = 30

// Simulation is what would become of all letters in the days from a moment on.
type Simulation struct {
	From, Until time.Time // Until is how far it came
	Whole       bool      // it came to the end of its days
	Held        string    // why no letter leaves the hub at present, "" while they do
	Hourly      int       // how many letters may leave in an hour, zero without limit
	Letters     []Simulated
}

// Simulate goes through the days from now on, on a copy of the app's database:
// the nights that plan and every moment at which a letter becomes due, with the
// planner, the sorter and the questions of the real hub. The hub is not changed
// and nobody waits. When ctx runs out of time it returns what it has seen so far.
// There is one simulation of an app at a time, a second one gets ErrSimulating.
func Simulate(ctx context.Context, app core.App, now time.Time, days int) (sim *Simulation, err error) {
	ctx, leave, err := deskOf(app).sit(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	twin, err := datastore.NewTwin(ctx, app)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, twin.Remove()) }()
	rehearsal, err := mail.NewRehearsal(app, twin, now)
	if err != nil {
		return nil, err
	}
	r := &run{ctx: ctx, twin: twin, rehearsal: rehearsal, night: nightOf(app), delays: delays{}}
	r.sim = &Simulation{From: now, Until: now, Held: rehearsal.Held, Hourly: rehearsal.Hourly}
	err = r.until(now.Add(time.Duration(days) * 24 * time.Hour))
	if err != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return nil, err
	}
	r.sim.Whole = err == nil
	r.sim.Letters, err = r.letters()
	return r.sim, err
}

// run is one simulation under way.
type run struct {
	ctx       context.Context
	twin      core.App
	rehearsal *mail.Rehearsal
	night     Night
	delays    delays
	sim       *Simulation
}

// until takes step after step up to an end.
func (r *run) until(end time.Time) error {
	tonight := r.sim.From // the first step brings everything up to date
	for step := r.sim.From; !step.After(end); {
		if !step.Before(tonight) {
			if err := r.night(r.ctx, r.twin, step); err != nil {
				return fmt.Errorf("simulated night of %s: %w", step, err)
			}
			tonight = NextNight(step)
		}
		if err := r.step(step); err != nil {
			return err
		}
		r.sim.Until = step
		due, err := r.rehearsal.Next(step)
		if err != nil {
			return err
		}
		if step = tonight; !due.IsZero() && due.Before(tonight) {
			step = due
		}
	}
	r.sim.Until = end
	return nil
}

// step is what the hub does at a moment at which letters are due.
func (r *run) step(now time.Time) error {
	if err := r.rehearsal.Round(r.ctx, now); err != nil {
		return err
	}
	return r.delays.note(r.twin, now)
}

// Night is what a hub does after midnight to follow the day that ended.
type Night func(ctx context.Context, app core.App, now time.Time) error

// nightKey is where an app keeps its night.
const nightKey = "reminders.night"

// AtNight tells an app's simulations what its nights do. The roof knows; this
// room plans letters only, which is what nights do by themselves.
func AtNight(app core.App, night Night) { app.Store().Set(nightKey, night) }

func nightOf(app core.App) Night {
	if night, known := app.Store().Get(nightKey).(Night); known {
		return night
	}
	return func(ctx context.Context, app core.App, now time.Time) error {
		return errors.Join(ReconcileAll(ctx, app, now), PlanDaily(app, now))
	}
}

// afterMidnight is when the night's work begins in the west of the country; by
// then it is the new day everywhere.
const afterMidnight = 30 * time.Minute

// NightOf is the day, in the west of the country, to which the last night's
// work before a moment belongs.
func NightOf(now time.Time) string { return clock.Day(now.Add(-afterMidnight), clock.Western) }

// NextNight is when the work of the next night begins after a moment.
func NextNight(now time.Time) time.Time {
	midnight, err := clock.At(clock.AddDays(NightOf(now), 1), "00:00", clock.Western)
	if err != nil {
		return now.Add(24 * time.Hour) // a day that comes from an instant is one
	}
	return midnight.Add(afterMidnight)
}
