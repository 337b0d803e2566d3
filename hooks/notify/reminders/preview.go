package reminders

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
)

// KindTrial is the kind of a message that somebody sends to themselves to see
// what a rule says.
const KindTrial = "rule_test"

// trialUseful is for how long a test message is of use.
const trialUseful = time.Hour

// Try writes a test message of a rule to a person into the ledger, due now. The
// same rule tried twice within a second makes one message.
func Try(app core.App, rule, person *core.Record, language string) error {
	now := clock.Now()
	l := outbox.Message{Kind: KindTrial, Rule: rule.Id, Programme: rule.GetString("programme"), Email: person.Email(), Language: language,
		AnchorAt: now.Format(time.RFC3339), DueAt: now, UsefulUntil: now.Add(trialUseful),
		Key: outbox.Key(KindTrial, rule.Id, person.Id, now.Format(time.RFC3339))}
	if !person.IsSuperuser() {
		l.User = person.Id
	}
	_, err := outbox.Enqueue(app, l)
	return err
}

// trial is asked in the transaction that claims a test message.
func trial(app core.App, d outbox.Delivery, now time.Time) (outbox.Contents, string, error) {
	rule, err := Maybe(app, "reminder_rules", d.Rule)
	if err != nil {
		return outbox.Contents{}, "", err
	}
	if rule == nil {
		return outbox.Contents{}, ReasonRuleOff, nil
	}
	a := &Candidate{App: app, Message: d, Now: now}
	if reason, err := a.Gone(); err != nil || reason != "" {
		return outbox.Contents{}, reason, err
	}
	shown := &Candidate{App: app, Rule: Wrap(rule), User: a.User, Now: now, Message: outbox.Delivery{Kind: rule.GetString("kind"), Language: d.Language}}
	contents, err := shown.specimen()
	contents.Subject = lang.T(d.Language, "reminders.test_subject", "subject", contents.Subject)
	return contents, "", err
}

// specimen is what a rule's message says about the next thing it speaks of, or
// about a made-up one when there is none.
func (a *Candidate) specimen() (outbox.Contents, error) {
	next, err := ForecastRule(a.App, a.Rule, 1, a.Now)
	if err != nil {
		return outbox.Contents{}, err
	}
	if len(next) == 0 {
		err = a.madeUp()
		return a.contents(), err
	}
	a.Subject, a.Message.Step, a.Message.Origin = next[0].Subject, next[0].Step, next[0].Origin
	if a.calendar, err = LoadCalendar(a.App, a.Subject.Programme.Province); err != nil {
		return outbox.Contents{}, err
	}
	if err := a.Message.DueAt.Scan(next[0].DueAt); err != nil {
		return outbox.Contents{}, err
	}
	return a.contents(), nil
}

// madeUp gives the message a subject to show it by: no record, and a week from now.
func (a *Candidate) madeUp() error {
	src, _ := SourceFor(a.Rule.Kind())
	s := Subject{now: a.Now, source: src, Record: core.NewRecord(a.Rule.Collection()), Collection: src.collection, URL: "/", Zone: clock.Zones[0],
		Title: lang.T(a.Message.Language, "reminders.sample")}
	s.Programme.Name = lang.T(a.Message.Language, "reminders.sample_programme")
	of, err := Maybe(a.App, "programmes", a.Rule.GetString("programme"))
	if of != nil {
		s.Programme.Name, s.URL = of.GetString("name"), "/programmes/"+of.GetString("slug")
	}
	s.Anchor = clock.AddDays(s.today(), 7)
	a.Subject = s
	return err
}

// PreviewRule is the next thing that a rule would send to a reader, as text; the
// rule need not be saved.
func PreviewRule(app core.App, rule *Rule, reader *core.Record, language string) (subject, text string, err error) {
	a := &Candidate{App: app, Rule: rule, User: reader, Now: clock.Now(), Message: outbox.Delivery{Kind: rule.Kind(), Language: language}}
	contents, err := a.specimen()
	if err != nil {
		return "", "", err
	}
	return outbox.Preview(app, contents, language)
}

// asked is how many open subjects are asked whom a rule speaks to; a rule
// that finds nobody for so many finds nobody.
const asked = 50

// FindsNobody reports whether a rule speaks to nobody although there is something to tell.
func FindsNobody(app core.App, rule *Rule, now time.Time) (bool, error) {
	p := newPlanner(app, now)
	src, known := SourceFor(rule.Kind())
	if !known {
		return false, nil
	}
	records, err := openRecords(p.app, src, rule.GetString("programme"), asked)
	for _, r := range records {
		s, err := p.subject(src, r)
		if err != nil {
			return false, err
		}
		if people, err := p.audience(rule, s); err != nil || len(people) > 0 {
			return false, err
		}
	}
	return len(records) > 0, err
}
