package replies

import (
	"errors"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/contributions"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/signedlink"
	"simpul/hooks/tasks"
	"simpul/hooks/web"
)

// Give takes the answer in one transaction with everything it sets off. Given
// again, or when it is too late, it changes nothing.
func (a *Reply) give(app core.App, reason string) error {
	return app.RunInTransaction(func(tx core.App) error {
		stand, err := a.stand(tx)
		if err != nil || stand != standAsk {
			return err
		}
		replaced := a.gives()
		if err := a.act(tx, reason); err != nil {
			return err
		}
		if err := outbox.KeepAnswer(tx, a.letter, a.answer, replaced); err != nil {
			return err
		}
		return a.replan(tx)
	})
}

// act changes the work itself, by the same steps that the pages take.
func (a *Reply) act(tx core.App, reason string) error {
	record := a.subject.Record
	switch a.answer {
	case reminders.AnswerDone:
		return tasks.Advance(a.scope, record, tasks.Done)
	case reminders.AnswerNotMine:
		if reason == "" {
			reason = lang.T(a.letter.Language, "reminders.answer.declined_by_recipient.usual")
		}
		return tasks.Reply(a.scope, record, tasks.Declined, reason)
	case reminders.AnswerNothing:
		return contributions.ReportNil(a.scope, a.subject.Programme.ID, record.GetString("organisation"), a.month())
	}
	return nil // putting messages off changes nothing but messages
}

// gives is the reason of the reply to which the answer puts an end.
func (a *Reply) gives() string {
	if a.answer != reminders.AnswerNotMine {
		return ""
	}
	return a.subject.Record.GetString("reply_reason")
}

// replan brings the messages about the task up to date with what was answered.
func (a *Reply) replan(tx core.App) error {
	if a.subject.Collection != "tasks" {
		return nil
	}
	task, err := tx.FindRecordById("tasks", a.subject.Record.Id)
	if err != nil {
		return err
	}
	return reminders.ReconcileRecord(tx, task, clock.Now())
}

// restsUntil is when the message comes that ends the rest: the one that is
// wanted, or that would be if the reader wanted it now.
func (a *Reply) restsUntil() (time.Time, string, error) {
	cal, err := reminders.LoadCalendar(a.app, a.subject.Programme.Province)
	if err != nil {
		return time.Time{}, "", err
	}
	from := clock.Now()
	last, err := reminders.LastSaid(a.app, a.subject, a.letter.User)
	if len(last) > 0 && last[0].ID == a.letter.ID && last[0].Answer == reminders.AnswerLater {
		from = last[0].AnsweredAt.Time()
	}
	if err != nil {
		return time.Time{}, "", err
	}
	to, there, err := reminders.Reply{User: a.letter.User, Recipient: a.letter.Recipient}.Person(a.app)
	if err != nil || !there {
		return time.Time{}, "", err
	}
	return reminders.RestEnds(from, a.subject, to, cal), to.ZoneFor(a.subject), nil
}

// How an answer stands. Each has its words under reminders.answer.<stand>.
const (
	standAsk    = "ask"    // it can be given
	standTaken  = "taken"  // it was given
	standEnded  = "ended"  // the link is too old
	standClosed = "closed" // the account is closed
	standGone   = "gone"   // what it is about was deleted
	standAway   = "away"   // the person may not see it any more
	standOver   = "over"   // it needs no answer any more
	standOther  = "other"  // it is for somebody else to answer now
	standLogged = "logged" // something was given in the month
	standLate   = "late"   // one more message would not help
)

// Reply is one answer to one message at this moment, in the name of the
// account that the message went to.
type Reply struct {
	app     core.App
	letter  outbox.Delivery
	answer  string
	ended   bool
	user    *core.Record // nil when it is gone
	scope   *access.Scope
	subject reminders.Subject
}

// answeringOf reads what a token stands for. One that is not ours, or whose
// Message is not known, is refused.
func answeringOf(app core.App, token string) (*Reply, error) {
	d, answer, err := outbox.ReadAnswer(app, token)
	a := &Reply{app: app, letter: d, answer: answer, ended: errors.Is(err, signedlink.ErrExpired)}
	switch {
	case errors.Is(err, signedlink.ErrInvalid) && !a.ended, err == nil && !slices.Contains(reminders.AnswersTo[d.Kind], answer):
		return nil, access.ErrRefused
	case err != nil && !a.ended:
		return nil, err
	}
	if a.user, err = reminders.Maybe(app, "users", d.User); err != nil {
		return nil, err
	}
	return a, nil
}

