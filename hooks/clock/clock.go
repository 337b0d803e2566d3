// Package clock answers what time it is, what day it is in a given time zone, and how days are counted.
//
// A day (a due date, the date of a gift) is text in the form YYYY-MM-DD and carries no time zone, so it never
// shifts when it is read elsewhere. An instant (the start of a meeting) is a time.Time. This package is the only
// place where one becomes the other.
package clock

import (
	"sync/atomic"
	"time"
)

var frozen atomic.Pointer[time.Time]

// Now returns the present instant in UTC, or the instant given to Freeze while the clock stands still.
func Now() time.Time {
	if t := frozen.Load(); t != nil {
		return *t
	}
	return time.Now().UTC()
}

// Freeze makes the clock stand still at t, for tests and rehearsals, and returns the function that restores what
// was in force before. Every goroutine sees the frozen clock, so tests that freeze must not run in parallel.
func Freeze(t time.Time) (restore func()) {
	stopped := t.UTC()
	before := frozen.Swap(&stopped)
	return func() { frozen.Store(before) }
}
