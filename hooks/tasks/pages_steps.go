package tasks

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
)

// SetState moves a task on, or back: the tick of a list and the buttons of the
// task's page. The same state twice changes nothing and is no mistake.
func SetState(e *core.RequestEvent) error {
	d := page.Door(e)
	r, err := d.View("tasks", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	state := e.Request.PostFormValue("state")
	if !slices.Contains(states, state) {
		return lang.Problems{{Field: "state", Key: "problem.not_a_choice"}}
	}
	was := r.GetString("state")
	said := page.NewForm(e, "tasks")
	if err := Advance(d, r, state); said.Take(err) {
		// A button has no field at which to say it.
		return page.Warn(e, back(e, r.Id), said.Problems[0].Key, said.Problems[0].Args...)
	} else if err != nil {
		return err
	}
	if was == state || state == Cancelled && !d.Roles(r.GetString("programme")).Team {
		return page.See(e, back(e, r.Id), "tasks.now_"+state)
	}
	undo := page.Undo{Action: address(r.Id) + "/state", Name: "state", Value: was, Back: back(e, r.Id)}
	return undo.See(e, undo.Back, "tasks.now_"+state)
}

// back is the page of this hub that a step was taken on: named by the form, else
// by the browser, else the task's own.
func back(e *core.RequestEvent, task string) string {
	if to := e.Request.PostFormValue("back"); to != "" {
		return page.Local(to)
	}
	from, err := url.Parse(e.Request.Referer())
	if err != nil || from.Host != e.Request.Host || from.Path == "" {
		return address(task)
	}
	return page.Local(from.RequestURI())
}

// SetReply keeps the organisation's answer to a task.
func SetReply(e *core.RequestEvent) error {
	s, err := look(e)
	if err != nil {
		return err
	}
	form := reasonForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	s.reason = form
	if !s.task.Open() {
		form.Refuse("", "tasks.problem_reply_closed") // there is nothing left to press to which it could lead
	}
	if form.Value("reply") == Declined && !words(form.Value("reply_reason")) && form.OK() {
		form.Refuse("reply_reason", "tasks.problem_reply_reason")
	}
	if !form.OK() {
		return s.refused(e)
	}
	if err := Reply(s.d, s.task.Record, form.Value("reply"), form.Value("reply_reason")); form.Take(err) {
		return s.refused(e)
	} else if err != nil {
		return err
	}
	return page.See(e, s.task.URL(), "tasks.replied")
}

// AddComment puts a comment under a task.
func AddComment(e *core.RequestEvent) error {
	s, err := look(e)
	if err != nil {
		return err
	}
	if err := s.comment.Read(e); err != nil {
		return err
	}
	if !s.comment.OK() {
		return s.refused(e)
	}
	r, err := s.d.New("comments")
	if err != nil {
		return err
	}
	s.comment.Into(r)
	r.Set("programme", s.p.ID())
	r.Set("task", s.task.ID())
	if !s.p.Roles.Team {
		r.Set("visibility", "partners")
	}
	made, err := s.d.CreateOnce(r)
	if s.comment.Take(err) {
		return s.refused(e)
	}
	if err != nil {
		return err
	}
	return page.See(e, s.task.URL()+"#comment-"+made.Id, "comments.added")
}

// refused shows the page again with what was typed, to those who may answer.
func (s *sight) refused(e *core.RequestEvent) error {
	if !s.mayAnswer() {
		return access.ErrRefused
	}
	return s.render(e, http.StatusUnprocessableEntity)
}

// reasonForm is the organisation's answer. Its reply is sent by the buttons.
func reasonForm(e *core.RequestEvent) *page.Form {
	return page.NewForm(e, "tasks", page.Codes("reply", replies...).Need(), page.Text("reply_reason").Max(longestReason).Draft())
}

// commentForm asks the team who shall read a comment; what partners write is
// for both.
func commentForm(e *core.RequestEvent, team bool) *page.Form {
	inputs := []*page.Input{page.Hidden("once"), page.Long("body").Need().Max(5000).Draft()}
	if team {
		inputs = append(inputs, page.Codes("visibility", "partners", "team").Need())
	}
	return page.NewForm(e, "comments", inputs...).Set("visibility", "partners")
}
