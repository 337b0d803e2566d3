// Package contributions records what partners give: goods, money, time and knowledge, each in its own unit,
// verified by the team before it counts. Money is only recorded here, never collected.
package contributions

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// The statuses of the review.
const (
	statusDraft         = "draft"
	statusSubmitted     = "submitted"
	statusNeedsRevision = "needs_revision"
	statusVerified      = "verified"
	statusRejected      = "rejected"
	statusWithdrawn     = "withdrawn"
)

// statuses are all of them in the order of the screen.
var statuses = []string{statusDraft, statusSubmitted, statusNeedsRevision, statusVerified, statusRejected, statusWithdrawn}

// A contribution is pledged first or delivered at once.
const (
	stageDelivered = "delivered"
	stagePledged   = "pledged"
)

// kindMoney is the kind that is never added to any other; unitRupiah is its only unit.
const (
	kindMoney  = "money"
	unitRupiah = "rupiah"
)

// kinds are what can be given, in the order of the screen.
var kinds = []string{
	"goods", kindMoney, "hours", "labour", "service", "venue", "equipment_loan", "knowledge",
	"training", "publicity", "market_access", "policy", "other",
}

// units lists in what each kind is counted, in the order of the screen.
var units = map[string][]string{
	"goods":          {"package", "unit", "piece", "set", "kg", "litre"},
	kindMoney:        {unitRupiah},
	"hours":          {"person_hour"},
	"labour":         {"person_day"},
	"service":        {"session", "person_served", "activity"},
	"venue":          {"day", "activity"},
	"equipment_loan": {"unit_day"},
	"knowledge":      {"module", "study", "session"},
	"training":       {"session", "participant"},
	"publicity":      {"news_item", "broadcast", "post"},
	"market_access":  {"business"},
	"policy":         {"document"},
	"other":          {"unit", "activity", "session", "day", "document", "other"},
}

// suits reports whether a kind can be counted in a unit.
func suits(kind, unit string) bool { return slices.Contains(units[kind], unit) }

// onlyUnit is the unit of a kind that has no other, "" if there is a choice.
func onlyUnit(kind string) string {
	if len(units[kind]) == 1 {
		return units[kind][0]
	}
	return ""
}

// formatAmount formats a quantity with its unit. Rupiah are formatted as money.
func formatAmount(language, unit string, quantity float64) string {
	if unit == unitRupiah {
		return lang.Money(language, int64(quantity))
	}
	return strings.TrimSpace(lang.Number(language, quantity) + " " + unitLabel(language, unit, quantity))
}

// unitLabel is the unit's name for a quantity; English has a plural.
func unitLabel(language, unit string, quantity float64) string {
	if unit == "" {
		return ""
	}
	return lang.T(language, "contributions.unit."+unit, "n", quantity)
}

// numberForm is the form of every number. A year has room for 999,999 of them.
var numberForm = regexp.MustCompile(`^SL-\d{4}-\d{6}$`)

// nextNumber returns the number after the last one of a year. It must run in the transaction that stores it:
// SQLite has one writer, so no two get the same.
func nextNumber(app core.App, year string) (string, error) {
	prefix, n := "SL-"+year+"-", 0
	// "." is the character after "-", and so bounds the year's numbers.
	err := app.DB().NewQuery(`SELECT COALESCE(CAST(substr(MAX(number), 9) AS INTEGER), 0) + 1 FROM contributions
		WHERE number != '' AND number >= {:first} AND number < {:after}`).
		Bind(dbx.Params{"first": prefix, "after": "SL-" + year + "."}).Row(&n)
	return fmt.Sprintf("%s%06d", prefix, n), wrapError("next number", err)
}

// unbroken replaces the hyphens of a number by ones at which no line breaks.
func unbroken(number string) string { return strings.ReplaceAll(number, "-", "\u2011") }

// wrapError names the package and what failed; it keeps nil.
func wrapError(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("contributions: %s: %w", what, err)
}
