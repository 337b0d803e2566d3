// Package home gathers what the packages say: a programme at a glance, and what
// waits for a person across programmes.
package home

import (
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/core"

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

// How much of each noun the dashboard shows.
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
	Badges     []web.Badge
	Sub        string
	Figures    []web.Figure
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

// Gap is the first of the five parties that is missing or not named yet, with
// the step that fills it.
type Gap struct{ Title, Text, URL, Label string }

// Dashboard shows a programme at a glance.
func Dashboard(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	data := &dashboardPage{Base: web.Titled(e, p.Name()).At("programmes"), Programme: p}
	data.Crumbs = p.Crumbs(data.Language)
	data.Crumbs[len(data.Crumbs)-1].URL = ""
	data.Tabs = p.Tabs("overview", data.Language)
	data.Badges = []web.Badge{p.Badge(data.Language)}
	data.Sub = sub(p, data.Language)
	data.Summary = web.Rich(p.Record, "summary_html")
	if err := data.fill(d, p); err != nil {
		return err
	}
	next, err := meetings.Next(d, p)
	if err != nil {
		return err
	}
	if next != nil {
		card := next.Card(data.Language, origin(e))
		data.Next = &card
	}
	return web.Render(e, http.StatusOK, "home/dashboard", data)
}

func origin(e *core.RequestEvent) string {
	return strings.TrimRight(e.App.Settings().Meta.AppURL, "/")
}

// fill gathers what the packages say of a programme. Each asks the scope.
func (data *dashboardPage) fill(d *access.Scope, p *programmes.Programme) (err error) {
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

func (data *dashboardPage) fillResults(d *access.Scope, p *programmes.Programme) (err error) {
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

func figures(d *access.Scope, p *programmes.Programme, strip []roster.Helix, language string) ([]web.Figure, error) {
	open, late, err := tasks.Counts(d, p)
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
	return []web.Figure{
		figure(lang.T(language, "home.partners"), partners, lang.T(language, "home.covered", "n", covered, "all", helicesInAll), p.URL()+"/stakeholders"),
		figure(lang.T(language, "home.open_tasks"), open, lang.T(language, "home.late_tasks", "n", late), p.URL()+"/tasks"),
		figure(lang.T(language, "home.contributions"), entries, lang.T(language, "home.contributions_note"), p.URL()+"/contributions"),
	}, nil
}

// figure is a number with a remark and the list that it counts.
func figure(label string, n int, note, url string) web.Figure {
	return web.Figure{Label: label, Value: strconv.Itoa(n), Note: note, URL: url}
}

// sub is the line under a programme's name.
func sub(p *programmes.Programme, language string) string {
	parts := []string{p.GetString("expansion"), p.Place(), p.Period(language), clock.Abbreviation(p.Zone())}
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), " · ")
}

// Chart is a figure and the table that says the same, as the part "chart" shows it.
type Chart struct {
	SVG     template.HTML
	Caption string
	Corner  string
	Head    []string
	Legend  []LegendEntry
	Rows    []ChartRow
}

// LegendEntry names one colour of a chart.
type LegendEntry struct{ Helix, Label string }

// ChartRow is one line of the chart's table.
type ChartRow struct {
	Label string
	Cells []string
}

// The measures of the drawing, in units of its view box.
const (
	chartWidth  = 480
	chartHeight = 200
	chartLeft   = 32
	chartTop    = 12
	chartBottom = 28
	barShare    = 0.5
)

// chart draws the gifts of the last months as stacked bars; nil when there were none.
func chart(months []contributions.Month, language string) *Chart {
	most := 0
	for _, m := range months {
		most = max(most, sum(m))
	}
	if most == 0 {
		return nil
	}
	c := &Chart{Caption: lang.T(language, "home.chart_caption"), Corner: lang.T(language, "home.month")}
	for _, helix := range programmes.Helices {
		label := programmes.HelixLabel(language, helix)
		c.Head = append(c.Head, label)
		c.Legend = append(c.Legend, LegendEntry{helix, label})
	}
	for _, m := range months {
		row := ChartRow{Label: lang.Month(language, m.Month)}
		for _, helix := range programmes.Helices {
			row.Cells = append(row.Cells, strconv.Itoa(m.Gifts[helix]))
		}
		c.Rows = append(c.Rows, row)
	}
	c.SVG = draw(months, most, language)
	return c
}

func sum(m contributions.Month) (n int) {
	for _, gifts := range m.Gifts {
		n += gifts
	}
	return n
}

// draw makes the picture. Everything in it is a number or a word of ours.
func draw(months []contributions.Month, most int, language string) template.HTML {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, chartWidth, chartHeight,
		template.HTMLEscapeString(lang.T(language, "home.chart_caption")))
	floor := float64(chartHeight - chartBottom)
	unit := (floor - chartTop) / float64(most)
	for _, mark := range marks(most) {
		y := floor - float64(mark)*unit
		fmt.Fprintf(&b, `<line class="axis" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/><text x="%d" y="%.1f" text-anchor="end">%d</text>`,
			chartLeft, chartWidth, y, y, chartLeft-6, y+4, mark)
	}
	step := float64(chartWidth-chartLeft) / float64(len(months))
	for i, m := range months {
		x := chartLeft + step*float64(i)
		y := floor
		for _, helix := range programmes.Helices {
			height := float64(m.Gifts[helix]) * unit
			if height == 0 {
				continue
			}
			y -= height
			fmt.Fprintf(&b, `<rect class="fill helix-%s" x="%.1f" y="%.1f" width="%.1f" height="%.1f"/>`,
				helix, x+step*(1-barShare)/2, y, step*barShare, height)
		}
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle">%s</text>`, x+step/2, chartHeight-8,
			template.HTMLEscapeString(lang.MonthShort(language, m.Month)))
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

// marks are the figures on the axis: zero, the most, and a half where it is whole.
func marks(most int) []int {
	if most%2 == 0 {
		return []int{0, most / 2, most}
	}
	return []int{0, most}
}