// stand reads everything anew, with the app of a transaction if one is open, and
// finds how the answer stands.
func (a *Reply) stand(app core.App) (stand string, err error) {
	a.app = app
	switch {
	case a.user == nil || a.user.GetBool("disabled"):
		return standClosed, nil
	case a.ended:
		return standEnded, nil
	}
	a.scope = access.As(app, a.user).Through(access.ViaLink)
	there := false
	if a.subject, there, err = reminders.Find(app, a.letter, clock.Now()); err != nil || !there {
		return standGone, err
	}
	_, err = a.scope.View(a.subject.Collection, a.subject.Record.Id)
	if errors.Is(err, access.ErrRefused) {
		return standAway, nil
	}
	if err != nil {
		return "", err
	}
	if a.answer == reminders.AnswerNothing {
		return a.standOfMonth()
	}
	return a.standOfTask()
}

func (a *Reply) standOfTask() (string, error) {
	may := reminders.NewAnswerer(a.subject, a.scope, clock.Now())
	taken, err := a.taken()
	switch {
	case err != nil:
		return "", err
	case a.subject.Closed == outbox.ReasonDone && a.answer == reminders.AnswerDone:
		return standTaken, nil
	case a.subject.Closed != "":
		return standOver, nil
	case taken:
		return standTaken, nil
	case a.answer == reminders.AnswerLater && !may.Helps():
		return standLate, nil
	case !may.Give(a.answer):
		return standOther, nil
	}
	return standAsk, nil
}

// taken reports whether this very answer was the reader's last one and still
// holds: what was finished may be open again, and what was declined taken up.
func (a *Reply) taken() (bool, error) {
	last, err := reminders.LastSaid(a.app, a.subject, a.letter.User)
	if err != nil || len(last) == 0 || last[0].ID != a.letter.ID || last[0].Answer != a.answer || a.answer == reminders.AnswerDone {
		return false, err
	}
	if a.answer != reminders.AnswerNotMine {
		return true, nil
	}
	up, err := a.subject.TakenUp(a.app, last[0])
	return !up, err
}

// standOfMonth is how it stands with what a partner has to report for a month.
func (a *Reply) standOfMonth() (string, error) {
	organisation := a.subject.Record.GetString("organisation")
	gave, err := contributions.ContributedIn(a.app, a.subject.Programme.ID, organisation, a.month())
	if err != nil || gave {
		return standLogged, err
	}
	said, err := contributions.FindNilReport(a.app, a.subject.Programme.ID, organisation, a.month())
	switch {
	case err != nil:
		return "", err
	case said != nil:
		return standTaken, nil
	case a.subject.Closed != "":
		return standOver, nil
	case !(reminders.NewAnswerer(a.subject, a.scope, clock.Now())).Give(a.answer):
		return standOther, nil
	}
	return standAsk, nil
}

// month is the one of which a message asks what was given, YYYY-MM.
func (a *Reply) month() string {
	return a.letter.AnchorAt[:min(len(a.letter.AnchorAt), len("2006-01"))]
}

// language is that of the message, until the reader chooses another.
func (a *Reply) language() string {
	return reminders.First("language", a.user)
}

// about are the lines that say what the answer is about and who gives it.
func (a *Reply) about(language string) ([]web.Fact, error) {
	who, err := reminders.Office(a.app, a.letter.User, a.letter.Recipient)
	facts := []web.Fact{{Label: lang.T(language, "reminders.answer.programme"), Value: a.subject.Programme.Name}}
	if due := a.subject.Record.GetString("due_on"); due != "" {
		facts = append(facts, web.Fact{Label: lang.T(language, "tasks.due_on"), Value: lang.DayLong(language, due)})
	}
	if a.answer == reminders.AnswerNothing {
		facts = append(facts, web.Fact{Label: lang.T(language, "reminders.answer.month"), Value: lang.Month(language, a.month())})
	}
	return append(facts, web.Fact{Label: lang.T(language, "reminders.answer.you"), Value: who}), err
}
