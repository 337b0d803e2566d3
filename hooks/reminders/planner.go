package reminders

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/mail"
)

// planner plans one record or many in one transaction. What several of them
// share it reads once.
type planner struct {
	app       core.App
	now       time.Time
	rules     map[string][]*Rule
	calendars map[string]calendar
	found     map[string][]Person
}

func newPlanner(app core.App, now time.Time) *planner {
	return &planner{app: app, now: now, rules: map[string][]*Rule{}, calendars: map[string]calendar{}, found: map[string][]Person{}}
}

// plan writes a record's letters into the ledger and takes back those that no
// longer hold. Doing it again changes nothing.
func (p *planner) plan(src source, r *core.Record) error {
	s, err := read(p.app, r)
	if err != nil {
		return err
	}
	if s.Closed != "" {
		return mail.Cancel(p.app, mail.Subject{Collection: s.Collection, ID: r.Id}, s.Closed)
	}
	rules, err := p.rulesFor(s, src.kinds)
	if err != nil {
		return err
	}
	letters, err := p.letters(s, rules)
	if err != nil {
		return err
	}
	keys, coming := map[string]bool{}, []mail.Letter{}
	for _, l := range letters {
		keys[l.Key] = true
		if l.DueAt.After(p.now) && l.DueAt.Before(p.now.Add(horizon)) {
			coming = append(coming, l)
		}
	}
	if err := p.takeBack(s, rules, keys); err != nil {
		return err
	}
	_, err = mail.Queue(p.app, coming...)
	return err
}

// letters computes every letter that the rules call for about a subject, past
// and future ones alike.
func (p *planner) letters(s Subject, rules []*Rule) ([]mail.Letter, error) {
	if s.Anchor == "" || len(rules) == 0 {
		return nil, nil
	}
	cal, err := p.calendar(s.Programme.Province)
	if err != nil {
		return nil, err
	}
	var letters []dated
	for _, rule := range rules {
		to, err := p.people(rule, s)
		if err != nil {
			return nil, err
		}
		for _, person := range to {
			letters = append(letters, ruleLetters(rule, s, person, cal)...)
		}
	}
	return onceADay(letters), nil
}

// waiting is a letter in the ledger that has not left yet.
type waiting struct {
	Key        string `db:"key"`
	Rule       string `db:"rule"`
	Occurrence string `db:"occurrence"`
}

// takeBack cancels the letters about a subject that nothing calls for any more,
// each with its own reason.
func (p *planner) takeBack(s Subject, rules []*Rule, keys map[string]bool) error {
	var rows []waiting
	err := p.app.DB().Select("key", "rule", "occurrence").From("deliveries").
		Where(dbx.HashExp{"subject_collection": s.Collection, "subject_id": s.Record.Id}).
		AndWhere(dbx.In("state", mail.StatePlanned, mail.StateQueued, mail.StateRetry, mail.StateHeld)).All(&rows)
	if err != nil {
		return fmt.Errorf("letters about %s %s: %w", s.Collection, s.Record.Id, err)
	}
	gone, all := map[string][]string{}, []string{}
	for _, row := range rows {
		all = append(all, row.Key)
		if !keys[row.Key] {
			reason := row.outdated(s, rules)
			gone[reason] = append(gone[reason], row.Key)
		}
	}
	for reason, out := range gone {
		keep := slices.DeleteFunc(slices.Clone(all), func(key string) bool { return slices.Contains(out, key) })
		if err := mail.Cancel(p.app, mail.Subject{Collection: s.Collection, ID: s.Record.Id}, reason, keep...); err != nil {
			return err
		}
	}
	return nil
}

// outdated tells why a planned letter does not hold any more.
func (w waiting) outdated(s Subject, rules []*Rule) string {
	switch {
	case s.Anchor == "" || !strings.HasPrefix(w.Occurrence, s.Anchor):
		return mail.ReasonMoved
	case !slices.ContainsFunc(rules, func(r *Rule) bool { return r.Id == w.Rule }):
		return reasonRuleOff
	}
	return reasonNotConcerned
}

// rulesFor returns the rules of some kinds that are in force in a programme: its
// own, and the hub's for every kind of which it has none of its own.
func (p *planner) rulesFor(s Subject, kinds []string) ([]*Rule, error) {
	key := s.Programme.ID + s.Collection
	if rules, read := p.rules[key]; read {
		return rules, nil
	}
	rules, err := active(p.app, s.Programme.ID, kinds)
	p.rules[key] = rules
	return rules, err
}

func (p *planner) calendar(province string) (calendar, error) {
	if cal, read := p.calendars[province]; read {
		return cal, nil
	}
	cal, err := calendarOf(p.app, province)
	p.calendars[province] = cal
	return cal, err
}
