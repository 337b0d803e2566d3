package reminders

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// A reader who wants two days of rest gets no letter about the task meanwhile
// and one at the end, whether a rule would send one then or not. It stands in the
// ledger like any other, under a key made of the letter that was answered, and
// goes when the task is done. Letters to everybody else go on.
const (
	restDays = 2
	// restMark ends the occurrence of the letter that ends a rest.
	restMark = "~"
)

// afterRest reports whether a letter is the one that ends a rest.
func afterRest(d mail.Delivery) bool {
	return len(d.Occurrence) > 0 && d.Occurrence[len(d.Occurrence)-1:] == restMark
}

func restKey(answered string) string { return mail.Key("rest", answered) }

// reply is the last thing that a reader answered to letters about a task.
type reply struct {
	ID         string         `db:"id"`
	User       string         `db:"user"`
	Recipient  string         `db:"recipient"`
	Answer     string         `db:"answer"`
	AnsweredAt types.DateTime `db:"answered_at"`
}

// lastSaid reads the last answer of every reader about a task, or of one.
func lastSaid(app core.App, s Subject, user string) (last []reply, err error) {
	var all []reply
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

// afterRest are the letters that end the rests about a task.
func (p *planner) afterRest(s Subject, book *almanac) (letters []dated, err error) {
	if s.Collection != "tasks" || s.Closed != "" || len(s.marks) == 0 {
		return nil, nil
	}
	s.mark = s.marks[0]
	last, err := lastSaid(p.app, s, "")
	if err != nil {
		return nil, err
	}
	for _, a := range last {
		if a.Answer != answerLater {
			continue
		}
		person, there, err := a.person(p.app)
		if err != nil {
			return nil, err
		}
		if there {
			letters = append(letters, a.wakes(s, person, book))
		}
	}
	return letters, nil
}

// person is who answered, as letters reach them now; false when they cannot be
// written to any more.
func (a reply) person(app core.App) (Person, bool, error) {
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

// wakes is the letter that ends a rest.
func (a reply) wakes(s Subject, to Person, book *almanac) dated {
	due := restEnds(a.AnsweredAt.Time(), s, to, book)
	day, kind := clock.Day(due, to.zone(s)), "task_overdue"
	if s.Anchor >= day {
		kind = "task_due"
	}
	return dated{slot: restMark + a.ID, horizon: horizon, mailbox: to.mailbox(), zone: to.zone(s), climbed: true, Letter: mail.Letter{
		Kind: kind, Programme: s.Programme.ID, SubjectCollection: s.Collection, SubjectID: s.Record.Id,
		Recipient: to.Contact, User: to.User, Email: to.Email, Language: to.Language,
		Occurrence: day + restMark, Key: restKey(a.ID), URL: s.URL, DueAt: due,
	}}
}

// restEnds is the person's hour two days after an instant, on a day on which
// letters leave.
func restEnds(from time.Time, s Subject, to Person, book *almanac) time.Time {
	cal := book.calendar(s.Programme.Province)
	cal.weekendOff = to.WeekendOff
	zone := to.zone(s)
	day := cal.open(clock.AddDays(clock.Day(from, zone), restDays), false, false)
	return terms{zone: zone}.at(day, to.usually(s))
}
