package contributions

import "slices"

// Money is the kind that is never added to any other.
const Money = "money"

// rupiah is the one unit of money.
const rupiah = "rupiah"

// Kinds are what can be given, in the order of the screen.
var Kinds = []string{
	"goods", Money, "hours", "labour", "service", "venue", "equipment_loan", "knowledge",
	"training", "publicity", "market_access", "policy", "other",
}

// units lists in what each kind is counted, in the order of the screen.
var units = map[string][]string{
	"goods":          {"package", "unit", "piece", "set", "kg", "litre"},
	Money:            {rupiah},
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

// Suits reports whether a kind can be counted in a unit.
func Suits(kind, unit string) bool { return slices.Contains(units[kind], unit) }

// onlyUnit is the unit of a kind that has no other, "" if there is a choice.
func onlyUnit(kind string) string {
	if len(units[kind]) == 1 {
		return units[kind][0]
	}
	return ""
}
