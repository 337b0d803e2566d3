package roster

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// OrganisationOptions offers the organisations that take part in a programme
// now, each once, under the names of their helices in the fixed order.
func OrganisationOptions(d *access.Door, p *programmes.Programme, language string) ([]web.Option, error) {
	q, err := takingPart(d, p)
	if err != nil {
		return nil, err
	}
	var found []Stakeholder
	err = q.Select("stakeholders.organisation", "organisations.name", own+" AS helix").
		AndWhere(now(p)).
		GroupBy("stakeholders.organisation").
		All(&found)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, inOrder)
	options := make([]web.Option, 0, len(found))
	for _, s := range found {
		options = append(options, web.Option{Value: s.Organisation, Label: s.Name, Group: programmes.HelixLabel(language, s.Helix)})
	}
	return options, nil
}

// TeamOptions offers the people who run a programme, by name; those whose
// account is closed are left out.
func TeamOptions(d *access.Door, p *programmes.Programme) ([]web.Option, error) {
	team, err := d.List("users", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.NewExp(`users.disabled = FALSE AND users.id IN (SELECT m.user FROM memberships m
			WHERE m.programme = {:programme} AND m.role IN ('initiator', 'coordinator', 'member'))`,
			dbx.Params{"programme": p.ID()})).OrderBy("users.name")
	})
	if err != nil {
		return nil, err
	}
	options := make([]web.Option, 0, len(team))
	for _, u := range team {
		options = append(options, web.Option{Value: u.Id, Label: withOffice(u.GetString("name"), u.GetString("position"))})
	}
	return options, nil
}

// ContactOptions offers the people in office at these organisations whom the
// reader may see, under the names of the organisations.
func ContactOptions(d *access.Door, organisations []string) ([]web.Option, error) {
	contacts, err := d.List("contacts", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("contacts.organisation", list(organisations)...)).
			AndWhere(inOffice()).
			OrderBy("contacts.position")
	})
	if err != nil {
		return nil, err
	}
	if err := d.With(contacts, "organisation"); err != nil {
		return nil, err
	}
	options := make([]web.Option, 0, len(contacts))
	for _, c := range contacts {
		o := web.Option{Value: c.Id, Label: withOffice(c.GetString("position"), c.GetString("name"))}
		if organisation := c.ExpandedOne("organisation"); organisation != nil {
			o.Group = organisation.GetString("name")
		}
		options = append(options, o)
	}
	slices.SortStableFunc(options, func(a, b web.Option) int { return cmp.Compare(a.Group, b.Group) })
	return options, nil
}

// inOffice says that a contact holds the position today.
func inOffice() dbx.Expression {
	return dbx.NewExp(`(contacts.from_on = '' OR contacts.from_on <= {:today})
		AND (contacts.until_on = '' OR contacts.until_on >= {:today})`,
		dbx.Params{"today": clock.Today(clock.Western)})
}

// withOffice joins a name and an office, once if they say the same.
func withOffice(name, office string) string {
	if office == "" || strings.EqualFold(name, office) {
		return name
	}
	return name + " – " + office
}

func list(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}
