package reminders_test

import (
	"context"
	"testing"
	"time"

	"simpul/hooks/reminders"
	"simpul/hooks/testkit"
)

func planAll(t *testing.T, w *testkit.World, now time.Time) {
	t.Helper()
	if err := reminders.PlanAll(context.Background(), w.App, now); err != nil {
		t.Fatal(err)
	}
}
