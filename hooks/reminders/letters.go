package reminders

import (
	"fmt"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// dated is a letter as it is computed, before it is written down.
type dated struct {
	mail.Letter
	slot    string // same for what reaches the same person about the same thing on the same day
	horizon time.Duration
}

// ruleLetters are one rule's letters to one person.
func ruleLetters(rule *Rule, s Subject, p Person, cal calendar) (letters []dated) {
	cal.weekendOff = p.WeekendOff
	for _, offset := range rule.offsets() {
		day := cal.count(s.Anchor, offset, rule.GetBool("workdays"))
		day = cal.open(day, offset <= 0, rule.Mandatory())
		due, err := clock.At(day, p.hour(rule, s), p.zone(s))
		if err != nil {
			continue // a rule with an unreadable hour is refused when it is saved
		}
		occurrence := fmt.Sprintf("%s%+d", s.Anchor, offset)
		ahead := horizon
		if offset > 0 {
			ahead = horizonBack
		}
		letters = append(letters, dated{horizon: ahead, slot: rule.Kind() + p.mailbox() + day, Letter: mail.Letter{
			Kind: rule.Kind(), Rule: rule.Id, Programme: s.Programme.ID,
			SubjectCollection: s.Collection, SubjectID: s.Record.Id,
			Recipient: p.Contact, User: p.User, Email: p.Email, Language: p.Language,
			Occurrence: occurrence, URL: s.URL, DueAt: due, UsefulUntil: usefulUntil(rule, s, due),
			Key: mail.Key("reminder", rule.Id, s.Record.Id, p.identity(), occurrence),
		}})
	}
	return letters
}

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
	switch {
	case rule.At() != usualHour:
		return rule.At()
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
