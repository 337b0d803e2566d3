package reminders

import (
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/outbox"
)

// planner plans one record or many in one transaction. What several of them
// share it reads once.
type planner struct {
	app        core.App
	Now        time.Time
	saved      bool      // the record itself was just saved: what it missed by that may leave at once
	Far        bool      // to look ahead, however far
	since      time.Time // when everything was planned last; zero makes up nothing of the time since
	calendars  map[string]Calendar
	found      map[string][]Person
	programmes map[string]programme
}

// NewPlanner plans within the transaction of app, at a moment.
func NewPlanner(app core.App, now time.Time) *planner {
	return &planner{app: app, Now: now, calendars: map[string]Calendar{}, found: map[string][]Person{}, programmes: map[string]programme{}}
}

// Plan writes a record's messages into the ledger and takes back those that no
// longer hold. Doing it again changes nothing.
func (p *planner) Plan(src Source, r *core.Record) error {
	s, err := p.subject(src, r)
	if err != nil {
		return err
	}
	book, err := Rules(p.app)
	if err != nil {
		return err
	}
	rules := book.InForce(s.Programme.ID, src.Kinds)
	messages, err := p.Letters(s, rules, p.Calendar(book, s.Programme.Province))
	if err != nil {
		return err
	}
	rested, err := p.afterRest(s, book)
	if err != nil {
		return err
	}
	messages = append(messages, rested...)
	rows, err := p.unfinished(s, src)
	if err != nil {
		return err
	}
	if err := p.takeBack(rows, s, rules, messages); err != nil {
		return err
	}
	if err := p.settle(src, over(rows, s, rules, messages)); err != nil {
		return err
	}
	_, err = outbox.NewTx(p.app, p.Now).Enqueue(lacking(rows, p.coming(src, messages, rows))...)
	return err
}

// coming are the messages between now and their horizon, those that leave at once,
// of several a person has missed the newest, those that were taken back at the
// last moment and are called for again, and those that were due while the hub
// was off.
func (p *planner) coming(src Source, messages []planned, rows []Waiting) (coming []outbox.Message) {
	missed, back := map[string]planned{}, map[string]bool{}
	for _, l := range messages {
		switch {
		case l.DueAt.After(p.Now):
			if l.DueAt.Before(p.Now.Add(l.horizon)) {
				coming = append(coming, l.Message)
			}
		case p.back(l, rows), p.unwritten(l):
			coming, back[l.mailbox] = append(coming, l.Message), true
		case p.atOnce(src, l) && missed[l.mailbox].DueAt.Compare(l.DueAt) <= 0:
			missed[l.mailbox] = l
		}
	}
	for _, mailbox := range slices.Sorted(maps.Keys(missed)) {
		if back[mailbox] {
			continue
		}
		l := missed[mailbox].Message
		l.DueAt = p.Now
		coming = append(coming, l)
	}
	return coming
}

// back reports whether a message was waiting to be told when it was taken back,
// and still helps: a day moved away and back costs nobody a message.
func (p *planner) back(l planned, rows []Waiting) bool {
	return !l.DueAt.IsZero() && l.HelpsAt(p.Now) &&
		slices.ContainsFunc(rows, func(row Waiting) bool { return row.Missed && row.Key == l.Key })
}

// atOnce reports whether a message whose hour has come leaves now: what happened
// just now always does, what was saved after its hour if it still helps.
func (p *planner) atOnce(src Source, l planned) bool {
	if !l.UsefulUntil.IsZero() && !l.UsefulUntil.After(p.Now) {
		return false
	}
	return l.DueAt.IsZero() || src.late && p.saved && !l.climbed
}

// Messages computes every message that the rules call for about a subject, past
// and future ones alike.
func (p *planner) Letters(s Subject, rules []*Rule, cal Calendar) ([]planned, error) {
	if s.Closed != "" {
		return nil, nil
	}
	var messages []planned
	for _, rule := range rules {
		for _, m := range s.marksFor(rule) {
			if s.anchorAt = m; m.over != "" {
				continue
			}
			of, err := p.ofMark(rule, s, cal)
			if err != nil {
				return nil, err
			}
			messages = append(messages, of...)
		}
	}
	return onceADay(messages), nil
}

// ofMark are one rule's messages about the subject's mark.
func (p *planner) ofMark(rule *Rule, s Subject, cal Calendar) ([]planned, error) {
	messages, err := p.climb(rule, s, cal)
	times := p.near(rule, rule.times(s, cal))
	if err != nil || len(times) == 0 {
		return messages, err
	}
	to, err := p.people(rule, s)
	resting := cal
	resting.weekendOff = true
	for _, person := range to {
		theirs := times
		if person.WeekendOff {
			theirs = p.near(rule, rule.times(s, resting))
		}
		messages = append(messages, ruleMessages(rule, s, person, theirs)...)
	}
	return messages, err
}

// near leaves out times so far off that no message is written for them yet: nobody
// needs to be looked up for those.
func (p *planner) near(rule *Rule, times []slot) []slot {
	if src, _ := SourceFor(rule.Kind()); !src.near || p.Far {
		return times
	}
	last := clock.Day(p.Now.Add(horizonBack+24*time.Hour), clock.Zones[len(clock.Zones)-1])
	return slices.DeleteFunc(times, func(t slot) bool { return t.back && t.day > last })
}

// Calendar is that of a province, read once a planning.
func (p *planner) Calendar(book *RuleSet, province string) Calendar {
	cal, gathered := p.calendars[province]
	if !gathered {
		cal = book.Calendar(province)
		p.calendars[province] = cal
	}
	return cal
}

// Messages are written into the ledger this far ahead; every night moves on by a
// day. One that looks back on an overdue task is seldom needed and waits until it
// is near: writing it with every new task would cost more than the task.
const (
	horizon     = 35 * 24 * time.Hour
	horizonBack = 7 * 24 * time.Hour
)

// Reasons of this room why a message is not sent; the words stand with the mail's.
const (
	ReasonRuleOff         = "rule_off"
	reasonNotConcerned    = "not_concerned"
	reasonProgrammePaused = "programme_paused"
	reasonNothing         = "nothing_to_report"     // the partner said so of the month
	reasonNotMine         = "declined_by_recipient" // the reader said so of the task
	reasonPutOff          = "put_off"               // the reader wanted two days of rest
)
