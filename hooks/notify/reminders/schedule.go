package reminders

import (
	"cmp"
	"fmt"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/notify/outbox"
)

// KindDaily marks the one message that tells what a person's other messages would.
const KindDaily = "digest"

// KindExpiredSummary marks the message that sums up a programme's reminders which came too
// late to be sent, after the hub or its mail server was away.
const KindExpiredSummary = "expired_summary"

// StaleSeen is how far back lost reminders are summed up.
const StaleSeen = 30 * 24 * time.Hour

// How often messages come.
const (
	Immediate = "immediate" // each by itself, apart from those made for the daily message
	Daily     = "daily"     // all in one message a day
	Weekly    = "weekly"    // all in one message on Monday
)

// Messages are written into the outbox this far ahead; every night moves on by a
// day. One that looks back on an overdue task is seldom needed and waits until it
// is near: writing it with every new task would cost more than the task.
const (
	horizon     = 35 * 24 * time.Hour
	horizonLate = 7 * 24 * time.Hour
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
	day    string // the local day to send
	origin string // as in the column
	step   int    // days or hours from the anchor, or the step of the escalation
	word   string // whom the step reaches
}

// late reports whether the message looks back on its anchor.
func (t slot) late() bool { return t.origin == outbox.OriginEscalation || t.step > 0 }

// times are all the times at which the rule speaks about the subject's mark,
// past and future ones.
func (r *Rule) times(s Subject, cal Calendar) (times []slot) {
	switch hours := r.Hours(); {
	case s.immediate() && r.Kind() == KindInvite:
		return []slot{{day: s.Anchor, origin: outbox.OriginInvite}}
	case s.immediate():
		return []slot{{day: s.Anchor, origin: outbox.OriginRule}}
	case hours != 0:
		day := clock.Day(s.Moment.Add(time.Duration(hours)*time.Hour), s.Zone)
		return []slot{{day: day, origin: outbox.OriginRule, step: hours}}
	}
	for _, offset := range r.offsets() {
		day := cal.count(s.Anchor, offset, r.GetBool("workdays"))
		times = append(times, slot{day: cal.open(day, offset <= 0, r.Mandatory()), origin: outbox.OriginRule, step: offset})
	}
	return times
}

// due is the instant for one person; zero when the message leaves at once.
func (r *Rule) due(t slot, s Subject, p Person) (time.Time, error) {
	switch {
	case s.immediate():
		return time.Time{}, nil
	case r.Hours() != 0 && t.origin == outbox.OriginRule:
		return s.Moment.Add(time.Duration(r.Hours()) * time.Hour), nil
	}
	at, err := clock.At(t.day, p.hour(r, s), p.ZoneFor(s))
	if err != nil || !t.late() {
		return at, err
	}
	// East of where it is due a day begins earlier, but nothing is late before its own day is over.
	begun, err := clock.At(t.day, "00:00", s.Zone)
	return Latest(at, begun), err
}

// add appends the rule's message to one person at one time. A rule with an
// unreadable hour is refused when it is saved, so it adds none.
func (r *Rule) add(messages []Planned, s Subject, p Person, t slot) []Planned {
	due, err := r.due(t, s, p)
	if err != nil {
		return messages
	}
	l := Planned{Subject: s, Zone: p.ZoneFor(s), rule: r, unique: r.Kind() + p.mailbox() + t.day, ahead: horizon, mailbox: p.mailbox(),
		Message: outbox.Message{
			Kind: r.Kind(), Rule: r.Id, Programme: s.Programme.ID,
			SubjectCollection: s.Collection, SubjectID: s.Record.Id,
			Recipient: p.Contact, User: p.User, Email: p.Email, Language: p.Language,
			AnchorAt: s.column(r, s.Zone), Step: t.step, Origin: t.origin, Sequence: s.sequence, Fingerprint: s.fingerprint,
			URL: s.URL, DueAt: due, UsefulUntil: usefulUntil(r, s, due),
		}}
	l.Key = outbox.Key("reminder", r.Id, s.Record.Id, p.identity(), l.AnchorAt, t.origin, fmt.Sprint(t.step, " ", s.sequence), s.fingerprint)
	if r.Hours() != 0 {
		l.unique += fmt.Sprint(t.step) // no holiday moves it onto another's day, so each is meant
	}
	if src, _ := SourceFor(r.Kind()); t.late() && src.near {
		l.ahead = horizonLate
	}
	if least := due.Add(escalationUseful); t.origin == outbox.OriginEscalation && l.UsefulUntil.Before(least) {
		l.UsefulUntil = least
	}
	return append(messages, l)
}

// escalationUseful is for how long a message of an escalation helps at least.
const escalationUseful = 3 * 24 * time.Hour

// usefulUntil is the end of the day until which a message helps, or the moment
// at which what it announces begins.
func usefulUntil(rule *Rule, s Subject, due time.Time) time.Time {
	days, said := rule.UsefulFor()
	switch {
	case !said:
		return time.Time{}
	case days == 0 && !s.Moment.IsZero():
		return s.Moment
	case due.IsZero():
		due = s.now
	}
	end, err := clock.At(clock.AddDays(s.Anchor, days+1), "00:00", s.Zone)
	if err != nil || !end.After(due) {
		return due.Add(24 * time.Hour)
	}
	return end
}

// hour is when messages leave: the rule's own hour, or else what was set nearest
// to the person.
func (p Person) hour(rule *Rule, s Subject) string {
	if rule.At() != UsualHour {
		return rule.At()
	}
	return p.usually(s)
}

// usually is the hour of messages whose rule names none.
func (p Person) usually(s Subject) string { return cmp.Or(p.SendAt, s.Programme.SendAt, UsualHour) }

// ZoneFor is the zone of the person, else of the subject.
func (p Person) ZoneFor(s Subject) string { return cmp.Or(p.Zone, s.Zone) }
