package roster

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
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

// takingPart is the query for the stakeholders of programmes with the names of
// their organisations.
func takingPart(d *access.Scope, p ...*programmes.Programme) (*dbx.SelectQuery, error) {
	ids := []string{}
	for _, one := range p {
		ids = append(ids, one.ID())
	}
	q, err := d.QueryAcross(ids, "stakeholders")
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

// ListStakeholders returns who takes part, in the fixed order of the helices and by
// name, and who no longer does, the latest first.
func ListStakeholders(d *access.Scope, p *programmes.Programme) (current, ended []Stakeholder, err error) {
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

// OrganisationOptions offers the organisations that take part in a programme
// now, each once, under the names of their helices in the fixed order.
func OrganisationOptions(d *access.Scope, p *programmes.Programme, language string) ([]web.Option, error) {
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

// How sure one of the five parties is in a programme.
const (
	Empty   = "empty"   // nobody
	Vague   = "vague"   // only a group that nobody has named
	Present = "present" // somebody, but nothing asked of them or given lately
	Active  = "active"  // a task under way, or a verified gift in the last 90 days
)

// namesShown is how many names fit on one line of a phone.
const namesShown = 3

// Helix is one of the five parties in one programme, as the part "helix_strip"
// shows it.
type Helix struct {
	Helix, Label      string
	Count             int
	State, StateLabel string
	Names             string
	// URL leads to the party's stakeholders, or, with Action, to the next step
	// that fills the gap.
	URL, Action string
}

// presence is one stakeholder with the signs of life of its organisation.
type presence struct {
	Programme    string `db:"programme"`
	Organisation string `db:"organisation"`
	Name         string `db:"name"`
	ShortName    string `db:"short_name"`
	Helix        string `db:"helix"`
	Subtype      string `db:"subtype"`
	Working      bool   `db:"working"`
	Giving       bool   `db:"giving"`
}

// The plus keeps the database from searching all tasks of the programme for
// each organisation: those of the organisation are found at once.
var (
	working = `EXISTS (SELECT 1 FROM tasks t WHERE t.organisation = stakeholders.organisation
		AND +t.programme = stakeholders.programme AND t.state IN ('todo', 'in_progress', 'waiting'))`
	giving = `EXISTS (SELECT 1 FROM verified_contributions g WHERE g.contributor = stakeholders.organisation
		AND g.programme = stakeholders.programme AND g.given_on >= date(` + programmes.TodayThere + `, '-90 days'))`
)

// Coverage says for each of the five parties, in the fixed order, who takes
// part in the programme now and what is missing. The team is offered the step
// that fills a gap.
func Coverage(d *access.Scope, p *programmes.Programme, language string) ([]Helix, error) {
	strips, err := CoverageAcross(d, []*programmes.Programme{p}, language)
	return strips[p.ID()], err
}

// CoverageAcross is Coverage of several programmes, by their ids.
func CoverageAcross(d *access.Scope, all []*programmes.Programme, language string) (map[string][]Helix, error) {
	q, err := takingPart(d, all...)
	if err != nil {
		return nil, err
	}
	var found []presence
	err = q.Select("stakeholders.programme", "stakeholders.organisation", "organisations.name", "organisations.short_name", own+" AS helix",
		"organisations.subtype", working+" AS working", giving+" AS giving").
		InnerJoin("programmes p", dbx.NewExp("p.id = stakeholders.programme")).
		AndWhere(dbx.NewExp("(stakeholders.ended_on = '' OR stakeholders.ended_on > " + programmes.TodayThere + ")")).
		AndBind(programmes.Days(clock.Now())).
		OrderBy("organisations.name").
		All(&found)
	if err != nil {
		return nil, err
	}
	strips := map[string][]Helix{}
	for _, p := range all {
		for _, helix := range programmes.Helices {
			party := slices.DeleteFunc(slices.Clone(found), func(s presence) bool { return s.Programme != p.ID() || s.Helix != helix })
			strips[p.ID()] = append(strips[p.ID()], cover(p, language, helix, party))
		}
	}
	return strips, nil
}

// cover sums up one party.
func cover(p *programmes.Programme, language, helix string, party []presence) Helix {
	state := stateOf(party)
	h := Helix{
		Helix:      helix,
		Label:      programmes.HelixLabel(language, helix),
		Count:      len(party),
		State:      state,
		StateLabel: lang.T(language, "stakeholders.coverage."+state),
		Names:      names(language, party),
		URL:        p.URL() + "/stakeholders#" + helix,
	}
	if state == Empty {
		h.Names = lang.T(language, "stakeholders.missing."+helix)
	}
	if p.Roles.Team && (state == Empty || state == Vague) {
		h.URL = p.URL() + "/stakeholders/new?helix=" + helix
		h.Names = strings.TrimSuffix(h.Names, ".") // the next step follows on the same line
		h.Action = lang.T(language, "stakeholders.add."+helix)
	}
	return h
}

func stateOf(party []presence) string {
	switch {
	case len(party) == 0:
		return Empty
	case !slices.ContainsFunc(party, func(s presence) bool { return s.Subtype != programmes.Unnamed }):
		return Vague
	case slices.ContainsFunc(party, func(s presence) bool { return s.Working || s.Giving }):
		return Active
	}
	return Present
}

// names lists the first organisations of a party and how many more there are.
func names(language string, party []presence) string {
	shown, seen := []string{}, map[string]bool{}
	for _, s := range party {
		if !seen[s.Organisation] {
			shown = append(shown, Stakeholder{Name: s.Name, ShortName: s.ShortName}.Label())
		}
		seen[s.Organisation] = true
	}
	if len(shown) <= namesShown {
		return strings.Join(shown, ", ")
	}
	first := strings.Join(shown[:namesShown], ", ")
	return lang.T(language, "stakeholders.and_more", "names", first, "n", len(shown)-namesShown)
}
