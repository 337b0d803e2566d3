package home

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/meetings"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

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
	data.Badges = []programmes.Badge{p.Badge(data.Language)}
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

// Work shows what waits for the reader across programmes.
func Work(e *core.RequestEvent) error {
	d := web.Door(e)
	data := &workPage{Base: web.New(e, "home.title").At("home")}
	if d.Super() {
		return administration(e, d, data.Base)
	}
	if err := data.fill(d); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "home/work", data)
}

func administration(e *core.RequestEvent, d *access.Door, b web.Base) error {
	checks, err := checklist(d, b.Language)
	if err != nil {
		return err
	}
	example, err := d.List("programmes", examples)
	if err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "home/administration", adminPage{b, checks, len(example) > 0})
}
