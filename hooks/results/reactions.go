package results

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
)

// PrepareValue notes who entered a value and refuses one from the future.
func PrepareValue(e *core.RecordEvent) error {
	if actor := access.Actor(e.Record); actor != nil && !actor.IsSuperuser() {
		e.Record.Set("entered_by", actor.Id)
	}
	// The earliest zone's tomorrow is already today somewhere else.
	latest := clock.AddDays(clock.Today(clock.Zones[0]), 1)
	if e.Record.GetString("on") > latest {
		return access.Invalid("on", "indicator_values.problem_future")
	}
	return e.Next()
}

// CheckIndicator refuses a target before its baseline.
func CheckIndicator(e *core.RecordEvent) error {
	from, to := e.Record.GetString("baseline_on"), e.Record.GetString("target_on")
	if from != "" && to != "" && to < from {
		return access.Invalid("target_on", "indicators.problem_target_first")
	}
	return e.Next()
}
