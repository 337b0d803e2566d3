package reminders

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/mail"
)

// contents writes the letter: to whom, what, by when, one button, why it came
// and how to stop it. Days are named, never called tomorrow: a letter may be late.
func (a *asked) contents() mail.Contents {
	language := a.letter.Language
	c := mail.Contents{
		Email:    first("email", a.user, a.contact),
		Subject:  cmp.Or(a.own("subject"), a.usual("subject")),
		Greeting: greeting(language, a.user, a.contact),
		Lines:    append(a.lines(), a.more(language)...),
		Join:     a.joined(),
		Button:   mail.Link{Label: a.usual("button"), URL: home(a.app) + a.subject.URL},
		Why:      a.usual("why"),
	}
	if c.Mandatory = a.rule.Mandatory(); c.Mandatory {
		c.Why += " " + lang.T(language, "reminders.mandatory")
	}
	return c
}

// lines are the first paragraphs of the letter.
func (a *asked) lines() []string {
	if own := a.own("body"); own != "" {
		return strings.Split(own, "\n\n")
	}
	return []string{a.usual("line")}
}

// own is a part of the letter in the words that the rule has of its own; empty
// when it has none.
func (a *asked) own(part string) string {
	language := a.letter.Language
	return fill(a.rule.GetString(part+"_"+language), a.words(language))
}

// usual is a part of the letter in the words of its kind.
func (a *asked) usual(part string) string {
	language, key := a.letter.Language, a.variant()+"."+part
	if !lang.Has(key) {
		key = "reminders." + a.rule.Kind() + "." + part
	}
	return lang.T(language, key, a.words(language)...)
}

// variant begins the keys of what a letter says otherwise than usual.
func (a *asked) variant() string {
	kind := "reminders." + a.rule.Kind()
	switch {
	case a.told && a.still:
		return kind + ".changed"
	case a.told:
		return kind + ".moved"
	case len(a.tasks) > 0:
		return kind + ".owing"
	case a.subject.name == "programme.starts_on" || a.subject.name == "programme.ends_on":
		return kind + "." + strings.TrimPrefix(a.subject.name, "programme.")
	}
	return kind
}

// more is what a letter adds to its first lines: where a meeting is, which tasks
// stand open, and what happens next if nobody answers.
func (a *asked) more(language string) (lines []string) {
	lines = a.place()
	for _, t := range a.tasks {
		lines = append(lines, t.words(language))
	}
	if strings.Contains(a.letter.Occurrence, "^") {
		lines = append(lines, lang.T(language, "reminders.climbed"))
	}
	if next := a.ahead(language); next != "" {
		lines = append(lines, next)
	}
	return lines
}

// words are the values that a text may name, as pairs.
func (a *asked) words(language string) []any {
	when := lang.DayLong(language, a.subject.Anchor)
	if !a.subject.Moment.IsZero() {
		when = lang.Moment(language, a.subject.Moment, a.subject.Zone)
	}
	return []any{"title", a.subject.Title, "when", when, "programme", a.subject.Programme.Name}
}

// greeting addresses the person by name, or by the office held.
func greeting(language string, person ...*core.Record) string {
	name := first("name", person...)
	if name == "" {
		name = first("position", person...)
	}
	if name == "" {
		return lang.T(language, "reminders.greeting")
	}
	return lang.T(language, "reminders.greeting_name", "name", name)
}

// first is the first value of a field that is not empty among records that may be nil.
func first(field string, records ...*core.Record) string {
	for _, r := range records {
		if r != nil && r.GetString(field) != "" {
			return r.GetString(field)
		}
	}
	return ""
}

// fill puts values in the place of {title}, {when} and {programme}.
func fill(template string, words []any) string {
	pairs := make([]string, 0, len(words))
	for i := 0; i+1 < len(words); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", words[i]), fmt.Sprint(words[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(template)
}
