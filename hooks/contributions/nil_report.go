package contributions

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// GaveIn reports whether an organisation gave, or logged, something in a month
// (YYYY-MM) of the programme's zone. What was taken back or refused is nothing.
func GaveIn(app core.App, programme, organisation, month string) (bool, error) {
	var zone string
	err := app.DB().Select("time_zone").From("programmes").Where(dbx.HashExp{"id": programme}).Row(&zone)
	if err != nil {
		return false, fmt.Errorf("zone of programme %s: %w", programme, err)
	}
	from, err := clock.At(month+"-01", "00:00", zone)
	if err != nil {
		return false, err
	}
	to := from.In(clock.Zone(zone)).AddDate(0, 1, 0)
	var n int
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM contributions WHERE programme = {:programme} AND contributor = {:organisation}
		AND review_status NOT IN ('withdrawn', 'rejected') AND (given_on LIKE {:month} OR created >= {:from} AND created < {:to})`).
		Bind(dbx.Params{"programme": programme, "organisation": organisation, "month": month + "-%",
			"from": from.UTC().Format(types.DefaultDateLayout), "to": to.UTC().Format(types.DefaultDateLayout)}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("contributions of %s in %s: %w", organisation, month, err)
	}
	return n > 0, nil
}

// NothingSaid returns the record by which an organisation said that it has
// nothing to report for a month; nil if it did not.
func NothingSaid(app core.App, programme, organisation, month string) (*core.Record, error) {
	found, err := app.FindRecordsByFilter("nil_reports", "programme = {:p} && organisation = {:o} && month = {:m}", "", 1, 0,
		dbx.Params{"p": programme, "o": organisation, "m": month})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// SayNothing keeps, in the name of the scope's person, that an organisation has
// nothing to report for a month (YYYY-MM). Said twice it is kept once.
func SayNothing(d *access.Scope, programme, organisation, month string) error {
	return d.InTransaction(func(inner *access.Scope) error {
		said, err := NothingSaid(inner.App(), programme, organisation, month)
		if err != nil {
			return err
		}
		if said != nil {
			_, err := inner.View("nil_reports", said.Id)
			return err
		}
		r, err := inner.New("nil_reports")
		if err != nil {
			return err
		}
		r.Load(map[string]any{"programme": programme, "organisation": organisation, "month": month})
		return inner.Create(r)
	})
}

// NormalizeNilReport holds for every such record: it speaks of somebody who takes
// part, and of a month in which nothing was logged, and keeps who said it.
func NormalizeNilReport(e *core.RecordEvent) error {
	r := e.Record
	programme, organisation, month := r.GetString("programme"), r.GetString("organisation"), r.GetString("month")
	if person := access.Actor(r); person != nil && !person.IsSuperuser() {
		r.Set("said_by", person.Id)
	}
	if _, err := time.Parse("2006-01", month); err != nil {
		return access.Invalid("month", "nil_reports.problem_month")
	}
	var zone string
	err := e.App.DB().NewQuery(`SELECT p.time_zone FROM programmes p WHERE p.id = {:programme} AND EXISTS (SELECT 1 FROM stakeholders s
		WHERE s.programme = p.id AND s.organisation = {:organisation})`).Bind(dbx.Params{"programme": programme, "organisation": organisation}).Row(&zone)
	if err != nil {
		return access.Invalid("organisation", "contributions.problem_giver")
	}
	if month > clock.Today(zone)[:len("2006-01")] {
		return access.Invalid("month", "nil_reports.problem_future")
	}
	gave, err := GaveIn(e.App, programme, organisation, month)
	if err != nil {
		return err
	}
	if gave {
		return access.Invalid("month", "nil_reports.problem_given")
	}
	return e.Next()
}

// nothing is what the list says of months with nothing to report.
type nothing struct {
	Said   []nilLine
	Offers []web.Option // organisations for which the reader may say it of this month
	Action string
	Back   string // the list itself
}

// nilLine is one month of which a partner said that there is nothing.
type nilLine struct{ Text, By, Undo string }

// nilMonths is how many months back the list looks, this one included.
const nilMonths = 3

// nothingOf reads who said that there is nothing, and whom the reader may say it
// for. A contribution logged all the same wins: then nothing is said of it.
func nothingOf(d *access.Scope, p *programmes.Programme, language string) (n nothing, err error) {
	month := clock.Today(p.Zone())[:len("2006-01")]
	since := clock.AddDays(month+"-01", -28*(nilMonths-1))[:len("2006-01")]
	found, err := d.List("nil_reports", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"nil_reports.programme": p.ID()}).
			AndWhere(dbx.NewExp("nil_reports.month >= {:since}", dbx.Params{"since": since})).
			OrderBy("nil_reports.month DESC", "nil_reports.created DESC", "nil_reports.rowid DESC").Limit(perPage)
	})
	if err != nil {
		return n, err
	}
	if err := d.With(found, "organisation", "said_by"); err != nil {
		return n, err
	}
	settled := []string{}
	for _, r := range found {
		gave, err := GaveIn(d.App(), p.ID(), r.GetString("organisation"), r.GetString("month"))
		if err != nil {
			return n, err
		}
		if r.GetString("month") == month {
			settled = append(settled, r.GetString("organisation"))
		}
		if !gave {
			n.Said = append(n.Said, saidLine(d, r, p, language))
		}
	}
	n.Action, n.Back = "/programmes/"+p.Slug()+"/nil-reports", base(p)
	n.Offers, err = nilOffers(d, p, month, settled)
	return n, err
}

// saidLine says of which month, by whom and when, and how it is taken back by
// those who may.
func saidLine(d *access.Scope, r *core.Record, p *programmes.Programme, language string) nilLine {
	line := nilLine{
		Text: lang.T(language, "nil_reports.said", "organisation", name(r.ExpandedOne("organisation")), "month", lang.Month(language, r.GetString("month"))),
		By:   lang.Moment(language, r.GetDateTime("created").Time(), p.Zone()),
	}
	if who := name(r.ExpandedOne("said_by")); who != "" {
		line.By = lang.T(language, "nil_reports.by", "who", who, "when", line.By)
	}
	if p.Roles.Team || slices.Contains(p.Roles.Organisations, r.GetString("organisation")) || d.Super() {
		line.Undo = "/nil-reports/" + r.Id + "/delete"
	}
	return line
}

func name(r *core.Record) string {
	if r == nil {
		return ""
	}
	return r.GetString("name")
}

// nilOffers are the reader's own organisations that gave nothing this month and
// have not said so.
func nilOffers(d *access.Scope, p *programmes.Programme, month string, settled []string) (offers []web.Option, err error) {
	for _, id := range p.Roles.Organisations {
		gave, err := GaveIn(d.App(), p.ID(), id, month)
		if err != nil {
			return nil, err
		}
		if gave || slices.Contains(settled, id) {
			continue
		}
		organisation, err := d.View("organisations", id)
		if err != nil {
			return nil, err
		}
		offers = append(offers, web.Option{Value: id, Label: organisation.GetString("name")})
	}
	return offers, nil
}
