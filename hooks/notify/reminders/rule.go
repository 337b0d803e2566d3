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

	"simpul/hooks/lang"
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

// Offset is the number of days from the anchor; less than zero is before it.
func (r *Rule) Offset() int { return r.GetInt("offset_days") }

// At is the hour to send, HH:MM, in the recipient's zone.
func (r *Rule) At() string {
	if at := r.GetString("at"); at != "" {
		return at
	}
	return UsualHour
}

// Mandatory says that a recipient cannot mute the rule and that it holds on
// holidays too.
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

// Hours is how many hours from the anchor's instant the rule speaks; 0 means
// that it counts days.
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

// Sentence says the whole rule in words.
func (r *Rule) Sentence(language string) string {
	said := lang.T(language, "reminders.sentence", "when", r.when(language), "at", r.hourWords(language), "who", people(language, r.Audience()))
	switch src, _ := SourceFor(r.Kind()); {
	case r.leavesAtOnce(src):
		said = lang.T(language, "reminders.sentence_now", "when", r.anchor(language), "who", people(language, r.Audience()))
	case r.Hours() != 0:
		said = lang.T(language, "reminders.sentence_hours", "when", r.when(language), "who", people(language, r.Audience()))
	}
	parts := []string{said}
	if every := r.GetInt("repeat_every_days"); every == 1 {
		parts = append(parts, lang.T(language, "reminders.sentence_daily", "n", r.GetInt("repeat_max")))
	} else if every > 1 {
		parts = append(parts, lang.T(language, "reminders.sentence_again", "every", every, "n", r.GetInt("repeat_max")))
	}
	if ladder := r.Ladder(); len(ladder) > 0 {
		parts = append(parts, lang.T(language, "reminders.sentence_climb", "n", r.GetInt("escalate_after_workdays"), "who", steps(language, ladder)))
	}
	return strings.Join(parts, ", ") + "."
}

func (r *Rule) leavesAtOnce(src Source) bool {
	a, _ := src.Anchor(r.GetString("anchor"))
	return a.Now
}

func (r *Rule) hourWords(language string) string {
	return strings.Replace(r.At(), ":", lang.T(language, "reminders.hour_mark"), 1)
}

func (r *Rule) when(language string) string {
	unit, n := "", r.Offset()
	switch {
	case r.Hours() != 0:
		unit, n = "_hours", r.Hours()
	case r.GetBool("workdays"):
		unit = "_workdays"
	}
	switch {
	case n < 0:
		return lang.T(language, "reminders.before"+unit, "n", -n, "anchor", r.anchor(language))
	case n > 0:
		return lang.T(language, "reminders.after"+unit, "n", n, "anchor", r.anchor(language))
	}
	if own := "reminders.on." + r.GetString("anchor"); lang.Has(own) {
		return lang.T(language, own, "day", r.anchor(language))
	}
	return lang.T(language, "reminders.on_the_day", "anchor", r.anchor(language))
}

func (r *Rule) anchor(language string) string {
	if r.GetString("anchor") == OwnDay && r.GetString("on_day") != "" {
		return lang.DayLong(language, r.GetString("on_day"))
	}
	return lang.T(language, "reminders.anchor."+r.GetString("anchor"))
}

// spoken is who a word of an audience means, in the middle of a sentence.
func spoken(language, word string) string {
	return lang.T(language, "reminders.who."+word)
}

// people lists words of an audience the way a sentence does: one, two and three.
func people(language string, words []string) string {
	named := make([]string, len(words))
	for i, word := range words {
		named[i] = spoken(language, word)
	}
	if len(named) < 2 {
		return strings.Join(named, "")
	}
	last := len(named) - 1
	return lang.T(language, "reminders.and", "first", strings.Join(named[:last], ", "), "last", named[last])
}

// steps lists words of a ladder: one, then two, then three.
func steps(language string, words []string) string {
	said := spoken(language, words[0])
	for _, word := range words[1:] {
		said = lang.T(language, "reminders.then", "first", said, "next", spoken(language, word))
	}
	return said
}
