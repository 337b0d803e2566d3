package tasks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// formPage asks for a task, a new one or another shape of an old one.
type formPage struct {
	page.Base
	Form *page.Form
	// Action is where the form is sent, Cancel where the reader came from.
	Action, Cancel, Submit, Draft string
	// Lonely says that no organisation takes part yet, Partners where to add one.
	Lonely   bool
	Partners string
	// Unfolded shows the fields that most tasks can do without.
	Unfolded bool
	Folded   []string
	// Moving asks why, should the due day change.
	Moving bool
	// Hidden are the fields that keep one form from counting twice.
	Hidden []string
}

// Add asks for a new task of a programme.
func Add(e *core.RequestEvent) error {
	p, d, err := leading(e)
	if err != nil {
		return err
	}
	form, err := newForm(e, d, p)
	if err != nil {
		return err
	}
	form.Set("urgency", "normal").Set("organisation", e.Request.URL.Query().Get("organisation"))
	if !d.Super() {
		form.Set("accountable", person(d))
	}
	return showNew(e, p, form, http.StatusOK)
}

// Create saves a new task.
func Create(e *core.RequestEvent) error {
	p, d, err := leading(e)
	if err != nil {
		return err
	}
	r, err := d.New("tasks")
	if err != nil {
		return err
	}
	quick := quickForm(e, page.Hidden("once"), page.Hidden("again"))
	if err := quick.Read(e); err != nil {
		return err
	}
	quick.Into(r)
	r.Set("programme", p.ID())
	if err := doubtTwin(d, p, quick); err != nil {
		return err
	}
	if quick.OK() {
		r, err = d.CreateOnce(r)
	}
	if !quick.OK() || quick.Take(err) {
		return refuseNew(e, d, p, err)
	}
	if err != nil {
		return err
	}
	return page.See(e, address(r.Id), "tasks.created")
}

// refuseNew shows the form again with what was typed and what is wrong with it.
func refuseNew(e *core.RequestEvent, d *access.Door, p *programmes.Programme, refusal error) error {
	form, err := newForm(e, d, p)
	if err != nil {
		return err
	}
	if err := form.Read(e); err != nil {
		return err
	}
	if form.OK() {
		form.Take(refusal)
	}
	if err := doubtTwin(d, p, form); err != nil {
		return err
	}
	return showNew(e, p, form, http.StatusUnprocessableEntity)
}

// Edit shows a task's fields to the team.
func Edit(e *core.RequestEvent) error {
	s, form, err := editing(e)
	if err != nil {
		return err
	}
	form.From(s.task.Record).Set("due_reason", "")
	return s.showEdit(e, form, http.StatusOK)
}

// Save keeps another shape of a task, unless somebody else changed it meanwhile.
func Save(e *core.RequestEvent) error {
	s, form, err := editing(e)
	if err != nil {
		return err
	}
	if err := form.Read(e); err != nil {
		return err
	}
	now, err := editForm(e, s)
	if err != nil {
		return err
	}
	// A reason belongs to one change; the stored one is that of an earlier.
	now.From(s.task.Record).Set("due_reason", form.Value("due_reason"))
	if form.Overtaken(now) || !form.OK() {
		return s.showEdit(e, form, http.StatusUnprocessableEntity)
	}
	form.Into(s.task.Record)
	if err := s.d.Update(s.task.Record); form.Take(err) {
		return s.showEdit(e, form, http.StatusUnprocessableEntity)
	} else if err != nil {
		return err
	}
	return page.See(e, s.task.URL(), "tasks.saved")
}

// leading views the programme for those of its team.
func leading(e *core.RequestEvent) (*programmes.Programme, *access.Door, error) {
	p, d, err := programmes.BySlug(e)
	if err == nil && !p.Roles.Team {
		err = access.ErrRefused
	}
	return p, d, err
}

// editing views the task for the team of its programme, with its form.
func editing(e *core.RequestEvent) (*sight, *page.Form, error) {
	s, err := look(e)
	if err != nil {
		return nil, nil, err
	}
	if !s.p.Roles.Team {
		return nil, nil, access.ErrRefused
	}
	form, err := editForm(e, s)
	return s, form, err
}

func showNew(e *core.RequestEvent, p *programmes.Programme, form *page.Form, status int) error {
	b := programmePage(e, p, "tasks.new_title").AsForm()
	b.Crumbs = append(b.Crumbs, page.Crumb{Label: lang.T(b.Language, "tasks.tab"), URL: base(p)})
	submit := lang.T(b.Language, "tasks.add")
	if form.Value("again") != "" {
		submit = lang.T(b.Language, "tasks.add_twice")
	}
	return page.Render(e, status, "tasks/form", formPage{
		Base:     b,
		Form:     form,
		Action:   base(p),
		Cancel:   base(p),
		Submit:   submit,
		Draft:    "task-new-" + p.Slug(),
		Lonely:   len(form.Field("organisation").Options) == 0,
		Partners: p.URL() + "/stakeholders",
		Unfolded: unfolded(form),
		Folded:   folded,
		Hidden:   []string{"once", "again"},
	})
}

func (s *sight) showEdit(e *core.RequestEvent, form *page.Form, status int) error {
	b := programmePage(e, s.p, "tasks.edit_title").AsForm()
	b.Crumbs = append(b.Crumbs, page.Crumb{Label: s.task.Title(), URL: s.task.URL()})
	return page.Render(e, status, "tasks/form", formPage{
		Base:     b,
		Form:     form,
		Action:   s.task.URL(),
		Cancel:   s.task.URL(),
		Submit:   lang.T(b.Language, "tasks.save"),
		Draft:    "task-" + s.task.ID(),
		Unfolded: unfolded(form),
		Moving:   s.task.DueOn() != "",
		Folded:   folded,
		Hidden:   []string{"seen"},
	})
}
