package contributions

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// opening is one way to log: for a programme, in the name of an organisation
// the reader speaks for, or as its team for whoever gave.
type opening struct {
	Programme, Giver string
	slug, giver      string
}

// URL opens the form with both chosen.
func (o opening) URL() string {
	url := "/contributions/new?programme=" + o.slug
	if o.giver != "" {
		url += "&contributor=" + o.giver
	}
	return url
}

// openings lists every way in which the reader may log, by programme.
func openings(d *access.Door) ([]opening, error) {
	found, err := d.List("programmes", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.Not(dbx.HashExp{"programmes.status": "cancelled"})).OrderBy("programmes.name").Limit(200)
	})
	if err != nil {
		return nil, err
	}
	names, err := namesOf(d, d.Speaks())
	if err != nil {
		return nil, err
	}
	out := []opening{}
	for _, programme := range found {
		p := programmes.Wrap(d, programme)
		if p.Roles.Team {
			out = append(out, opening{Programme: p.Name(), slug: p.Slug()})
			continue
		}
		for _, id := range p.Roles.Organisations {
			out = append(out, opening{Programme: p.Name(), Giver: names[id], slug: p.Slug(), giver: id})
		}
	}
	return out, nil
}

// ownOrganisations offers those the reader speaks for in a programme.
func ownOrganisations(d *access.Door, p *programmes.Programme) ([]page.Option, error) {
	names, err := namesOf(d, p.Roles.Organisations)
	if err != nil {
		return nil, err
	}
	options := []page.Option{}
	for _, id := range p.Roles.Organisations {
		options = append(options, page.Option{Value: id, Label: names[id]})
	}
	slices.SortFunc(options, func(a, b page.Option) int { return strings.Compare(a.Label, b.Label) })
	return options, nil
}

func namesOf(d *access.Door, organisations []string) (map[string]string, error) {
	names := map[string]string{}
	if len(organisations) == 0 {
		return names, nil
	}
	found, err := d.List("organisations", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("organisations.id", list(organisations)...))
	})
	for _, o := range found {
		names[o.Id] = o.GetString("name")
	}
	return names, err
}

// mayLog reports whether the reader logs in a programme at all.
func mayLog(p *programmes.Programme) bool { return p.Roles.Team || len(p.Roles.Organisations) > 0 }

func today(p *programmes.Programme) string { return clock.Today(p.Zone()) }

// viewed returns a contribution of which a new one is to be made after the same
// pattern, nil if the address names none that the reader may see.
func viewed(e *core.RequestEvent, d *access.Door, name string) *core.Record {
	id := e.Request.URL.Query().Get(name)
	if id == "" {
		return nil
	}
	r, err := d.View("contributions", id)
	if err != nil {
		return nil
	}
	return r
}
