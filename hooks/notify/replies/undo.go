package replies

import (
	"cmp"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/contributions"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/tasks"
)

// What is said after an answer was to be taken back.
const (
	undone     = "reminders.answer.undone"
	undoneHalf = "reminders.answer.undone_half" // the reply was changed since, so it stays
	undoneNot  = "reminders.answer.undone_not"
)

// takeBack gives up an answer where it was given, with what it did to the work,
// and returns what to say about it.
func (a *Reply) takeBack(app core.App) (said string, err error) {
	said = undoneNot
	err = app.RunInTransaction(func(tx core.App) error {
		stand, err := a.stand(tx)
		if err != nil || stand != standTaken || !a.undoable() {
			return err
		}
		if said, err = a.unact(tx); err != nil {
			return err
		}
		if err := outbox.KeepAnswer(tx, a.letter, "", ""); err != nil {
			return err
		}
		return a.replan(tx)
	})
	return said, err
}

// undoable reports whether the answer can be taken back where it was given. A
// task that somebody else finished is opened again on its own page.
func (a *Reply) undoable() bool {
	return a.answer != reminders.AnswerDone || a.subject.Record.GetString("done_by") == a.letter.User
}

// unact puts the work back to what it was, by the same steps that the pages take.
func (a *Reply) unact(tx core.App) (string, error) {
	record := a.subject.Record
	switch a.answer {
	case reminders.AnswerDone:
		was, err := a.last(tx, "state")
		if err != nil {
			return "", err
		}
		return undone, tasks.Advance(a.scope, record, cmp.Or(was.before(""), tasks.Todo))
	case reminders.AnswerNotMine:
		was, err := a.last(tx, "reply", "reply_reason")
		if err != nil || !was.by(a.letter.User) || record.GetString("reply") != tasks.Declined {
			return undoneHalf, err
		}
		// Another reason for the same reply was all that changed if the step says nothing of the reply.
		return undone, tasks.Reply(a.scope, record, was.before(tasks.Declined), a.letter.Replaced)
	case reminders.AnswerNothing:
		said, err := contributions.FindNilReport(tx, a.subject.Programme.ID, record.GetString("organisation"), a.month())
		if err != nil {
			return "", err
		}
		return undone, access.As(tx, a.user).Through(access.ViaLink).Delete(said)
	}
	return undone, nil // putting messages off changed nothing but messages
}

// step is the last change of something about a task, as the activity keeps it.
type step struct {
	Actor string         `db:"actor"`
	Via   string         `db:"via"`
	Was   sql.NullString `db:"was"` // the first field asked for before the change; null when it did not change
}

// last finds the last step that changed one of the fields of the task; an empty
// one when the activity knows none.
func (a *Reply) last(tx core.App, fields ...string) (s step, err error) {
	changed := make([]dbx.Expression, len(fields))
	for i, field := range fields {
		changed[i] = dbx.NewExp("json_type(changes, '$." + field + "') IS NOT NULL")
	}
	err = tx.DB().Select("actor", "via", "json_extract(changes, '$."+fields[0]+"[0]') AS was").From("activity").
		Where(dbx.HashExp{"collection": "tasks", "record": a.subject.Record.Id}).AndWhere(dbx.Or(changed...)).
		OrderBy("_rowid_ DESC").Limit(1).One(&s)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return s, fmt.Errorf("last step of task %s: %w", a.subject.Record.Id, err)
	}
	return s, nil
}

// by reports whether a person took the step by a link in a message.
func (s step) by(user string) bool { return s.Via == access.ViaLink && s.Actor == user }

// before is the value before the step, or what stands in for one that did not
// change.
func (s step) before(same string) string {
	if !s.Was.Valid {
		return same
	}
	return s.Was.String
}
