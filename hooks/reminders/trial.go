package reminders

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
)

// KindTrial is the kind of a letter that somebody sends to themselves to see
// what a rule says.
const KindTrial = "rule_test"

// trialUseful is for how long a test letter is of use.
const trialUseful = time.Hour

// Try writes a test letter of a rule to a person into the ledger, due now. The
// same rule tried twice within a second makes one letter.
func Try(app core.App, rule, person *core.Record, language string) error {
	now := clock.Now()
	l := mail.Letter{Kind: KindTrial, Rule: rule.Id, Programme: rule.GetString("programme"), Email: person.Email(), Language: language,
		Occurrence: now.Format(time.RFC3339), DueAt: now, UsefulUntil: now.Add(trialUseful),
		Key: mail.Key(KindTrial, rule.Id, person.Id, now.Format(time.RFC3339))}
	if !person.IsSuperuser() {
		l.User = person.Id
	}
	_, err := mail.Queue(app, l)
	return err
}

// trial is asked in the transaction that claims a test letter.
func trial(app core.App, d mail.Delivery) (mail.Contents, string, error) {
	rule, err := maybe(app, "reminder_rules", d.Rule)
	if err != nil {
		return mail.Contents{}, "", err
	}
	if rule == nil {
		return mail.Contents{}, reasonRuleOff, nil
	}
	a := &asked{app: app, letter: d}
	if reason, err := a.gone(); err != nil || reason != "" {
		return mail.Contents{}, reason, err
	}
	contents, err := specimen(app, wrap(rule), a.user, d.Language)
	contents.Subject = lang.T(d.Language, "reminders.trial", "subject", contents.Subject)
	return contents, "", err
}

// specimen is what a rule's letter says about the next thing it speaks of, or
// about a made-up one when there is none.
func specimen(app core.App, rule *Rule, reader *core.Record, language string) (mail.Contents, error) {
	next, err := foresee(app, rule, 1)
	if err != nil {
		return mail.Contents{}, err
	}
	a := &asked{app: app, rule: rule, user: reader, letter: mail.Delivery{Kind: rule.Kind(), Language: language}}
	if a.book, err = bookOf(app); err != nil {
		return mail.Contents{}, err
	}
	if len(next) > 0 {
		a.subject, a.letter.Occurrence = next[0].subject, next[0].Occurrence
		if err := a.letter.DueAt.Scan(next[0].DueAt); err != nil {
			return mail.Contents{}, err
		}
		return a.contents(), nil
	}
	a.subject, err = madeUp(app, rule, language)
	return a.contents(), err
}

// madeUp is a subject to show a letter by: no record, and a week from now.
func madeUp(app core.App, rule *Rule, language string) (Subject, error) {
	src, _ := sourceFor(rule.Kind())
	s := Subject{Record: core.NewRecord(rule.Collection()), Collection: src.collection, URL: "/", Zone: clock.Zones[0],
		Title: lang.T(language, "reminders.specimen")}
	s.Programme.Name = lang.T(language, "reminders.specimen_programme")
	if of, err := maybe(app, "programmes", rule.GetString("programme")); err != nil {
		return s, err
	} else if of != nil {
		s.Programme.Name, s.URL = of.GetString("name"), "/programmes/"+of.GetString("slug")
	}
	s.Anchor = clock.AddDays(clock.Today(s.Zone), 7)
	return s, nil
}
