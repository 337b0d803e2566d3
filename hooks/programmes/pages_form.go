package programmes

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

type formPage struct {
	web.Base
	Form           *web.Form
	Action, Cancel string
	Fresh          bool
	// Unfold shows what can follow later, because something stands in it.
	Unfold bool
}

// later are the fields that a new programme can do without at first.
var later = []string{"expansion", "kind", "time_zone", "summary"}

// New asks for a new programme.
func New(e *core.RequestEvent) error {
	d := web.Door(e)
	if !mayStart(d) {
		return access.ErrRefused
	}
	form, err := startForm(e, d)
	if err != nil {
		return err
	}
	return showNew(e, http.StatusOK, form)
}

// Create makes a programme; whoever makes it becomes its initiator.
func Create(e *core.RequestEvent) error {
	d := web.Door(e)
	if !mayStart(d) {
		return access.ErrRefused
	}
	form, err := startForm(e, d)
	if err != nil {
		return err
	}
	if err := form.Read(e); err != nil {
		return err
	}
	if err := checkOwner(d, form); err != nil {
		return err
	}
	if !form.OK() {
		return showNew(e, http.StatusUnprocessableEntity, form)
	}
	made, err := start(d, form)
	if form.Take(err) {
		return showNew(e, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	p := Wrap(d, made)
	return web.See(e, p.URL(), "programmes.created", "name", p.Name())
}

// mayStart decides whether the form is shown; the rule decides the rest.
func mayStart(d *access.Door) bool {
	return d.Super() || d.Person().GetBool("may_create_programmes")
}

func showNew(e *core.RequestEvent, status int, form *web.Form) error {
	base := web.New(e, "programmes.title_new").At("programmes").AsForm()
	base = base.Under(lang.T(base.Language, "programmes.title"), "/programmes").Under(base.Title, "")
	return web.Render(e, status, "programmes/form",
		formPage{Base: base, Form: form, Action: "/programmes", Cancel: "/programmes", Fresh: true, Unfold: Touched(form, later...)})
}

// Edit asks what is to change of a programme.
func Edit(e *core.RequestEvent) error {
	p, d, err := running(e)
	if err != nil {
		return err
	}
	form, err := changeForm(e, d, p)
	if err != nil {
		return err
	}
	return showEdit(e, http.StatusOK, p, form.From(p.Record))
}

// Update changes a programme, its state included.
func Update(e *core.RequestEvent) error {
	p, d, err := running(e)
	if err != nil {
		return err
	}
	form, err := changeForm(e, d, p)
	if err != nil {
		return err
	}
	if err := form.Read(e); err != nil {
		return err
	}
	now, err := changeForm(e, d, p)
	if err != nil {
		return err
	}
	name := p.Name()
	if form.Overtaken(now.From(p.Record)) || !form.OK() {
		return showEdit(e, http.StatusUnprocessableEntity, p, form)
	}
	form.Into(p.Record)
	err = d.Update(p.Record)
	if form.Take(err) {
		p.Set("name", name) // the page is still about the stored programme
		return showEdit(e, http.StatusUnprocessableEntity, p, form)
	}
	if err != nil {
		return err
	}
	return web.See(e, p.URL(), "programmes.saved")
}

// running finds the programme for somebody who runs it.
func running(e *core.RequestEvent) (*Programme, *access.Door, error) {
	p, d, err := BySlug(e)
	if err != nil {
		return nil, nil, err
	}
	if !d.May(access.MayRun, p.Record) {
		return nil, nil, access.ErrRefused
	}
	return p, d, nil
}

func showEdit(e *core.RequestEvent, status int, p *Programme, form *web.Form) error {
	base := web.New(e, "programmes.title_edit").At("programmes").AsForm()
	base.Crumbs = append(p.Crumbs(base.Language), web.Crumb{Label: base.Title})
	return web.Render(e, status, "programmes/form",
		formPage{Base: base, Form: form, Action: p.URL() + "/edit", Cancel: p.URL(), Unfold: true})
}
