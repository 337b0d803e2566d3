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
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
)

// Reasons of this package why a message is not sent; the words stand with the outbox'.
const (
	ReasonRuleOff         = "rule_off"
	reasonNotConcerned    = "not_concerned"
	reasonProgrammePaused = "programme_paused"
	reasonNothing         = "nothing_to_report"     // the partner said so of the month
	reasonNotMine         = "declined_by_recipient" // the reader said so of the task
	reasonPutOff          = "put_off"               // the reader wanted two days of rest
)

// Kinds answers, for every kind of reminder, whether a message is still wanted
// and what it says.
func Kinds() outbox.Kinds {
	kinds := outbox.Kinds{}
	for _, src := range sources {
		for _, kind := range src.Kinds {
			kinds[kind] = outbox.Kind{Wanted: wanted}
		}
	}
	kinds[KindTrial] = outbox.Kind{Wanted: trial}
	return kinds
}

// Candidate is one message at the moment it is to leave. Access and what the person
// has set are those of this moment, not of the day the message was planned.
type Candidate struct {
	App      core.App
	Message  outbox.Delivery
	Now      time.Time
	Subject  Subject
	Rule     *Rule
	calendar Calendar     // of the programme's province
	User     *core.Record // nil without an account
	Contact  *core.Record // nil when an account is reminded for itself
	told     bool         // an earlier message about the same thing went to them
	still    bool         // the hour is still the one they were told
	tasks    []openTask   // what stands open, for messages that list it
	Link     string       // where the reader joins the meeting; empty for who is not invited
}

// wanted is asked in the transaction that claims a message.
func wanted(app core.App, d outbox.Delivery, now time.Time) (outbox.Contents, string, error) {
	a := &Candidate{App: app, Message: d, Now: now}
	if reason, err := a.Objection(); err != nil || reason != "" {
		return outbox.Contents{}, reason, err
	}
	answers, err := a.Answers()
	if err != nil {
		return outbox.Contents{}, "", err
	}
	c := a.contents()
	c.Calendar = a.invitation(c.Email)
	c.Answers = answers
	c.NotBefore, c.Because = a.notBefore()
	return c, "", nil
}

// Objection returns why the message is not wanted at this moment, or nothing.
func (a *Candidate) Objection() (string, error) {
	if reason, err := a.Unwanted(); err != nil || reason != "" {
		return reason, err
	}
	return a.unreachable()
}

// Unwanted is Objection without asking whether a mail can bring the message.
func (a *Candidate) Unwanted() (string, error) {
	for _, objection := range []func() (string, error){a.settled, a.ruledOut, a.moved, a.Gone, a.answered, a.unwelcome, a.outside, a.background} {
		if reason, err := objection(); err != nil || reason != "" {
			return reason, err
		}
	}
	return "", nil
}

// settled tells whether what the message is about needs no reminder any more.
func (a *Candidate) settled() (string, error) {
	s, there, err := Find(a.App, a.Message, a.Now)
	if err != nil {
		return "", err
	}
	a.Subject = s
	switch {
	case !there:
		return outbox.ReasonDeleted, nil
	case s.Closed != "":
		return s.Closed, nil
	}
	return "", nil
}

// moved tells whether the time that the message speaks of is another one now, or
// needs no reminder any more.
func (a *Candidate) moved() (string, error) {
	if a.Message.Origin == outbox.OriginSnooze {
		return a.awake(), nil
	}
	s, there := a.Subject.counting(a.Rule, a.Message)
	if !there {
		return outbox.ReasonMoved, nil
	}
	a.Subject = s
	return s.over, nil
}

// ruledOut tells whether the message's rule is gone or speaks of something else now.
func (a *Candidate) ruledOut() (reason string, err error) {
	if a.calendar, err = LoadCalendar(a.App, a.Subject.Programme.Province); err != nil {
		return "", err
	}
	if a.Message.Origin == outbox.OriginSnooze {
		a.Rule, err = snoozeRule(a.App)
		return "", err
	}
	in, err := InForce(a.App, a.Subject.Programme.ID, []string{a.Message.Kind})
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(in, func(r *Rule) bool { return r.Id == a.Message.Rule })
	if i < 0 {
		return ReasonRuleOff, nil
	}
	a.Rule = in[i]
	return "", nil
}

// Gone tells whether the account is closed or the contact is not in office.
func (a *Candidate) Gone() (reason string, err error) {
	if a.Message.User != "" {
		if a.User, err = Maybe(a.App, "users", a.Message.User); err != nil {
			return "", err
		}
		if a.User == nil || a.User.GetBool("disabled") {
			return outbox.ReasonDisabled, nil
		}
	}
	if a.Message.Recipient == "" {
		return "", nil
	}
	if a.Contact, err = Maybe(a.App, "contacts", a.Message.Recipient); err != nil {
		return "", err
	}
	if a.Contact == nil || !InOffice(a.Contact, clock.Day(a.Now, a.Subject.Zone)) {
		return outbox.ReasonNoAccess, nil
	}
	return "", nil
}

// InOffice reports whether a contact holds its position on a day.
func InOffice(contact *core.Record, today string) bool {
	from, until := contact.GetString("from_on"), contact.GetString("until_on")
	return from <= today && (until == "" || until >= today)
}

// unwelcome tells why the person does not want the message. What is mandatory
// cannot be turned away.
func (a *Candidate) unwelcome() (string, error) {
	if a.User == nil || a.Rule.Mandatory() {
		return "", nil
	}
	if a.User.GetString("paused_until_on") >= clock.Day(a.Now, a.User.GetString("time_zone")) {
		return outbox.ReasonPaused, nil
	}
	if slices.Contains(a.User.GetStringSlice("muted_kinds"), a.Message.Kind) {
		return outbox.ReasonMuted, nil
	}
	return "", nil
}

