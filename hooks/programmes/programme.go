// Package programmes keeps the collaborations themselves: what they are called,
// whose they are, where and when they run, and who works in them.
package programmes

import (
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// Programme is one collaboration as a reader meets it: the record and what the
// reader is in it.
type Programme struct {
	core.BaseRecordProxy
	// Roles is what the reader is in this programme.
	Roles access.Roles
}

// BySlug returns the programme that the request's address names by {slug},
// with the scope of who asks. A programme the reader may not see is
// access.ErrRefused, as is one that does not exist.
func BySlug(e *core.RequestEvent) (*Programme, *access.Scope, error) {
	d := web.Scope(e)
	r, err := d.First("programmes", "slug", e.Request.PathValue("slug"))
	if err != nil {
		return nil, nil, err
	}
	return Wrap(d, r), d, nil
}

// ByID returns the programme that a task, a meeting or a gift belongs to. The
// error is access.ErrRefused if the reader may not see it.
func ByID(d *access.Scope, id string) (*Programme, error) {
	r, err := d.View("programmes", id)
	if err != nil {
		return nil, err
	}
	return Wrap(d, r), nil
}

// ByIDs returns those of the programmes that the reader may see, in the order of
// the ids, by one query.
func ByIDs(d *access.Scope, ids []string) ([]*Programme, error) {
	found, err := d.List("programmes", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("programmes.id", list.ToInterfaceSlice(ids)...))
	})
	slices.SortFunc(found, func(a, b *core.Record) int { return slices.Index(ids, a.Id) - slices.Index(ids, b.Id) })
	all := make([]*Programme, 0, len(found))
	for _, r := range found {
		all = append(all, Wrap(d, r))
	}
	return all, err
}

// ForTeam is BySlug for those who run the programme.
func ForTeam(e *core.RequestEvent) (*Programme, *access.Scope, error) {
	p, d, err := BySlug(e)
	if err == nil && !p.Roles.Team {
		err = access.ErrRefused
	}
	return p, d, err
}

// View returns the record of a collection that the address names by {id}, with
// the programme it belongs to.
func View(e *core.RequestEvent, collection string) (*core.Record, *Programme, error) {
	d := web.Scope(e)
	r, err := d.View(collection, e.Request.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	p, err := ByID(d, r.GetString("programme"))
	return r, p, err
}

// ViewForTeam is View for those who run the programme.
func ViewForTeam(e *core.RequestEvent, collection string) (*core.Record, *Programme, error) {
	r, p, err := View(e, collection)
	if err == nil && !p.Roles.Team {
		err = access.ErrRefused
	}
	return r, p, err
}

// Wrap makes a programme of a record that the reader was allowed to view.
func Wrap(d *access.Scope, r *core.Record) *Programme {
	p := &Programme{Roles: d.Roles(r.Id)}
	p.SetProxyRecord(r)
	return p
}

// ID is the record's id.
func (p *Programme) ID() string { return p.Record.Id }

// Slug is the programme's name in addresses.
func (p *Programme) Slug() string { return p.GetString("slug") }

// Name is what people call the programme.
func (p *Programme) Name() string { return p.GetString("name") }

// Status is the stored code of the programme's state.
func (p *Programme) Status() string { return p.GetString("status") }

// Place is where the programme runs: regency and province, "" if neither is known.
func (p *Programme) Place() string {
	return strings.Trim(p.GetString("regency")+", "+p.GetString("province"), ", ")
}

// Zone is the time zone of the programme's due dates and meetings.
func (p *Programme) Zone() string {
	if zone := p.GetString("time_zone"); zone != "" {
		return zone
	}
	return clock.ZoneOfProvince(p.GetString("province"))
}

// Period says from when to when the programme runs, "" if no day is known.
func (p *Programme) Period(language string) string {
	from, to := p.GetString("starts_on"), p.GetString("ends_on")
	switch {
	case from != "" && to != "":
		return lang.DayShort(language, from) + "–" + lang.DayShort(language, to)
	case from != "":
		return lang.T(language, "programmes.since", "day", lang.DayShort(language, from))
	case to != "":
		return lang.T(language, "programmes.until", "day", lang.DayShort(language, to))
	}
	return ""
}

// URL is the address of the programme's page.
func (p *Programme) URL() string { return "/programmes/" + p.Slug() }

// Crumbs leads to the programme's page.
func (p *Programme) Crumbs(language string) []web.Crumb {
	return []web.Crumb{
		{Label: lang.T(language, "layout.programmes"), URL: "/programmes"},
		{Label: p.Name(), URL: p.URL()},
	}
}

// Page begins a page inside the programme, with a title from the catalogue.
func (p *Programme) Page(e *core.RequestEvent, titleKey string, args ...any) web.Base {
	b := web.New(e, titleKey, args...).At("programmes")
	b.Crumbs = p.Crumbs(b.Language)
	return b
}

// Helices are the five parties in the order in which they are always shown.
var Helices = []string{"government", "university", "business", "community", "media"}

// HelixRank is the place of a helix in the fixed order; an unknown one comes last.
func HelixRank(helix string) int {
	if i := slices.Index(Helices, helix); i >= 0 {
		return i
	}
	return len(Helices)
}

// HelixLabel is the reader's word for a helix, "" for none.
func HelixLabel(language, helix string) string {
	if helix == "" {
		return ""
	}
	return lang.T(language, "organisations.helix."+helix)
}

// HelixOptions offers the five parties, each with its icon.
func HelixOptions(language string) []web.Option {
	options := make([]web.Option, 0, len(Helices))
	for _, helix := range Helices {
		options = append(options, web.Option{Value: helix, Label: HelixLabel(language, helix), Icon: helix})
	}
	return options
}

// Stage is one step of a programme's own service, in order.
type Stage struct {
	ID          string `db:"id"`
	Position    int    `db:"position"`
	Name        string `db:"name"`
	Description string `db:"description"`
	// Unit is what is counted in this stage, such as people or packages.
	Unit string `db:"unit_of_count"`
}

// Stages returns a programme's stages in order, none if it has not set any.
func Stages(d *access.Scope, p *Programme) ([]Stage, error) {
	q, err := d.QueryIn(p.Record, "stages")
	if err != nil {
		return nil, err
	}
	var stages []Stage
	err = q.Select("id", "position", "name", "description", "unit_of_count").
		OrderBy("position", "name").
		All(&stages)
	return stages, err
}

// TodayThere is, in a query, the day where the programme p runs; the
// query must bind Days.
var TodayThere = TodayIn("p")

// TodayIn is TodayThere for the programme of another table or alias.
func TodayIn(table string) string {
	return "CASE " + table + ".time_zone WHEN 'Asia/Jayapura' THEN {:eastern} WHEN 'Asia/Makassar' THEN {:central} ELSE {:western} END"
}

// Days are the days of a moment that TodayThere chooses from.
func Days(now time.Time) dbx.Params {
	return dbx.Params{
		"western": clock.Day(now, clock.Western),
		"central": clock.Day(now, clock.Central),
		"eastern": clock.Day(now, clock.Eastern),
	}
}

// Tabs is the row of links between the pages of one programme, as the part
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

// tab names a page of a programme by its language key and its address below
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
