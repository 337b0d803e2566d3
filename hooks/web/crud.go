package web

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"
)

// CRUD carries one record through its form: it is asked for, read, checked,
// saved once and led on from, or shown again with what is wrong.
type CRUD struct {
	Event *core.RequestEvent
	// Record is new, or the stored one, which is left as it is.
	Record *core.Record
	// Form lays the form out; nil means RecordForm without choices. Quick asks for
	// one that is only read and never shown, so that no choices are looked up.
	Form func(quick bool) (*Form, error)
	// Fill adds what a form opens with besides the stored values; may be nil.
	Fill func(*Form)
	// Check notes what is wrong at the form; may be nil.
	Check func(*Form) error
	// Save writes the form into the record and keeps it; nil means all inputs of
	// the record's own fields, once for a new record.
	Save func(*Form, *core.Record) (*core.Record, error)
	Show func(status int, form *Form) error
	// Saved leads on from the record that was kept.
	Saved func(*core.Record) error
}

// GetForm is the handler that shows the form of what load makes of a request.
func GetForm(load func(*core.RequestEvent) (*CRUD, error)) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error { return Ask(load(e)) }
}

// PostForm is the handler that saves it.
func PostForm(load func(*core.RequestEvent) (*CRUD, error)) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error { return Submit(load(e)) }
}

// Ask shows the form. It takes the two results of what makes a CRUD.
func Ask(c *CRUD, err error) error {
	if err != nil {
		return err
	}
	form, err := c.open(false)
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, form)
}

// Submit saves what was sent, or shows it again. A form sent twice makes one
// record, and one that somebody else overtook is shown with what is stored now.
func Submit(c *CRUD, err error) error {
	if err != nil {
		return err
	}
	form, err := c.read(true)
	if err != nil {
		return err
	}
	var refusal error
	if form.OK() {
		var saved *core.Record
		if saved, refusal = c.save(form); refusal == nil {
			return c.Saved(saved)
		}
		if !form.AddErrors(refusal) {
			return refusal
		}
	}
	shown, err := c.read(false)
	if err != nil {
		return err
	}
	if shown.OK() {
		shown.AddErrors(refusal)
	}
	return c.Show(http.StatusUnprocessableEntity, shown)
}

func (c *CRUD) layout(quick bool) (*Form, error) {
	if c.Form == nil {
		return RecordForm(c.Event, c.Record, nil), nil
	}
	return c.Form(quick)
}

// open is the form as it opens at present.
func (c *CRUD) open(quick bool) (*Form, error) {
	form, err := c.layout(quick)
	if err != nil {
		return nil, err
	}
	if !c.Record.IsNew() {
		form.From(c.Record)
	}
	if c.Fill != nil {
		c.Fill(form)
	}
	return form, nil
}

// read is the form as it was sent, with what is wrong with it.
func (c *CRUD) read(quick bool) (*Form, error) {
	form, err := c.layout(quick)
	if err != nil {
		return nil, err
	}
	if err := form.Read(c.Event); err != nil {
		return nil, err
	}
	if !c.Record.IsNew() {
		now, err := c.open(quick)
		if err != nil {
			return nil, err
		}
		form.CheckConflict(now)
	}
	if c.Check != nil {
		err = c.Check(form)
	}
	return form, err
}

// save works on a copy, so that a page that is shown again is about the record as
// it is stored.
func (c *CRUD) save(form *Form) (*core.Record, error) {
	r := c.Record.Fresh()
	if c.Record.IsNew() {
		r = c.Record.Clone()
	}
	if c.Save != nil {
		return c.Save(form, r)
	}
	form.Into(r)
	if r.IsNew() {
		return Scope(c.Event).CreateIdempotent(r)
	}
	return r, Scope(c.Event).Update(r)
}

// FormPage is a page that asks for a record: the template "form".
type FormPage struct {
	Base
	Form *Form
	// Sub stands under the heading.
	Sub string
	// Action is where the form is sent, Cancel where the reader came from.
	Action, Cancel, Submit string
	// Draft is the name under which unsent text is kept in the browser.
	Draft string
	// Before stands above the form, Within below what is wrong with it.
	Before []Callout
	Within *Callout
	// End is a step below the form that ends what it is about.
	End *Confirm
}

// ShowForm renders a FormPage, without the tab bar that would cover its button.
func ShowForm(e *core.RequestEvent, status int, data FormPage) error {
	data.Base = data.AsForm()
	return Render(e, status, "form", data)
}
