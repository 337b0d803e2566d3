// Package results keeps what a programme measures: indicators with where they
// began, where they stand and where they should go.
package results

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
)

// Indicator is one measured thing with its newest value.
type Indicator struct {
	ID         string  `db:"id"`
	Name       string  `db:"name"`
	Unit       string  `db:"unit"`
	Direction  string  `db:"direction"`
	Method     string  `db:"method"`
	Baseline   float64 `db:"baseline"`
	BaselineOn string  `db:"baseline_on"`
	Source     string  `db:"baseline_source"`
	Target     float64 `db:"target"`
	TargetOn   string  `db:"target_on"`
	Latest     float64 `db:"latest"`
	LatestOn   string  `db:"latest_on"`
	Sum        float64 `db:"total"`
}

// HasBaseline tells a baseline of zero from none: a real one says when it was
// read or where it is from.
func (i Indicator) HasBaseline() bool {
	return i.Baseline != 0 || i.BaselineOn != "" || i.Source != ""
}

// HasTarget tells a target of zero from none.
func (i Indicator) HasTarget() bool { return i.Target != 0 || i.TargetOn != "" }

// Now returns where the indicator stands: the sum of all values for a
// cumulative one, else the newest; false when nothing was measured yet.
func (i Indicator) Now() (float64, bool) {
	if i.LatestOn == "" {
		return i.Baseline, i.HasBaseline()
	}
	if i.Method == "cumulative" {
		return i.Sum, true
	}
	return i.Latest, true
}

// Percent is how much of the way from baseline to target is done, 0 to 100; -1
// when there is no such way.
func (i Indicator) Percent() int {
	now, known := i.Now()
	if !known || !i.HasTarget() || !i.HasBaseline() || i.Target == i.Baseline {
		return -1
	}
	done := 100 * (now - i.Baseline) / (i.Target - i.Baseline)
	return int(max(0, min(100, done)))
}

// Row is an indicator as the part "indicator_row" shows it.
type Row struct {
	Label, URL, Unit, Baseline, Now, Target, Note string
	Percent                                       int
}

// Row puts the figures into the reader's words; nothing known stays empty.
func (i Indicator) Row(p *programmes.Programme, language string) Row {
	row := Row{Label: i.Name, Unit: i.Unit, Percent: i.Percent(), URL: p.URL() + "/indicators#" + i.ID}
	if i.HasBaseline() {
		row.Baseline = lang.Number(language, i.Baseline)
	}
	if now, known := i.Now(); known {
		row.Now = lang.Number(language, now)
	}
	if i.HasTarget() {
		row.Target = lang.Number(language, i.Target)
	}
	switch {
	case i.LatestOn != "":
		row.Note = lang.T(language, "indicators.as_of", "day", lang.DayShort(language, i.LatestOn))
	case i.BaselineOn != "":
		row.Note = lang.T(language, "indicators.baseline_as_of", "day", lang.DayShort(language, i.BaselineOn))
	}
	return row
}

// Indicators returns a programme's indicators with their newest values, by name.
// A value that another one corrects does not count.
func Indicators(d *access.Scope, p *programmes.Programme) ([]Indicator, error) {
	q, err := d.QueryIn(p.Record, "indicators")
	if err != nil {
		return nil, err
	}
	const newest = ` FROM indicator_values v WHERE v.indicator = indicators.id
		AND NOT EXISTS (SELECT 1 FROM indicator_values c WHERE c.corrects = v.id)`
	found := []Indicator{}
	err = q.Select("indicators.id", "indicators.name", "unit", "direction", "method", "baseline", "baseline_on", "baseline_source",
		"target", "target_on",
		"COALESCE((SELECT v.value"+newest+" ORDER BY v.[[on]] DESC, v.created DESC, v.rowid DESC LIMIT 1), 0) AS latest",
		"COALESCE((SELECT v.[[on]]"+newest+" ORDER BY v.[[on]] DESC, v.created DESC, v.rowid DESC LIMIT 1), '') AS latest_on",
		"COALESCE((SELECT SUM(v.value)"+newest+"), 0) AS total").
		OrderBy("indicators.name").
		All(&found)
	if err != nil {
		return nil, fmt.Errorf("indicators: %w", err)
	}
	return found, nil
}

// Value is one measured value as lists show it.
type Value struct {
	ID        string  `db:"id"`
	Indicator string  `db:"indicator"`
	On        string  `db:"on"`
	Value     float64 `db:"value"`
	Note      string  `db:"note"`
	Source    string  `db:"source"`
}

// Values returns all values of a programme's indicators, newest first.
func Values(d *access.Scope, p *programmes.Programme) ([]Value, error) {
	q, err := d.QueryIn(p.Record, "indicators")
	if err != nil {
		return nil, err
	}
	found := []Value{}
	err = q.Select("v.id", "v.indicator", "v.on", "v.value", "v.note", "v.source").
		InnerJoin("indicator_values v", dbx.NewExp("v.indicator = indicators.id")).
		OrderBy("v.on DESC", "v.created DESC", "v.rowid DESC").
		All(&found)
	if err != nil {
		return nil, fmt.Errorf("indicator values: %w", err)
	}
	return found, nil
}

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
