package reminders

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// foreseen is a letter that a rule will call for, with what it is about.
type foreseen struct {
	dated
	subject Subject
}

// mostForeseen bounds how many records a look ahead reads.
const mostForeseen = 2000

// foresee computes the next letters of a rule from a moment on, as the planner would, in order of
// time, as if the rule were saved. It writes nothing.
func foresee(app core.App, rule *Rule, most int, now time.Time) ([]foreseen, error) {
	src, _ := sourceFor(rule.Kind())
	records, err := speaksOf(app, src, rule.GetString("programme"))
	if err != nil {
		return nil, err
	}
	book, err := bookOf(app)
	if err != nil {
		return nil, err
	}
	book = book.with(rule)
	p := newPlanner(app, now)
	p.far = true
	found := []foreseen{}
	for _, r := range records {
		some, err := p.foresee(src, book, rule, r)
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
	}
	slices.SortStableFunc(found, func(a, b foreseen) int { return a.DueAt.Compare(b.DueAt) })
	return found[:min(most, len(found))], nil
}

// speaksOf reads what a source may speak of in a programme, or in all of them.
func speaksOf(app core.App, src source, programme string) (found []*core.Record, err error) {
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

// foresee computes the coming letters of one rule about one record; other rules
// take part, since two letters of a day become one.
func (p *planner) foresee(src source, book *almanac, rule *Rule, r *core.Record) (found []foreseen, err error) {
	s, err := p.subject(src, r)
	if err != nil {
		return nil, err
	}
	letters, err := p.letters(s, book.inForce(s.Programme.ID, src.kinds), p.calendar(book, s.Programme.Province))
	if err != nil {
		return nil, err
	}
	for _, l := range letters {
		if l.Rule != rule.Id || !l.DueAt.After(p.now) {
			continue
		}
		of, _ := s.counting(rule, l.Occurrence)
		found = append(found, foreseen{dated: l, subject: of})
	}
	return found, nil
}

// with is the almanac as if a rule were saved as it stands now, and in force.
func (b *almanac) with(rule *Rule) *almanac {
	other := &almanac{holidays: b.holidays}
	for _, r := range b.rules {
		if r.Id != rule.Id {
			other.rules = append(other.rules, r)
		}
	}
	other.rules = append(other.rules, rule)
	slices.SortStableFunc(other.rules, func(a, b *Rule) int { return a.Offset() - b.Offset() })
	return other
}
