package programmes

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
)

// Badge is a word on a coloured ground, as the part "badge" shows it.
type Badge struct{ Text, Kind, Icon string }

// Badge says in which state the programme is.
func (p *Programme) Badge(language string) Badge {
	if p.Status() == "" {
		return Badge{}
	}
	b := Badge{Text: lang.T(language, "programmes.status."+p.Status()), Kind: "plain"}
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
	Badge                Badge
	Helices              []Count
}

// Count is how many stakeholders of one helix take part.
type Count struct {
	Helix, Label string
	Count        int
}

// card sums a programme up for its reader.
func card(p *Programme, language string, role string, counts map[string]int) Card {
	c := Card{
		Name:      p.Name(),
		URL:       p.URL(),
		Expansion: p.GetString("expansion"),
		Place:     p.Place(),
		Zone:      clock.Abbreviation(p.Zone()),
		Period:    p.Period(language),
		Role:      role,
		Example:   p.GetBool("example"),
		Badge:     p.Badge(language),
	}
	for _, helix := range Helices {
		c.Helices = append(c.Helices, Count{Helix: helix, Label: HelixLabel(language, helix), Count: counts[helix]})
	}
	return c
}

// helixCounts counts who takes part by programme and helix. The programmes come
// from the door, and whoever may view one may see its stakeholders, so the rule
// is not asked again for every row.
func helixCounts(d *access.Door, shown []*Programme) (map[string]map[string]int, error) {
	counts := map[string]map[string]int{}
	ids := []any{}
	for _, p := range shown {
		ids = append(ids, p.ID())
		counts[p.ID()] = map[string]int{}
	}
	var rows []struct {
		Programme string `db:"programme"`
		Helix     string `db:"party"`
		Count     int    `db:"count"`
	}
	err := d.App().ConcurrentDB().
		Select("s.programme", "COALESCE(NULLIF(s.helix, ''), o.helix) AS party", "COUNT(*) AS count").
		From("stakeholders s").
		InnerJoin("organisations o", dbx.NewExp("o.id = s.organisation")).
		InnerJoin("programmes p", dbx.NewExp("p.id = s.programme")).
		Where(dbx.In("s.programme", ids...)).
		AndWhere(dbx.NewExp("(s.ended_on = '' OR s.ended_on > "+TodayThere+")", Days(clock.Now()))).
		GroupBy("s.programme", "party").
		All(&rows)
	for _, r := range rows {
		counts[r.Programme][r.Helix] = r.Count
	}
	return counts, err
}

// rolesOf says in the reader's words what they are in each programme.
func rolesOf(d *access.Door, language string) (map[string]string, error) {
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
