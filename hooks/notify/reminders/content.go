package reminders

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/meetings"
	"simpul/hooks/notify/outbox"
)

// Titles name the field that says what a record is.
var Titles = map[string]string{"tasks": "title", "meetings": "title", "contributions": "item"}

// Untold is objection for a message that another tells.
func (a *Candidate) Untold() (reason string, err error) {
	if reason, err = a.Objection(); err != nil || reason != "" {
		return reason, err
	}
	return outbox.Suppressed(a.App, a.Message, a.Rule.Mandatory())
}

// Item is one folded message in a line.
func (a *Candidate) Item() outbox.Item {
	language, words := a.Message.Language, map[string]string{}
	for pairs := range slices.Chunk(a.words(language), 2) {
		words[fmt.Sprint(pairs[0])] = fmt.Sprint(pairs[1])
	}
	note := strings.Join([]string{lang.T(language, "reminder_rules.kind."+a.Message.Kind), words["when"], words["programme"]}, " · ")
	return outbox.Item{Link: outbox.Link{Label: a.Subject.Title, URL: Home(a.App) + a.Subject.URL}, Note: note}
}

// Home is the hub's address without a slash at its end.
func Home(app core.App) string { return strings.TrimRight(app.Settings().Meta.AppURL, "/") }

// contents writes the message: to whom, what, by when, one button, why it came
// and how to stop it. Days are named, never called tomorrow: a message may be late.
func (a *Candidate) contents() outbox.Contents {
	language := a.Message.Language
	c := outbox.Contents{
		Email:    First("email", a.User, a.Contact),
		Subject:  cmp.Or(a.own("subject"), a.usual("subject")),
		Greeting: Greeting(language, a.User, a.Contact),
		Lines:    append(a.lines(), a.more(language)...),
		Join:     a.Joined(),
		Button:   outbox.Link{Label: a.usual("button"), URL: Home(a.App) + a.Subject.URL},
		Why:      a.usual("why"),
	}
	if c.Mandatory = a.Rule.Mandatory(); c.Mandatory {
		c.Why += " " + lang.T(language, "reminders.mandatory")
	}
	return c
}

// lines are the first paragraphs of the message.
func (a *Candidate) lines() []string {
	if own := a.own("body"); own != "" {
		return strings.Split(own, "\n\n")
	}
	return []string{a.usual("line")}
}

// own is a part of the message in the words that the rule has of its own; empty
// when it has none.
func (a *Candidate) own(part string) string {
	language := a.Message.Language
	return fill(a.Rule.GetString(part+"_"+language), a.words(language))
}

// usual is a part of the message in the words of its kind.
func (a *Candidate) usual(part string) string {
	language, key := a.Message.Language, a.variant()+"."+part
	if !lang.Has(key) {
		key = "reminders." + a.Rule.Kind() + "." + part
	}
	return lang.T(language, key, a.words(language)...)
}

// variant begins the keys of what a message says otherwise than usual.
func (a *Candidate) variant() string {
	kind := "reminders." + a.Rule.Kind()
	switch {
	case a.told && a.still:
		return kind + ".changed"
	case a.told:
		return kind + ".moved"
	case len(a.tasks) > 0:
		return kind + ".owing"
	case a.Subject.name == "programme.starts_on" || a.Subject.name == "programme.ends_on":
		return kind + "." + strings.TrimPrefix(a.Subject.name, "programme.")
	}
	return kind
}

// more is what a message adds to its first lines: where a meeting is, which tasks
// stand open, and what happens next if nobody answers.
func (a *Candidate) more(language string) (lines []string) {
	lines = a.place()
	for _, t := range a.tasks {
		lines = append(lines, t.words(language))
	}
	if a.Message.Origin == outbox.OriginEscalation {
		lines = append(lines, lang.T(language, "reminders.escalated"))
	}
	if next := a.nextStep(language); next != "" {
		lines = append(lines, next)
	}
	return lines
}

// words are the values that a text may name, as pairs.
func (a *Candidate) words(language string) []any {
	when := lang.DayLong(language, a.Subject.Anchor)
	if !a.Subject.Moment.IsZero() {
		when = lang.Moment(language, a.Subject.Moment, a.Subject.Zone)
	}
	return []any{"title", a.Subject.Title, "when", when, "programme", a.Subject.Programme.Name}
}

// Greeting addresses the person by name, or by the office held.
func Greeting(language string, person ...*core.Record) string {
	name := First("name", person...)
	if name == "" {
		name = First("position", person...)
	}
	if name == "" {
		return lang.T(language, "reminders.greeting")
	}
	return lang.T(language, "reminders.greeting_name", "name", name)
}

// First is the first value of a field that is not empty among records that may be nil.
func First(field string, records ...*core.Record) string {
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

// place are the words that say where a meeting is; none where it has no place.
func (a *Candidate) place() []string {
	if a.Subject.Place == "" || a.Rule.Kind() == "minutes_followup" {
		return nil
	}
	return []string{lang.T(a.Message.Language, "reminders.place", "place", a.Subject.Place)}
}

// Joined is the address of an online meeting as a message names it, to who is to
// come; without a URL to anybody else.
func (a *Candidate) Joined() outbox.Link {
	return outbox.Link{Label: lang.T(a.Message.Language, "meetings.link"), URL: a.Link}
}

// admit finds the address at which the reader of a message joins a meeting. Whoever
// has it can enter the room, so that only those get it who are invited or lead the
// meeting at this moment, not everybody who is told that it takes place.
func (a *Candidate) admit() error {
	link := meetings.Wrap(a.Subject.meeting).Link()
	if !meetings.OnTheWeb(link) {
		return nil
	}
	about := dbx.Params{"id": a.Subject.meeting.Id, "today": clock.Day(a.Now, a.Subject.Zone)}
	for _, find := range []func(core.App, dbx.Params) ([]Person, error){invited, leading} {
		found, err := find(a.App, about)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(found, a.reads) {
			a.Link = link
		}
	}
	return nil
}

// reads reports whether a person is the one to whom the message goes.
func (a *Candidate) reads(p Person) bool {
	return p.Contact != "" && p.Contact == a.Message.Recipient || p.User != "" && p.User == a.Message.User
}

// Spoken is the whole of the message as a person tells it.
func (a *Candidate) Spoken() string {
	lines := append(a.lines(), a.place()...)
	if own := a.own("subject"); own != "" {
		lines = slices.Insert(lines, 0, own) // nobody sees the subject of a text otherwise
	}
	return strings.Join(lines, "\n")
}

// Stamp writes an instant the way the database keeps it.
func Stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000Z") }
