package reminders

import (
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// planner plans one record or many in one transaction. What several of them
// share it reads once.
type planner struct {
	app        core.App
	now        time.Time
	saved      bool      // the record itself was just saved: what it missed by that may leave at once
	far        bool      // to look ahead, however far
	since      time.Time // when everything was planned last; zero makes up nothing of the time since
	calendars  map[string]calendar
	found      map[string][]Person
	programmes map[string]programme
}

func newPlanner(app core.App, now time.Time) *planner {
	return &planner{app: app, now: now, calendars: map[string]calendar{}, found: map[string][]Person{}, programmes: map[string]programme{}}
}

// plan writes a record's letters into the ledger and takes back those that no
// longer hold. Doing it again changes nothing.
func (p *planner) plan(src source, r *core.Record) error {
	s, err := p.subject(src, r)
	if err != nil {
		return err
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
	rested, err := p.afterRest(s, book)
	if err != nil {
		return err
	}
	letters = append(letters, rested...)
	rows, err := p.unfinished(s, src)
	if err != nil {
		return err
	}
	if err := p.takeBack(rows, s, rules, letters); err != nil {
		return err
	}
	if err := p.settle(src, over(rows, s, rules, letters)); err != nil {
		return err
	}
	_, err = mail.NewSorting(p.app, p.now).Queue(lacking(rows, p.coming(src, letters, rows))...)
	return err
}

// coming are the letters between now and their horizon, those that leave at once,
// of several a person has missed the newest, those that were taken back at the
// last moment and are called for again, and those that were due while the hub
// was off.
func (p *planner) coming(src source, letters []dated, rows []waiting) (coming []mail.Letter) {
	missed, back := map[string]dated{}, map[string]bool{}
	for _, l := range letters {
		switch {
		case l.DueAt.After(p.now):
			if l.DueAt.Before(p.now.Add(l.horizon)) {
				coming = append(coming, l.Letter)
			}
		case p.back(l, rows), p.unwritten(l):
			coming, back[l.mailbox] = append(coming, l.Letter), true
		case p.atOnce(src, l) && missed[l.mailbox].DueAt.Compare(l.DueAt) <= 0:
			missed[l.mailbox] = l
		}
	}
	for _, mailbox := range slices.Sorted(maps.Keys(missed)) {
		if back[mailbox] {
			continue
		}
		l := missed[mailbox].Letter
		l.DueAt = p.now
		coming = append(coming, l)
	}
	return coming
}

// back reports whether a letter was waiting to be told when it was taken back,
// and still helps: a day moved away and back costs nobody a letter.
func (p *planner) back(l dated, rows []waiting) bool {
	return !l.DueAt.IsZero() && l.HelpsAt(p.now) &&
		slices.ContainsFunc(rows, func(row waiting) bool { return row.Missed && row.Key == l.Key })
}

// atOnce reports whether a letter whose hour has come leaves now: what happened
// just now always does, what was saved after its hour if it still helps.
func (p *planner) atOnce(src source, l dated) bool {
	if !l.UsefulUntil.IsZero() && !l.UsefulUntil.After(p.now) {
		return false
	}
	return l.DueAt.IsZero() || src.late && p.saved && !l.climbed
}

// letters computes every letter that the rules call for about a subject, past
// and future ones alike.
func (p *planner) letters(s Subject, rules []*Rule, cal calendar) ([]dated, error) {
	if s.Closed != "" {
		return nil, nil
	}
	var letters []dated
	for _, rule := range rules {
		for _, m := range s.marksFor(rule) {
			if s.mark = m; m.over != "" {
				continue
			}
			of, err := p.ofMark(rule, s, cal)
			if err != nil {
				return nil, err
			}
			letters = append(letters, of...)
		}
	}
	return onceADay(letters), nil
}

// ofMark are one rule's letters about the subject's mark.
func (p *planner) ofMark(rule *Rule, s Subject, cal calendar) ([]dated, error) {
	letters, err := p.climb(rule, s, cal)
	times := p.near(rule, rule.times(s, cal))
	if err != nil || len(times) == 0 {
		return letters, err
	}
	to, err := p.people(rule, s)
	resting := cal
	resting.weekendOff = true
	for _, person := range to {
		theirs := times
		if person.WeekendOff {
			theirs = p.near(rule, rule.times(s, resting))
		}
		letters = append(letters, ruleLetters(rule, s, person, theirs)...)
	}
	return letters, err
}

// near leaves out times so far off that no letter is written for them yet: nobody
// needs to be looked up for those.
func (p *planner) near(rule *Rule, times []moment) []moment {
	if src, _ := sourceFor(rule.Kind()); !src.near || p.far {
		return times
	}
	last := clock.Day(p.now.Add(horizonBack+24*time.Hour), clock.Zones[len(clock.Zones)-1])
	return slices.DeleteFunc(times, func(t moment) bool { return t.back && t.day > last })
}

func (p *planner) calendar(book *almanac, province string) calendar {
	cal, gathered := p.calendars[province]
	if !gathered {
		cal = book.calendar(province)
		p.calendars[province] = cal
	}
	return cal
}
