// Package home brings the rooms together: a programme at a glance, and what
// waits for a person across programmes.
package home

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/contributions"
	"simpul/hooks/lang"
	"simpul/hooks/meetings"
	"simpul/hooks/programmes"
	"simpul/hooks/results"
	"simpul/hooks/roster"
	"simpul/hooks/tasks"
	"simpul/hooks/web"
)

// How much of each room the dashboard shows.
const (
	tasksShown   = 5
	giftsShown   = 4
	monthsShown  = 6
	helicesInAll = 5
)

type dashboardPage struct {
	web.Base
	Programme  *programmes.Programme
	Tabs       programmes.Tabs
	Badges     []programmes.Badge
	Sub        string
	Figures    []Figure
	Gap        *Gap
	Strip      []roster.Helix
	Next       *meetings.Card
	Tasks      []tasks.Row
	Gifts      []contributions.Row
	Indicators []results.Row
	Chart      *Chart
	Stages     []programmes.Stage
	Summary    template.HTML
	Waiting    int
}

// Figure is one number on top of a page, as the part "figures" shows it.
type Figure struct{ Label, Value, Note, URL string }

// Gap is the first of the five parties that is missing or not named yet, with
// the step that fills it.
type Gap struct{ Title, Text, URL, Label string }

// fill gathers what the rooms say of a programme. Each asks the door.
func (data *dashboardPage) fill(d *access.Door, p *programmes.Programme) (err error) {
	language := data.Language
	if data.Strip, err = roster.Coverage(d, p, language); err != nil {
		return err
	}
	data.Gap = firstGap(data.Strip, language)
	listed, err := tasks.ForProgramme(d, p, tasksShown)
	if err != nil {
		return err
	}
	data.Tasks = tasks.Rows(d, language, listed)
	gifts, err := contributions.Recent(d, p, giftsShown)
	if err != nil {
		return err
	}
	data.Gifts = contributions.Rows(language, gifts)
	if err := data.fillResults(d, p); err != nil {
		return err
	}
	months, err := contributions.Monthly(d, p, monthsShown)
	if err != nil {
		return err
	}
	data.Chart = chart(months, language)
	data.Figures, err = figures(d, p, data.Strip, language)
	return err
}

func (data *dashboardPage) fillResults(d *access.Door, p *programmes.Programme) (err error) {
	measured, err := results.Indicators(d, p)
	if err != nil {
		return err
	}
	for _, i := range measured {
		data.Indicators = append(data.Indicators, i.Row(p, data.Language))
	}
	data.Stages, err = programmes.Stages(d, p)
	return err
}

// firstGap names the party that is missing before one that is only vague.
func firstGap(strip []roster.Helix, language string) *Gap {
	for _, state := range []string{roster.Empty, roster.Vague} {
		for _, h := range strip {
			if h.State != state {
				continue
			}
			gap := &Gap{Title: lang.T(language, "home.gap_"+state+"."+h.Helix), Text: lang.T(language, "home.gap_"+state+"_text")}
			if h.Action != "" {
				gap.URL, gap.Label = h.URL, h.Action
			}
			return gap
		}
	}
	return nil
}

// work counts the open tasks of a programme and those past their due day.
type work struct {
	Open int `db:"open"`
	Late int `db:"late"`
}

func figures(d *access.Door, p *programmes.Programme, strip []roster.Helix, language string) ([]Figure, error) {
	count, err := openTasks(d, p)
	if err != nil {
		return nil, err
	}
	totals, err := contributions.Totals(d, p)
	if err != nil {
		return nil, err
	}
	partners, covered, entries := 0, 0, 0
	for _, h := range strip {
		partners += h.Count
		if h.State != roster.Empty {
			covered++
		}
	}
	for _, t := range totals {
		entries += t.Delivered.Entries + t.Pledged.Entries
	}
	return []Figure{
		{lang.T(language, "home.partners"), strconv.Itoa(partners), lang.T(language, "home.covered", "n", covered, "all", helicesInAll), p.URL() + "/stakeholders"},
		{lang.T(language, "home.open_tasks"), strconv.Itoa(count.Open), lang.T(language, "home.late_tasks", "n", count.Late), p.URL() + "/tasks"},
		{lang.T(language, "home.contributions"), strconv.Itoa(entries), lang.T(language, "home.contributions_note"), p.URL() + "/contributions"},
	}, nil
}

func openTasks(d *access.Door, p *programmes.Programme) (count work, err error) {
	q, err := d.Within(p.Record, "tasks")
	if err != nil {
		return count, err
	}
	err = q.Select("COUNT(*) AS open", "COALESCE(SUM(tasks.due_on != '' AND tasks.due_on < {:today}), 0) AS late").
		AndWhere(dbx.In("tasks.state", "todo", "in_progress", "waiting")).
		AndBind(dbx.Params{"today": clock.Today(p.Zone())}).
		One(&count)
	return count, err
}

// sub is the line under a programme's name.
func sub(p *programmes.Programme, language string) string {
	parts := []string{p.GetString("expansion"), p.Place(), p.Period(language), clock.Abbreviation(p.Zone())}
	shown := []string{}
	for _, part := range parts {
		if part != "" {
			shown = append(shown, part)
		}
	}
	return strings.Join(shown, " · ")
}
