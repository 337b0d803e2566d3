package reminders

import (
	"strings"

	"simpul/hooks/lang"
)

// Sentence says the whole rule in words.
func (r *Rule) Sentence(language string) string {
	said := lang.T(language, "reminders.sentence", "when", r.when(language), "at", r.hourWords(language), "who", people(language, r.Audience()))
	switch src, _ := sourceFor(r.Kind()); {
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

func (r *Rule) leavesAtOnce(src source) bool {
	a, _ := src.anchor(r.GetString("anchor"))
	return a.now
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
	if r.GetString("anchor") == ownDay && r.GetString("on_day") != "" {
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
