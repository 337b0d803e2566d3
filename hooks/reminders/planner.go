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
	fresh     bool // the record is new, so nothing is planned about it yet
	calendars map[string]calendar
	found     map[string][]Person
}

func newPlanner(app core.App, now time.Time) *planner {
	return &planner{app: app, now: now, calendars: map[string]calendar{}, found: map[string][]Person{}}
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
	book, err := bookOf(p.app)
	if err != nil {
		return err
	}
	rules := book.inForce(s.Programme.ID, src.kinds)
	letters, err := p.letters(s, rules, p.calendar(book, s.Programme.Province))
	if err != nil {
		return err
	}
	if err := p.takeBack(s, rules, letters); err != nil {
		return err
	}
	_, err = mail.Queue(p.app, p.coming(letters)...)
	return err
}

// coming are the letters between now and their horizon.
func (p *planner) coming(letters []dated) (coming []mail.Letter) {
	for _, l := range letters {
		if l.DueAt.After(p.now) && l.DueAt.Before(p.now.Add(l.horizon)) {
			coming = append(coming, l.Letter)
		}
	}
	return coming
}

// letters computes every letter that the rules call for about a subject, past
// and future ones alike.
func (p *planner) letters(s Subject, rules []*Rule, cal calendar) ([]dated, error) {
	if s.Anchor == "" {
		return nil, nil
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
func (p *planner) takeBack(s Subject, rules []*Rule, letters []dated) error {
	if p.fresh {
		return nil
	}
	hold := map[string]bool{}
	for _, l := range letters {
		hold[l.Key] = true
	}
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
		if !hold[row.Key] {
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

func (p *planner) calendar(book *almanac, province string) calendar {
	cal, gathered := p.calendars[province]
	if !gathered {
		cal = book.calendar(province)
		p.calendars[province] = cal
	}
	return cal
}
