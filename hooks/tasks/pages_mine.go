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

// Own shows the open tasks of the reader's organisations across programmes; to a
// team also those it follows and what its programmes have to look after.
func Own(e *core.RequestEvent) error {
	d := page.Door(e)
	members, err := d.Programmes()
	if err != nil {
		return err
	}
	f := readFilter(e.Request.URL.Query())
	leads, speaks := len(runs(members)) > 0, len(spoken(members)) > 0
	f.Followed = leads && (f.Followed || !speaks && !f.Mine && !f.narrowed())
	found, err := listAcross(d, f)
	if err != nil {
		return err
	}
	b := page.New(e, f.titleAcross(leads)).At("home")
	data := minePage{Base: b, list: list{Pager: f.pager("/tasks", len(found))}}
	data.Rows = RowsAcross(d, b.Language, found[:min(len(found), perPage)])
	if leads {
		data.Pills, err = ownPills(d, b.Language, f, speaks)
	}
	if err != nil {
		return err
	}
	if len(found) == 0 && f.Page == 1 {
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

// titleAcross is the key of the heading: what a team looks after is not its own.
func (f Filter) titleAcross(leads bool) string {
	switch {
	case leads && !f.Mine && f.Late:
		return "tasks.late_title"
	case leads && !f.Mine && f.Reply != "":
		return "tasks." + f.Reply + "_title"
	case f.Followed:
		return "tasks.followed_title"
	}
	return "tasks.mine_title"
}

// ownPills offers a team the lists behind the numbers of its home page, and its
// own tasks if it speaks for an organisation.
func ownPills(d *access.Door, language string, f Filter, speaks bool) ([]pill, error) {
	needs, err := Attention(d)
	if err != nil {
		return nil, err
	}
	pills := []pill{
		{Label: lang.T(language, "tasks.filter.followed"), URL: FollowedURL, Current: f.Followed},
		{Label: lang.T(language, "tasks.filter.late"), URL: needs.LateURL(), Current: f.Late, Count: needs.Late},
		{Label: lang.T(language, "tasks.filter.none"), URL: needs.UnansweredURL(), Current: f.Reply == "none", Count: needs.Unanswered},
		{Label: lang.T(language, "tasks.filter.trouble"), URL: needs.TroubleURL(), Current: f.Reply == "trouble", Count: needs.Trouble},
	}
	if speaks {
		mine := pill{Label: lang.T(language, "tasks.filter.mine"), URL: "/tasks", Current: !f.Followed && !f.narrowed()}
		pills = append([]pill{mine}, pills...)
	}
	return pills, nil
}
