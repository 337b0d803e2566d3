package reminders_test

import (
	"context"
	"testing"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/notify/digest"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/testkit"
)

func planAll(t testing.TB, w *testkit.World, now time.Time) {
	t.Helper()
	if err := reminders.ReconcileAll(context.Background(), w.App, now); err != nil {
		t.Fatal(err)
	}
}

// pending does what the next tick would do before it sends.
func pending(p *post) {
	p.Helper()
	if err := reminders.Reconcile(context.Background(), p.App, clock.Now()); err != nil {
		p.Fatal(err)
	}
}

// fold sorts the messages whose hour has come, as the sender would before it sends.
func fold(p *post) {
	p.Helper()
	if err := digest.Schedule(context.Background(), p.App, clock.Now()); err != nil {
		p.Fatal(err)
	}
}
