package reminders

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/outbox"
)

// planner computes the messages about records in one transaction, at a moment.
// What several records share it reads once.
type planner struct {
	app        core.App
	now        time.Time
	draft      *Rule // a rule to be taken as it stands here, saved or not
	calendars  map[string]Calendar
	rules      map[string][]*Rule
	people     map[string][]Person
	programmes map[string]programme
	since      *time.Time // when everything was planned last, once it was read
}

func newPlanner(app core.App, now time.Time) *planner {
	return &planner{app: app, now: now, calendars: map[string]Calendar{}, rules: map[string][]*Rule{},
		people: map[string][]Person{}, programmes: map[string]programme{}}
}

// once reads a value into a cache unless it is there.
func once[V any](cache map[string]V, key string, read func() (V, error)) (V, error) {
	if v, known := cache[key]; known {
		return v, nil
	}
	v, err := read()
	if err == nil {
		cache[key] = v
	}
	return v, err
}

func (p *planner) calendar(province string) (Calendar, error) {
	return once(p.calendars, province, func() (Calendar, error) { return LoadCalendar(p.app, province) })
}

// inForce are the rules that a source follows in a programme, with the draft among them.
func (p *planner) inForce(programme string, src Source) ([]*Rule, error) {
	return once(p.rules, src.collection+src.Kinds[0]+programme, func() ([]*Rule, error) {
		rules, err := activeRules(p.app, programme, src.Kinds)
		if d := p.draft; d != nil && slices.Contains(src.Kinds, d.Kind()) {
			rules = append(slices.DeleteFunc(rules, func(r *Rule) bool { return r.Id == d.Id }), d)
			slices.SortStableFunc(rules, func(a, b *Rule) int { return a.Offset() - b.Offset() })
		}
		return WithoutReplaced(rules), err
	})
}

// Planned is a message that rules call for, whether it is in the outbox or not.
type Planned struct {
	outbox.Message
	Subject Subject
	Zone    string        // the recipient's
	rule    *Rule         // nil for one that ends a snooze
	unique  string        // the same for what reaches the same person about the same thing on the same day
	ahead   time.Duration // how long before its hour it is written into the outbox
	mailbox string
}

// forecast computes every message that the rules call for about a subject, past
// and future ones alike. Planning, previews and explanations all ask it.
func (p *planner) forecast(src Source, s Subject) ([]Planned, error) {
	if s.Closed != "" {
		return nil, nil
	}
	rules, err := p.inForce(s.Programme.ID, src)
	if err != nil {
		return nil, err
	}
	cal, err := p.calendar(s.Programme.Province)
	if err != nil {
		return nil, err
	}
	var messages []Planned
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

// ofMark are one rule's messages about the subject's mark, those of its escalation first.
func (p *planner) ofMark(rule *Rule, s Subject, cal Calendar) (messages []Planned, err error) {
	for _, t := range rule.escalations(s, cal) {
		to, err := p.onStep(t.word, s)
		if err != nil {
			return nil, fmt.Errorf("rule %s: escalate to %s: %w", rule.Id, t.word, err)
		}
		for _, person := range to {
			messages = rule.add(messages, s, person, t)
		}
	}
	to, err := p.audience(rule, s)
	for _, person := range to {
		theirs := cal
		theirs.weekendOff = person.WeekendOff
		for _, t := range rule.times(s, theirs) {
			messages = rule.add(messages, s, person, t)
		}
	}
	return messages, err
}

// onceADay drops a message when another about the same thing reaches the same
// person on the same day: holidays may push two of them onto one.
func onceADay(messages []Planned) []Planned {
	kept, place := messages[:0], map[string]int{}
	for _, l := range messages {
		if i, taken := place[l.unique]; taken {
			kept[i] = l // the later rule is nearer to the day
			continue
		}
		place[l.unique] = len(kept)
		kept = append(kept, l)
	}
	return kept
}

// Forecast computes every message that rules call for about a record, past and future ones.
func Forecast(app core.App, src Source, r *core.Record, now time.Time) ([]Planned, error) {
	p := newPlanner(app, now)
	s, err := p.subject(src, r)
	if err != nil {
		return nil, err
	}
	return p.forecast(src, s)
}

// mostForecast bounds how many records the forecast of a rule reads.
const mostForecast = 2000

// ForecastRule computes the next messages of a rule in order of time, as if the
// rule were saved as it stands. Other rules take part, since two messages of a
// day become one.
func ForecastRule(app core.App, rule *Rule, most int, now time.Time) (found []Planned, err error) {
	src, _ := SourceFor(rule.Kind())
	records, err := openRecords(app, src, rule.GetString("programme"), mostForecast)
	if err != nil {
		return nil, err
	}
	p := newPlanner(app, now)
	p.draft = rule
	for _, r := range records {
		s, err := p.subject(src, r)
		if err != nil {
			return nil, err
		}
		messages, err := p.forecast(src, s)
		if err != nil {
			return nil, err
		}
		for _, l := range messages {
			if l.Rule == rule.Id && l.DueAt.After(now) {
				found = append(found, l)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Planned) int { return a.DueAt.Compare(b.DueAt) })
	return found[:min(most, len(found))], nil
}

// openRecords reads what a source may speak of in a programme, or in all of them.
func openRecords(app core.App, src Source, programme string, most int64) (found []*core.Record, err error) {
	if src.pending == nil {
		return nil, nil
	}
	err = app.RecordQuery(src.collection).AndWhere(dbx.And(append(src.ofProgramme(programme), src.pending)...)).
		OrderBy("id").Limit(most).All(&found)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", src.collection, err)
	}
	return found, nil
}
