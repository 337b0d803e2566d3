package clock_test

import (
	"sync"
	"testing"
	"time"

	"simpul/hooks/clock"
	_ "simpul/hooks/testkit/golden" // the flag -update
)

func TestNowFollowsTheMachineUntilFrozen(t *testing.T) {
	before := time.Now()
	now := clock.Now()
	after := time.Now()
	if now.Before(before.Round(0)) || now.After(after) {
		t.Errorf("Now() = %v, want between %v and %v", now, before, after)
	}
	if now.Location() != time.UTC {
		t.Errorf("Now() is in %v, want UTC", now.Location())
	}
}

func TestFreezeStopsTheClockAndRestoresWhatWasBefore(t *testing.T) {
	jakarta := clock.Zone(clock.Western)
	first := time.Date(2026, 12, 10, 9, 0, 0, 0, jakarta)
	second := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)

	restoreFirst := clock.Freeze(first)
	if now := clock.Now(); !now.Equal(first) || now.Location() != time.UTC {
		t.Errorf("frozen Now() = %v, want %v in UTC", now, first)
	}
	restoreSecond := clock.Freeze(second)
	if now := clock.Now(); !now.Equal(second) {
		t.Errorf("frozen again, Now() = %v, want %v", now, second)
	}
	restoreSecond()
	if now := clock.Now(); !now.Equal(first) {
		t.Errorf("after the inner restore Now() = %v, want %v", now, first)
	}
	restoreFirst()
	if now := clock.Now(); time.Since(now) > time.Minute {
		t.Errorf("after the outer restore Now() = %v, want the machine's time", now)
	}
}

func TestEveryGoroutineSeesTheFrozenClock(t *testing.T) {
	stopped := time.Date(2026, 2, 28, 17, 0, 0, 0, time.UTC)
	defer clock.Freeze(stopped)()
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if now := clock.Now(); !now.Equal(stopped) {
				t.Errorf("Now() = %v, want %v", now, stopped)
			}
		})
	}
	wait.Wait()
}
