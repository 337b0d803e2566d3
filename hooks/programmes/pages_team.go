package programmes

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

type teamPage struct {
	web.Base
	Programme *Programme
	Tabs      Tabs
	Team      []Group
	Partners  []Member
	// Form adds somebody; nil for readers who do not lead the programme.
	Form *web.Form
}

// Team shows who runs and follows a programme; its initiators add and remove.
func Team(e *core.RequestEvent) error {
	p, _, err := watching(e)
	if err != nil {
		return err
	}
	return showTeam(e, p, http.StatusOK, memberForm(e))
}

// AddMember gives an existing account a role in the programme.
func AddMember(e *core.RequestEvent) error {
	p, d, err := watching(e)
	if err != nil {
		return err
	}
	form := memberForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	person, err := account(d, p, form.Value("email"))
	if err != nil {
		return err
	}
	if person == nil && form.OK() {
		form.Refuse("email", "memberships.problem_unknown")
	}
	if !form.OK() {
		return showTeam(e, p, http.StatusUnprocessableEntity, form)
	}
	role := form.Value("role")
	fresh, err := appoint(d, p, person, role)
	if err == nil && !fresh {
		form.Refuse("email", "memberships.problem_same_role")
	}
	if form.Take(err) || !form.OK() {
		return showTeam(e, p, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	return web.See(e, p.URL()+"/team", "memberships.added",
		"name", person.GetString("name"), "role", lang.T(web.Language(e), "memberships.role."+role))
}

// RemoveMember ends somebody's place in the team; the last initiator stays.
func RemoveMember(e *core.RequestEvent) error {
	p, d, err := watching(e)
	if err != nil {
		return err
	}
	m, err := d.View("memberships", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if m.GetString("programme") != p.ID() {
		return access.ErrRefused
	}
	if err := d.With([]*core.Record{m}, "user"); err != nil {
		return err
	}
	gone := member(d, m, web.Language(e))
	err = d.Delete(m)
	form := memberForm(e)
	if form.Take(err) {
		for i := range form.Problems {
			form.Problems[i].Field = "" // it is about the person, not about the form that adds one
		}
		return showTeam(e, p, http.StatusUnprocessableEntity, form)
	}
	if err != nil {
		return err
	}
	target := p.URL() + "/team"
	if gone.You {
		target = "/programmes"
	}
	return web.See(e, target, "memberships.removed", "name", gone.Name)
}

// watching finds the programme for somebody who runs or observes it.
func watching(e *core.RequestEvent) (*Programme, *access.Door, error) {
	p, d, err := BySlug(e)
	if err != nil {
		return nil, nil, err
	}
	if !p.Roles.Team && !p.Roles.Observer {
		return nil, nil, access.ErrRefused
	}
	return p, d, nil
}

func memberForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "memberships",
		web.Email("email").Need(),
		web.Codes("role", roles...).Need(),
	)
}

func showTeam(e *core.RequestEvent, p *Programme, status int, form *web.Form) error {
	base := web.New(e, "memberships.title").At("programmes")
	base.Crumbs = append(p.Crumbs(base.Language), web.Crumb{Label: base.Title})
	data := teamPage{Base: base, Programme: p, Tabs: p.Tabs("team", base.Language)}
	if p.Roles.Initiator {
		data.Form = form
	}
	var err error
	if data.Team, data.Partners, err = members(web.Door(e), p, base.Language); err != nil {
		return err
	}
	return web.Render(e, status, "programmes/team", data)
}
