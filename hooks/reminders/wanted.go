package reminders

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// Kinds answers, for every kind of reminder, whether a letter is still wanted
// and what it says.
func Kinds() mail.Kinds {
	kinds := mail.Kinds{}
	for _, src := range sources {
		for _, kind := range src.kinds {
			kinds[kind] = mail.Kind{Wanted: wanted}
		}
	}
	kinds[kindDaily] = mail.Kind{Wanted: dailyLetter}
	kinds[KindTrial] = mail.Kind{Wanted: trial}
	kinds[kindCalledOff] = mail.Kind{Wanted: calledOff}
	kinds[kindStale] = mail.Kind{Wanted: staleLetter}
	return kinds
}

// asked is one letter at the moment it is to leave. Access and what the person
// has set are those of this moment, not of the day the letter was planned.
type asked struct {
	app     core.App
	letter  mail.Delivery
	now     time.Time
	subject Subject
	book    *almanac
	rule    *Rule
	user    *core.Record // nil without an account
	contact *core.Record // nil when an account is reminded for itself
	told    bool         // an earlier letter about the same thing went to them
	still   bool         // the hour is still the one they were told
	tasks   []owed       // what stands open, for letters that list it
	link    string       // where the reader joins the meeting; empty for who is not invited
}

// wanted is asked in the transaction that claims a letter.
func wanted(app core.App, d mail.Delivery, now time.Time) (mail.Contents, string, error) {
	a := &asked{app: app, letter: d, now: now}
	if reason, err := a.objection(); err != nil || reason != "" {
		return mail.Contents{}, reason, err
	}
	answers, err := a.answers()
	if err != nil {
		return mail.Contents{}, "", err
	}
	c := a.contents()
	c.Calendar = a.invitation(c.Email)
	c.Answers = answers
	c.NotBefore, c.Because = a.notBefore()
	return c, "", nil
}

// objection returns why the letter is not wanted at this moment, or nothing.
func (a *asked) objection() (string, error) {
	if reason, err := a.unwanted(); err != nil || reason != "" {
		return reason, err
	}
	return a.unreachable()
}

// unwanted is objection without asking whether a mail can bring the letter.
func (a *asked) unwanted() (string, error) {
	for _, objection := range []func() (string, error){a.settled, a.ruledOut, a.moved, a.gone, a.answered, a.unwelcome, a.outside, a.background} {
		if reason, err := objection(); err != nil || reason != "" {
			return reason, err
		}
	}
	return "", nil
}

// settled tells whether what the letter is about needs no reminder any more.
func (a *asked) settled() (string, error) {
	s, there, err := find(a.app, a.letter, a.now)
	if err != nil {
		return "", err
	}
	a.subject = s
	switch {
	case !there:
		return mail.ReasonDeleted, nil
	case s.Closed != "":
		return s.Closed, nil
	}
	return "", nil
}

// moved tells whether the time that the letter speaks of is another one now, or
// needs no reminder any more.
func (a *asked) moved() (string, error) {
	if afterRest(a.letter) {
		return a.awake(), nil
	}
	s, there := a.subject.counting(a.rule, a.letter.Occurrence)
	if !there {
		return mail.ReasonMoved, nil
	}
	a.subject = s
	return s.over, nil
}

// ruledOut tells whether the letter's rule is gone or speaks of something else now.
func (a *asked) ruledOut() (string, error) {
	book, err := bookOf(a.app)
	if err != nil {
		return "", err
	}
	a.book = book
	if afterRest(a.letter) {
		a.rule, err = restRule(a.app)
		return "", err
	}
	in := book.inForce(a.subject.Programme.ID, []string{a.letter.Kind})
	i := slices.IndexFunc(in, func(r *Rule) bool { return r.Id == a.letter.Rule })
	if i < 0 {
		return reasonRuleOff, nil
	}
	a.rule = in[i]
	return "", nil
}

// gone tells whether the account is closed or the contact is not in office.
func (a *asked) gone() (reason string, err error) {
	if a.letter.User != "" {
		if a.user, err = maybe(a.app, "users", a.letter.User); err != nil {
			return "", err
		}
		if a.user == nil || a.user.GetBool("disabled") {
			return mail.ReasonDisabled, nil
		}
	}
	if a.letter.Recipient == "" {
		return "", nil
	}
	if a.contact, err = maybe(a.app, "contacts", a.letter.Recipient); err != nil {
		return "", err
	}
	if a.contact == nil || !inOffice(a.contact, clock.Day(a.now, a.subject.Zone)) {
		return mail.ReasonNoAccess, nil
	}
	return "", nil
}

func inOffice(contact *core.Record, today string) bool {
	from, until := contact.GetString("from_on"), contact.GetString("until_on")
	return from <= today && (until == "" || until >= today)
}

// unwelcome tells why the person does not want the letter. What is mandatory
// cannot be turned away.
func (a *asked) unwelcome() (string, error) {
	if a.user == nil || a.rule.Mandatory() {
		return "", nil
	}
	if a.user.GetString("paused_until_on") >= clock.Day(a.now, a.user.GetString("time_zone")) {
		return mail.ReasonPaused, nil
	}
	if slices.Contains(a.user.GetStringSlice("muted_kinds"), a.letter.Kind) {
		return mail.ReasonMuted, nil
	}
	return "", nil
}

// outside tells whether the person may no longer see what the letter is about:
// an account asks the door, a contact must speak for somebody who takes part.
func (a *asked) outside() (string, error) {
	if a.user != nil {
		_, err := access.Open(a.app, a.user).View(a.subject.open.Collection, a.subject.open.ID)
		if errors.Is(err, access.ErrRefused) {
			return mail.ReasonNoAccess, nil
		}
		return "", err
	}
	if a.contact == nil {
		return mail.ReasonNoAccess, nil
	}
	var n int
	err := a.app.DB().NewQuery(`SELECT COUNT(*) FROM stakeholders WHERE programme = {:programme} AND organisation = {:organisation}
		AND (ended_on = '' OR ended_on > {:today})`).Bind(dbx.Params{"programme": a.subject.Programme.ID,
		"organisation": a.contact.GetString("organisation"), "today": clock.Day(a.now, a.subject.Zone)}).Row(&n)
	if err != nil {
		return "", fmt.Errorf("contact of a letter: %w", err)
	}
	if n == 0 {
		return mail.ReasonNoAccess, nil
	}
	return "", nil
}

// unreachable tells whether the person has no address any more: the one that
// was planned is not to be used then.
func (a *asked) unreachable() (string, error) {
	if first("email", a.user, a.contact) == "" {
		return mail.ReasonNoAddress, nil
	}
	return "", nil
}

// notBefore keeps a letter that is late, or whose holiday was entered late, from
// leaving on that holiday or at night.
func (a *asked) notBefore() (time.Time, string) {
	t := terms{calendar: a.book.calendar(a.subject.Programme.Province), zone: a.zone(), hour: a.rule.At(),
		mandatory: a.rule.Mandatory(), weekendOff: a.user != nil && a.user.GetBool("weekend_off")}
	return t.notBefore(a.now)
}

// zone is that of the recipient, else where the subject is.
func (a *asked) zone() string {
	for _, r := range []*core.Record{a.user, a.contact} {
		if r != nil && r.GetString("time_zone") != "" {
			return r.GetString("time_zone")
		}
	}
	return a.subject.Zone
}

// maybe reads a record; nil when it is gone.
func maybe(app core.App, collection, id string) (*core.Record, error) {
	r, err := app.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return r, err
}
