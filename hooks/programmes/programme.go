// Package programmes keeps the collaborations themselves: what they are called,
// whose they are, where and when they run, and who works in them.
package programmes

import (
	"strings"

	"github.com/pocketbase/pocketbase/core"

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
// with the door of who asks. A programme the reader may not see is
// access.ErrRefused, as is one that does not exist.
func BySlug(e *core.RequestEvent) (*Programme, *access.Door, error) {
	d := web.Door(e)
	r, err := d.First("programmes", "slug", e.Request.PathValue("slug"))
	if err != nil {
		return nil, nil, err
	}
	return Wrap(d, r), d, nil
}

// ByID returns the programme that a task, a meeting or a gift belongs to. The
// error is access.ErrRefused if the reader may not see it.
func ByID(d *access.Door, id string) (*Programme, error) {
	r, err := d.View("programmes", id)
	if err != nil {
		return nil, err
	}
	return Wrap(d, r), nil
}

// ForTeam is BySlug for those who run the programme.
func ForTeam(e *core.RequestEvent) (*Programme, *access.Door, error) {
	p, d, err := BySlug(e)
	if err == nil && !p.Roles.Team {
		err = access.ErrRefused
	}
	return p, d, err
}

// View returns the record of a collection that the address names by {id}, with
// the programme it belongs to.
func View(e *core.RequestEvent, collection string) (*core.Record, *Programme, error) {
	d := web.Door(e)
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
func Wrap(d *access.Door, r *core.Record) *Programme {
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
func (p *Programme) Place() string { return place(p.GetString("regency"), p.GetString("province")) }

// Zone is the time zone of the programme's due dates and meetings.
func (p *Programme) Zone() string {
	if zone := p.GetString("time_zone"); zone != "" {
		return zone
	}
	return clock.ZoneOfProvince(p.GetString("province"))
}

// Period says from when to when the programme runs, "" if no day is known.
func (p *Programme) Period(language string) string {
	return period(language, p.GetString("starts_on"), p.GetString("ends_on"))
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

func place(regency, province string) string {
	parts := []string{}
	for _, part := range []string{regency, province} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

func period(language, from, to string) string {
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
