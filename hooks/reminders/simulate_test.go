package reminders_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/reminders"
)

// simulate looks some days ahead from the world's present.
func simulate(p *post, days int) *reminders.Simulation {
	p.Helper()
	sim, err := reminders.Simulate(context.Background(), p.App, clock.Now(), days)
	if err != nil {
		p.Fatal(err)
	}
	return sim
}

// fates says what becomes of the letters about a record, by address and day.
func fates(sim *reminders.Simulation, about *core.Record) (out []string) {
	for _, l := range sim.Letters {
		if l.SubjectID == about.Id {
			out = append(out, strings.TrimSpace(fmt.Sprintln(l.At.In(clock.Zone("")).Format("2006-01-02 15:04"), l.Email, l.Fate, l.Reason+l.PutOff)))
		}
	}
	return out
}

// temporary has copies made in a folder of the test and returns what is there.
func temporary(t *testing.T) (list func() []string) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return func() (names []string) {
		found, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			names = append(names, f.Name())
		}
		return names
	}
}

func TestASimulationTellsWhatBecomesOfEachLetter(t *testing.T) {
	for name, c := range map[string]struct {
		happens func(p *post)
		want    []string
	}{
		"nothing": {func(*post) {}, []string{"2026-12-07 08:00 partner@example.org alone", "2026-12-09 08:00 partner@example.org alone",
			"2026-12-10 08:00 partner@example.org alone"}},
		"a holiday entered late": {func(p *post) {
			p.Make("holidays", "on", "2026-12-09", "name", "Pilkada", "kind", "national_holiday")
		}, []string{"2026-12-07 08:00 partner@example.org alone", "2026-12-08 08:00 partner@example.org alone", "2026-12-10 08:00 partner@example.org alone"}},
		"a pause": {func(p *post) { p.change(p.Partner, "paused_until_on", "2026-12-08") }, []string{
			"2026-12-07 08:00 partner@example.org not paused", "2026-12-09 08:00 partner@example.org alone", "2026-12-10 08:00 partner@example.org alone"}},
		"an office that ends": {func(p *post) { p.change(p.contact("partner@example.org"), "until_on", "2026-12-08") }, []string{
			"2026-12-07 08:00 partner@example.org alone", "2026-12-09 08:00 partner@example.org not not_concerned",
			"2026-12-10 08:00 partner@example.org not not_concerned"}},
		"a rule at night": {func(p *post) { p.change(p.rule("task_due", -1), "at", "21:30") }, []string{
			"2026-12-07 08:00 partner@example.org alone", "2026-12-10 06:00 partner@example.org alone quiet", "2026-12-10 08:00 partner@example.org alone"}},
		"a daily letter": {func(p *post) { p.change(p.Partner, "mail_frequency", "daily") }, []string{
			"2026-12-07 08:00 partner@example.org told", "2026-12-09 08:00 partner@example.org told", "2026-12-10 08:00 partner@example.org told"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.stand("2026-12-01 09:00")
			r := task(p.World, "2026-12-10")
			c.happens(p)
			pending(p)
			sim := simulate(p, 9)
			if got := fates(sim, r); !slices.Equal(got, c.want) {
				t.Errorf("the letters are to end as\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if !sim.Whole || !sim.Until.Equal(clock.Now().Add(9*24*time.Hour)) {
				t.Errorf("it came to %s, whole: %v", sim.Until, sim.Whole)
			}
		})
	}
}

func TestALetterPutOffBeyondTheDaysSaysUntilWhen(t *testing.T) {
	p := newPost(t)
	p.stand("2026-12-09 09:00")
	p.change(p.rule("task_due", -1), "at", "21:30")
	p.change(p.rule("task_due", 0), "active", false)
	r := task(p.World, "2026-12-10")
	sim := simulate(p, 0)
	if len(fates(sim, r)) != 1 { // what was missed leaves at once
		t.Errorf("at this moment: %v", fates(sim, r))
	}
	p.only(p.tick("2026-12-09 09:00"))
	p.stand("2026-12-09 23:00")
	sim = simulate(p, 0)
	got := fates(sim, r)
	if len(got) != 1 || !strings.HasSuffix(got[0], "21:30 partner@example.org waits quietquiet") {
		t.Fatalf("at night: %v", got)
	}
	i := slices.IndexFunc(sim.Letters, func(l reminders.Simulated) bool { return l.SubjectID == r.Id })
	if until := sim.Letters[i].Until; !until.Equal(moment(t, "2026-12-10 06:00")) {
		t.Errorf("it waits until %s", until)
	}
}

func TestASimulationChangesNothingAndSendsNothing(t *testing.T) {
	list := temporary(t)
	p := newPost(t)
	task(p.World, "2026-12-10")
	coordination(p)
	before := contents(p)
	if sim := simulate(p, 30); len(sim.Letters) < 5 {
		t.Errorf("only %d letters", len(sim.Letters))
	}
	if after := contents(p); !slices.Equal(before, after) {
		t.Error("the data folder is another one now")
	}
	if left := p.office.Letters(); len(left) != 0 {
		t.Errorf("letters left to %v", to(left))
	}
	if left := list(); len(left) != 0 {
		t.Errorf("of the copy %v is left", left)
	}
}

// contents are the bytes of the database and its log.
func contents(p *post) (all []byte) {
	p.Helper()
	for _, name := range []string{"data.db", "data.db-wal"} {
		body, err := os.ReadFile(p.App.DataDir() + "/" + name)
		if err != nil {
			p.Fatal(err)
		}
		all = append(all, body...)
	}
	return all
}

func TestACopyIsGoneHoweverTheSimulationEnds(t *testing.T) {
	list := temporary(t)
	p := newPost(t)
	fault := errors.New("no night")
	ctx, cancel := context.WithCancel(context.Background())
	for name, night := range map[string]reminders.Night{
		"error": func(context.Context, core.App, time.Time) error { return fault },
		"panic": func(context.Context, core.App, time.Time) error { panic("dark") },
		"end": func(ctx context.Context, _ core.App, _ time.Time) error {
			cancel()
			<-ctx.Done()
			return ctx.Err()
		},
	} {
		reminders.AtNight(p.App, night)
		func() {
			defer func() {
				if cause := recover(); (cause != nil) != (name == "panic") {
					t.Errorf("%s: %v", name, cause)
				}
			}()
			if sim, err := reminders.Simulate(ctx, p.App, clock.Now(), 3); err == nil || sim != nil {
				t.Errorf("%s: %v, %v", name, sim, err)
			}
		}()
		if left := list(); len(left) != 0 {
			t.Errorf("%s: %v is left", name, left)
		}
	}
}

// stuck has the simulation stand still in its second night until it is let go.
func stuck(p *post) (standing chan struct{}) {
	standing = make(chan struct{})
	nights := 0
	reminders.AtNight(p.App, func(ctx context.Context, app core.App, now time.Time) error {
		if nights++; nights < 2 {
			return reminders.ReconcileAll(ctx, app, now)
		}
		close(standing)
		<-ctx.Done()
		return ctx.Err()
	})
	return standing
}

func TestOutOfTimeASimulationTellsHowFarItCame(t *testing.T) {
	p := newPost(t)
	r := task(p.World, "2026-11-24")
	task(p.World, "2026-12-10")
	stuck(p)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	sim, err := reminders.Simulate(ctx, p.App, clock.Now(), 30)
	if err != nil || sim.Whole || sim.Until.After(moment(t, "2026-11-24 00:30")) {
		t.Fatalf("it came to %v, %v", sim, err)
	}
	if got := fates(sim, r); len(got) != 1 || len(sim.Letters) != 1 {
		t.Errorf("on the first day: %v", got)
	}
}

func TestOneSimulationAtATimeAndNoneOutlivesItsHub(t *testing.T) {
	list := temporary(t)
	p := newPost(t)
	standing, ended := stuck(p), make(chan error)
	go func() {
		_, err := reminders.Simulate(context.Background(), p.App, clock.Now(), 30)
		ended <- err
	}()
	<-standing
	if _, err := reminders.Simulate(context.Background(), p.App, clock.Now(), 1); !errors.Is(err, reminders.ErrSimulating) {
		t.Errorf("the second one gets %v", err)
	}
	go reminders.StopSimulation(p.App)
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("stopped, it answers %v", err)
	}
	reminders.StopSimulation(p.App) // there is none any more
	if left := list(); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	reminders.AtNight(p.App, func(context.Context, core.App, time.Time) error { return nil })
	if _, err := reminders.Simulate(context.Background(), p.App, clock.Now(), 1); err != nil {
		t.Errorf("the desk stays taken: %v", err)
	}
}
