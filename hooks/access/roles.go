package access

import (
	"slices"

	"github.com/pocketbase/dbx"
)

// Membership is one way in which the person takes part in a programme.
type Membership struct {
	Programme    string `db:"programme"`
	Role         string `db:"role"`
	Organisation string `db:"organisation"`
}

// Team reports whether the person runs the programme.
func (m Membership) Team() bool { return slices.Contains(teamRoles, m.Role) }

// Roles sums up what the person is in one programme.
type Roles struct {
	Team, Initiator, Observer, Partner bool
	// Organisations holds the ids of those the person speaks for there.
	Organisations []string
}

// Inside reports whether the person takes part at all.
func (r Roles) Inside() bool { return r.Team || r.Observer || r.Partner }

// Programmes returns every membership of the person, read once per scope.
func (d *Scope) Programmes() ([]Membership, error) {
	if d.loaded || d.person == nil || d.Super() {
		return d.members, nil
	}
	err := d.app.ConcurrentDB().
		Select("programme", "role", "organisation").
		From("memberships").
		Where(dbx.HashExp{"user": d.person.Id}).
		All(&d.members)
	d.loaded = err == nil
	return d.members, err
}

// Roles returns what the person is in a programme. It decides what a page
// offers; what is allowed stays with the rules.
func (d *Scope) Roles(programme string) Roles {
	if d.Super() {
		return Roles{Team: true, Initiator: true}
	}
	var roles Roles
	members, err := d.Programmes()
	if err != nil {
		return roles
	}
	for _, m := range members {
		if m.Programme == programme {
			roles.add(m)
		}
	}
	return roles
}

func (r *Roles) add(m Membership) {
	switch m.Role {
	case "initiator":
		r.Initiator, r.Team = true, true
	case "coordinator", "member":
		r.Team = true
	case "observer":
		r.Observer = true
	case "partner":
		r.Partner = true
		r.Organisations = append(r.Organisations, m.Organisation)
	}
}

// Speaks returns the ids of all organisations the person speaks for.
func (d *Scope) Speaks() []string {
	members, err := d.Programmes()
	if err != nil {
		return nil
	}
	ids := []string{}
	for _, m := range members {
		if m.Organisation != "" && !slices.Contains(ids, m.Organisation) {
			ids = append(ids, m.Organisation)
		}
	}
	return ids
}
