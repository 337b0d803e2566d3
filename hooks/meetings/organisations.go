package meetings

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/programmes"
)

// shortest is how many letters the beginning of a name must have to mean somebody.
const shortest = 3

// party is an organisation that takes part in a programme, with everything by
// which minutes may call it.
type party struct {
	id, name, helix string
	// called are the spellings of its name, short name and offices.
	called []string
}

// parties are the organisations that take part in a programme now.
type parties []*party

// takingPart reads who takes part in a programme on its present day.
func takingPart(app core.App, programme string) (parties, error) {
	zone, err := programmeZone(app, programme)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		ID     string `db:"id"`
		Name   string `db:"name"`
		Short  string `db:"short_name"`
		Helix  string `db:"helix"`
		Office string `db:"office"`
	}
	err = app.DB().
		Select("organisations.id", "organisations.name", "organisations.short_name", helix+" AS helix", "stakeholders.position AS office").
		From("stakeholders").
		InnerJoin("organisations", dbx.NewExp("organisations.id = stakeholders.organisation")).
		Where(dbx.HashExp{"stakeholders.programme": programme}).
		AndWhere(dbx.NewExp("(stakeholders.ended_on = '' OR stakeholders.ended_on > {:today})", dbx.Params{"today": clock.Today(zone)})).
		OrderBy("organisations.name", "stakeholders.id").
		All(&rows)
	if err != nil {
		return nil, fmt.Errorf("meetings: parties: %w", err)
	}
	var all parties
	known := map[string]*party{}
	for _, row := range rows {
		p := known[row.ID]
		if p == nil {
			p = &party{id: row.ID, name: row.Name, helix: row.Helix}
			known[row.ID], all = p, append(all, p)
		}
		for _, name := range []string{row.Name, row.Short, row.Office} {
			if spelling := programmes.Spelling(name); spelling != "" {
				p.called = append(p.called, spelling)
			}
		}
	}
	return all, nil
}

// helix is the one under which a stakeholder counts.
const helix = "COALESCE(NULLIF(stakeholders.helix, ''), organisations.helix)"

// named finds whom a line means: the one called exactly so, else the only one
// whose name begins so. Several says that more than one could be meant.
func (all parties) named(who string) (found *party, several bool) {
	wanted := programmes.Spelling(who)
	if wanted == "" {
		return nil, false
	}
	exact := all.calledBy(func(name string) bool { return name == wanted })
	if len(exact) == 0 && len([]rune(wanted)) >= shortest {
		exact = all.calledBy(func(name string) bool { return strings.HasPrefix(name, wanted) })
	}
	if len(exact) == 1 {
		return exact[0], false
	}
	return nil, len(exact) > 1
}

func (all parties) calledBy(fits func(string) bool) parties {
	var found parties
	for _, p := range all {
		for _, name := range p.called {
			if fits(name) {
				found = append(found, p)
				break
			}
		}
	}
	return found
}
