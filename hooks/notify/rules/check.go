package rules

import (
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/notify/reminders"
)

// longestRepeat is over how many days a rule may repeat itself at most.
const longestRepeat = 365

// CheckRule refuses a rule that could never be carried out, and fills in what a
// Rule is usually about.
func CheckRule(e *core.RecordEvent) error {
	if err := check(e.Record); err != nil {
		return err
	}
	return e.Next()
}

// check refuses a record of reminder_rules that could never be carried out.
func check(r *core.Record) error {
	if r.GetString("at") == "" {
		r.Set("at", reminders.UsualHour)
	}
	src, known := reminders.SourceFor(r.GetString("kind"))
	if !known {
		return access.Invalid("kind", "reminder_rules.problem_kind")
	}
	if r.GetString("anchor") == "" {
		r.Set("anchor", src.Anchors[0].Name)
	}
	for _, check := range []func(*core.Record, reminders.Source) error{checkAnchor, checkOwnDay, checkHour, checkHours, checkAudience, checkRepeat,
		checkLadder, checkWords} {
		if err := check(r, src); err != nil {
			return err
		}
	}
	return nil
}

func checkAnchor(r *core.Record, src reminders.Source) error {
	if _, known := src.Anchor(r.GetString("anchor")); known {
		return nil
	}
	names := make([]string, len(src.Anchors))
	for i, a := range src.Anchors {
		names[i] = a.Name
	}
	return access.Invalid("anchor", "reminder_rules.problem_anchor", "anchor", strings.Join(names, ", "))
}

// checkOwnDay wants a day where the rule counts from one of its own, and only there.
func checkOwnDay(r *core.Record, _ reminders.Source) error {
	own := r.GetString("anchor") == reminders.OwnDay
	switch day := r.GetString("on_day"); {
	case own && day == "":
		return access.Invalid("on_day", "problem.needed")
	case !own && day != "":
		return access.Invalid("on_day", "reminder_rules.problem_on_day")
	case own:
		if _, err := clock.At(day, "00:00", clock.Western); err != nil {
			return access.Invalid("on_day", "problem.not_a_date")
		}
	}
	return nil
}

func checkHour(r *core.Record, _ reminders.Source) error {
	at := r.GetString("at")
	if typed, err := clock.ParseTime(at); err != nil || typed != at {
		return access.Invalid("at", "reminder_rules.problem_at")
	}
	return nil
}

// checkHours lets a rule count hours only where there is an hour to count from,
// and then nothing else.
func checkHours(r *core.Record, src reminders.Source) error {
	a, _ := src.Anchor(r.GetString("anchor"))
	counted := r.GetInt("offset_days") != 0 || r.GetInt("repeat_max") != 0
	switch hours := r.GetInt("offset_hours"); {
	case a.Now && (hours != 0 || counted || r.GetInt("repeat_every_days") != 0):
		return access.Invalid("offset_days", "reminder_rules.problem_now")
	case hours != 0 && !a.Hours:
		return access.Invalid("offset_hours", "reminder_rules.problem_hours")
	case hours != 0 && counted:
		return access.Invalid("offset_hours", "reminder_rules.problem_hours_only")
	}
	return nil
}

func checkAudience(r *core.Record, src reminders.Source) error {
	for _, word := range r.GetStringSlice("audience") {
		if !slices.Contains(src.Audience, word) {
			return access.Invalid("audience", "reminder_rules.problem_audience", "audience", strings.Join(src.Audience, ", "))
		}
	}
	return nil
}

func checkRepeat(r *core.Record, _ reminders.Source) error {
	every, most := r.GetInt("repeat_every_days"), r.GetInt("repeat_max")
	if (every > 0) != (most > 0) {
		return access.Invalid("repeat_max", "reminder_rules.problem_repeat_both")
	}
	if every*most > longestRepeat {
		return access.Invalid("repeat_max", "reminder_rules.problem_repeat_long", "n", longestRepeat)
	}
	return nil
}

// checkLadder puts the steps in their one order and refuses a ladder where there
// is none, or where nothing is late yet.
func checkLadder(r *core.Record, src reminders.Source) error {
	wanted, wait := r.GetStringSlice("escalate_to"), r.GetInt("escalate_after_workdays")
	ladder := []string{}
	for _, word := range src.Ladder {
		if slices.Contains(wanted, word) {
			ladder = append(ladder, word)
		}
	}
	switch {
	case len(ladder) != len(wanted):
		return access.Invalid("escalate_to", "reminder_rules.problem_escalation", "audience", strings.Join(src.Ladder, ", "))
	case (len(wanted) > 0) != (wait > 0):
		return access.Invalid("escalate_after_workdays", "reminder_rules.problem_escalation_both")
	case len(wanted) > 0 && r.GetInt("offset_days") < 0:
		return access.Invalid("escalate_to", "reminder_rules.problem_escalation_early")
	}
	r.Set("escalate_to", ladder)
	return nil
}

// places are what a rule's own words may leave open.
var places = []string{"{title}", "{when}", "{programme}"}

var braces = regexp.MustCompile(`\{[^{}]*\}`)

func checkWords(r *core.Record, _ reminders.Source) error {
	for _, field := range []string{"subject_id", "subject_en", "body_id", "body_en"} {
		for _, found := range braces.FindAllString(r.GetString(field), -1) {
			if !slices.Contains(places, found) {
				return access.Invalid(field, "reminder_rules.problem_words", "found", found, "places", strings.Join(places, ", "))
			}
		}
	}
	return nil
}
