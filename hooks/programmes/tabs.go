package programmes

import (
	"simpul/hooks/lang"
)

// Tabs is the row of links between the rooms of one programme, as the part
// "subnav" shows it.
type Tabs struct {
	Label string
	Items []Tab
}

// Tab is one of them.
type Tab struct {
	Label, URL string
	Current    bool
	Count      int
}

// tab names a room of a programme by its language key and its address below
// the programme's own; some are for those who run or watch the programme.
type tab struct {
	name, path string
	running    bool
}

var tabs = []tab{
	{name: "overview", path: ""},
	{name: "stakeholders", path: "/stakeholders"},
	{name: "tasks", path: "/tasks"},
	{name: "meetings", path: "/meetings"},
	{name: "contributions", path: "/contributions"},
	{name: "reminders", path: "/reminders", running: true},
	{name: "team", path: "/team", running: true},
}

// Tabs returns the links of the programme's subnav. Current is overview,
// stakeholders, tasks, meetings, contributions, reminders or team.
func (p *Programme) Tabs(current, language string) Tabs {
	out := Tabs{Label: lang.T(language, "programmes.tabs")}
	for _, t := range tabs {
		if t.running && !p.Roles.Team && !p.Roles.Observer {
			continue
		}
		out.Items = append(out.Items, Tab{
			Label:   lang.T(language, "programmes.tab."+t.name),
			URL:     p.URL() + t.path,
			Current: t.name == current,
		})
	}
	return out
}
