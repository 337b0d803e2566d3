package reminders

import (
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// horizon is how far ahead letters are written into the ledger.
const horizon = 35 * 24 * time.Hour

// Follow plans anew what a saved record calls for, in the transaction of the
// save: a letter can neither be lost between the two nor outlive a rollback.
func Follow(e *core.RecordEvent) error {
	src, known := sourceOf(e.Record.Collection().Name)
	touched := known && (e.Record.IsNew() || changed(e.Record, src.fields))
	if err := e.Next(); err != nil || !touched {
		return err
	}
	return plan(e.App, src, e.Record, clock.Now())
}

func changed(r *core.Record, fields []string) bool {
	for _, f := range fields {
		if r.GetString(f) != r.Original().GetString(f) {
			return true
		}
	}
	return false
}

// Withdraw takes back what was planned about a deleted record.
func Withdraw(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	return mail.Cancel(e.App, mail.Subject{Collection: e.Record.Collection().Name, ID: e.Record.Id}, mail.ReasonDeleted)
}

// plan writes a subject's letters into the ledger and takes back those that no
// longer hold. Doing it again changes nothing.
func plan(app core.App, src source, r *core.Record, now time.Time) error {
	s, err := read(app, r)
	if err != nil {
		return err
	}
	about := mail.Subject{Collection: s.Collection, ID: r.Id}
	if s.Closed != "" {
		return mail.Cancel(app, about, s.Closed)
	}
	letters, err := lettersFor(app, src, s)
	if err != nil {
		return err
	}
	keys, coming := []string{}, []mail.Letter{}
	for _, l := range letters {
		keys = append(keys, l.Key)
		if l.DueAt.After(now) && l.DueAt.Before(now.Add(horizon)) {
			coming = append(coming, l)
		}
	}
	if err := mail.Cancel(app, about, mail.ReasonMoved, keys...); err != nil {
		return err
	}
	_, err = mail.Queue(app, coming...)
	return err
}

// lettersFor computes every letter that the rules call for about a subject,
// past and future ones alike.
func lettersFor(app core.App, src source, s Subject) ([]mail.Letter, error) {
	if s.Anchor == "" {
		return nil, nil
	}
	rules, err := rulesFor(app, s.Programme.Id, src.kinds)
	if err != nil {
		return nil, err
	}
	cal, err := calendarOf(app, s.Province)
	if err != nil {
		return nil, err
	}
	var letters []mail.Letter
	for _, rule := range rules {
		to, err := people(app, rule, s)
		if err != nil {
			return nil, err
		}
		for _, p := range to {
			letters = append(letters, ruleLetters(rule, s, p, cal)...)
		}
	}
	return onceADay(letters), nil
}

// ruleLetters are one rule's letters to one person.
func ruleLetters(rule *Rule, s Subject, p Person, cal calendar) (letters []mail.Letter) {
	for _, offset := range rule.offsets() {
		day := cal.count(s.Anchor, offset, rule.GetBool("workdays"))
		day = cal.open(day, offset <= 0, rule.Mandatory())
		due, err := clock.At(day, p.hour(rule), p.zone(s))
		if err != nil {
			continue // a rule with an unreadable hour is refused when it is saved
		}
		occurrence := fmt.Sprintf("%s%+d", s.Anchor, offset)
		letters = append(letters, mail.Letter{
			Kind: rule.Kind(), Rule: rule.Id, Programme: s.Programme.Id,
			SubjectCollection: s.Collection, SubjectID: s.Record.Id,
			Recipient: p.Contact, User: p.User, Email: p.Email, Language: p.Language,
			Occurrence: occurrence, URL: s.URL, DueAt: due, UsefulUntil: usefulUntil(rule, s, due),
			Key: mail.Key("reminder", rule.Id, s.Record.Id, p.identity(), occurrence),
		})
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
// person at the same hour: holidays may push two of them onto one day.
func onceADay(letters []mail.Letter) []mail.Letter {
	kept, place := []mail.Letter{}, map[string]int{}
	for _, l := range letters {
		slot := l.Kind + l.Email + l.DueAt.Format(time.DateOnly)
		if i, taken := place[slot]; taken {
			kept[i] = l // the later rule is nearer to the day
			continue
		}
		place[slot] = len(kept)
		kept = append(kept, l)
	}
	return kept
}

func (p Person) identity() string {
	if p.Contact != "" {
		return p.Contact
	}
	return p.User
}

// hour is when the person wants letters, else when the rule sends them.
func (p Person) hour(rule *Rule) string {
	if p.SendAt != "" {
		return p.SendAt
	}
	return rule.At()
}

func (p Person) zone(s Subject) string {
	if p.Zone != "" {
		return p.Zone
	}
	return s.Zone
}
