package meetings

import (
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// perPage is how many meetings a page of the list shows.
const perPage = 30

type listPage struct {
	web.Base
	Tabs    programmes.Tabs
	Actions []action
	Pills   []programmes.Pill
	Rows    []Card
	Pager   programmes.Pager
	Empty   *empty
}

type action struct {
	Label, URL, Icon string
	Primary          bool
}

type empty struct{ Icon, Title, Text, URL, Label string }

// List shows a programme's meetings, thirty a page: those to come, or with
// when=past in the address those that were.
func List(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	past := e.Request.URL.Query().Get("when") == "past"
	number := programmes.PageNumber(e)
	found, err := listed(d, p, past, number)
	if err != nil {
		return err
	}
	b := web.New(e, "meetings.list_title", "programme", p.Name()).At("programmes")
	b.Crumbs = p.Crumbs(b.Language)
	data := listPage{
		Base:  b,
		Tabs:  p.Tabs("meetings", b.Language),
		Pills: pills(b.Language, p, past),
		Rows:  Rows(b.Language, found[:min(len(found), perPage)]),
		Pager: programmes.Pages(e, number, len(found), len(found) > perPage),
	}
	if p.Roles.Team {
		data.Actions = []action{{Label: lang.T(b.Language, "meetings.add"), URL: base(p) + "/new", Icon: "plus", Primary: true}}
	}
	if len(found) == 0 && number == 1 {
		data.Empty = nothing(b.Language, p, past)
	}
	return web.Render(e, http.StatusOK, "meetings/list", data)
}

// base is the address of a programme's list.
func base(p *programmes.Programme) string { return p.URL() + "/meetings" }

// listed reads one page of the list, and one row more if there is another page.
// What takes place today counts as coming for the whole day.
func listed(d *access.Door, p *programmes.Programme, past bool, number int) ([]Listed, error) {
	today, err := clock.At(clock.Today(p.Zone()), "00:00", p.Zone())
	if err != nil {
		return nil, err
	}
	return within(d, p, func(q *dbx.SelectQuery) {
		if past {
			q.AndWhere(dbx.Not(lasts(today))).OrderBy("meetings.starts_at DESC", "meetings.id")
		} else {
			q.AndWhere(lasts(today)).OrderBy("meetings.starts_at", "meetings.id")
		}
		q.Limit(perPage + 1).Offset(int64(number-1) * perPage)
	})
}

func pills(language string, p *programmes.Programme, past bool) []programmes.Pill {
	return []programmes.Pill{
		{Label: lang.T(language, "meetings.coming"), URL: base(p), Current: !past},
		{Label: lang.T(language, "meetings.past"), URL: base(p) + "?when=past", Current: past},
	}
}

// nothing says what the list is for and offers one step.
func nothing(language string, p *programmes.Programme, past bool) *empty {
	key, to := "meetings.empty", base(p)+"?when=past"
	switch {
	case past:
		key, to = "meetings.empty_past", base(p)
	case p.Roles.Team:
		key, to = "meetings.empty_team", base(p)+"/new"
	}
	return &empty{
		Icon:  "calendar",
		Title: lang.T(language, key),
		Text:  lang.T(language, key+"_text"),
		URL:   to,
		Label: lang.T(language, key+"_action"),
	}
}
