// Package reminders plans who is told what and when: rules become messages in
// the ledger, in the transaction of the change that calls for them.
package reminders

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// UsualHour is when a rule sends that names no hour; a person may choose another
// for all rules that keep to it.
const UsualHour = "08:00"

// Rule is one reminder rule: so many days before or after an anchor, at an
// Hour of the recipient's day, to these people.
type Rule struct {
	core.BaseRecordProxy
}

// Wrap makes a rule of its record.
func Wrap(r *core.Record) *Rule {
	rule := &Rule{}
	rule.SetProxyRecord(r)
	return rule
}

// Kind is the stored code of what the rule reminds of.
func (r *Rule) Kind() string { return r.GetString("kind") }

// Offset is in days from the anchor; less than zero is before it.
func (r *Rule) Offset() int { return r.GetInt("offset_days") }

// At is the hour to send, HH:MM, in the recipient's zone.
func (r *Rule) At() string {
	if at := r.GetString("at"); at != "" {
		return at
	}
	return UsualHour
}

// Mandatory rules cannot be muted and hold on holidays too.
func (r *Rule) Mandatory() bool { return r.GetBool("mandatory") }

// offsets are the days from the anchor on which the rule speaks: once, or again
// every so many days.
func (r *Rule) offsets() []int {
	days := []int{r.Offset()}
	every := r.GetInt("repeat_every_days")
	for n := 1; every > 0 && n <= r.GetInt("repeat_max"); n++ {
		days = append(days, r.Offset()+n*every)
	}
	return days
}

// UsefulFor returns how many days after the anchor a message of the rule still
// Helps; false when the rule does not say.
func (r *Rule) UsefulFor() (days int, said bool) {
	text := r.GetString("useful_until")
	if text == "anchor" {
		return 0, true
	}
	days, err := strconv.Atoi(strings.TrimPrefix(text, "+"))
	return days, err == nil
}

// Hours is in hours from the anchor's instant; 0 means that the rule counts days.
func (r *Rule) Hours() int { return r.GetInt("offset_hours") }

// Audience are the words for those whom the rule speaks to.
func (r *Rule) Audience() []string { return r.GetStringSlice("audience") }

// Ladder are the words for those to whom silence climbs, one after the other.
func (r *Rule) Ladder() []string { return r.GetStringSlice("escalate_to") }

// activeRules are the rules of some kinds that are switched on for a programme or
// for all of them, in order of time.
func activeRules(app core.App, programme string, kinds []string) (rules []*Rule, err error) {
	found, err := app.FindAllRecords("reminder_rules", dbx.HashExp{"active": true, "kind": anySlice(kinds)}, dbx.In("programme", "", programme))
	if err != nil {
		return nil, fmt.Errorf("reminder rules: %w", err)
	}
	for _, r := range found {
		rules = append(rules, Wrap(r))
	}
	slices.SortStableFunc(rules, func(a, b *Rule) int { return a.Offset() - b.Offset() })
	return rules, nil
}

// InForce returns the rules of some kinds that hold in a programme.
func InForce(app core.App, programme string, kinds []string) ([]*Rule, error) {
	rules, err := activeRules(app, programme, kinds)
	return WithoutReplaced(rules), err
}

// WithoutReplaced leaves out the hub's rules of every kind for which the programme has
// its own.
func WithoutReplaced(rules []*Rule) []*Rule {
	own := map[string]bool{}
	for _, r := range rules {
		own[r.Kind()] = own[r.Kind()] || r.GetString("programme") != ""
	}
	return slices.DeleteFunc(rules, func(r *Rule) bool { return own[r.Kind()] && r.GetString("programme") == "" })
}
