package tasks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
)

// minePage is the list across programmes.
type minePage struct {
	page.Base
	list
}

// Own shows the open tasks that wait for the reader across programmes; to a
// team also what its programmes have to look after.
func Own(e *core.RequestEvent) error {
	d := page.Door(e)
	f := readFilter(e.Request.URL.Query())
	found, err := listAcross(d, f)
	if err != nil {
		return err
	}
	b := page.New(e, "tasks.mine_title").At("home")
	data := minePage{Base: b, list: list{Pager: f.pager("/tasks", len(found))}}
	data.Rows = RowsAcross(d, b.Language, found[:min(len(found), perPage)])
	if data.Pills, err = ownPills(d, b.Language, f); err != nil {
		return err
	}
	if len(found) == 0 {
		data.Empty = &empty{
			Icon:  "check",
			Title: lang.T(b.Language, "tasks.empty_mine"),
			Text:  lang.T(b.Language, "tasks.empty_mine_text"),
			URL:   "/programmes",
			Label: lang.T(b.Language, "tasks.empty_mine_action"),
		}
	}
	return page.Render(e, http.StatusOK, "tasks/mine", data)
}

// ownPills offers a team the lists behind the numbers of its home page.
func ownPills(d *access.Door, language string, f Filter) ([]pill, error) {
	members, err := d.Programmes()
	if err != nil || len(runs(members)) == 0 {
		return nil, err
	}
	needs, err := Attention(d)
	if err != nil {
		return nil, err
	}
	mine := !f.Late && !f.Week && f.Reply == ""
	return []pill{
		{Label: lang.T(language, "tasks.filter.mine"), URL: "/tasks", Current: mine},
		{Label: lang.T(language, "tasks.filter.late"), URL: needs.LateURL(), Current: f.Late, Count: needs.Late},
		{Label: lang.T(language, "tasks.filter.none"), URL: needs.UnansweredURL(), Current: f.Reply == "none", Count: needs.Unanswered},
		{Label: lang.T(language, "tasks.filter.trouble"), URL: needs.TroubleURL(), Current: f.Reply == "trouble", Count: needs.Trouble},
	}, nil
}
