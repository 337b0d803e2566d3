package roster

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// Contact is a position at an organisation as a reader who may see it meets it.
type Contact struct {
	ID, Position, Name, Email string
	// Phone is written for reading, Digits for links.
	Phone, Digits          string
	FocalPoint, HasAccount bool
	Mobile                 bool
	FromOn, UntilOn        string
}

// contacts lists an organisation's contacts as far as the reader may see them:
// those in office or yet to come, the focal points first, and those before.
func contacts(d *access.Scope, organisation string) (current, former []Contact, err error) {
	var focal []Contact
	found, err := d.List("contacts", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"contacts.organisation": organisation}).OrderBy("contacts.position", "contacts.name")
	})
	if err != nil {
		return nil, nil, err
	}
	for _, r := range found {
		c := Contact{
			ID: r.Id, Position: r.GetString("position"), Name: r.GetString("name"), Email: r.GetString("email"),
			Phone: lang.Phone(r.GetString("phone")), Digits: strings.TrimPrefix(r.GetString("phone"), "+"), Mobile: lang.IsMobile(r.GetString("phone")),
			FocalPoint: r.GetBool("focal_point"), HasAccount: r.GetString("user") != "",
			FromOn: r.GetString("from_on"), UntilOn: r.GetString("until_on"),
		}
		switch {
		case c.UntilOn != "" && c.UntilOn < clock.Today(clock.Western):
			former = append(former, c)
		case c.FocalPoint:
			focal = append(focal, c)
		default:
			current = append(current, c)
		}
	}
	return slices.Concat(focal, current), former, nil
}

// leave ends a contact's term yesterday, the last day that is over everywhere,
// so that nobody enters through it from this moment. A term that had not begun
// by then never was.
func leave(r *core.Record) {
	last := clock.AddDays(clock.Today(clock.Western), -1)
	if r.GetString("from_on") > last {
		r.Set("from_on", last)
	}
	if until := r.GetString("until_on"); until == "" || until > last {
		r.Set("until_on", last)
	}
}

// appoint records a contact. The same person in the same office a second time
// is the same form sent again, and changes nothing.
func appoint(d *access.Scope, r *core.Record) error {
	return d.InTransaction(func(inner *access.Scope) error {
		same, err := inner.List("contacts", func(q *dbx.SelectQuery) {
			q.AndWhere(dbx.HashExp{
				"contacts.organisation": r.GetString("organisation"),
				"contacts.position":     r.GetString("position"),
				"contacts.name":         r.GetString("name"),
				"contacts.email":        r.GetString("email"),
			}).AndWhere(inOffice()).Limit(1)
		})
		if err != nil || len(same) > 0 {
			return err
		}
		return inner.Create(r)
	})
}

// TeamOptions offers the people who run a programme, by name; those whose
// account is closed are left out.
func TeamOptions(d *access.Scope, p *programmes.Programme) ([]web.Option, error) {
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
func ContactOptions(d *access.Scope, organisations []string) ([]web.Option, error) {
	contacts, err := d.List("contacts", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("contacts.organisation", list.ToInterfaceSlice(organisations)...)).
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
