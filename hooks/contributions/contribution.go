// Package contributions logs what partners give: goods, money, time and
// knowledge, each in its own unit, checked by the team before it counts. The
// hub only writes down what was given elsewhere; it collects nothing.
package contributions

import (
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// Where a contribution stands in its review.
const (
	Draft         = "draft"
	Submitted     = "submitted"
	NeedsRevision = "needs_revision"
	Verified      = "verified"
	Rejected      = "rejected"
	Withdrawn     = "withdrawn"
)

// Statuses are all states of the review in the order of the screen.
var Statuses = []string{Draft, Submitted, NeedsRevision, Verified, Rejected, Withdrawn}

// Delivered and Pledged are the two stages of a gift.
const (
	Delivered = "delivered"
	Pledged   = "pledged"
)

// Contribution is one gift, counted once under its giver.
type Contribution struct{ core.BaseRecordProxy }

// Wrap makes a contribution of its record.
func Wrap(r *core.Record) *Contribution {
	c := &Contribution{}
	c.SetProxyRecord(r)
	return c
}

// ID is the record's id.
func (c *Contribution) ID() string { return c.Record.Id }

// URL is the address of the contribution's page.
func (c *Contribution) URL() string { return "/contributions/" + c.Record.Id }

// Status is the stored code of the review's state.
func (c *Contribution) Status() string { return c.GetString("review_status") }

// Number is the number of the acknowledgement, "" for a draft.
func (c *Contribution) Number() string { return c.GetString("number") }

// Item is what was given, in the giver's words.
func (c *Contribution) Item() string { return c.GetString("item") }

// Kind is the stored code of the kind.
func (c *Contribution) Kind() string { return c.GetString("kind") }

// IsMoney reports whether the gift is money.
func (c *Contribution) IsMoney() bool { return c.Kind() == Money }

// IsEditable reports whether the giver may still change it.
func (c *Contribution) IsEditable() bool {
	return slices.Contains([]string{Draft, NeedsRevision}, c.Status())
}

// Amount writes the quantity as given with its unit: "20 paket", "Rp500.000".
func (c *Contribution) Amount(language string) string {
	return Amount(language, c.GetString("unit"), c.GetFloat("quantity"))
}

// VerifiedAmount writes the quantity that the team found, "" before that.
func (c *Contribution) VerifiedAmount(language string) string {
	if c.Status() != Verified {
		return ""
	}
	return Amount(language, c.GetString("unit"), c.GetFloat("verified_quantity"))
}

// Amount writes a quantity with its unit. Rupiah are written as money.
func Amount(language, unit string, quantity float64) string {
	if unit == rupiah {
		return lang.Money(language, int64(quantity))
	}
	return strings.TrimSpace(lang.Number(language, quantity) + " " + unitLabel(language, unit, quantity))
}

// unitLabel is the unit's name for that many; some languages have two forms.
func unitLabel(language, unit string, quantity float64) string {
	if unit == "" {
		return ""
	}
	return lang.T(language, "contributions.unit."+unit, "n", quantity)
}

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

// numbered is the form of every number. A year has room for 999,999 of them.
var numbered = regexp.MustCompile(`^SL-\d{4}-\d{6}$`)

// nextNumber returns the number after the last one of a year. It must run in
// the transaction that stores it: writers stand in line for that, so no two
// take the same.
func nextNumber(app core.App, year string) (string, error) {
	prefix := "SL-" + year + "-"
	var last string
	err := app.DB().Select("number").From("contributions").
		// The dot is the sign after the hyphen, and so ends the year's numbers.
		Where(dbx.NewExp("number != '' AND number >= {:first} AND number < {:after}",
			dbx.Params{"first": prefix, "after": "SL-" + year + "."})).
		OrderBy("number DESC").Limit(1).Row(&last)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return "", fmt.Errorf("number of a contribution: %w", err)
	}
	n := 0
	if last != "" {
		if n, err = strconv.Atoi(strings.TrimPrefix(last, prefix)); err != nil {
			return "", fmt.Errorf("number of a contribution: %w", err)
		}
	}
	return fmt.Sprintf("%s%06d", prefix, n+1), nil
}

// unbroken writes a number so that a narrow line does not break it.
func unbroken(number string) string { return strings.ReplaceAll(number, "-", "\u2011") }
