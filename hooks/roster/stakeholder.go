package roster

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
)

// Stakeholder is one organisation, or one office of it, in one programme.
type Stakeholder struct {
	ID             string `db:"id"`
	Organisation   string `db:"organisation"`
	Name           string `db:"name"`
	ShortName      string `db:"short_name"`
	Helix          string `db:"helix"`
	Subtype        string `db:"subtype"`
	Position       string `db:"position"`
	Role           string `db:"role"`
	Responsibility string `db:"responsibility"`
	JoinedOn       string `db:"joined_on"`
	EndedOn        string `db:"ended_on"`
	// Status, Engagement, Strategy and Urgent are the team's own; they are
	// empty for every other reader.
	Status     string `db:"partner_status"`
	Engagement string `db:"engagement_level"`
	Strategy   string `db:"comms_strategy"`
	Urgent     bool   `db:"urgent"`
}

// Label is the short name where there is one, for lists of names on one line.
func (s Stakeholder) Label() string { return cmp.Or(s.ShortName, s.Name) }

// own is the helix under which a stakeholder counts: its own where it differs
// from the organisation's.
const own = "COALESCE(NULLIF(stakeholders.helix, ''), organisations.helix)"

// everybody are the columns that every reader of a programme may see.
var everybody = []string{
	"stakeholders.id", "stakeholders.organisation", "organisations.name", "organisations.short_name",
	own + " AS helix", "organisations.subtype", "stakeholders.position", "stakeholders.role",
	"stakeholders.responsibility", "stakeholders.joined_on", "stakeholders.ended_on",
}

// theTeams are the columns that only the team reads.
var theTeams = []string{
	"stakeholders.partner_status", "stakeholders.engagement_level", "stakeholders.comms_strategy", "stakeholders.urgent",
}

// takingPart is the query for a programme's stakeholders with the names of
// their organisations.
func takingPart(d *access.Door, p *programmes.Programme) (*dbx.SelectQuery, error) {
	q, err := d.Within(p.Record, "stakeholders")
	if err != nil {
		return nil, err
	}
	return q.InnerJoin("organisations", dbx.NewExp("organisations.id = stakeholders.organisation")), nil
}

// now says that a stakeholder takes part on the programme's present day. On
// the day it ends it no longer does.
func now(p *programmes.Programme) dbx.Expression {
	return dbx.NewExp("(stakeholders.ended_on = '' OR stakeholders.ended_on > {:today})",
		dbx.Params{"today": clock.Today(p.Zone())})
}

// stakeholders returns who takes part, in the fixed order of the helices and by
// name, and who no longer does, the latest first.
func stakeholders(d *access.Door, p *programmes.Programme) (current, ended []Stakeholder, err error) {
	q, err := takingPart(d, p)
	if err != nil {
		return nil, nil, err
	}
	columns := everybody
	if p.Roles.Team {
		columns = slices.Concat(everybody, theTeams)
	}
	var all []Stakeholder
	if err := q.Select(columns...).All(&all); err != nil {
		return nil, nil, err
	}
	today := clock.Today(p.Zone())
	for _, s := range all {
		if s.EndedOn == "" || s.EndedOn > today {
			current = append(current, s)
		} else {
			ended = append(ended, s)
		}
	}
	slices.SortFunc(current, inOrder)
	slices.SortFunc(ended, func(a, b Stakeholder) int {
		return cmp.Or(cmp.Compare(b.EndedOn, a.EndedOn), inOrder(a, b))
	})
	return current, ended, nil
}

func inOrder(a, b Stakeholder) int {
	return cmp.Or(
		cmp.Compare(programmes.HelixRank(a.Helix), programmes.HelixRank(b.Helix)),
		cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
		cmp.Compare(a.Position, b.Position),
	)
}
