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
func trial(app core.App, d mail.Delivery, now time.Time) (mail.Contents, string, error) {
	rule, err := maybe(app, "reminder_rules", d.Rule)
	if err != nil {
		return mail.Contents{}, "", err
	}
	if rule == nil {
		return mail.Contents{}, reasonRuleOff, nil
	}
	a := &asked{app: app, letter: d, now: now}
	if reason, err := a.gone(); err != nil || reason != "" {
		return mail.Contents{}, reason, err
	}
	shown := &asked{app: app, rule: wrap(rule), user: a.user, now: now, letter: mail.Delivery{Kind: rule.GetString("kind"), Language: d.Language}}
	contents, err := shown.specimen()
	contents.Subject = lang.T(d.Language, "reminders.trial", "subject", contents.Subject)
	return contents, "", err
}

// specimen is what a rule's letter says about the next thing it speaks of, or
// about a made-up one when there is none.
func (a *asked) specimen() (mail.Contents, error) {
	next, err := foresee(a.app, a.rule, 1, a.now)
	if err != nil {
		return mail.Contents{}, err
	}
	if a.book, err = bookOf(a.app); err != nil {
		return mail.Contents{}, err
	}
	if len(next) > 0 {
		a.subject, a.letter.Occurrence = next[0].subject, next[0].Occurrence
		if err := a.letter.DueAt.Scan(next[0].DueAt); err != nil {
			return mail.Contents{}, err
		}
		return a.contents(), nil
	}
	err = a.madeUp()
	return a.contents(), err
}

// madeUp gives the letter a subject to show it by: no record, and a week from now.
func (a *asked) madeUp() error {
	src, _ := sourceFor(a.rule.Kind())
	s := Subject{now: a.now, Record: core.NewRecord(a.rule.Collection()), Collection: src.collection, URL: "/", Zone: clock.Zones[0],
		Title: lang.T(a.letter.Language, "reminders.specimen")}
	s.Programme.Name = lang.T(a.letter.Language, "reminders.specimen_programme")
	of, err := maybe(a.app, "programmes", a.rule.GetString("programme"))
	if of != nil {
		s.Programme.Name, s.URL = of.GetString("name"), "/programmes/"+of.GetString("slug")
	}
	s.Anchor = clock.AddDays(s.today(), 7)
	a.subject = s
	return err
}
