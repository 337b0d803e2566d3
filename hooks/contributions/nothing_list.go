package contributions

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// nothing is what the list says of months with nothing to report.
type nothing struct {
	Said   []nilLine
	Offers []page.Option // organisations for which the reader may say it of this month
	Action string
	Back   string // the list itself
}

// nilLine is one month of which a partner said that there is nothing.
type nilLine struct{ Text, By, Undo string }

// nilMonths is how many months back the list looks, this one included.
const nilMonths = 3

// nothingOf reads who said that there is nothing, and whom the reader may say it
// for. A contribution logged all the same wins: then nothing is said of it.
func nothingOf(d *access.Door, p *programmes.Programme, language string) (n nothing, err error) {
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
func saidLine(d *access.Door, r *core.Record, p *programmes.Programme, language string) nilLine {
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
func nilOffers(d *access.Door, p *programmes.Programme, month string, settled []string) (offers []page.Option, err error) {
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
		offers = append(offers, page.Option{Value: id, Label: organisation.GetString("name")})
	}
	return offers, nil
}