// outside tells whether the person may no longer see what the message is about:
// an account asks the scope, a contact must speak for somebody who takes part.
func (a *Candidate) outside() (string, error) {
	if a.User != nil {
		_, err := access.As(a.App, a.User).View(a.Subject.Open.Collection, a.Subject.Open.ID)
		if errors.Is(err, access.ErrRefused) {
			return outbox.ReasonNoAccess, nil
		}
		return "", err
	}
	if a.Contact == nil {
		return outbox.ReasonNoAccess, nil
	}
	var n int
	err := a.App.DB().NewQuery(`SELECT COUNT(*) FROM stakeholders WHERE programme = {:programme} AND organisation = {:organisation}
		AND (ended_on = '' OR ended_on > {:today})`).Bind(dbx.Params{"programme": a.Subject.Programme.ID,
		"organisation": a.Contact.GetString("organisation"), "today": clock.Day(a.Now, a.Subject.Zone)}).Row(&n)
	if err != nil {
		return "", fmt.Errorf("contact of a letter: %w", err)
	}
	if n == 0 {
		return outbox.ReasonNoAccess, nil
	}
	return "", nil
}

// unreachable tells whether the person has no address any more: the one that
// was planned is not to be used then.
func (a *Candidate) unreachable() (string, error) {
	if First("email", a.User, a.Contact) == "" {
		return outbox.ReasonNoAddress, nil
	}
	return "", nil
}

// NotBefore keeps a message that is late, or whose holiday was entered late, from
// leaving on that holiday or at night.
func (a *Candidate) notBefore() (time.Time, string) {
	t := SendWindow{Calendar: a.calendar, Zone: a.zone(), Hour: a.Rule.At(),
		Mandatory: a.Rule.Mandatory(), WeekendOff: a.User != nil && a.User.GetBool("weekend_off")}
	return t.NotBefore(a.Now)
}

// Zone is that of the recipient, else where the subject is.
func (a *Candidate) zone() string {
	for _, r := range []*core.Record{a.User, a.Contact} {
		if r != nil && r.GetString("time_zone") != "" {
			return r.GetString("time_zone")
		}
	}
	return a.Subject.Zone
}

// Maybe reads a record; nil when it is gone.
func Maybe(app core.App, collection, id string) (*core.Record, error) {
	r, err := app.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return r, err
}

// openTask is an open task as a message lists it.
type openTask struct {
	Title string `db:"title"`
	DueOn string `db:"due_on"`
}

func (t openTask) words(language string) string {
	if t.DueOn == "" {
		return lang.T(language, "reminders.owed", "title", t.Title)
	}
	return lang.T(language, "reminders.owed_by", "title", t.Title, "day", lang.DayLong(language, t.DueOn))
}

// background reads what some messages say besides, or why one says nothing new.
func (a *Candidate) background() (string, error) {
	switch a.Rule.Kind() {
	case "meeting_soon":
		return "", a.admit()
	case KindInvite:
		if reason, err := a.invitedBefore(); err != nil || reason != "" {
			return reason, err
		}
		return "", a.admit()
	case "minutes_followup":
		return "", a.owes()
	}
	return "", nil
}

// invitedBefore finds out whether the person was told another hour, or this one already.
func (a *Candidate) invitedBefore() (string, error) {
	var last []outbox.Delivery
	err := a.App.DB().NewQuery(`SELECT d.kind, d.anchor_at, d.sequence, d.fingerprint FROM deliveries d WHERE d.subject_collection = 'attendances' AND d.subject_id = {:id}
		AND d.kind IN ('` + KindInvite + `', '` + KindCalledOff + `') AND ` + WentOut("d") + ` AND d.id != {:self}
		AND (d.email = {:email} COLLATE NOCASE OR d.user != '' AND d.user = {:user}) ORDER BY d.rowid DESC LIMIT 1`).
		Bind(dbx.Params{"id": a.Message.SubjectID, "self": a.Message.ID, "email": a.Message.Email, "user": a.Message.User}).All(&last)
	if err != nil {
		return "", fmt.Errorf("earlier invitation: %w", err)
	}
	// Whose invitation was taken back is invited like anybody else.
	if a.told = len(last) > 0 && last[0].Kind != KindCalledOff; !a.told {
		return "", nil
	}
	before, now := last[0], a.Message
	a.still = before.AnchorAt == now.AnchorAt
	if before.Sequence == now.Sequence || a.still && before.Fingerprint == now.Fingerprint {
		return outbox.ReasonMoved, nil // away and back before anybody was told
	}
	return "", nil
}

// maxOwed is how many tasks a message lists.
const maxOwed = 20

// owes reads the open tasks of the meeting that the person's organisations have.
func (a *Candidate) owes() error {
	organisation, user := "", a.Message.User
	if a.Contact != nil {
		organisation = a.Contact.GetString("organisation")
	}
	err := a.App.DB().NewQuery(`SELECT title, due_on FROM tasks WHERE meeting = {:meeting} AND state NOT IN ('done', 'cancelled')
		AND organisation != '' AND (organisation = {:organisation} OR organisation IN (SELECT m.organisation FROM memberships m
			WHERE m.programme = tasks.programme AND m.role = 'partner' AND m.user != '' AND m.user = {:user}))
		ORDER BY due_on = '', due_on, title LIMIT {:most}`).
		Bind(dbx.Params{"meeting": a.Subject.Record.GetString("meeting"), "organisation": organisation, "user": user, "most": maxOwed}).All(&a.tasks)
	if err != nil {
		return fmt.Errorf("open tasks of a meeting: %w", err)
	}
	return nil
}
