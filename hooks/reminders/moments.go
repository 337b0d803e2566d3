package reminders

import (
	"fmt"
	"time"

	"simpul/hooks/clock"
)

// moment is one time at which a rule speaks about a mark of its subject.
type moment struct {
	day     string // the local day to send
	suffix  string // tells it from the rule's other times
	back    bool   // it looks back, so it is seldom needed
	climbed bool   // a step of the ladder
	now     bool   // as soon as it happens
	exact   bool   // at the hour of the anchor, not of the person
}

// times are all the times at which the rule speaks about the subject's mark,
// past and future ones.
func (r *Rule) times(s Subject, cal calendar) (times []moment) {
	src, _ := sourceFor(r.Kind())
	if a, _ := src.anchor(s.name); a.now {
		return []moment{{day: s.Anchor, suffix: "+0", now: true}}
	}
	if hours := r.Hours(); hours != 0 {
		day := clock.Day(s.Moment.Add(time.Duration(hours)*time.Hour), s.Zone)
		return []moment{{day: day, suffix: fmt.Sprintf("%+dh", hours), exact: true}}
	}
	for _, offset := range r.offsets() {
		day := cal.count(s.Anchor, offset, r.GetBool("workdays"))
		times = append(times, moment{day: cal.open(day, offset <= 0, r.Mandatory()), suffix: fmt.Sprintf("%+d", offset), back: offset > 0})
	}
	return times
}

// due is the instant for one person; zero when the letter leaves at once.
func (t moment) due(rule *Rule, s Subject, p Person) (time.Time, error) {
	switch {
	case t.now:
		return time.Time{}, nil
	case t.exact:
		return s.Moment.Add(time.Duration(rule.Hours()) * time.Hour), nil
	}
	at, err := clock.At(t.day, p.hour(rule, s), p.zone(s))
	if err != nil || !t.back {
		return at, err
	}
	// East of where it is due a day begins earlier, but nothing is late before its own day is over.
	begun, err := clock.At(t.day, "00:00", s.Zone)
	return latest(at, begun), err
}
