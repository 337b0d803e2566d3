package reminders

import (
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// dated is a letter as it is computed, before it is written down.
type dated struct {
	mail.Letter
	slot    string // same for what reaches the same person about the same thing on the same day
	horizon time.Duration
	mailbox string
	zone    string      // the person's
	climbed bool        // a step of the ladder
	changed []time.Time // when its rule and its subject were, last
}

// ruleLetters are one rule's letters to one person at some times.
func ruleLetters(rule *Rule, s Subject, p Person, times []moment) (letters []dated) {
	for _, t := range times {
		due, err := t.due(rule, s, p)
		if err != nil {
			continue // a rule with an unreadable hour is refused when it is saved
		}
		letters = append(letters, rule.letter(s, p, t, due))
	}
	return letters
}

// letter is one letter of the rule to one person, due at an instant; one that
// leaves at once has none yet.
func (r *Rule) letter(s Subject, p Person, t moment, due time.Time) dated {
	occurrence := s.base(r, s.Zone) + s.detail + t.suffix
	l := dated{
		slot: r.Kind() + p.mailbox() + t.day, horizon: horizon, mailbox: p.mailbox(), zone: p.zone(s), climbed: t.climbed,
		changed: []time.Time{r.GetDateTime("updated").Time(), s.Record.GetDateTime("updated").Time()},
		Letter: mail.Letter{
			Kind: r.Kind(), Rule: r.Id, Programme: s.Programme.ID,
			SubjectCollection: s.Collection, SubjectID: s.Record.Id,
			Recipient: p.Contact, User: p.User, Email: p.Email, Language: p.Language,
			Occurrence: occurrence, URL: s.URL, DueAt: due, UsefulUntil: usefulUntil(r, s, due),
			Key: mail.Key("reminder", r.Id, s.Record.Id, p.identity(), occurrence),
		},
	}
	if t.exact {
		l.slot += t.suffix // no holiday moves it onto another's day, so each is meant
	}
	if src, _ := sourceFor(r.Kind()); t.back && src.near {
		l.horizon = horizonBack
	}
	if least := due.Add(climbUseful); t.climbed && l.UsefulUntil.Before(least) {
		l.UsefulUntil = least
	}
	return l
}

// climbUseful is for how long a letter of the ladder helps at least.
const climbUseful = 3 * 24 * time.Hour

// usefulUntil is the end of the day until which a letter helps, or the moment
// at which what it announces begins.
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

// onceADay drops a letter when another about the same thing reaches the same
// person on the same day: holidays may push two of them onto one.
func onceADay(letters []dated) []dated {
	kept, place := []dated{}, map[string]int{}
	for _, l := range letters {
		if i, taken := place[l.slot]; taken {
			kept[i] = l // the later rule is nearer to the day
			continue
		}
		place[l.slot] = len(kept)
		kept = append(kept, l)
	}
	return kept
}

// hour is when letters leave: the rule's own hour, or else what was set nearest
// to the person.
func (p Person) hour(rule *Rule, s Subject) string {
	if rule.At() != usualHour {
		return rule.At()
	}
	return p.usually(s)
}

// usually is the hour of letters whose rule names none.
func (p Person) usually(s Subject) string {
	switch {
	case p.SendAt != "":
		return p.SendAt
	case s.Programme.SendAt != "":
		return s.Programme.SendAt
	}
	return usualHour
}

func (p Person) zone(s Subject) string {
	if p.Zone != "" {
		return p.Zone
	}
	return s.Zone
}
