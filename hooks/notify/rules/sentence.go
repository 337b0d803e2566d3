package rules

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/notify/reminders"
)

// Sentence says the whole rule in words.
func Sentence(r *reminders.Rule, language string) string {
	said := lang.T(language, "reminders.sentence", "when", when(r, language), "at", hourWords(r, language), "who", people(language, r.Audience()))
	switch src, _ := reminders.SourceFor(r.Kind()); {
	case leavesAtOnce(r, src):
		said = lang.T(language, "reminders.sentence_now", "when", anchor(r, language), "who", people(language, r.Audience()))
	case r.Hours() != 0:
		said = lang.T(language, "reminders.sentence_hours", "when", when(r, language), "who", people(language, r.Audience()))
	}
	parts := []string{said}
	if every := r.GetInt("repeat_every_days"); every == 1 {
		parts = append(parts, lang.T(language, "reminders.sentence_daily", "n", r.GetInt("repeat_max")))
	} else if every > 1 {
		parts = append(parts, lang.T(language, "reminders.sentence_again", "every", every, "n", r.GetInt("repeat_max")))
	}
	if ladder := r.Ladder(); len(ladder) > 0 {
		parts = append(parts, lang.T(language, "reminders.sentence_escalation", "n", r.GetInt("escalate_after_workdays"), "who", steps(language, ladder)))
	}
	return strings.Join(parts, ", ") + "."
}

func leavesAtOnce(r *reminders.Rule, src reminders.Source) bool {
	a, _ := src.Anchor(r.GetString("anchor"))
	return a.Now
}

func hourWords(r *reminders.Rule, language string) string {
	return strings.Replace(r.At(), ":", lang.T(language, "reminders.hour_mark"), 1)
}

func when(r *reminders.Rule, language string) string {
	unit, n := "", r.Offset()
	switch {
	case r.Hours() != 0:
		unit, n = "_hours", r.Hours()
	case r.GetBool("workdays"):
		unit = "_workdays"
	}
	switch {
	case n < 0:
		return lang.T(language, "reminders.before"+unit, "n", -n, "anchor", anchor(r, language))
	case n > 0:
		return lang.T(language, "reminders.after"+unit, "n", n, "anchor", anchor(r, language))
	}
	if own := "reminders.on." + r.GetString("anchor"); lang.Has(own) {
		return lang.T(language, own, "day", anchor(r, language))
	}
	return lang.T(language, "reminders.on_the_day", "anchor", anchor(r, language))
}

func anchor(r *reminders.Rule, language string) string {
	if r.GetString("anchor") == reminders.OwnDay && r.GetString("on_day") != "" {
		return lang.DayLong(language, r.GetString("on_day"))
	}
	return lang.T(language, "reminders.anchor."+r.GetString("anchor"))
}

// people lists words of an audience the way a sentence does: one, two and three.
func people(language string, words []string) string {
	named := make([]string, len(words))
	for i, word := range words {
		named[i] = reminders.Spoken(language, word)
	}
	if len(named) < 2 {
		return strings.Join(named, "")
	}
	last := len(named) - 1
	return lang.T(language, "reminders.and", "first", strings.Join(named[:last], ", "), "last", named[last])
}

// steps lists words of a ladder: one, then two, then three.
func steps(language string, words []string) string {
	said := reminders.Spoken(language, words[0])
	for _, word := range words[1:] {
		said = lang.T(language, "reminders.then", "first", said, "next", reminders.Spoken(language, word))
	}
	return said
}

// WithoutRecipients returns the sentences of the active rules that find nobody although
// there is something to tell.
func WithoutRecipients(ctx context.Context, app core.App, now time.Time) (sentences []string, err error) {
	found, err := app.FindAllRecords("reminder_rules", dbx.HashExp{"active": true})
	if err != nil {
		return nil, fmt.Errorf("reminder rules: %w", err)
	}
	for _, r := range found {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rule := reminders.Wrap(r)
		alone, err := reminders.FindsNobody(app, rule, now)
		if err != nil {
			return nil, err
		}
		if alone {
			sentences = append(sentences, Sentence(rule, "id"))
		}
	}
	return sentences, nil
}
