package reminders

import (
	"fmt"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/notify/outbox"
)

const (
	// KindDaily marks the one message that tells what a person's other messages would.
	KindDaily = "digest"
	// DailyUseful is how long such a message is worth sending.
	DailyUseful = 24 * time.Hour
	// MostADay is how many messages leave for a person on one day by themselves; further ones are told together.
	MostADay = 3
)

// How often messages come.
const (
	Immediate = "immediate" // each by itself, apart from those made for the daily message
	Daily     = "daily"     // all in one message a day
	Weekly    = "weekly"    // all in one message on Monday
)

// Monday is the next Monday from a day on, that day included.
func Monday(day string) string {
	weekday, _ := clock.Weekday(day)
	return clock.AddDays(day, (8-int(weekday))%7)
}

// Latest is the later of two instants.
func Latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// slot is one time at which a rule speaks about a mark of its subject.
type slot struct {
	day     string // the local day to send
	suffix  string // tells it from the rule's other times
	back    bool   // it looks back, so it is seldom needed
	climbed bool   // a step of the ladder
	now     bool   // as soon as it happens
	exact   bool   // At the hour of the anchor, not of the person
}

// times are all the times at which the rule speaks about the subject's mark,
// past and future ones.
func (r *Rule) times(s Subject, cal Calendar) (times []slot) {
	src, _ := SourceFor(r.Kind())
	if a, _ := src.anchor(s.name); a.now {
		return []slot{{day: s.Anchor, suffix: "+0", now: true}}
	}
	if hours := r.Hours(); hours != 0 {
		day := clock.Day(s.Moment.Add(time.Duration(hours)*time.Hour), s.Zone)
		return []slot{{day: day, suffix: fmt.Sprintf("%+dh", hours), exact: true}}
	}
	for _, offset := range r.offsets() {
		day := cal.count(s.Anchor, offset, r.GetBool("workdays"))
		times = append(times, slot{day: cal.open(day, offset <= 0, r.Mandatory()), suffix: fmt.Sprintf("%+d", offset), back: offset > 0})
	}
	return times
}

// due is the instant for one person; zero when the message leaves at once.
func (t slot) due(rule *Rule, s Subject, p Person) (time.Time, error) {
	switch {
	case t.now:
		return time.Time{}, nil
	case t.exact:
		return s.Moment.Add(time.Duration(rule.Hours()) * time.Hour), nil
	}
	at, err := clock.At(t.day, p.hour(rule, s), p.ZoneFor(s))
	if err != nil || !t.back {
		return at, err
	}
	// East of where it is due a day begins earlier, but nothing is late before its own day is over.
	begun, err := clock.At(t.day, "00:00", s.Zone)
	return Latest(at, begun), err
}

// planned is a message as it is computed, before it is written down.
type planned struct {
	outbox.Message
	slot    string // same for what reaches the same person about the same thing on the same day
	horizon time.Duration
	mailbox string
	zone    string      // the person's
	climbed bool        // a step of the ladder
	changed []time.Time // when its rule and its subject were, last
}

// ruleMessages are one rule's messages to one person at some times.
func ruleMessages(rule *Rule, s Subject, p Person, times []slot) (messages []planned) {
	for _, t := range times {
		due, err := t.due(rule, s, p)
		if err != nil {
			continue // a rule with an unreadable hour is refused when it is saved
		}
		messages = append(messages, rule.letter(s, p, t, due))
	}
	return messages
}

// Message is one message of the rule to one person, due at an instant; one that
// leaves at once has none yet.
func (r *Rule) letter(s Subject, p Person, t slot, due time.Time) planned {
	occurrence := s.base(r, s.Zone) + s.detail + t.suffix
	l := planned{
		slot: r.Kind() + p.mailbox() + t.day, horizon: horizon, mailbox: p.mailbox(), zone: p.ZoneFor(s), climbed: t.climbed,
		changed: []time.Time{r.GetDateTime("updated").Time(), s.Record.GetDateTime("updated").Time()},
		Message: outbox.Message{
			Kind: r.Kind(), Rule: r.Id, Programme: s.Programme.ID,
			SubjectCollection: s.Collection, SubjectID: s.Record.Id,
			Recipient: p.Contact, User: p.User, Email: p.Email, Language: p.Language,
			Occurrence: occurrence, URL: s.URL, DueAt: due, UsefulUntil: usefulUntil(r, s, due),
			Key: outbox.Key("reminder", r.Id, s.Record.Id, p.identity(), occurrence),
		},
	}
	if t.exact {
		l.slot += t.suffix // no holiday moves it onto another's day, so each is meant
	}
	if src, _ := SourceFor(r.Kind()); t.back && src.near {
		l.horizon = horizonBack
	}
	if least := due.Add(climbUseful); t.climbed && l.UsefulUntil.Before(least) {
		l.UsefulUntil = least
	}
	return l
}

// climbUseful is for how long a message of the ladder helps at least.
const climbUseful = 3 * 24 * time.Hour

// usefulUntil is the end of the day until which a message helps, or the moment
// At which what it announces begins.
func usefulUntil(rule *Rule, s Subject, due time.Time) time.Time {
	days, said := rule.usefulFor()
	if !said {
		return time.Time{}
	}
	if days == 0 && !s.Moment.IsZero() {
		return s.Moment
	}
	if due.IsZero() {
		due = s.now
	}
	end, err := clock.At(clock.AddDays(s.Anchor, days+1), "00:00", s.Zone)
	if err != nil || !end.After(due) {
		return due.Add(24 * time.Hour)
	}
	return end
}

// onceADay drops a message when another about the same thing reaches the same
// Person on the same day: holidays may push two of them onto one.
func onceADay(messages []planned) []planned {
	kept, place := []planned{}, map[string]int{}
	for _, l := range messages {
		if i, taken := place[l.slot]; taken {
			kept[i] = l // the later rule is nearer to the day
			continue
		}
		place[l.slot] = len(kept)
		kept = append(kept, l)
	}
	return kept
}

// Hour is when messages leave: the rule's own hour, or else what was set nearest
// to the person.
func (p Person) hour(rule *Rule, s Subject) string {
	if rule.At() != UsualHour {
		return rule.At()
	}
	return p.usually(s)
}

// usually is the hour of messages whose rule names none.
func (p Person) usually(s Subject) string {
	switch {
	case p.SendAt != "":
		return p.SendAt
	case s.Programme.SendAt != "":
		return s.Programme.SendAt
	}
	return UsualHour
}

// ZoneFor is the zone of the person, else of the subject.
func (p Person) ZoneFor(s Subject) string {
	if p.Zone != "" {
		return p.Zone
	}
	return s.Zone
}
