package reminders

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/contributions"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/tasks"
)

// give takes the answer in one transaction with everything it sets off. Given
// again, or when it is too late, it changes nothing.
func (a *answering) give(app core.App, reason string) error {
	return app.RunInTransaction(func(tx core.App) error {
		stand, err := a.stand(tx)
		if err != nil || stand != standAsk {
			return err
		}
		replaced := a.gives()
		if err := a.act(tx, reason); err != nil {
			return err
		}
		if err := mail.KeepAnswer(tx, a.letter, a.answer, replaced); err != nil {
			return err
		}
		return a.replan(tx)
	})
}

// act changes the work itself, by the same steps that the pages take.
func (a *answering) act(tx core.App, reason string) error {
	record := a.subject.Record
	switch a.answer {
	case answerDone:
		return tasks.Advance(a.door, record, tasks.Done)
	case answerNotMine:
		if reason == "" {
			reason = lang.T(a.letter.Language, "reminders.answer.not_mine.usual")
		}
		return tasks.Reply(a.door, record, tasks.Declined, reason)
	case answerNothing:
		return contributions.SayNothing(a.door, a.subject.Programme.ID, record.GetString("organisation"), a.month())
	}
	return nil // putting letters off changes nothing but letters
}

// gives is the reason of the reply to which the answer puts an end.
func (a *answering) gives() string {
	if a.answer != answerNotMine {
		return ""
	}
	return a.subject.Record.GetString("reply_reason")
}

// replan brings the letters about the task up to date with what was answered.
func (a *answering) replan(tx core.App) error {
	if a.subject.Collection != "tasks" {
		return nil
	}
	task, err := tx.FindRecordById("tasks", a.subject.Record.Id)
	if err != nil {
		return err
	}
	src, _ := sourceFor(a.letter.Kind)
	return newPlanner(tx, clock.Now()).plan(src, task)
}

// restsUntil is when the letter comes that ends the rest: the one that is
// wanted, or that would be if the reader wanted it now.
func (a *answering) restsUntil() (time.Time, string, error) {
	book, err := bookOf(a.app)
	if err != nil {
		return time.Time{}, "", err
	}
	from := clock.Now()
	last, err := lastSaid(a.app, a.subject, a.letter.User)
	if len(last) > 0 && last[0].ID == a.letter.ID && last[0].Answer == answerLater {
		from = last[0].AnsweredAt.Time()
	}
	if err != nil {
		return time.Time{}, "", err
	}
	to, there, err := reply{User: a.letter.User, Recipient: a.letter.Recipient}.person(a.app)
	if err != nil || !there {
		return time.Time{}, "", err
	}
	return restEnds(from, a.subject, to, book), to.zone(a.subject), nil
}
