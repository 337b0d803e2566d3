package reminders

import (
	"cmp"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/contributions"
	"simpul/hooks/mail"
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
func (a *answering) takeBack(app core.App) (said string, err error) {
	said = undoneNot
	err = app.RunInTransaction(func(tx core.App) error {
		stand, err := a.stand(tx)
		if err != nil || stand != standTaken || !a.undoable() {
			return err
		}
		if said, err = a.unact(tx); err != nil {
			return err
		}
		if err := mail.KeepAnswer(tx, a.letter, "", ""); err != nil {
			return err
		}
		return a.replan(tx)
	})
	return said, err
}

// undoable reports whether the answer can be taken back where it was given. A
// task that somebody else finished is opened again on its own page.
func (a *answering) undoable() bool {
	return a.answer != answerDone || a.subject.Record.GetString("done_by") == a.letter.User
}

// unact puts the work back to what it was, by the same steps that the pages take.
func (a *answering) unact(tx core.App) (string, error) {
	record := a.subject.Record
	switch a.answer {
	case answerDone:
		was, err := a.last(tx, "state")
		if err != nil {
			return "", err
		}
		return undone, tasks.Advance(a.door, record, cmp.Or(was.before(""), tasks.Todo))
	case answerNotMine:
		was, err := a.last(tx, "reply", "reply_reason")
		if err != nil || !was.by(a.letter.User) || record.GetString("reply") != tasks.Declined {
			return undoneHalf, err
		}
		// Another reason for the same reply was all that changed if the step says nothing of the reply.
		return undone, tasks.Reply(a.door, record, was.before(tasks.Declined), a.letter.Replaced)
	case answerNothing:
		said, err := contributions.NothingSaid(tx, a.subject.Programme.ID, record.GetString("organisation"), a.month())
		if err != nil {
			return "", err
		}
		return undone, access.Open(tx, a.user).Through(access.ViaLink).Delete(said)
	}
	return undone, nil // putting letters off changed nothing but letters
}
