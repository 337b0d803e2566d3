package tasks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/fields"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/web"
)

// listPage is a list of tasks: of one programme, or across programmes.
type listPage struct {
	web.Base
	Tabs    programmes.Tabs
	Actions []web.Action
	Filters []web.FilterTab
	Rows    []Row
	Pager   web.Pager
	Empty   *web.EmptyState
	// Picker narrows the list by field; Kept are the other filters it carries along.
	Picker []web.Field
	Kept   []web.Pair
	URL    string
}

// List shows a programme's tasks, thirty a page, narrowed by the address.
func List(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	q := web.ReadQuery(e, listURL(p), filters)
	found, err := within(d, p, narrowWithin(d, p, q), q.Limit)
	if err != nil {
		return err
	}
	data := listPage{
		Base: p.Page(e, "tasks.list_title", "programme", p.Name()),
		Tabs: p.Tabs("tasks", web.Language(e)),
		URL:  listURL(p),
	}
	data.Filters = filterTabs(data.Language, p, q)
	data.fill(d, q, found, Rows)
	if p.Roles.Team {
		data.Actions = []web.Action{{Label: lang.T(data.Language, "tasks.add"), URL: listURL(p) + "/new", Icon: "plus", Primary: true}}
	}
	if len(found) == 0 && q.Page == 1 {
		data.Empty = emptyState(data.Language, p, q)
	}
	if err := data.pick(e, p, q); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "tasks/list", data)
}

// fill puts the rows of one page into words.
func (data *listPage) fill(d *access.Scope, q web.Query, found []Listed, words func(*access.Scope, string, []Listed) []Row) {
	shown, pager := web.Cut(q, found)
	data.Rows, data.Pager = words(d, data.Language, shown), q.Range(pager, len(shown))
}

// listURL is the address of a programme's list.
func listURL(p *programmes.Programme) string { return p.URL() + "/tasks" }

// filterTabs are the ways to narrow a list: the state is one of three, the others
// are switched on and off.
func filterTabs(language string, p *programmes.Programme, q web.Query) (tabs []web.FilterTab) {
	every := q.With("state", "", "late", "", "week", "", "reply", "", "pick", "")
	add := func(key string, current bool, to web.Query) {
		tabs = append(tabs, to.Tab(lang.T(language, "tasks.filter."+key), current))
	}
	toggle := func(key, name, value string) {
		if q.Get(name) == value {
			add(key, true, every)
			return
		}
		add(key, false, every.With(name, value))
	}
	whose := func(name, other string) {
		on := "1"
		if q.Has(name) {
			on = ""
		}
		add(name, q.Has(name), q.With(name, on, other, ""))
	}
	add("open", !q.Has("state") && !narrowed(q), every)
	toggle("late", "late", "1")
	toggle("week", "week", "1")
	if p.Roles.Partner {
		whose("mine", "followed")
	}
	if p.Roles.Team {
		whose("followed", "mine")
		toggle("none", "reply", "none")
		toggle("trouble", "reply", "trouble")
	}
	add("done", q.Get("state") == "done", every.With("state", "done"))
	add("all", q.Get("state") == "all", every.With("state", "all"))
	return tabs
}

// emptyState says what an empty list is for and offers one step.
func emptyState(language string, p *programmes.Programme, q web.Query) *web.EmptyState {
	key, to := "tasks.empty_filter", listURL(p)
	switch plain := q.With("pick", "").Plain(); {
	case plain && p.Roles.Team:
		key, to = "tasks.empty_team", listURL(p)+"/new"
	case plain:
		key, to = "tasks.empty", q.With("state", "all").URL()
	}
	return web.Empty(language, "check", key, to)
}

// pick offers the filters by field once the reader asks for them: the list of
// all organisations costs more than the page.
func (data *listPage) pick(e *core.RequestEvent, p *programmes.Programme, q web.Query) error {
	names := []string{"pick"}
	for _, f := range fields.Tasks.Filters() {
		names = append(names, f.Name)
	}
	if !q.Has(names...) {
		data.Filters = append(data.Filters, q.With("pick", "1").Tab(lang.T(data.Language, "tasks.filter.organisation"), false))
		return nil
	}
	organisations, err := roster.OrganisationOptions(web.Scope(e), p, data.Language)
	if err != nil {
		return err
	}
	data.Kept = q.Hidden(names...)
	data.Picker, err = q.Picker(e, fields.Tasks, web.Choices{"organisation": organisations})
	return err
}

// Own shows the open tasks of the reader's organisations across programmes; to a
// team also those it follows and what its programmes have to look after.
func Own(e *core.RequestEvent) error {
	d := web.Scope(e)
	members, err := d.Programmes()
	if err != nil {
		return err
	}
	q := web.ReadQuery(e, "/tasks", filters)
	leads, speaks := len(ledProgrammes(members)) > 0, len(representedOrganisations(members)) > 0
	switch {
	case !leads:
		q = q.Change("followed", "")
	case !speaks && !q.Has("mine") && !narrowed(q):
		q = q.Change("followed", "1")
	}
	found, err := listAcross(d, members, q)
	if err != nil {
		return err
	}
	data := listPage{Base: web.New(e, titleAcross(q, leads)).At("home")}
	data.fill(d, q, found, RowsAcross)
	if leads {
		data.Filters, err = ownTabs(d, data.Language, q, speaks)
	}
	if err != nil {
		return err
	}
	if len(found) == 0 && q.Page == 1 {
		data.Empty = web.Empty(data.Language, "check", "tasks.empty_mine", "/programmes")
	}
	return web.Render(e, http.StatusOK, "tasks/list", data)
}

// titleAcross is the key of the heading: what a team looks after is not its own.
func titleAcross(q web.Query, leads bool) string {
	switch {
	case leads && !q.Has("mine") && q.Has("late"):
		return "tasks.late_title"
	case leads && !q.Has("mine") && q.Has("reply"):
		return "tasks." + q.Get("reply") + "_title"
	case q.Has("followed"):
		return "tasks.followed_title"
	}
	return "tasks.mine_title"
}

// ownTabs offers a team the lists behind the numbers of its home page, and its
// own tasks if it speaks for an organisation.
func ownTabs(d *access.Scope, language string, q web.Query, speaks bool) (tabs []web.FilterTab, err error) {
	needs, err := Attention(d)
	if err != nil {
		return nil, err
	}
	add := func(key, url string, current bool, count int) {
		tabs = append(tabs, web.FilterTab{Label: lang.T(language, "tasks.filter."+key), URL: url, Current: current, Count: count})
	}
	if speaks {
		add("mine", "/tasks", !q.Has("followed") && !narrowed(q), 0)
	}
	add("followed", FollowedURL, q.Has("followed"), 0)
	add("late", needs.LateURL(), q.Has("late"), needs.Late)
	add("none", needs.UnansweredURL(), q.Get("reply") == "none", needs.Unanswered)
	add("trouble", needs.TroubleURL(), q.Get("reply") == "trouble", needs.Trouble)
	return tabs, nil
}
