package reminders

import (
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
)

// Told is a simulated letter in words.
type Told struct {
	Day, Hour       string // of the teller's zone: 2026-12-07, 08.00 WIB
	Title, URL      string // what it is about, "" where the reader may not see it
	Kind, To, Fate  string
	Reason          string // why it is put off or not sent, "" if it is neither
	badge, short    string // of the fate
	At, Due         time.Time
	Email, Outcome  string // the address, and the code of the fate
	Programme, Rule string // ids
}

// Teller says simulated letters in words, as far as a person may read of them.
type Teller struct {
	App      core.App
	Door     *access.Door // nil for whoever holds the data folder, and with it everything
	Language string
	Zone     string
	subjects map[string]titled
	people   map[string]string
}

type titled struct{ title, url string }

// Tell says one letter in words.
func (t *Teller) Tell(l Simulated) (Told, error) {
	if t.subjects == nil {
		t.subjects, t.people = map[string]titled{}, map[string]string{}
	}
	about, err := t.about(l)
	if err != nil {
		return Told{}, err
	}
	to, err := t.name(l)
	said := Told{Day: clock.Day(l.At, t.Zone), Hour: lang.Clock(t.Language, l.At, t.Zone), Title: about.title, URL: about.url, To: to,
		Kind: lang.T(t.Language, "reminder_rules.kind."+l.Kind), Fate: t.fate(l), At: l.At, Due: l.DueAt.Time(), Email: l.Email, Outcome: l.Fate, Programme: l.Programme, Rule: l.Rule}
	said.Reason = t.reason(l)
	said.badge = map[string]string{FateAlone: "ok", FateDaily: "ok", FateNot: "bad", FateWaits: "warn"}[l.Fate]
	if l.Fate == FateTold || l.Fate == FateWaits {
		said.short = t.say("fate_" + l.Fate)
	}
	return said, err
}

func (t *Teller) say(key string, args ...any) string {
	return lang.T(t.Language, "reminders."+key, args...)
}

// fate says what becomes of the letter.
func (t *Teller) fate(l Simulated) string {
	when := lang.Moment(t.Language, l.At, t.Zone)
	switch l.Fate {
	case FateDaily:
		return t.say("fate.daily", "n", l.Tells)
	case FateTold:
		return t.say("fate.told", "when", when)
	case FateWaits:
		return t.say("fate.waits", "when", lang.Moment(t.Language, l.Until, t.Zone))
	}
	return t.say("fate." + l.Fate)
}

// reason says why a letter is not sent, or left later than it was due.
func (t *Teller) reason(l Simulated) string {
	why := l.Reason
	if l.Fate == FateAlone || l.Fate == FateDaily || l.Fate == FateTold {
		why = l.PutOff
	}
	key := "deliveries.reason." + why
	switch {
	case l.Fate == FateWaits && why == "":
		return t.say("fate_unknown")
	case !lang.Has(key):
		return ""
	case l.PutOff != "" && l.Fate != FateNot:
		return t.say("fate_put_off", "when", lang.Moment(t.Language, l.DueAt.Time(), t.Zone), "why", lang.T(t.Language, key))
	}
	return lang.T(t.Language, key)
}

// about names the record that a letter speaks of, unless its door stays shut.
func (t *Teller) about(l Simulated) (titled, error) {
	key := l.Kind + l.SubjectID
	if known, there := t.subjects[key]; there {
		return known, nil
	}
	found := titled{url: l.URL}
	if _, known := sourceFor(l.Kind); known {
		s, there, err := find(t.App, l.Delivery, l.At)
		if err != nil || !there {
			return titled{}, err
		}
		if found, err = t.seen(s); err != nil {
			return titled{}, err
		}
	}
	t.subjects[key] = found
	return found, nil
}

func (t *Teller) seen(s Subject) (titled, error) {
	if t.Door == nil {
		return titled{s.Title, s.URL}, nil
	}
	_, err := t.Door.View(s.open.Collection, s.open.ID)
	if errors.Is(err, access.ErrRefused) {
		return titled{}, nil
	}
	return titled{s.Title, s.URL}, err
}

func (t *Teller) name(l Simulated) (string, error) {
	if known, there := t.people[l.User+l.Recipient+l.Email]; there {
		return known, nil
	}
	name, err := office(t.App, l.User, l.Recipient)
	if name == "" {
		name = l.Email
	}
	t.people[l.User+l.Recipient+l.Email] = name
	return name, err
}

// Assumptions says, a sentence each, what a simulation takes for granted: first
// what departs from how the hub is set.
func (s *Simulation) Assumptions(language string) []string {
	said := []string{}
	switch s.Held {
	case mail.ReasonSMTPOff:
		said = append(said, lang.T(language, "reminders.assumed.smtp_off"))
	case mail.ReasonMailHeld:
		said = append(said, lang.T(language, "reminders.assumed.mail_held"))
	}
	if s.Hourly > 0 {
		said = append(said, lang.T(language, "reminders.assumed.hourly", "n", s.Hourly))
	}
	for _, key := range []string{"accepted", "idle", "holidays", "news"} {
		said = append(said, lang.T(language, "reminders.assumed."+key))
	}
	return said
}
