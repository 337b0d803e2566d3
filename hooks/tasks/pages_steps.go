package tasks

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// SetState moves a task on, or back: the tick of a list and the buttons of the
// task's page. The same state twice changes nothing and is no mistake.
func SetState(e *core.RequestEvent) error {
	d := web.Scope(e)
	r, err := d.View("tasks", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	state := e.Request.PostFormValue("state")
	if !slices.Contains(states, state) {
		return lang.Problems{{Field: "state", Key: "problem.not_a_choice"}}
	}
	was := r.GetString("state")
	said := web.NewForm(e, "tasks")
	if err := Advance(d, r, state); said.AddErrors(err) {
		// A button has no field at which to say it.
		return web.RedirectWithWarning(e, back(e, r.Id), said.Problems[0].Key, said.Problems[0].Args...)
	} else if err != nil {
		return err
	}
	if was == state || state == Cancelled && !d.Roles(r.GetString("programme")).Team {
		return web.RedirectWithFlash(e, back(e, r.Id), "tasks.now_"+state)
	}
	undo := web.Undo{Action: taskURL(r.Id) + "/state", Name: "state", Value: was, Back: back(e, r.Id)}
	return undo.See(e, undo.Back, "tasks.now_"+state)
}

// back is the page of this hub that a step was taken on: named by the form, else
// by the browser, else the task's own.
func back(e *core.RequestEvent, task string) string {
	if to := e.Request.PostFormValue("back"); to != "" {
		return web.Local(to)
	}
	from, err := url.Parse(e.Request.Referer())
	if err != nil || from.Host != e.Request.Host || from.Path == "" {
		return taskURL(task)
	}
	return web.Local(from.RequestURI())
}

// SetReply keeps the organisation's answer to a task.
func (p Page) SetReply(e *core.RequestEvent) error {
	v, err := p.load(e)
	if err != nil {
		return err
	}
	v.reason = reasonForm(e)
	form := v.reason
	if err := form.Read(e); err != nil {
		return err
	}
	if !v.task.Open() {
		form.AddError("", "tasks.problem_reply_closed") // there is nothing left to press to which it could lead
	}
	if form.Value("reply") == Declined && !hasWords(form.Value("reply_reason")) && form.OK() {
		form.AddError("reply_reason", "tasks.problem_reply_reason")
	}
	if !form.OK() {
		return v.refused()
	}
	if err := Reply(v.d, v.task.Record, form.Value("reply"), form.Value("reply_reason")); form.AddErrors(err) {
		return v.refused()
	} else if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, v.task.URL(), "tasks.replied")
}

// AddComment puts a comment under a task.
func (p Page) AddComment(e *core.RequestEvent) error {
	v, err := p.load(e)
	if err != nil {
		return err
	}
	r, err := v.d.New("comments")
	if err != nil {
		return err
	}
	r.Load(map[string]any{"programme": v.p.ID(), "task": v.task.ID(), "visibility": "partners"})
	return web.Submit(&web.CRUD{Event: e, Record: r,
		Form: func(bool) (*web.Form, error) { return v.commentForm() },
		Show: func(_ int, form *web.Form) error {
			v.comment = form
			return v.refused()
		},
		Saved: func(r *core.Record) error {
			return web.RedirectWithFlash(e, v.task.URL()+"#comment-"+r.Id, "comments.added")
		},
	}, nil)
}

// refused shows the page again with what was typed, to those who may answer.
func (v *taskView) refused() error {
	if !v.mayAnswer() {
		return access.ErrRefused
	}
	return v.render(http.StatusUnprocessableEntity)
}

// reasonForm is the organisation's answer. Its reply is sent by the buttons.
func reasonForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "tasks", web.Codes("reply", replies...).Need(), web.Text("reply_reason").Max(longestReason).Draft())
}

// commentForm asks the team who shall read a comment; what partners write is
// for both.
func (v *taskView) commentForm() (*web.Form, error) {
	r, err := v.d.New("comments")
	if err != nil {
		return nil, err
	}
	inputs := web.RecordInputs(r, nil)
	inputs.Get("visibility").Offer("partners", "team")
	if !v.p.Roles.Team {
		inputs = inputs.Without("visibility")
	}
	return web.NewForm(v.e, "comments", inputs...).Set("visibility", "partners"), nil
}
