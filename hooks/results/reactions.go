package results

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
)

// PrepareValue notes who entered a value, and refuses one from the future and
// one that corrects a value of another indicator, which would then not count.
func PrepareValue(e *core.RecordEvent) error {
	if actor := access.Actor(e.Record); actor != nil && !actor.IsSuperuser() {
		e.Record.Set("entered_by", actor.Id)
	}
	// The latest day anywhere in the country is today's in the east.
	if e.Record.GetString("on") > clock.Today(clock.Zones[len(clock.Zones)-1]) {
		return access.Invalid("on", "indicator_values.problem_future")
	}
	if err := checkCorrected(e.App, e.Record); err != nil {
		return err
	}
	return e.Next()
}

func checkCorrected(app core.App, r *core.Record) error {
	id := r.GetString("corrects")
	if id == "" {
		return nil
	}
	n, err := app.CountRecords("indicator_values", dbx.HashExp{"id": id, "indicator": r.GetString("indicator")})
	if err != nil {
		return fmt.Errorf("indicator values: %w", err)
	}
	if n == 0 {
		return access.Invalid("corrects", "indicator_values.problem_corrects")
	}
	return nil
}

// CheckIndicator refuses a target before its baseline.
func CheckIndicator(e *core.RecordEvent) error {
	from, to := e.Record.GetString("baseline_on"), e.Record.GetString("target_on")
	if from != "" && to != "" && to < from {
		return access.Invalid("target_on", "indicators.problem_target_first")
	}
	return e.Next()
}
