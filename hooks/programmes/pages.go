package programmes

import (
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// perPage is how many programmes a page lists.
const perPage = 30

type indexPage struct {
	web.Base
	Cards    []Card
	Pills    []Pill
	Pager    Pager
	Filtered bool
}

// Index lists the reader's programmes, by state if the address says so.
func Index(e *core.RequestEvent) error {
	d := web.Door(e)
	status := e.Request.URL.Query().Get("status")
	if !slices.Contains(statuses, status) {
		status = ""
	}
	data := indexPage{Base: web.New(e, "programmes.title").At("programmes"), Filtered: status != ""}
	var err error
	if data.Pills, err = pills(d, data.Language, status); err != nil {
		return err
	}
	number := PageNumber(e)
	shown, more, err := list(d, status, number)
	if err != nil {
		return err
	}
	data.Pager = Pages(e, number, len(shown), more)
	if data.Cards, err = cards(d, data.Language, shown); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "programmes/index", data)
}

// list reads one page of programmes and whether there is another behind it.
// The texts are left out: a list does not show them and they are long.
func list(d *access.Door, status string, number int) (shown []*Programme, more bool, err error) {
	found, err := d.List("programmes", func(q *dbx.SelectQuery) {
		q.Select("programmes.id", "programmes.slug", "programmes.name", "programmes.expansion", "programmes.status",
			"programmes.province", "programmes.regency", "programmes.time_zone", "programmes.starts_on",
			"programmes.ends_on", "programmes.example")
		if status != "" {
			q.AndWhere(dbx.HashExp{"programmes.status": status})
		}
		q.OrderBy("programmes.name", "programmes.id").Limit(perPage + 1).Offset(int64(number-1) * perPage)
	})
	if err != nil {
		return nil, false, err
	}
	if more = len(found) > perPage; more {
		found = found[:perPage]
	}
	for _, r := range found {
		shown = append(shown, Wrap(d, r))
	}
	return shown, more, nil
}

func cards(d *access.Door, language string, shown []*Programme) ([]Card, error) {
	counts, err := helixCounts(d, shown)
	if err != nil {
		return nil, err
	}
	roles, err := rolesOf(d, language)
	if err != nil {
		return nil, err
	}
	out := make([]Card, 0, len(shown))
	for _, p := range shown {
		out = append(out, card(p, language, roles[p.ID()], counts[p.ID()]))
	}
	return out, nil
}

// pills offers the states in which the reader has programmes.
func pills(d *access.Door, language, chosen string) ([]Pill, error) {
	all, err := d.List("programmes", func(q *dbx.SelectQuery) { q.Select("programmes.id", "programmes.status") })
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for _, r := range all {
		counts[r.GetString("status")]++
	}
	out := []Pill{{Label: lang.T(language, "programmes.all"), URL: "/programmes", Current: chosen == "", Count: len(all)}}
	for _, status := range statuses {
		if counts[status] > 0 || status == chosen {
			out = append(out, Pill{
				Label:   lang.T(language, "programmes.status."+status),
				URL:     "/programmes?status=" + status,
				Current: status == chosen,
				Count:   counts[status],
			})
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	return out, nil
}
