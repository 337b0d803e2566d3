package replies

import (
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/web"
)

// answerPage is where a link in a message asks before anything happens, and says
// afterwards what did.
type answerPage struct {
	web.Base
	Stand, Answer string
	Subject       string // what it is about; empty to those who may not see it
	About         []web.Fact
	Says          string
	Stranger      string // somebody else is signed in here
	Form          *web.Form
	Open          string // address of the thing itself
	Undo          bool
}

// hushed are the stands in which the page says nothing of what the message was about.
var hushed = []string{standEnded, standClosed, standGone, standAway}

// Answer asks whether an answer is to be given. Mail scanners open every link,
// so looking changes nothing.
func Answer(e *core.RequestEvent) error {
	a, err := answeringOf(e.App, e.Request.PathValue("token"))
	if err != nil {
		return web.Broken(e, err)
	}
	web.SetLanguageHint(e, a.language())
	return a.show(e, http.StatusOK, a.form(e))
}

// GiveAnswer gives the answer and leads back to the page, which then says so.
func GiveAnswer(e *core.RequestEvent) error {
	a, err := answeringOf(e.App, e.Request.PathValue("token"))
	if err != nil {
		return web.Broken(e, err)
	}
	web.SetLanguageHint(e, a.language())
	form := a.form(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if !form.OK() {
		return a.show(e, http.StatusUnprocessableEntity, form)
	}
	if err := a.give(e.App, form.Value("reply_reason")); form.AddErrors(err) {
		return a.show(e, http.StatusUnprocessableEntity, form)
	} else if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, e.Request.URL.Path, "")
}

// TakeAnswerBack gives an answer up again, and says so, or that nothing was there to take back.
func TakeAnswerBack(e *core.RequestEvent) error {
	a, err := answeringOf(e.App, e.Request.PathValue("token"))
	if err != nil {
		return web.Broken(e, err)
	}
	web.SetLanguageHint(e, a.language())
	said, err := a.takeBack(e.App)
	if err != nil {
		return err
	}
	back := "/reminders/answer/" + e.Request.PathValue("token")
	if said != undone {
		return web.RedirectWithWarning(e, back, said)
	}
	return web.RedirectWithFlash(e, back, said)
}

// form asks for a reason where one helps whoever hands the task on.
func (a *Reply) form(e *core.RequestEvent) *web.Form {
	if a.answer != reminders.AnswerNotMine {
		return web.NewForm(e, "tasks")
	}
	return web.NewForm(e, "tasks", web.Text("reply_reason").Max(500).Hint("reminders.answer.declined_by_recipient.hint"))
}

func (a *Reply) show(e *core.RequestEvent, status int, form *web.Form) error {
	stand, err := a.stand(e.App)
	if err != nil {
		return err
	}
	data := answerPage{Base: web.New(e, "reminders.answer."+a.answer+".title"), Stand: stand, Answer: a.answer, Form: form, Open: a.letter.URL}
	data.Path = "/reminders/answer/" + e.Request.PathValue("token")
	if slices.Contains(hushed, stand) {
		if stand != standEnded {
			data.Open = "" // it would lead to nothing
		}
		data.Title = lang.T(data.Language, "reminders.answer.no_more")
		data.Says = lang.T(data.Language, "reminders.answer."+stand)
		return web.Render(e, http.StatusGone, "reminders/answer", data)
	}
	data.Subject, data.Undo = a.subject.Title, stand == standTaken && a.undoable()
	if data.About, err = a.about(data.Language); err != nil {
		return err
	}
	data.Stranger = web.Stranger(data.Base, "reminders.answer.stranger", a.letter.User, data.About[len(data.About)-1].Value)
	if data.Says, err = a.says(stand, data.Language); err != nil {
		return err
	}
	return web.Render(e, status, "reminders/answer", data)
}

// says is what will happen, what has happened, or what stands against it.
func (a *Reply) says(stand, language string) (string, error) {
	key := "reminders.answer." + stand
	if stand == standAsk || stand == standTaken {
		key = "reminders.answer." + a.answer + "." + stand
	}
	args := []any{"organisation", a.subject.Title}
	if a.answer == reminders.AnswerLater {
		until, zone, err := a.restsUntil()
		if err != nil {
			return "", err
		}
		args = append(args, "when", lang.Moment(language, until, zone))
	}
	if a.answer == reminders.AnswerNothing {
		args = append(args, "month", lang.Month(language, a.month()))
	}
	return lang.T(language, key, args...), nil
}
