package reminders

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
)

// Kinds answers, for every kind of reminder, whether a letter is still wanted
// and what it says.
func Kinds() mail.Kinds {
	kinds := mail.Kinds{}
	for _, src := range sources {
		for _, kind := range src.kinds {
			kinds[kind] = mail.Kind{Wanted: wanted}
		}
	}
	return kinds
}

// wanted is asked in the transaction that claims a letter. Access and what the
// person has set are those of this moment, not of the day it was planned.
func wanted(app core.App, d mail.Delivery) (mail.Contents, string, error) {
	s, there, err := find(app, d.SubjectCollection, d.SubjectID)
	if err != nil {
		return mail.Contents{}, "", err
	}
	if !there {
		return mail.Contents{}, mail.ReasonDeleted, nil
	}
	if s.Closed != "" {
		return mail.Contents{}, s.Closed, nil
	}
	if s.Anchor == "" || !strings.HasPrefix(d.Occurrence, s.Anchor) {
		return mail.Contents{}, mail.ReasonMoved, nil
	}
	rule, err := ruleOf(app, d)
	if err != nil {
		return mail.Contents{}, "", err
	}
	reason, err := unwelcome(app, d, rule)
	if reason == "" && err == nil {
		reason, err = outside(app, d, s)
	}
	if err != nil || reason != "" {
		return mail.Contents{}, reason, err
	}
	return contents(app, d, s, rule), "", nil
}

// ruleOf returns the letter's rule as it stands now, nil when it is gone.
func ruleOf(app core.App, d mail.Delivery) (*Rule, error) {
	found, err := app.FindAllRecords("reminder_rules", dbx.HashExp{"id": d.Rule})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return wrap(found[0]), nil
}

// unwelcome returns why the person does not want the letter.
func unwelcome(app core.App, d mail.Delivery, rule *Rule) (string, error) {
	if rule == nil || !rule.GetBool("active") {
		return mail.ReasonCancelled, nil
	}
	if d.User == "" {
		return "", nil
	}
	user, err := app.FindRecordById("users", d.User)
	if err != nil {
		return mail.ReasonDisabled, nil
	}
	switch {
	case user.GetBool("disabled"):
		return mail.ReasonDisabled, nil
	case rule.Mandatory():
		return "", nil
	case user.GetString("paused_until_on") >= clock.Today(user.GetString("time_zone")):
		return mail.ReasonPaused, nil
	}
	for _, kind := range user.GetStringSlice("muted_kinds") {
		if kind == d.Kind {
			return mail.ReasonMuted, nil
		}
	}
	return "", nil
}

// outside returns why the person may no longer see what the letter is about: an
// account asks the door, a contact must still speak for somebody who takes part.
func outside(app core.App, d mail.Delivery, s Subject) (string, error) {
	if d.User != "" {
		user, err := app.FindRecordById("users", d.User)
		if err != nil {
			return mail.ReasonNoAccess, nil
		}
		_, err = access.Open(app, user).View(d.SubjectCollection, d.SubjectID)
		if errors.Is(err, access.ErrRefused) {
			return mail.ReasonNoAccess, nil
		}
		return "", err
	}
	var n int
	err := app.DB().NewQuery(`SELECT COUNT(*) FROM contacts c JOIN stakeholders s ON s.organisation = c.organisation
		WHERE c.id = {:contact} AND s.programme = {:programme} AND (s.ended_on = '' OR s.ended_on >= {:today})
		AND (c.from_on = '' OR c.from_on <= {:today}) AND (c.until_on = '' OR c.until_on >= {:today})`).
		Bind(dbx.Params{"contact": d.Recipient, "programme": s.Programme.Id, "today": clock.Today(s.Zone)}).Row(&n)
	if err != nil {
		return "", fmt.Errorf("contact of a letter: %w", err)
	}
	if n == 0 {
		return mail.ReasonNoAccess, nil
	}
	return "", nil
}

// contents writes the letter: who, what, by when, one button, why it came and
// how to stop it. Days are named, never called tomorrow: a letter may be late.
func contents(app core.App, d mail.Delivery, s Subject, rule *Rule) mail.Contents {
	language := d.Language
	host := strings.TrimRight(app.Settings().Meta.AppURL, "/")
	when := lang.DayLong(language, s.Anchor)
	if !s.Moment.IsZero() {
		when = lang.Moment(language, s.Moment, s.Zone)
	}
	words := []any{"title", s.Title, "when", when, "programme", s.Programme.GetString("name")}
	say := func(part string) string { return lang.T(language, "reminders."+d.Kind+"."+part, words...) }
	c := mail.Contents{
		Subject:  say("subject"),
		Greeting: lang.T(language, "reminders.greeting"),
		Lines:    []string{say("line")},
		Button:   mail.Link{Label: say("button"), URL: host + s.URL},
		Why:      say("why"),
	}
	if own := rule.GetString("subject_" + language); own != "" {
		c.Subject = fill(own, words)
	}
	if own := rule.GetString("body_" + language); own != "" {
		c.Lines = strings.Split(fill(own, words), "\n\n")
	}
	if d.User != "" && !rule.Mandatory() {
		c.Stop = mail.Link{Label: lang.T(language, "reminders.stop"), URL: host + "/me"}
	}
	return c
}

// fill puts values in the place of {title}, {when} and {programme}.
func fill(template string, words []any) string {
	pairs := make([]string, 0, len(words))
	for i := 0; i+1 < len(words); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", words[i]), fmt.Sprint(words[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(template)
}
