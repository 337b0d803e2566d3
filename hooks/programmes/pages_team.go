package programmes

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
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
	r, err := d.New("memberships")
	if err != nil {
		return err
	}
	var person *core.Record
	return web.Submit(&web.CRUD{Event: e, Record: r,
		Form: func(bool) (*web.Form, error) { return memberForm(e), nil },
		Check: func(form *web.Form) (err error) {
			if person, err = account(d, p, form.Value("email")); person == nil && form.OK() {
				form.AddError("email", "memberships.problem_unknown")
			}
			return err
		},
		Save: func(form *web.Form, _ *core.Record) (*core.Record, error) {
			return appoint(d, p, person, form.Value("role"))
		},
		Show: func(status int, form *web.Form) error { return showTeam(e, p, status, form) },
		Saved: func(r *core.Record) error {
			return web.RedirectWithFlash(e, p.URL()+"/team", "memberships.added", "name", person.GetString("name"),
				"role", web.Words(web.Language(e), r, "role"))
		},
	}, nil)
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
	if form.AddErrors(err) {
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
	return web.RedirectWithFlash(e, target, "memberships.removed", "name", gone.Name)
}

// watching finds the programme for somebody who runs or observes it.
func watching(e *core.RequestEvent) (*Programme, *access.Scope, error) {
	p, d, err := BySlug(e)
	if err == nil && !p.Roles.Team && !p.Roles.Observer {
		err = access.ErrRefused
	}
	return p, d, err
}

func memberForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "memberships",
		web.Email("email").Need(),
		web.Codes("role", roles...).Need(),
	)
}

func showTeam(e *core.RequestEvent, p *Programme, status int, form *web.Form) error {
	base := p.Page(e, "memberships.title")
	data := teamPage{Base: base.Under(base.Title, ""), Programme: p, Tabs: p.Tabs("team", base.Language)}
	if p.Roles.Initiator {
		data.Form = form
	}
	var err error
	if data.Team, data.Partners, err = members(web.Scope(e), p, base.Language); err != nil {
		return err
	}
	return web.Render(e, status, "programmes/team", data)
}

// roles of the team in the order of the page. Partners come by themselves.
var roles = []string{"initiator", "coordinator", "member", "observer"}

// Member is one person's place in a programme.
type Member struct {
	ID, Name, Position string
	Role, RoleLabel    string
	Organisation       string
	You                bool
}

// Group is everybody of one role.
type Group struct {
	Role, Label string
	Members     []Member
}

// members lists who takes part by role: the team and its observers, and the
// partners who can sign in.
func members(d *access.Scope, p *Programme, language string) (team []Group, partners []Member, err error) {
	rows, err := d.List("memberships", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"memberships.programme": p.ID()})
	})
	if err != nil {
		return nil, nil, err
	}
	if err := d.With(rows, "user", "organisation"); err != nil {
		return nil, nil, err
	}
	byRole := map[string][]Member{}
	for _, r := range rows {
		m := member(d, r, language)
		byRole[m.Role] = append(byRole[m.Role], m)
	}
	for role := range byRole {
		slices.SortFunc(byRole[role], func(a, b Member) int {
			return cmp.Or(cmp.Compare(a.Organisation, b.Organisation), cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)))
		})
	}
	for _, role := range roles {
		team = append(team, Group{Role: role, Label: lang.T(language, "memberships.role."+role), Members: byRole[role]})
	}
	return team, byRole["partner"], nil
}

// member describes one membership; a name that the reader may not see stays empty.
func member(d *access.Scope, r *core.Record, language string) Member {
	m := Member{ID: r.Id, Role: r.GetString("role"), RoleLabel: lang.T(language, "memberships.role."+r.GetString("role"))}
	if user := r.ExpandedOne("user"); user != nil {
		m.Name = user.GetString("name")
		m.You = d.Person() != nil && user.Id == d.Person().Id
		if position := user.GetString("position"); !strings.EqualFold(position, m.Name) {
			m.Position = position
		}
	}
	if organisation := r.ExpandedOne("organisation"); organisation != nil {
		m.Organisation = organisation.GetString("name")
	}
	return m
}

// appoint gives somebody a role: a new membership, or another role in the one
// they have. A role they have already is refused.
func appoint(d *access.Scope, p *Programme, person *core.Record, role string) (*core.Record, error) {
	held, err := d.List("memberships", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"memberships.programme": p.ID(), "memberships.user": person.Id}).
			AndWhere(dbx.NewExp("memberships.role != 'partner'"))
	})
	if err != nil {
		return nil, err
	}
	for _, m := range held {
		if m.GetString("role") == role {
			return nil, access.Invalid("email", "memberships.problem_same_role")
		}
	}
	if len(held) > 0 {
		held[0].Set("role", role)
		return held[0], d.Update(held[0])
	}
	m, err := d.New("memberships")
	if err != nil {
		return nil, err
	}
	m.Load(map[string]any{"programme": p.ID(), "user": person.Id, "role": role})
	return m, d.Create(m)
}
