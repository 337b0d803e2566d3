package contributions

import (
	"errors"
	"net/http"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
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
	// Goods are all totals but money's, which stand apart in Money.
	Goods, Money            []Total
	Pledges, MayLog         bool
	Team, Partner, Filtered bool
	All, Others             rows
	Statuses                []pill
	Fields                  []web.Field
	New, Here, Status       string
	// Narrowed names what the filters keep, "" if everything is shown.
	Narrowed string
	Nothing  nothing // months of which partners said that there is nothing
}

// rows are one page of a list.
type rows struct {
	Rows  []Row
	Pager web.Pager
}

// pill is what the part "filter_pills" shows.
type pill struct {
	Label, URL, Count string
	Current           bool
}

// List shows a programme's contributions: to the team first what waits for
// verification; to a partner its own and what was verified of others.
func List(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	f := readFilter(e.Request.URL.Query())
	b := web.New(e, "contributions.title").At("programmes")
	b.Crumbs = p.Crumbs(b.Language)
	data := listPage{
		Base: b, Programme: p.Name(), Tabs: p.Tabs("contributions", b.Language),
		Team: p.Roles.Team, Partner: p.Roles.Partner, MayLog: mayLog(p), Filtered: !f.Plain(),
		Statuses: statusPills(f, base(p), b.Language), New: "/contributions/new?programme=" + p.Slug(),
		Here: base(p), Status: f.Status,
	}
	if data.Fields, err = filterFields(e, d, p, f); err != nil {
		return err
	}
	data.Narrowed = narrowed(f, data.Fields, b.Language)
	if err := data.fill(d, p, f); err != nil {
		return err
	}
	return web.Render(e, http.StatusOK, "contributions/list", data)
}

func (data *listPage) fill(d *access.Scope, p *programmes.Programme, f Filter) (err error) {
	if data.All, err = ownPage(d, p, f, data.Language); err != nil {
		return err
	}
	if data.Others, err = othersPage(d, p, f, data.Language); err != nil {
		return err
	}
	if data.Filtered {
		return nil
	}
	if data.Nothing, err = nothingOf(d, p, data.Language); err != nil {
		return err
	}
	if p.Roles.Team {
		waiting, err := waitingList(d, p)
		if err != nil {
			return err
		}
		data.Waiting = waitingRows(data.Language, p.Zone(), waiting)
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

// narrowed names the filters that are chosen: "Menunggu verifikasi · Barang".
func narrowed(f Filter, fields []web.Field, language string) string {
	parts := []string{}
	if f.Status != "" {
		parts = append(parts, lang.T(language, "contributions.review_status."+f.Status))
	}
	for _, field := range fields {
		for _, o := range field.Options {
			if o.Chosen && o.Value != "" {
				parts = append(parts, o.Label)
			}
		}
	}
	return strings.Join(parts, " · ")
}

func statusPills(f Filter, base, language string) []pill {
	all := f
	all.Status, all.Page, all.Others = "", 1, 1
	pills := []pill{{Label: lang.T(language, "contributions.all"), URL: all.URL(base), Current: f.Status == ""}}
	for _, status := range Statuses[1:] { // drafts are nobody's to look for
		one := all
		one.Status = status
		pills = append(pills, pill{
			Label: lang.T(language, "contributions.review_status."+status), URL: one.URL(base), Current: f.Status == status,
		})
	}
	return pills
}

// filterFields ask for a kind and an organisation; they go by GET, so that the
// address says what is shown. A filter is empty unless it is wanted, so none
// says that it may be.
func filterFields(e *core.RequestEvent, d *access.Scope, p *programmes.Programme, f Filter) ([]web.Field, error) {
	parties, err := roster.OrganisationOptions(d, p, web.Language(e))
	if err != nil {
		return nil, err
	}
	everything := web.Option{Label: lang.T(web.Language(e), "contributions.all")}
	kinds := []web.Option{everything}
	for _, kind := range Kinds {
		kinds = append(kinds, web.Option{Value: kind, Label: lang.T(web.Language(e), "contributions.kind."+kind)})
	}
	form := web.NewForm(e, "contributions",
		web.Choice("kind", kinds).Label("contributions.filter_kind"),
		web.Choice("organisation", append([]web.Option{everything}, parties...)).Label("contributions.contributor"))
	fields := form.Set("kind", f.Kind).Set("organisation", f.Organisation).Fields()
	for i := range fields {
		fields[i].Optional = false
	}
	return fields, nil
}

// SayNothingPage keeps that one of the reader's organisations has nothing to
// report for this month.
func SayNothingPage(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	month := clock.Today(p.Zone())[:len("2006-01")]
	err = SayNothing(d, p.ID(), e.Request.PostFormValue("organisation"), month)
	if key := refusal(err); key != "" {
		return web.RedirectWithWarning(e, base(p), key)
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, base(p), "nil_reports.saved")
}

// refusal is the sentence by which it was refused, so that a button of a page
// that stood open for long leads to a reason; "" for any other error.
func refusal(err error) string {
	var fields validation.Errors
	if !errors.As(err, &fields) {
		return ""
	}
	return access.Problems(fields)[0].Key
}

// UnsayNothing takes it back, and leads back with a word when that was done
// before: by a second press, or from another window.
func UnsayNothing(e *core.RequestEvent) error {
	d := web.Scope(e)
	r, err := d.View("nil_reports", e.Request.PathValue("id"))
	if back := e.Request.PostFormValue("back"); errors.Is(err, access.ErrRefused) && back != "" {
		return web.RedirectWithWarning(e, web.Local(back), "nil_reports.undone_before")
	}
	if err != nil {
		return err
	}
	p, err := programmes.ByID(d, r.GetString("programme"))
	if err != nil {
		return err
	}
	if err := d.Delete(r); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, base(p), "nil_reports.undone")
}
