package tasks

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
)

// Settle holds for every save of a task, whichever way it comes: it fills what
// nobody has to type, refuses what cannot be, and keeps who did it and when.
func Settle(e *core.RecordEvent) error {
	r := e.Record
	if err := fill(e.App, r); err != nil {
		return err
	}
	// Before the hub itself changes the reply.
	if err := heedClosed(e.App, r); err != nil {
		return err
	}
	askAgain(r)
	if err := takeUp(e.App, r); err != nil {
		return err
	}
	if err := check(e.App, r); err != nil {
		return err
	}
	keepDone(r)
	move, err := moved(r)
	if err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	return move.tell(e.App, r)
}

// fill sets the defaults. Somebody of the team always answers for a task: who
// makes it if they are of the team, else an initiator of the programme.
func fill(app core.App, r *core.Record) error {
	setDefault(r, "state", Todo)
	setDefault(r, "urgency", "normal")
	if r.GetString("accountable") != "" {
		return nil
	}
	user, err := accountable(app, r.GetString("programme"), access.Actor(r))
	if err != nil {
		return err
	}
	r.Set("accountable", user)
	return nil
}

func setDefault(r *core.Record, field, value string) {
	if r.GetString(field) == "" {
		r.Set(field, value)
	}
}

// askAgain forgets an answer to a question that has changed: another
// organisation owns the task now, or more time was wanted and given.
func askAgain(r *core.Record) {
	if r.IsNew() || differs(r, "reply") || differs(r, "reply_reason") {
		return
	}
	given := differs(r, "due_on") && r.GetString("reply") == MoreTime
	if differs(r, "organisation") || given {
		r.Set("reply", "")
		r.Set("reply_reason", "")
	}
	if differs(r, "organisation") && !differs(r, "assignee") {
		r.Set("assignee", "")
	}
}

// keepDone notes when a task was done and by whom, and forgets it when the task
// is opened again. Nobody types these two; only unsigned saves of the hub
// itself may bring them along.
func keepDone(r *core.Record) {
	was := !r.IsNew() && r.Original().GetString("state") == Done
	switch done := r.GetString("state") == Done; {
	case !done:
		r.Set("done_at", "")
		r.Set("done_by", "")
	case was && access.Actor(r) != nil:
		r.Set("done_at", r.Original().Get("done_at"))
		r.Set("done_by", r.Original().Get("done_by"))
	case !was && (access.Actor(r) != nil || r.GetDateTime("done_at").IsZero()):
		at, err := types.ParseDateTime(clock.Now())
		if err == nil {
			r.Set("done_at", at)
		}
		r.Set("done_by", user(access.Actor(r)))
	}
}

// user is the id of a person who is a user of the hub: an administrator is not.
func user(person *core.Record) string {
	if person == nil || person.IsSuperuser() {
		return ""
	}
	return person.Id
}

// differs reports whether a save changes a field of a stored record.
func differs(r *core.Record, field string) bool {
	return fmt.Sprint(r.Get(field)) != fmt.Sprint(r.Original().Get(field))
}

// SettleComment holds for every comment: it stands under exactly one thing, in
// that thing's programme, signed by who wrote it. What a partner writes is for
// the team and the partners alike; the rule refuses anything else from them.
func SettleComment(e *core.RecordEvent) error {
	r := e.Record
	if err := standUnder(e.App, r); err != nil {
		return err
	}
	author := access.Actor(r)
	if author != nil {
		r.Set("author", user(author))
	}
	usual := "team"
	if id := r.GetString("author"); id != "" {
		team, err := inTeam(e.App, r.GetString("programme"), id)
		if err != nil {
			return err
		}
		if !team {
			usual = "partners"
		}
	}
	setDefault(r, "visibility", usual)
	return e.Next()
}

// standUnder gives a comment the programme of the one thing it is about.
func standUnder(app core.App, r *core.Record) error {
	subjects := []string{}
	for _, field := range []string{"task", "meeting", "contribution"} {
		if r.GetString(field) != "" {
			subjects = append(subjects, field)
		}
	}
	if len(subjects) != 1 {
		return access.Invalid("task", "comments.problem_subject")
	}
	subject, err := app.FindRecordById(subjects[0]+"s", r.GetString(subjects[0]))
	if err != nil {
		return access.Invalid(subjects[0], "comments.problem_subject")
	}
	r.Set("programme", subject.GetString("programme"))
	return nil
}

// words reports whether a reason says anything at all, not just marks.
func words(reason string) bool {
	return strings.ContainsFunc(reason, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) })
}
