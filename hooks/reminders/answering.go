package reminders

import (
	"errors"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/contributions"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
	"simpul/hooks/signedlink"
)

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
	standLate   = "late"   // one more letter would not help
)

// answering is one answer to one letter at this moment, in the name of the
// account that the letter went to.
type answering struct {
	app     core.App
	letter  mail.Delivery
	answer  string
	ended   bool
	user    *core.Record // nil when it is gone
	door    *access.Door
	subject Subject
}

// answeringOf reads what a token stands for. One that is not ours, or whose
// letter is not known, is refused.
func answeringOf(app core.App, token string) (*answering, error) {
	d, answer, err := mail.ReadAnswer(app, token)
	a := &answering{app: app, letter: d, answer: answer, ended: errors.Is(err, signedlink.ErrExpired)}
	switch {
	case errors.Is(err, signedlink.ErrInvalid) && !a.ended, err == nil && !slices.Contains(answersTo[d.Kind], answer):
		return nil, access.ErrRefused
	case err != nil && !a.ended:
		return nil, err
	}
	if a.user, err = maybe(app, "users", d.User); err != nil {
		return nil, err
	}
	return a, nil
}

// stand reads everything anew, with the app of a transaction if one is open, and
// finds how the answer stands.
func (a *answering) stand(app core.App) (stand string, err error) {
	a.app = app
	switch {
	case a.user == nil || a.user.GetBool("disabled"):
		return standClosed, nil
	case a.ended:
		return standEnded, nil
	}
	a.door = access.Open(app, a.user).Through(access.ViaLink)
	there := false
	if a.subject, there, err = find(app, a.letter, clock.Now()); err != nil || !there {
		return standGone, err
	}
	_, err = a.door.View(a.subject.Collection, a.subject.Record.Id)
	if errors.Is(err, access.ErrRefused) {
		return standAway, nil
	}
	if err != nil {
		return "", err
	}
	if a.answer == answerNothing {
		return a.standOfMonth()
	}
	return a.standOfTask()
}

func (a *answering) standOfTask() (string, error) {
	may := answerer{a.subject, a.door, clock.Now()}
	taken, err := a.taken()
	switch {
	case err != nil:
		return "", err
	case a.subject.Closed == mail.ReasonDone && a.answer == answerDone:
		return standTaken, nil
	case a.subject.Closed != "":
		return standOver, nil
	case taken:
		return standTaken, nil
	case a.answer == answerLater && !may.helps():
		return standLate, nil
	case !may.give(a.answer):
		return standOther, nil
	}
	return standAsk, nil
}

// taken reports whether this very answer was the reader's last one and still
// holds: what was finished may be open again, and what was declined taken up.
func (a *answering) taken() (bool, error) {
	last, err := lastSaid(a.app, a.subject, a.letter.User)
	if err != nil || len(last) == 0 || last[0].ID != a.letter.ID || last[0].Answer != a.answer || a.answer == answerDone {
		return false, err
	}
	if a.answer != answerNotMine {
		return true, nil
	}
	up, err := a.subject.takenUp(a.app, last[0])
	return !up, err
}

// standOfMonth is how it stands with what a partner has to report for a month.
func (a *answering) standOfMonth() (string, error) {
	organisation := a.subject.Record.GetString("organisation")
	gave, err := contributions.GaveIn(a.app, a.subject.Programme.ID, organisation, a.month())
	if err != nil || gave {
		return standLogged, err
	}
	said, err := contributions.NothingSaid(a.app, a.subject.Programme.ID, organisation, a.month())
	switch {
	case err != nil:
		return "", err
	case said != nil:
		return standTaken, nil
	case a.subject.Closed != "":
		return standOver, nil
	case !(answerer{a.subject, a.door, clock.Now()}).give(a.answer):
		return standOther, nil
	}
	return standAsk, nil
}

// month is the one of which a letter asks what was given, YYYY-MM.
func (a *answering) month() string {
	return a.letter.Occurrence[:min(len(a.letter.Occurrence), len("2006-01"))]
}

// language is that of the letter, until the reader chooses another.
func (a *answering) language() string {
	return first("language", a.user)
}

// about are the lines that say what the answer is about and who gives it.
func (a *answering) about(language string) ([]Fact, error) {
	who, err := office(a.app, a.letter.User, a.letter.Recipient)
	facts := []Fact{{Label: lang.T(language, "reminders.answer.programme"), Value: a.subject.Programme.Name}}
	if due := a.subject.Record.GetString("due_on"); due != "" {
		facts = append(facts, Fact{Label: lang.T(language, "tasks.due_on"), Value: lang.DayLong(language, due)})
	}
	if a.answer == answerNothing {
		facts = append(facts, Fact{Label: lang.T(language, "reminders.answer.month"), Value: lang.Month(language, a.month())})
	}
	return append(facts, Fact{Label: lang.T(language, "reminders.answer.you"), Value: who}), err
}
