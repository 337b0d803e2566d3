package programmes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
)

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
func members(d *access.Door, p *Programme, language string) (team []Group, partners []Member, err error) {
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
func member(d *access.Door, r *core.Record, language string) Member {
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

// account finds the open account that signs in with an address. Only somebody
// who leads a programme may ask, and hears the same of a closed account as of none.
func account(d *access.Door, p *Programme, email string) (*core.Record, error) {
	if !d.May(access.MayLead, p.Record) {
		return nil, access.ErrRefused
	}
	r, err := d.App().FindAuthRecordByEmail("users", strings.ToLower(email))
	if err != nil {
		r, err = d.App().FindAuthRecordByEmail("users", email)
	}
	if err != nil || r.GetBool("disabled") {
		return nil, nil
	}
	return r, nil
}

// appoint gives somebody a role: a new membership, or another role in the one
// they have. It reports false if they have that role already.
func appoint(d *access.Door, p *Programme, person *core.Record, role string) (fresh bool, err error) {
	held, err := d.List("memberships", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"memberships.programme": p.ID(), "memberships.user": person.Id}).
			AndWhere(dbx.NewExp("memberships.role != 'partner'"))
	})
	if err != nil {
		return false, err
	}
	for _, m := range held {
		if m.GetString("role") == role {
			return false, nil
		}
	}
	if len(held) > 0 {
		held[0].Set("role", role)
		return true, d.Update(held[0])
	}
	m, err := d.New("memberships")
	if err != nil {
		return false, err
	}
	m.Set("programme", p.ID())
	m.Set("user", person.Id)
	m.Set("role", role)
	return true, d.Create(m)
}
