package reminders

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/tasks"
)

// A reader who wants two days of rest gets no message about the task meanwhile
// and one at the end, whether a rule would send one then or not. It stands in the
// ledger like any other, under a key made of the message that was answered, and
// goes when the task is done. Messages to everybody else go on.
const restDays = 2

func snoozeKey(answered string) string { return outbox.Key("rest", answered) }

// Reply is the last thing that a reader answered to messages about a task.
type Reply struct {
	ID         string         `db:"id"`
	User       string         `db:"user"`
	Recipient  string         `db:"recipient"`
	Answer     string         `db:"answer"`
	AnsweredAt types.DateTime `db:"answered_at"`
}

// LastSaid reads the last answer of every reader about a task, or of one.
func LastSaid(app core.App, s Subject, user string) (last []Reply, err error) {
	var all []Reply
	err = app.DB().NewQuery(`SELECT id, user, recipient, answer, answered_at FROM deliveries WHERE subject_collection = {:collection}
		AND subject_id = {:id} AND answer != '' AND user != '' AND {:user} IN ('', user) ORDER BY answered_at DESC, id`).
		Bind(dbx.Params{"collection": s.Collection, "id": s.Record.Id, "user": user}).All(&all)
	if err != nil {
		return nil, fmt.Errorf("answers about %s: %w", s.Record.Id, err)
	}
	heard := map[string]bool{}
	for _, a := range all {
		if !heard[a.User] {
			last = append(last, a)
		}
		heard[a.User] = true
	}
	return last, nil
}

// snoozesEnd are the messages that end what readers put off about a task.
func (p *planner) snoozesEnd(s Subject) (messages []Planned, err error) {
	if s.Collection != "tasks" || s.Closed != "" || len(s.Marks) == 0 {
		return nil, nil
	}
	s.anchorAt = s.Marks[0]
	last, err := LastSaid(p.app, s, "")
	if err != nil {
		return nil, err
	}
	for _, a := range last {
		if a.Answer != AnswerLater {
			continue
		}
		person, there, err := a.Person(p.app)
		if err != nil {
			return nil, err
		}
		if !there {
			continue
		}
		cal, err := p.calendar(s.Programme.Province)
		if err != nil {
			return nil, err
		}
		messages = append(messages, a.wakes(s, person, cal))
	}
	return messages, nil
}

// Person is who answered, as messages reach them now; false when they cannot be
// written to any more.
func (a Reply) Person(app core.App) (Person, bool, error) {
	sql, id := ofUser+"WHERE u.id = {:id} AND u.disabled = 0", a.User
	if a.Recipient != "" {
		sql, id = ofContact+"WHERE c.id = {:id} AND u.id IS NOT NULL", a.Recipient
	}
	found, err := query(sql)(app, dbx.Params{"id": id})
	if err != nil || len(found) == 0 || found[0].User != a.User {
		return Person{}, false, err
	}
	return found[0], true, nil
}

// wakes is the message that ends a rest.
func (a Reply) wakes(s Subject, to Person, cal Calendar) Planned {
	due := RestEnds(a.AnsweredAt.Time(), s, to, cal)
	day, kind := clock.Day(due, to.ZoneFor(s)), "task_overdue"
	if s.Anchor >= day {
		kind = "task_due"
	}
	return Planned{Subject: s, Zone: to.ZoneFor(s), ahead: horizon, mailbox: to.mailbox(), Message: outbox.Message{
		Kind: kind, Programme: s.Programme.ID, SubjectCollection: s.Collection, SubjectID: s.Record.Id,
		Recipient: to.Contact, User: to.User, Email: to.Email, Language: to.Language,
		AnchorAt: day, Origin: outbox.OriginSnooze, Key: snoozeKey(a.ID), URL: s.URL, DueAt: due,
	}}
}

// RestEnds is the person's hour two days after an instant, on a day on which
// Messages leave.
func RestEnds(from time.Time, s Subject, to Person, cal Calendar) time.Time {
	cal.weekendOff = to.WeekendOff
	zone := to.ZoneFor(s)
	day := cal.open(clock.AddDays(clock.Day(from, zone), restDays), false, false)
	return SendWindow{Zone: zone}.At(day, to.usually(s))
}

// answered tells whether the reader answered that messages about the task are not
// for them, or are to rest.
func (a *Candidate) answered() (string, error) {
	if a.Subject.Collection != "tasks" || a.Message.User == "" {
		return "", nil
	}
	last, err := LastSaid(a.App, a.Subject, a.Message.User)
	if err != nil || len(last) == 0 {
		return "", err
	}
	switch last[0].Answer {
	case AnswerNotMine:
		if up, err := a.Subject.TakenUp(a.App, last[0]); err != nil || up {
			return "", err
		}
		return reasonNotMine, nil
	case AnswerLater:
		return a.resting(last[0])
	}
	return "", nil
}

