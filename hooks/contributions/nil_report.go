package contributions

import (
	"errors"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

const monthForm = "2006-01"

// ContributedIn reports whether an organisation gave, or logged, something in a month (YYYY-MM) of the programme's
// zone. What was withdrawn or rejected does not count.
func ContributedIn(app core.App, programme, organisation, month string) (bool, error) {
	zone, err := zoneOf(app, programme)
	if err != nil {
		return false, err
	}
	from, err := clock.At(month+"-01", "00:00", zone)
	if err != nil {
		return false, err
	}
	to := from.In(clock.Zone(zone)).AddDate(0, 1, 0)
	contributed, err := access.Exists(app, `SELECT 1 FROM contributions WHERE programme = {:programme} AND contributor = {:organisation}
		AND review_status NOT IN ('withdrawn', 'rejected') AND (given_on LIKE {:month} OR created >= {:from} AND created < {:to})`,
		dbx.Params{"programme": programme, "organisation": organisation, "month": month + "-%",
			"from": from.UTC().Format(types.DefaultDateLayout), "to": to.UTC().Format(types.DefaultDateLayout)})
	return contributed, wrapError("those of "+organisation+" in "+month, err)
}

// FindNilReport returns the record by which an organisation reported that it gave nothing in a month; nil if it
// did not.
func FindNilReport(app core.App, programme, organisation, month string) (*core.Record, error) {
	found, err := app.FindRecordsByFilter("nil_reports", "programme = {:p} && organisation = {:o} && month = {:m}", "", 1, 0,
		dbx.Params{"p": programme, "o": organisation, "m": month})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// ReportNil reports, in the name of the scope's person, that an organisation gave nothing in a month (YYYY-MM). It
// is idempotent.
func ReportNil(d *access.Scope, programme, organisation, month string) error {
	return d.InTransaction(func(d *access.Scope) error {
		made, err := FindNilReport(d.App(), programme, organisation, month)
		if err != nil {
			return err
		}
		if made != nil {
			_, err := d.View("nil_reports", made.Id)
			return err
		}
		r, err := d.New("nil_reports")
		if err != nil {
			return err
		}
		r.Load(map[string]any{"programme": programme, "organisation": organisation, "month": month})
		return d.Create(r)
	})
}

// NormalizeNilReport records who reported.
func NormalizeNilReport(e *core.RecordEvent) error {
	if user := access.UserID(access.Actor(e.Record)); user != "" {
		e.Record.Set("said_by", user)
	}
	return e.Next()
}

// ValidateNilReport refuses a report of an organisation that takes no part, of a month to come, and of a month in
// which something was logged.
func ValidateNilReport(e *core.RecordEvent) error {
	r := e.Record
	programme, organisation, month := r.GetString("programme"), r.GetString("organisation"), r.GetString("month")
	if _, err := time.Parse(monthForm, month); err != nil {
		return access.Invalid("month", "nil_reports.problem_month")
	}
	if err := nilReportLinks.Check(e.App, r, dbx.Params{}); err != nil {
		return err
	}
	zone, err := zoneOf(e.App, programme)
	if err != nil {
		return err
	}
	if month > clock.Today(zone)[:len(monthForm)] {
		return access.Invalid("month", "nil_reports.problem_future")
	}
	contributed, err := ContributedIn(e.App, programme, organisation, month)
	if err != nil {
		return err
	}
	if contributed {
		return access.Invalid("month", "nil_reports.problem_given")
	}
	return e.Next()
}

var nilReportLinks = access.Links{Anchor: "programme", Fields: []access.Link{
	{Field: "organisation", Problem: "contributions.problem_giver",
		Query: "SELECT 1 FROM stakeholders WHERE programme = {:anchor} AND organisation = {:it}"},
}}

// nilReports is what the list page shows of months with nothing to report.
type nilReports struct {
	Said   []nilReportLine
	Offers []web.Option // the reader's organisations that may report nil this month
	Action string
	Back   string // the list itself
}

// nilReportLine is one month for which a partner reported nil.
type nilReportLine struct{ Text, By, Undo string }

// nilReportMonths is how many months back the list goes, this one included.
const nilReportMonths = 3

// listNilReports lists who reported nil and for whom the reader may. A contribution logged all the same takes
// precedence over the report.
func listNilReports(d *access.Scope, p *programmes.Programme, language string) (n nilReports, err error) {
	month := clock.Today(p.Zone())[:len(monthForm)]
	since := clock.AddDays(month+"-01", -28*(nilReportMonths-1))[:len(monthForm)]
	found, err := d.List("nil_reports", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"nil_reports.programme": p.ID()}).
			AndWhere(dbx.NewExp("nil_reports.month >= {:since}", dbx.Params{"since": since})).
			OrderBy("nil_reports.month DESC", "nil_reports.created DESC", "nil_reports.rowid DESC").Limit(web.PerPage)
	})
	if err == nil {
		err = d.With(found, "organisation", "said_by")
	}
	if err != nil {
		return n, err
	}
	reported := []string{}
	for _, r := range found {
		organisation := r.GetString("organisation")
		contributed, err := ContributedIn(d.App(), p.ID(), organisation, r.GetString("month"))
		if err != nil {
			return n, err
		}
		if r.GetString("month") == month {
			reported = append(reported, organisation)
		}
		if contributed {
			continue
		}
		line := nilReportLine{
			Text: lang.T(language, "nil_reports.said", "organisation", web.Named(r, "organisation"), "month", lang.Month(language, r.GetString("month"))),
			By:   lang.Moment(language, r.GetDateTime("created").Time(), p.Zone()),
		}
		if who := web.Named(r, "said_by"); who != "" {
			line.By = lang.T(language, "nil_reports.by", "who", who, "when", line.By)
		}
		if p.Roles.Team || slices.Contains(p.Roles.Organisations, organisation) || d.Super() {
			line.Undo = "/nil-reports/" + r.Id + "/delete"
		}
		n.Said = append(n.Said, line)
	}
	n.Action, n.Back = p.URL()+"/nil-reports", listURL(p)
	n.Offers, err = nilReportOffers(d, p, month, reported)
	return n, err
}

// nilReportOffers are the reader's organisations that gave nothing this month and have not reported so.
func nilReportOffers(d *access.Scope, p *programmes.Programme, month string, reported []string) ([]web.Option, error) {
	own, err := ownOrganisations(d, p)
	if err != nil {
		return nil, err
	}
	offers := []web.Option{}
	for _, o := range own {
		contributed, err := ContributedIn(d.App(), p.ID(), o.Value, month)
		if err != nil {
			return nil, err
		}
		if !contributed && !slices.Contains(reported, o.Value) {
			offers = append(offers, o)
		}
	}
	return offers, nil
}

// CreateNilReport reports that one of the reader's organisations gives nothing this month.
func CreateNilReport(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	month := clock.Today(p.Zone())[:len(monthForm)]
	err = ReportNil(d, p.ID(), e.Request.PostFormValue("organisation"), month)
	var fields validation.Errors
	if errors.As(err, &fields) {
		// A page that was open for long leads to the reason.
		return web.RedirectWithWarning(e, listURL(p), access.Problems(fields)[0].Key)
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, listURL(p), "nil_reports.saved")
}

// DeleteNilReport takes a report back. One that was taken back before, by a second press or from another window,
// leads back with a message.
func DeleteNilReport(e *core.RequestEvent) error {
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
	return web.RedirectWithFlash(e, listURL(p), "nil_reports.undone")
}
