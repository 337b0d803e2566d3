package reminders

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/programmes"
)

// forecast is a message that a rule will call for, with what it is about.
type forecast struct {
	planned
	subject Subject
}

// mostForeseen bounds how many records a look ahead reads.
const mostForeseen = 2000

// foresee computes the next messages of a rule from a moment on, as the planner would, in order of
// time, as if the rule were saved. It writes nothing.
func foresee(app core.App, rule *Rule, most int, now time.Time) ([]forecast, error) {
	src, _ := SourceFor(rule.Kind())
	records, err := speaksOf(app, src, rule.GetString("programme"))
	if err != nil {
		return nil, err
	}
	book, err := Rules(app)
	if err != nil {
		return nil, err
	}
	book = book.with(rule)
	p := NewPlanner(app, now)
	p.Far = true
	found := []forecast{}
	for _, r := range records {
		some, err := p.foresee(src, book, rule, r)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	slices.SortStableFunc(found, func(a, b forecast) int { return a.DueAt.Compare(b.DueAt) })
	return found[:min(most, len(found))], nil
}

// speaksOf reads what a source may speak of in a programme, or in all of them.
func speaksOf(app core.App, src Source, programme string) (found []*core.Record, err error) {
	if src.pending == nil {
		return nil, nil
	}
	q := app.RecordQuery(src.collection).AndWhere(src.pending).OrderBy("id").Limit(mostForeseen)
	for _, condition := range src.ofProgramme(programme) {
		q.AndWhere(condition)
	}
	if err := q.All(&found); err != nil {
		return nil, fmt.Errorf("look ahead: %w", err)
	}
	return found, nil
}

// foresee computes the coming messages of one rule about one record; other rules
// take part, since two messages of a day become one.
func (p *planner) foresee(src Source, book *RuleSet, rule *Rule, r *core.Record) (found []forecast, err error) {
	s, err := p.subject(src, r)
	if err != nil {
		return nil, err
	}
	messages, err := p.Letters(s, book.InForce(s.Programme.ID, src.Kinds), p.Calendar(book, s.Programme.Province))
	if err != nil {
		return nil, err
	}
	for _, l := range messages {
		if l.Rule != rule.Id || !l.DueAt.After(p.Now) {
			continue
		}
		of, _ := s.counting(rule, l.Occurrence)
		found = append(found, forecast{planned: l, subject: of})
	}
	return found, nil
}

// with is the rules as if a rule were saved as it stands now, and in force.
func (b *RuleSet) with(rule *Rule) *RuleSet {
	other := &RuleSet{holidays: b.holidays}
	for _, r := range b.rules {
		if r.Id != rule.Id {
			other.rules = append(other.rules, r)
		}
	}
	other.rules = append(other.rules, rule)
	slices.SortStableFunc(other.rules, func(a, b *Rule) int { return a.Offset() - b.Offset() })
	return other
}

// send is one coming message as the page of a rule lists it.
type send struct{ Who, About, When, URL string }

// mostSends is how many coming messages the page of a rule lists.
const mostSends = 20

// outline is what a rule would do, computed and not written down.
type outline struct {
	Sends         []send
	Subject, Text string // the message, as text
}

// outlined checks a rule that is not saved and computes what it would do. Errors
// about fields say what is wrong with the rule.
func outlined(d *access.Scope, rule *Rule, language string) (*outline, error) {
	app := d.App()
	if err := check(rule.ProxyRecord()); err != nil {
		return nil, err
	}
	if err := app.Validate(rule.ProxyRecord()); err != nil {
		return nil, err
	}
	next, err := foresee(app, rule, mostSends, clock.Now())
	if err != nil {
		return nil, err
	}
	o := &outline{}
	for _, l := range next {
		who, err := addressee(app, l.Message)
		if err != nil {
			return nil, err
		}
		o.Sends = append(o.Sends, send{Who: who, About: l.subject.Title, When: lang.Moment(language, l.DueAt, l.zone), URL: l.URL})
	}
	reader := d.Person()
	a := &Candidate{App: app, Rule: rule, user: reader, Now: clock.Now(), Message: outbox.Delivery{Kind: rule.Kind(), Language: language}}
	contents, err := a.specimen()
	if err != nil {
		return nil, err
	}
	o.Subject, o.Text, err = outbox.Preview(app, contents, language)
	return o, err
}

// addressee says to whom a message goes: the name, or the office, and the address.
func addressee(app core.App, l outbox.Message) (string, error) {
	user, err := Maybe(app, "users", l.User)
	if err != nil {
		return "", err
	}
	contact, err := Maybe(app, "contacts", l.Recipient)
	if err != nil {
		return "", err
	}
	name := First("name", user, contact)
	if name == "" {
		name = First("position", user, contact)
	}
	if l.Email == "" {
		return name, nil
	}
	return fmt.Sprintf("%s (%s)", name, l.Email), nil
}

// siblings are the hub's rules of a kind, which a programme's own replace.
func siblings(d *access.Scope, kind string) ([]*core.Record, error) {
	return d.List("reminder_rules", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"reminder_rules.kind": kind, "reminder_rules.programme": ""}).
			OrderBy("reminder_rules.offset_days", "reminder_rules.id")
	})
}

