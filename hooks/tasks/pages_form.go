package tasks

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/web"
)

// taskForm asks for a task of a programme: a new one, or another shape of the
// stored one.
type taskForm struct {
	e *core.RequestEvent
	d *access.Scope
	p *programmes.Programme
	r *core.Record
}

// NewTask is the form of a new task.
func NewTask(e *core.RequestEvent) (*web.CRUD, error) {
	p, d, err := programmes.ForTeam(e)
	if err != nil {
		return nil, err
	}
	r, err := d.New("tasks")
	if err != nil {
		return nil, err
	}
	r.Set("programme", p.ID())
	f := taskForm{e, d, p, r}
	return &web.CRUD{Event: e, Record: r, Form: f.layout, Fill: f.fill, Check: f.askDuplicate, Show: f.show,
		Saved: func(r *core.Record) error { return web.RedirectWithFlash(e, taskURL(r.Id), "tasks.created") }}, nil
}

// StoredTask is the form of a task.
func StoredTask(e *core.RequestEvent) (*web.CRUD, error) {
	r, p, err := programmes.ViewForTeam(e, "tasks")
	if err != nil {
		return nil, err
	}
	f := taskForm{e, web.Scope(e), p, r}
	return &web.CRUD{Event: e, Record: r, Form: f.layout, Show: f.show,
		Saved: func(r *core.Record) error { return web.RedirectWithFlash(e, taskURL(r.Id), "tasks.saved") }}, nil
}

// layout asks why, should a due day change.
func (f taskForm) layout(quick bool) (*web.Form, error) {
	var choices web.Choices
	var err error
	if !quick {
		choices, err = f.choices()
	}
	inputs := web.RecordInputs(f.r, choices)
	if f.r.IsNew() {
		inputs = append(inputs, web.Hidden("again"))
	} else if f.r.GetString("due_on") != "" {
		inputs = inputs.After("due_on", web.Text("due_reason").Max(longestReason).Passing())
	}
	return web.NewForm(f.e, "tasks", inputs...), err
}

// choices are what can be chosen in the programme, and what the task has now
// even if nobody could choose it any more.
func (f taskForm) choices() (c web.Choices, err error) {
	c = web.Choices{}
	if c["organisation"], err = roster.OrganisationOptions(f.d, f.p, web.Language(f.e)); err != nil {
		return c, err
	}
	if c["accountable"], err = roster.TeamOptions(f.d, f.p); err != nil {
		return c, err
	}
	if c["stage"], err = stages.options(f.d, f.p); err != nil {
		return c, err
	}
	if c["milestone"], err = milestones.options(f.d, f.p); err != nil {
		return c, err
	}
	if c["assignee"], err = roster.ContactOptions(f.d, web.Values(c["organisation"])); err != nil || f.r.IsNew() {
		return c, err
	}
	err = f.d.With([]*core.Record{f.r}, "organisation", "accountable", "assignee")
	return c.Keep(f.r, "organisation", "accountable", "assignee"), err
}

// partKind is what a programme is made of: what it is called and sorted by.
type partKind struct{ collection, label, order string }

var (
	stages     = partKind{"stages", "name", "position"}
	milestones = partKind{"milestones", "title", "due_on"}
)

// options offers the stages or milestones of a programme.
func (t partKind) options(d *access.Scope, p *programmes.Programme) ([]web.Option, error) {
	q, err := d.QueryIn(p.Record, t.collection)
	if err != nil {
		return nil, err
	}
	options := []web.Option{}
	err = q.Select(t.collection+".id AS value", t.collection+"."+t.label+" AS label").
		OrderBy(t.collection+"."+t.order, t.collection+".id").All(&options)
	return options, err
}

// fill offers whoever makes the task to answer for it.
func (f taskForm) fill(form *web.Form) {
	form.Set("urgency", "normal").Set("organisation", f.e.Request.URL.Query().Get("organisation"))
	if !f.d.Super() {
		form.Set("accountable", person(f.d))
	}
}

// askDuplicate asks whether a task is meant that the person has just made.
func (f taskForm) askDuplicate(form *web.Form) error {
	r := f.r.Clone()
	form.Into(r)
	same := dbx.HashExp{}
	for _, field := range []string{"programme", "organisation", "title", "due_on"} {
		same[field] = r.GetString(field)
	}
	found, err := web.FindDuplicate(f.d, form, "tasks", same)
	if found != nil {
		form.Confirm(taskURL(found.Id), "tasks.problem_duplicate", "title", found.GetString("title"))
	}
	return err
}

func (f taskForm) show(status int, form *web.Form) error {
	data := web.FormPage{Form: form, Action: listURL(f.p), Draft: "task-new-" + f.p.Slug()}
	submit := "tasks.add"
	if f.r.IsNew() {
		data.Base = f.p.Page(f.e, "tasks.new_title", "programme", f.p.Name())
		data.Base = data.Under(lang.T(data.Language, "tasks.tab"), listURL(f.p))
		if form.Value("again") != "" {
			submit = "tasks.add_twice"
		}
		if len(form.Field("organisation").Options) == 0 {
			data.Before = []web.Callout{{Title: lang.T(data.Language, "tasks.no_organisation"), Text: lang.T(data.Language, "tasks.no_organisation_text"),
				URL: f.p.URL() + "/stakeholders", Label: lang.T(data.Language, "tasks.no_organisation_action")}}
		}
	} else {
		t := Wrap(f.r)
		data.Base = f.p.Page(f.e, "tasks.edit_title", "programme", f.p.Name()).Under(t.Title(), t.URL())
		data.Action, data.Draft, submit = t.URL(), "task-"+t.ID(), "tasks.save"
	}
	data.Cancel, data.Submit = data.Action, lang.T(data.Language, submit)
	return web.ShowForm(f.e, status, data)
}