// TakenUp reports whether who said that a task is not theirs has begun or
// promised it since: then they are reminded of it again. What others of the
// organisation do with it changes nothing for them.
func (s Subject) TakenUp(app core.App, said Reply) (bool, error) {
	if s.Record.GetString("reply") == tasks.Declined {
		return false, nil
	}
	var n int
	err := app.DB().NewQuery(`SELECT COUNT(*) FROM activity WHERE collection = 'tasks' AND record = {:id} AND actor = {:user}
		AND (json_type(changes, '$.state') IS NOT NULL OR json_type(changes, '$.reply') IS NOT NULL) AND _rowid_ > COALESCE((SELECT MAX(d._rowid_)
			FROM activity d WHERE d.collection = 'tasks' AND d.record = {:id} AND json_extract(d.changes, '$.reply[1]') = {:declined}), 0)`).
		Bind(dbx.Params{"id": s.Record.Id, "user": said.User, "declined": tasks.Declined}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("who took up task %s: %w", s.Record.Id, err)
	}
	return n > 0, nil
}

// resting tells whether a message falls into a rest: until the end of the day on
// which the message comes that ends it.
func (a *Candidate) resting(last Reply) (string, error) {
	if a.Message.Key == snoozeKey(last.ID) {
		return "", nil
	}
	var until []types.DateTime
	err := a.App.DB().Select("due_at").From("deliveries").Where(dbx.HashExp{"key": snoozeKey(last.ID)}).Column(&until)
	if err != nil {
		return "", fmt.Errorf("rest about %s: %w", a.Subject.Record.Id, err)
	}
	zone := a.zone()
	if len(until) > 0 && clock.Day(a.Message.DueAt.Time(), zone) <= clock.Day(until[0].Time(), zone) {
		return reasonPutOff, nil
	}
	return "", nil
}

// awake gives the message that ends a rest the day of the task and the words that
// fit it on this day: there may be no rule behind it.
func (a *Candidate) awake() (reason string) {
	if len(a.Subject.Marks) == 0 {
		return outbox.ReasonMoved
	}
	a.Subject.anchorAt = a.Subject.Marks[0]
	kind := "task_overdue"
	if a.Subject.Anchor >= clock.Day(a.Now, a.Subject.Zone) {
		kind = "task_due"
	}
	a.Rule.Set("kind", kind)
	return ""
}

// snoozeRule stands for the rule of a message that no rule calls for.
func snoozeRule(app core.App) (*Rule, error) {
	rules, err := app.FindCachedCollectionByNameOrId("reminder_rules")
	if err != nil {
		return nil, err
	}
	r := core.NewRecord(rules)
	r.Load(map[string]any{"anchor": "task.due_on", "at": UsualHour, "active": true})
	return Wrap(r), nil
}

// What a reader can answer by a link in a message, as the ledger keeps it.
const (
	AnswerDone    = "done"                  // the task is done
	AnswerLater   = "later"                 // remind me again in two days
	AnswerNotMine = "declined_by_recipient" // the task is not for us, and its messages not for me
	AnswerNothing = "nil_reported"          // nothing to report for the month
)

// AnswersTo are the answers that a kind of message offers.
var AnswersTo = map[string][]string{
	"task_due":            {AnswerDone, AnswerLater, AnswerNotMine},
	"task_overdue":        {AnswerDone, AnswerLater, AnswerNotMine},
	"contribution_prompt": {AnswerNothing},
}

// longestRest is for how many days past the due day messages may still be put
// off: later it is the answer on the task's page that helps, not one more message.
const longestRest = 14

// Answers are the links of the message that answer it. They act in the name of an
// account, so a contact without one gets none: whoever holds a forwarded message
// must not change work for somebody the hub cannot even name.
func (a *Candidate) Answers() (links []outbox.Link, err error) {
	if a.User == nil {
		return nil, nil
	}
	may := Answerer{a.Subject, access.As(a.App, a.User), a.Now}
	for _, answer := range AnswersTo[a.Message.Kind] {
		if !may.Give(answer) {
			continue
		}
		url, tokenErr := outbox.AnswerURL(a.App, a.Message, answer)
		err = errors.Join(err, tokenErr)
		links = append(links, outbox.Link{Label: lang.T(a.Message.Language, "reminders.answer."+answer+".link"), URL: url})
	}
	return links, err
}

// Answerer is a person before a subject that they may answer about. What it
// offers is asked again by the rules when the answer is given.
type Answerer struct {
	subject Subject
	scope   *access.Scope
	now     time.Time
}

// NewAnswerer looks at what a person may answer about a subject at a moment.
func NewAnswerer(s Subject, scope *access.Scope, now time.Time) Answerer {
	return Answerer{s, scope, now}
}

// Give reports whether an answer is the person's to give at this moment.
func (r Answerer) Give(answer string) bool {
	roles := r.scope.Roles(r.subject.Programme.ID)
	owns := slices.Contains(roles.Organisations, r.subject.Record.GetString("organisation"))
	switch answer {
	case AnswerLater:
		return (owns || roles.Team) && r.Helps()
	case AnswerNotMine, AnswerNothing:
		// The team would answer for a partner here.
		return owns
	}
	return owns || roles.Team
}

// Helps reports whether one more message after a rest is of any use.
func (r Answerer) Helps() bool {
	day, end := clock.AddDays(clock.Day(r.now, r.subject.Zone), restDays), r.subject.Programme.EndsOn
	due := r.subject.Record.GetString("due_on")
	return due != "" && day <= clock.AddDays(due, longestRest) && (end == "" || day <= end)
}