// adopt copies the hub's rules of one kind into a programme, since its own
// replace them all, and returns the copy of the one asked for. Where the
// programme has such rules already, it adds that one only.
func adopt(d *access.Scope, p *programmes.Programme, rule *Rule) (copied *core.Record, err error) {
	all, err := siblings(d, rule.Kind())
	if err != nil {
		return nil, err
	}
	err = d.InTransaction(func(inner *access.Scope) error {
		own, err := owns(inner, p, rule.Kind())
		if err != nil {
			return err
		}
		for _, r := range all {
			if own && r.Id != rule.Id {
				continue
			}
			duplicate, err := duplicate(inner, r)
			if err != nil {
				return err
			}
			duplicate.Set("programme", p.ID())
			if err := inner.Create(duplicate); err != nil {
				return err
			}
			if r.Id == rule.Id {
				copied = duplicate
			}
		}
		return nil
	})
	return copied, err
}

// duplicate is a new rule that says what another says.
func duplicate(d *access.Scope, r *core.Record) (*core.Record, error) {
	other, err := d.New("reminder_rules")
	if err != nil {
		return nil, err
	}
	for _, f := range r.Collection().Fields {
		if !f.GetSystem() && f.Type() != core.FieldTypeAutodate {
			other.Set(f.GetName(), r.Get(f.GetName()))
		}
	}
	return other, nil
}

// owns reports whether a programme has rules of a kind that are in force.
func owns(d *access.Scope, p *programmes.Programme, kind string) (bool, error) {
	found, err := d.List("reminder_rules", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"reminder_rules.kind": kind, "reminder_rules.programme": p.ID(), "reminder_rules.active": true}).Limit(1)
	})
	return len(found) > 0, err
}

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
		Occurrence: now.Format(time.RFC3339), DueAt: now, UsefulUntil: now.Add(trialUseful),
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
	if reason, err := a.gone(); err != nil || reason != "" {
		return outbox.Contents{}, reason, err
	}
	shown := &Candidate{App: app, Rule: wrap(rule), user: a.user, Now: now, Message: outbox.Delivery{Kind: rule.GetString("kind"), Language: d.Language}}
	contents, err := shown.specimen()
	contents.Subject = lang.T(d.Language, "reminders.test_subject", "subject", contents.Subject)
	return contents, "", err
}

// specimen is what a rule's message says about the next thing it speaks of, or
// about a made-up one when there is none.
func (a *Candidate) specimen() (outbox.Contents, error) {
	next, err := foresee(a.App, a.Rule, 1, a.Now)
	if err != nil {
		return outbox.Contents{}, err
	}
	if a.book, err = Rules(a.App); err != nil {
		return outbox.Contents{}, err
	}
	if len(next) > 0 {
		a.Subject, a.Message.Occurrence = next[0].subject, next[0].Occurrence
		if err := a.Message.DueAt.Scan(next[0].DueAt); err != nil {
			return outbox.Contents{}, err
		}
		return a.contents(), nil
	}
	err = a.madeUp()
	return a.contents(), err
}

// madeUp gives the message a subject to show it by: no record, and a week from now.
func (a *Candidate) madeUp() error {
	src, _ := SourceFor(a.Rule.Kind())
	s := Subject{now: a.Now, Record: core.NewRecord(a.Rule.Collection()), Collection: src.collection, URL: "/", Zone: clock.Zones[0],
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

// lookedAt is how many open subjects are asked whom a rule speaks to; a rule
// that finds nobody for so many finds nobody.
const lookedAt = 50

// RulesWithoutRecipients returns the sentences of the active rules that find nobody although
// there is something to tell.
func RulesWithoutRecipients(ctx context.Context, app core.App, now time.Time) ([]string, error) {
	book, err := readRules(app)
	if err != nil {
		return nil, err
	}
	p, names := NewPlanner(app, now), []string{}
	for _, rule := range book.rules {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		src, known := SourceFor(rule.Kind())
		if !known {
			continue
		}
		heard, err := p.heard(rule, src)
		if err != nil {
			return nil, err
		}
		if !heard {
			names = append(names, rule.Sentence("id"))
		}
	}
	return names, nil
}

// heard reports whether a rule finds somebody, or nothing to tell.
func (p *planner) heard(rule *Rule, src Source) (bool, error) {
	if src.pending == nil {
		return true, nil
	}
	var ids []string
	which := dbx.And(append(src.ofProgramme(rule.GetString("programme")), src.pending)...)
	err := p.app.DB().Select("id").From(src.collection).Where(which).OrderBy("id").Limit(lookedAt).Column(&ids)
	if err != nil || len(ids) == 0 {
		return true, err
	}
	for _, id := range ids {
		s, there, err := Find(p.app, outbox.Delivery{Kind: rule.Kind(), SubjectCollection: src.collection, SubjectID: id}, p.Now)
		if err != nil {
			return true, err
		}
		if !there {
			continue
		}
		people, err := p.people(rule, s)
		if err != nil || len(people) > 0 {
			return true, err
		}
	}
	return false, nil
}
