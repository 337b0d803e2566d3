package roster

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
)

// How sure one of the five parties is in a programme.
const (
	Empty   = "empty"   // nobody
	Vague   = "vague"   // only a group that nobody has named
	Present = "present" // somebody, but nothing asked of them or given lately
	Active  = "active"  // a task under way, or a verified gift in the last 90 days
)

// lately is how many days a gift counts as a sign of life.
const lately = 90

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
const (
	working = `EXISTS (SELECT 1 FROM tasks t WHERE t.organisation = stakeholders.organisation
		AND +t.programme = stakeholders.programme AND t.state IN ('todo', 'in_progress', 'waiting'))`
	giving = `EXISTS (SELECT 1 FROM verified_contributions g WHERE g.contributor = stakeholders.organisation
		AND g.programme = stakeholders.programme AND g.given_on >= {:since})`
)

// Coverage says for each of the five parties, in the fixed order, who takes
// part in the programme now and what is missing. The team is offered the step
// that fills a gap.
func Coverage(d *access.Door, p *programmes.Programme, language string) ([]Helix, error) {
	q, err := takingPart(d, p)
	if err != nil {
		return nil, err
	}
	var found []presence
	since := clock.AddDays(clock.Today(p.Zone()), -lately)
	err = q.Select("stakeholders.organisation", "organisations.name", "organisations.short_name", own+" AS helix",
		"organisations.subtype", working+" AS working", giving+" AS giving").
		AndWhere(now(p)).
		AndBind(dbx.Params{"since": since}).
		OrderBy("organisations.name").
		All(&found)
	if err != nil {
		return nil, err
	}
	strip := make([]Helix, 0, len(programmes.Helices))
	for _, helix := range programmes.Helices {
		party := slices.DeleteFunc(slices.Clone(found), func(s presence) bool { return s.Helix != helix })
		strip = append(strip, cover(p, language, helix, party))
	}
	return strip, nil
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
	case !slices.ContainsFunc(party, func(s presence) bool { return s.Subtype != unnamed }):
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
