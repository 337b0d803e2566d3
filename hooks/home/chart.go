package home

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"simpul/hooks/contributions"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
)

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
