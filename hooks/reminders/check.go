package reminders

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
)

// longestRepeat is over how many days a rule may repeat itself at most.
const longestRepeat = 365

// CheckRule refuses a rule that could never be carried out, and fills in what a
// rule is usually about.
func CheckRule(e *core.RecordEvent) error {
	r := e.Record
	if r.GetString("at") == "" {
		r.Set("at", usualHour)
	}
	src, known := sourceFor(r.GetString("kind"))
	if !known {
		return access.Invalid("kind", "reminder_rules.problem_kind")
	}
	if r.GetString("anchor") == "" {
		r.Set("anchor", src.anchor)
	}
	for _, check := range []func(*core.Record, source) error{checkAnchor, checkHour, checkAudience, checkRepeat, checkUnused, checkWords} {
		if err := check(r, src); err != nil {
			return err
		}
	}
	return e.Next()
}

func checkAnchor(r *core.Record, src source) error {
	if r.GetString("anchor") != src.anchor {
		return access.Invalid("anchor", "reminder_rules.problem_anchor", "anchor", src.anchor)
	}
	return nil
}

// CheckWishes refuses an hour for letters at which none ever leave.
func CheckWishes(e *core.RecordEvent) error {
	if at := e.Record.GetString("send_at"); at != "" && (at < nightUntil || at >= nightFrom) {
		return access.Invalid("send_at", "reminders.problem_send_at")
	}
	return e.Next()
}

func checkHour(r *core.Record, _ source) error {
	at := r.GetString("at")
	if typed, err := clock.ParseTime(at); err != nil || typed != at {
		return access.Invalid("at", "reminder_rules.problem_at")
	}
	return nil
}

func checkAudience(r *core.Record, src source) error {
	for _, word := range r.GetStringSlice("audience") {
		if !slices.Contains(src.audience, word) {
			return access.Invalid("audience", "reminder_rules.problem_audience", "audience", strings.Join(src.audience, ", "))
		}
	}
	return nil
}

func checkRepeat(r *core.Record, _ source) error {
	every, most := r.GetInt("repeat_every_days"), r.GetInt("repeat_max")
	if (every > 0) != (most > 0) {
		return access.Invalid("repeat_max", "reminder_rules.problem_repeat_both")
	}
	if every*most > longestRepeat {
		return access.Invalid("repeat_max", "reminder_rules.problem_repeat_long", "n", longestRepeat)
	}
	return nil
}

// checkUnused refuses wishes that no letter would follow yet, rather than
// keeping them without a word.
func checkUnused(r *core.Record, _ source) error {
	for _, field := range []string{"offset_hours", "escalate_to"} {
		if value := r.GetString(field); value != "" && value != "0" {
			return access.Invalid(field, "reminder_rules.problem_unused")
		}
	}
	return nil
}

// places are what a rule's own words may leave open.
var places = []string{"{title}", "{when}", "{programme}"}

var braces = regexp.MustCompile(`\{[^{}]*\}`)

func checkWords(r *core.Record, _ source) error {
	for _, field := range []string{"subject_id", "subject_en", "body_id", "body_en"} {
		for _, found := range braces.FindAllString(r.GetString(field), -1) {
			if !slices.Contains(places, found) {
				return access.Invalid(field, "reminder_rules.problem_words", "found", found, "places", strings.Join(places, ", "))
			}
		}
	}
	return nil
}
