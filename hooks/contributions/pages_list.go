package contributions

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/web"
)

// listPage is everything a programme was given, as far as the reader sees it.
type listPage struct {
	web.Base
	Programme string
	Tabs      programmes.Tabs
	// Waiting is what the team has to verify, the longest wait first.
	Waiting []Row
	// Goods are all totals but those of money, which are shown separately.
	Goods, Money            []Total
	Pledges, MayLog         bool
	Team, Partner, Filtered bool
	All, Others             listPart
	Statuses                []web.FilterTab
	Fields                  []web.Field
	New, Here, Status       string
	// Narrowed names the filters in use, "" if everything is shown.
	Narrowed string
	Nothing  nilReports
}

// listURL is the address of a programme's contributions.
func listURL(p *programmes.Programme) string { return p.URL() + "/contributions" }

// List shows a programme's contributions: to the team first what waits for verification; to a partner its own and
// what was verified of others.
func List(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	q := readQuery(e, listURL(p))
	b := p.Page(e, "contributions.title")
	data := listPage{
		Base: b, Programme: p.Name(), Tabs: p.Tabs("contributions", b.Language),
		Team: p.Roles.Team, Partner: p.Roles.Partner, MayLog: mayLog(p), Filtered: !q.Plain() || q.Page > 1,
		Statuses: statusTabs(q, b.Language), New: newURL(p),
		Here: listURL(p), Status: q.Get("status"),
	}
	if data.Fields, err = filterFields(e, d, p, q); err != nil {
		return err
	}
	data.Narrowed = filterNames(q, data.Fields, b.Language)
	if err := data.fill(d, p, q); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "contributions/list", data)
}

// fill reads what the reader may open and what was verified of others; without filters also what waits, the totals
// and the nil reports.
func (data *listPage) fill(d *access.Scope, p *programmes.Programme, q web.Query) (err error) {
	if data.All, err = readOwn(d, p, q, data.Language); err != nil {
		return err
	}
	if seesOthers(p) && (!q.Has("status") || q.Get("status") == statusVerified) {
		if data.Others, err = readOthers(d, p, q, data.Language); err != nil {
			return err
		}
	}
	if data.Filtered {
		return nil
	}
	if data.Nothing, err = listNilReports(d, p, data.Language); err != nil {
		return err
	}
	if p.Roles.Team {
		if data.Waiting, err = waitingRows(d, p, data.Language); err != nil {
			return err
		}
	}
	totals, err := Totals(d, p)
	for _, t := range totals {
		if t.IsMoney() {
			data.Money = append(data.Money, t)
		} else {
			data.Goods = append(data.Goods, t)
		}
		data.Pledges = data.Pledges || t.Pledged.Entries > 0
	}
	return err
}

// filterNames names the filters in use: "Menunggu verifikasi · Barang".
func filterNames(q web.Query, fields []web.Field, language string) string {
	names := []string{}
	if status := q.Get("status"); status != "" {
		names = append(names, lang.T(language, "contributions.review_status."+status))
	}
	for _, field := range fields {
		for _, o := range field.Options {
			if o.Chosen && o.Value != "" {
				names = append(names, o.Label)
			}
		}
	}
	return strings.Join(names, " · ")
}

// statusTabs leads to each status but drafts, which nobody looks for.
func statusTabs(q web.Query, language string) []web.FilterTab {
	tabs := []web.FilterTab{q.With("status", "", "others", "").Tab(lang.T(language, "contributions.all"), !q.Has("status"))}
	for _, status := range statuses[1:] {
		label := lang.T(language, "contributions.review_status."+status)
		tabs = append(tabs, q.With("status", status, "others", "").Tab(label, q.Get("status") == status))
	}
	return tabs
}

// filterFields ask for a kind and an organisation. A filter is empty unless it is wanted, so none is marked as
// optional.
func filterFields(e *core.RequestEvent, d *access.Scope, p *programmes.Programme, q web.Query) ([]web.Field, error) {
	parties, err := roster.OrganisationOptions(d, p, web.Language(e))
	everything := web.Option{Label: lang.T(web.Language(e), "contributions.all")}
	form := web.NewForm(e, "contributions",
		web.Choice("kind", []web.Option{everything}).Offer(kinds...).Label("contributions.filter_kind").Unmarked(),
		web.Choice("organisation", append([]web.Option{everything}, parties...)).Label("contributions.contributor").Unmarked())
	return form.Set("kind", q.Get("kind")).Set("organisation", q.Get("organisation")).Fields(), err
}

// othersPage is the number of the page of what others gave, from 1: the address carries it as a filter.
func othersPage(value string) int {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > 1000 {
		return 1
	}
	return n
}

func readQuery(e *core.RequestEvent, path string) web.Query {
	known := web.Known{"status": statuses, "kind": kinds, "organisation": nil}
	if others := e.Request.URL.Query().Get("others"); othersPage(others) > 1 {
		known["others"] = nil
	}
	return web.ReadQuery(e, path, known)
}

// othersURL leads to another page of what others gave, on the same page of the reader's own.
func othersURL(q web.Query, n int) string {
	to := q.With("others", strconv.Itoa(n))
	if n == 1 {
		to = q.With("others", "")
	}
	to.Page = q.Page
	return to.URL()
}

// listPart is one page of a list.
type listPart struct {
	Rows  []Row
	Pager web.Pager
}

// narrow adds the filters of the address to a query over a table.
func narrow(q web.Query, s *dbx.SelectQuery, table string) *dbx.SelectQuery {
	for column, name := range map[string]string{"kind": "kind", "contributor": "organisation", "review_status": "status"} {
		if q.Has(name) && (column != "review_status" || table == "contributions") {
			s.AndWhere(dbx.HashExp{table + "." + column: q.Get(name)})
		}
	}
	return s.OrderBy(table+".given_on DESC", table+".number DESC")
}

func readOwn(d *access.Scope, p *programmes.Programme, q web.Query, language string) (part listPart, err error) {
	found, s := []listItem{}, narrow(q, ownItems(d, p), "contributions")
	q.Limit(s)
	if err = s.All(&found); err != nil {
		return part, wrapError("list", err)
	}
	found, part.Pager = web.Cut(q, found)
	part.Rows, part.Pager = rows(language, found), q.Range(part.Pager, len(found))
	return part, nil
}

// readOthers pages by the filter "others", so that both lists keep their pages.
func readOthers(d *access.Scope, p *programmes.Programme, q web.Query, language string) (part listPart, err error) {
	s, err := othersQuery(d, p)
	if err != nil {
		return part, err
	}
	found, of := []listItem{}, web.NewQuery(listURL(p))
	of.Page = othersPage(q.Get("others"))
	of.Limit(narrow(q, s, "verified_contributions"))
	if err = s.All(&found); err != nil {
		return part, wrapError("list", err)
	}
	found, pager := web.Cut(of, found)
	for link, n := range map[*string]int{&pager.Previous: of.Page - 1, &pager.Next: of.Page + 1, &pager.First: 1} {
		if *link != "" {
			*link = othersURL(q, n)
		}
	}
	part.Rows, part.Pager = rows(language, found), of.Range(pager, len(found))
	return part, nil
}
