package meetings

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

type formPage struct {
	web.Base
	Form *web.Form
	// Action is where the form is sent, Cancel where the reader came from.
	Action, Cancel, Submit, Draft string
	// Key names the hidden field of the form.
	Key string
	// Unfolded shows the fields that most meetings can do without.
	Unfolded bool
	Folded   []string
}

// New asks for a new meeting of a programme.
func New(e *core.RequestEvent) error {
	p, form, err := planning(e)
	if err != nil {
		return err
	}
	for name, value := range usual(p) {
		form.Set(name, value)
	}
	form.Set("kind", kinds[0]).Set("mode", inPerson)
	return showNew(e, p, form, http.StatusOK)
}

// usual is what most new meetings of a programme have in the folded fields.
func usual(p *programmes.Programme) map[string]string {
	return map[string]string{"time_zone": p.Zone(), "status": Scheduled}
}

// planning views the programme for its team, with an empty form.
func planning(e *core.RequestEvent) (*programmes.Programme, *web.Form, error) {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return nil, nil, err
	}
	if !p.Roles.Team {
		return nil, nil, access.ErrRefused
	}
	offered, err := contacts(d, p, web.Language(e))
	return p, newForm(e, offered, "once"), err
}

// Create saves a new meeting.
func Create(e *core.RequestEvent) error {
	p, form, err := planning(e)
	if err != nil {
		return err
	}
	if err := form.Read(e); err != nil {
		return err
	}
	d := web.Door(e)
	r, err := d.New("meetings")
	if err != nil {
		return err
	}
	if into(form, r); !form.OK() {
		return showNew(e, p, form, http.StatusUnprocessableEntity)
	}
	r.Set("programme", p.ID())
	made, err := d.CreateOnce(r)
	if form.Take(err) {
		return showNew(e, p, form, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return web.See(e, address(made.Id), "meetings.created")
}

// Edit shows a meeting's fields to the team.
func Edit(e *core.RequestEvent) error {
	s, form, err := changing(e)
	if err != nil {
		return err
	}
	return s.showEdit(e, s.m.shownAs(form), http.StatusOK)
}

// changing views the meeting for the team of its programme, with its form.
func changing(e *core.RequestEvent) (*sight, *web.Form, error) {
	s, err := leading(e)
	if err != nil {
		return nil, nil, err
	}
	offered, err := s.contacts(web.Language(e))
	return s, newForm(e, offered, "seen"), err
}

// Save keeps another shape of a meeting, unless somebody else changed it meanwhile.
func Save(e *core.RequestEvent) error {
	s, form, err := changing(e)
	if err != nil {
		return err
	}
	if err := form.Read(e); err != nil {
		return err
	}
	offered, err := s.contacts(web.Language(e))
	if err != nil {
		return err
	}
	form.Overtaken(s.m.shownAs(newForm(e, offered, "seen")))
	changed := s.m.Record.Fresh()
	if into(form, changed); !form.OK() {
		return s.showEdit(e, form, http.StatusUnprocessableEntity)
	}
	err = s.d.Update(changed)
	if form.Take(err) {
		return s.showEdit(e, form, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return web.See(e, s.m.URL(), "meetings.saved")
}

func showNew(e *core.RequestEvent, p *programmes.Programme, form *web.Form, status int) error {
	b := web.New(e, "meetings.new_title").At("programmes").AsForm()
	b.Crumbs = append(p.Crumbs(b.Language), web.Crumb{Label: lang.T(b.Language, "meetings.tab"), URL: base(p)})
	return web.Render(e, status, "meetings/form", formPage{
		Base:     b,
		Form:     form,
		Action:   base(p),
		Cancel:   base(p),
		Submit:   lang.T(b.Language, "meetings.plan"),
		Draft:    "meeting-new-" + p.Slug(),
		Key:      "once",
		Unfolded: unfolded(form, usual(p)),
		Folded:   folded,
	})
}

func (s *sight) showEdit(e *core.RequestEvent, form *web.Form, status int) error {
	b := web.New(e, "meetings.edit_title").At("programmes").AsForm()
	b.Crumbs = s.crumbs(b.Language)
	return web.Render(e, status, "meetings/form", formPage{
		Base:     b,
		Form:     form,
		Action:   s.m.URL(),
		Cancel:   s.m.URL(),
		Submit:   lang.T(b.Language, "meetings.save"),
		Draft:    "meeting-" + s.m.ID(),
		Key:      "seen",
		Unfolded: unfolded(form, usual(s.p)),
		Folded:   folded,
	})
}
