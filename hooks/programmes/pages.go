package programmes

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

var statuses = []string{"draft", "planning", "active", "paused", "closing", "completed", "institutionalised", "cancelled"}

// Pager is page.Pager.
type Pager = web.Pager

type indexPage struct {
	web.Base
	Cards    []Card
	Filters  []web.FilterTab
	Pager    web.Pager
	Filtered bool
}

// Index lists the reader's programmes, by state if the address says so.
func Index(e *core.RequestEvent) error {
	d := web.Scope(e)
	q := web.ReadQuery(e, "/programmes", web.Known{"status": statuses})
	data := indexPage{Base: web.New(e, "programmes.title").At("programmes"), Filtered: !q.Plain()}
	var err error
	if data.Filters, err = filterTabs(d, data.Language, q); err != nil {
		return err
	}
	found, err := listed(d, q)
	if err != nil {
		return err
	}
	found, data.Pager = web.Cut(q, found)
	if data.Cards, err = cards(d, data.Language, found); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "programmes/index", data)
}

// listed reads one page of programmes, and one more if there is another behind it.
// The texts are left out: a list does not show them and they are long.
func listed(d *access.Scope, q web.Query) ([]*core.Record, error) {
	return d.List("programmes", func(s *dbx.SelectQuery) {
		s.Select("programmes.id", "programmes.slug", "programmes.name", "programmes.expansion", "programmes.status",
			"programmes.province", "programmes.regency", "programmes.time_zone", "programmes.starts_on",
			"programmes.ends_on", "programmes.example")
		if q.Has("status") {
			s.AndWhere(dbx.HashExp{"programmes.status": q.Get("status")})
		}
		q.Limit(s.OrderBy("programmes.name", "programmes.id"))
	})
}

// filterTabs offers the states in which the reader has programmes.
func filterTabs(d *access.Scope, language string, q web.Query) ([]web.FilterTab, error) {
	all, err := d.List("programmes", func(q *dbx.SelectQuery) { q.Select("programmes.id", "programmes.status") })
	if err != nil || len(all) == 0 {
		return nil, err
	}
	counts := map[string]int{}
	for _, r := range all {
		counts[r.GetString("status")]++
	}
	tabs := []web.FilterTab{{Label: lang.T(language, "programmes.all"), URL: "/programmes", Current: q.Plain(), Count: len(all)}}
	for _, status := range statuses {
		if current := q.Get("status") == status; counts[status] > 0 || current {
			tabs = append(tabs, web.FilterTab{Label: lang.T(language, "programmes.status."+status),
				URL: "/programmes?status=" + status, Current: current, Count: counts[status]})
		}
	}
	return tabs, nil
}

// Badge says in which state the programme is.
func (p *Programme) Badge(language string) web.Badge {
	if p.Status() == "" {
		return web.Badge{}
	}
	b := web.Badge{Text: lang.T(language, "programmes.status."+p.Status()), Kind: "plain"}
	switch p.Status() {
	case "active":
		b.Kind, b.Icon = "ok", "tick"
	case "paused", "closing":
		b.Kind = "warn"
	case "cancelled":
		b.Kind = "bad"
	}
	return b
}

// Card is a programme in a list of programmes.
type Card struct {
	Name, URL, Expansion string
	Place, Zone, Period  string
	Role                 string
	Example              bool
	Badge                web.Badge
	Helices              []Count
}

// Count is how many stakeholders of one helix take part.
type Count struct {
	Helix, Label string
	Count        int
}

// cards sum programmes up for their reader.
func cards(d *access.Scope, language string, found []*core.Record) ([]Card, error) {
	counts, err := helixCounts(d, found)
	if err != nil {
		return nil, err
	}
	roles, err := rolesOf(d, language)
	if err != nil {
		return nil, err
	}
	out := make([]Card, 0, len(found))
	for _, r := range found {
		p := Wrap(d, r)
		c := Card{Name: p.Name(), URL: p.URL(), Expansion: p.GetString("expansion"), Place: p.Place(), Zone: clock.Abbreviation(p.Zone()),
			Period: p.Period(language), Role: roles[p.ID()], Example: p.GetBool("example"), Badge: p.Badge(language)}
		for _, helix := range Helices {
			c.Helices = append(c.Helices, Count{Helix: helix, Label: HelixLabel(language, helix), Count: counts[p.ID()][helix]})
		}
		out = append(out, c)
	}
	return out, nil
}

// rolesOf says in the reader's words what they are in each programme.
func rolesOf(d *access.Scope, language string) (map[string]string, error) {
	members, err := d.Programmes()
	if err != nil {
		return nil, err
	}
	words := map[string][]string{}
	for _, m := range members {
		word := lang.T(language, "memberships.role."+m.Role)
		if !slices.Contains(words[m.Programme], word) {
			words[m.Programme] = append(words[m.Programme], word)
		}
	}
	roles := map[string]string{}
	for programme, said := range words {
		roles[programme] = strings.Join(said, ", ")
	}
	return roles, nil
}
