package tasks

import (
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
)

// listPage is the list of one programme's tasks.
type listPage struct {
	page.Base
	Tabs    programmes.Tabs
	Actions []action
	list
	// Picker chooses one organisation; Kept are the other filters it carries along.
	Picker *page.Field
	Kept   []hidden
	URL    string
}

// list is one page of tasks with what narrows it and what leads on.
type list struct {
	Pills []pill
	Rows  []Row
	Pager programmes.Pager
	Empty *empty
}

type action struct {
	Label, URL, Icon string
	Primary          bool
}

type hidden struct{ Name, Value string }

type pill struct {
	Label, URL string
	Current    bool
	Count      int
}

type empty struct{ Icon, Title, Text, URL, Label string }

// List shows a programme's tasks, thirty a page, narrowed by the address.
func List(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	f := readFilter(e.Request.URL.Query())
	found, err := within(d, p, f.narrowWithin(d, p), f.onePage)
	if err != nil {
		return err
	}
	b := programmePage(e, p, "tasks.list_title")
	data := listPage{
		Base: b,
		Tabs: p.Tabs("tasks", b.Language),
		list: list{Pills: pills(b.Language, p, f), Pager: f.pager(base(p), len(found))},
		URL:  base(p),
	}
	data.Rows = Rows(d, b.Language, found[:min(len(found), perPage)])
	if p.Roles.Team {
		data.Actions = []action{{Label: lang.T(b.Language, "tasks.add"), URL: base(p) + "/new", Icon: "plus", Primary: true}}
	}
	if len(found) == 0 && f.Page == 1 {
		data.Empty = nothing(b.Language, p, f)
	}
	if err := data.pick(e, d, p); err != nil {
		return err
	}
	return page.Render(e, http.StatusOK, "tasks/list", data)
}

// programmePage begins a page of this room inside a programme.
func programmePage(e *core.RequestEvent, p *programmes.Programme, titleKey string) page.Base {
	b := page.New(e, titleKey, "programme", p.Name()).At("programmes")
	b.Crumbs = p.Crumbs(b.Language)
	return b
}

// base is the address of a programme's list.
func base(p *programmes.Programme) string { return p.URL() + "/tasks" }

// pills are the ways to narrow a list: the state is one of three, the others
// are switched on and off.
func pills(language string, p *programmes.Programme, f Filter) []pill {
	f.Page = 1
	out := []pill{}
	add := func(key string, current bool, to Filter) {
		out = append(out, pill{Label: lang.T(language, "tasks.filter."+key), URL: to.URL(base(p)), Current: current})
	}
	inState := func(state string) Filter {
		return Filter{State: state, Mine: f.Mine, Followed: f.Followed, Organisation: f.Organisation}
	}
	narrowed := f.Late || f.Week || f.Reply != ""
	add("open", f.State == "" && !narrowed, inState(""))
	add("late", f.Late, switched(f, func(g *Filter) { g.Late = !f.Late }))
	add("week", f.Week, switched(f, func(g *Filter) { g.Week = !f.Week }))
	if p.Roles.Partner {
		mine := f
		mine.Mine, mine.Followed = !f.Mine, false
		add("mine", f.Mine, mine)
	}
	if p.Roles.Team {
		followed := f
		followed.Followed, followed.Mine = !f.Followed, false
		add("followed", f.Followed, followed)
		add("none", f.Reply == "none", switched(f, func(g *Filter) { g.Reply = other(f.Reply, "none") }))
		add("trouble", f.Reply == "trouble", switched(f, func(g *Filter) { g.Reply = other(f.Reply, "trouble") }))
	}
	add("done", f.State == "done", inState("done"))
	add("all", f.State == "all", inState("all"))
	return out
}

// switched changes one of the filters that only open tasks can meet.
func switched(f Filter, change func(*Filter)) Filter {
	to := Filter{Mine: f.Mine, Followed: f.Followed, Organisation: f.Organisation}
	change(&to)
	return to
}

func other(now, code string) string {
	if now == code {
		return ""
	}
	return code
}

// pager leads to the pages around this one; found may hold one row too many.
func (f Filter) pager(base string, found int) programmes.Pager {
	if found == 0 && f.Page > 1 {
		to := f
		to.Page = 1
		return programmes.Pager{First: to.URL(base)}
	}
	var p programmes.Pager
	if f.Page > 1 {
		to := f
		to.Page--
		p.Previous = to.URL(base)
	}
	if found > perPage {
		to := f
		to.Page++
		p.Next = to.URL(base)
	}
	first := (f.Page-1)*perPage + 1
	p.Label = strconv.Itoa(first) + "–" + strconv.Itoa(first+max(0, min(found, perPage)-1))
	return p
}

// nothing says what an empty list is for and offers one step.
func nothing(language string, p *programmes.Programme, f Filter) *empty {
	key, to := "tasks.empty_filter", base(p)
	switch {
	case f.Plain() && p.Roles.Team:
		key, to = "tasks.empty_team", base(p)+"/new"
	case f.Plain():
		key, to = "tasks.empty", Filter{State: "all"}.URL(base(p))
	}
	return &empty{
		Icon:  "check",
		Title: lang.T(language, key),
		Text:  lang.T(language, key+"_text"),
		URL:   to,
		Label: lang.T(language, key+"_action"),
	}
}

// pick offers the choice of an organisation once the reader asks for it: the
// list of all of them costs more than the page.
func (l *listPage) pick(e *core.RequestEvent, d *access.Door, p *programmes.Programme) error {
	f := readFilter(e.Request.URL.Query())
	f.Page = 1
	if f.Organisation == "" && !f.Pick {
		f.Pick = true
		l.Pills = append(l.Pills, pill{Label: lang.T(l.Language, "tasks.filter.organisation"), URL: f.URL(base(p))})
		return nil
	}
	options, err := roster.OrganisationOptions(d, p, l.Language)
	if err != nil {
		return err
	}
	field := page.NewForm(e, "tasks", page.Choice("organisation", options)).Set("organisation", f.Organisation).Field("organisation")
	field.Optional = false
	l.Picker = &field
	f.Pick, f.Organisation = false, ""
	for name, values := range f.values() {
		l.Kept = append(l.Kept, hidden{name, values[0]})
	}
	return nil
}
