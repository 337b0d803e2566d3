package contributions

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/list"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// listItem is one contribution as lists show it.
type listItem struct {
	ID, Who, Helix, Item, Unit, GivenOn, Stage, ReviewStatus, Number string
	Quantity                                                         float64
	SubmittedAt                                                      types.DateTime
	// IsForeign says that the reader may see this much of it and no more.
	IsForeign bool
}

// ownColumns are those of a contribution that the reader may open; the brackets keep the query builder from
// quoting the list as one name. A verified contribution shows the quantity that was found.
const ownColumns = `(contributions.id) AS id, organisations.name AS who, organisations.helix,
	contributions.item, contributions.unit, contributions.given_on, contributions.stage,
	contributions.review_status, contributions.number, contributions.submitted_at,
	CASE contributions.review_status WHEN 'verified' THEN contributions.verified_quantity
		ELSE contributions.quantity END AS quantity`

// othersColumns are those that every member sees of another's verified contribution.
const othersColumns = `verified_contributions.id, organisations.name AS who, organisations.helix,
	verified_contributions.item, COALESCE(verified_contributions.quantity, 0) AS quantity,
	verified_contributions.unit, verified_contributions.given_on, verified_contributions.stage,
	'verified' AS review_status, verified_contributions.number, TRUE AS is_foreign`

// ownQuery reads the contributions of a programme that the reader may open. A test compares it with the list rule;
// asking the rule itself about each row would cost more than the web.
func ownQuery(d *access.Scope, p *programmes.Programme) *dbx.SelectQuery {
	q := d.App().ConcurrentDB().Select("contributions.id").From("contributions").
		Where(dbx.HashExp{"contributions.programme": p.ID()})
	if p.Roles.Team {
		return q
	}
	readable := []dbx.Expression{dbx.NewExp("1 = 0")}
	if p.Roles.Observer {
		readable = append(readable, dbx.HashExp{"contributions.review_status": statusVerified})
	}
	if len(p.Roles.Organisations) > 0 {
		readable = append(readable, dbx.In("contributions.contributor", list.ToInterfaceSlice(p.Roles.Organisations)...))
	}
	return q.AndWhere(dbx.Or(readable...))
}

// ownItems is ownQuery with what lists show.
func ownItems(d *access.Scope, p *programmes.Programme) *dbx.SelectQuery {
	return ownQuery(d, p).Select(ownColumns).
		InnerJoin("organisations", dbx.NewExp("organisations.id = contributions.contributor"))
}

// seesOthers reports whether the reader sees a part of what it may not open. Those who may open everything that
// was verified have no such others.
func seesOthers(p *programmes.Programme) bool { return !p.Roles.Team && !p.Roles.Observer }

// othersQuery reads what was verified of other partners.
func othersQuery(d *access.Scope, p *programmes.Programme) (*dbx.SelectQuery, error) {
	q, err := d.QueryIn(p.Record, "verified_contributions")
	if err != nil {
		return nil, err
	}
	return q.Select(othersColumns).
		InnerJoin("organisations", dbx.NewExp("organisations.id = verified_contributions.contributor")).
		AndWhere(dbx.NotIn("verified_contributions.contributor", list.ToInterfaceSlice(p.Roles.Organisations)...)), nil
}

// Recent returns the latest n contributions of a programme that the reader may see, without drafts and what was
// withdrawn or rejected.
func Recent(d *access.Scope, p *programmes.Programme, n int, language string) ([]Row, error) {
	own, others := []listItem{}, []listItem{}
	err := ownItems(d, p).
		AndWhere(dbx.In("contributions.review_status", statusSubmitted, statusNeedsRevision, statusVerified)).
		OrderBy("contributions.given_on DESC", "contributions.number DESC").Limit(int64(n)).All(&own)
	if err == nil && seesOthers(p) {
		var q *dbx.SelectQuery
		if q, err = othersQuery(d, p); err != nil {
			return nil, err
		}
		err = q.OrderBy("verified_contributions.given_on DESC", "verified_contributions.number DESC").Limit(int64(n)).All(&others)
	}
	all := append(own, others...)
	slices.SortStableFunc(all, func(a, b listItem) int {
		return cmp.Or(cmp.Compare(b.GivenOn, a.GivenOn), cmp.Compare(b.Number, a.Number))
	})
	return rows(language, all[:min(n, len(all))]), wrapError("recent", err)
}

// Row is what the part "contribution_row" shows.
type Row struct {
	URL, Helix, Who, What, When, Value string
	Badge                              *web.Badge
}

// rows formats contributions for a list in the reader's language.
func rows(language string, found []listItem) []Row {
	out := make([]Row, 0, len(found))
	for _, item := range found {
		row := Row{Helix: item.Helix, Who: item.Who, What: item.Item, When: lang.Day(language, item.GivenOn)}
		if item.Quantity > 0 {
			row.What = formatAmount(language, item.Unit, item.Quantity) + " · " + item.Item
		}
		if !item.IsForeign {
			row.URL = "/contributions/" + item.ID
		}
		row.Badge = statusBadge(language, item.ReviewStatus)
		if item.Stage == stagePledged && item.ReviewStatus == statusVerified {
			row.Badge = &web.Badge{Kind: "plain", Text: lang.T(language, "contributions.stage.pledged")}
		}
		out = append(out, row)
	}
	return out
}

// waitingRows are what waits for verification, the longest wait first. They say since when each has waited; the
// list's title says that they wait.
func waitingRows(d *access.Scope, p *programmes.Programme, language string) ([]Row, error) {
	var found []listItem
	err := ownItems(d, p).
		AndWhere(dbx.HashExp{"contributions.review_status": statusSubmitted}).
		OrderBy("contributions.submitted_at", "contributions.number").Limit(web.PerPage).All(&found)
	out := rows(language, found)
	for i, item := range found {
		out[i].When = lang.T(language, "contributions.sent_when", "when", lang.Ago(language, item.SubmittedAt.Time(), p.Zone()))
		out[i].Badge = nil
	}
	return out, wrapError("waiting", err)
}

// statusBadge shows the review's status, in words and not by colour alone.
func statusBadge(language, status string) *web.Badge {
	b := &web.Badge{Kind: "plain", Text: lang.T(language, "contributions.review_status."+status)}
	switch status {
	case statusVerified:
		b.Kind, b.Icon = "ok", "check"
	case statusSubmitted:
		b.Kind, b.Icon = "warn", "clock"
	case statusNeedsRevision:
		b.Kind, b.Icon = "bad", "warning"
	}
	return b
}

// Total is what was given of one kind in one unit. Kinds and units are never added to each other, nor pledges to
// what was delivered.
type Total struct {
	Kind, Unit         string
	Delivered, Pledged sum
}

type sum struct {
	Verified, Waiting float64
	// Entries is how many contributions make up both.
	Entries int
}

// IsMoney reports whether the total is of money, which is shown separately.
func (t Total) IsMoney() bool { return t.Kind == kindMoney }

type totalRow struct {
	Kind, Unit, Stage string
	Verified, Waiting float64
	Entries           int
}

// Totals adds up what the reader may see of a programme, in the order of the kinds. A partner sees its own and
// what was verified of others, but not their money.
func Totals(d *access.Scope, p *programmes.Programme) ([]Total, error) {
	rows, err := sumOwn(ownQuery(d, p))
	if err != nil || !seesOthers(p) {
		return mergeTotals(rows), err
	}
	q, err := othersQuery(d, p)
	if err != nil {
		return nil, err
	}
	q.AndWhere(dbx.Not(dbx.HashExp{"verified_contributions.kind": kindMoney}))
	others, err := sumQuery(q, "verified_contributions", "verified_contributions.quantity", "0")
	return mergeTotals(append(rows, others...)), err
}

// contributorTotals adds up what one organisation gave to a programme, as far as the reader may see it.
func contributorTotals(d *access.Scope, p *programmes.Programme, organisation string) ([]Total, error) {
	rows, err := sumOwn(ownQuery(d, p).AndWhere(dbx.HashExp{"contributions.contributor": organisation}))
	return mergeTotals(rows), err
}

func sumOwn(q *dbx.SelectQuery) ([]totalRow, error) {
	return sumQuery(q.AndWhere(dbx.In("contributions.review_status", statusSubmitted, statusVerified)), "contributions",
		"CASE contributions.review_status WHEN 'verified' THEN contributions.verified_quantity ELSE 0 END",
		"CASE contributions.review_status WHEN 'submitted' THEN contributions.quantity ELSE 0 END")
}

// sumQuery adds up two columns of a table's rows by kind, unit and stage.
func sumQuery(q *dbx.SelectQuery, table, verified, waiting string) (rows []totalRow, err error) {
	by := []string{table + ".kind", table + ".unit", table + ".stage"}
	columns := append(by, "SUM("+verified+") AS verified", "SUM("+waiting+") AS waiting", "COUNT(*) AS entries")
	err = q.Select(columns...).GroupBy(by...).All(&rows)
	return rows, wrapError("totals", err)
}

// mergeTotals puts the sums of one kind and unit into one total.
func mergeTotals(rows []totalRow) []Total {
	totals := []Total{}
	for _, row := range rows {
		i := slices.IndexFunc(totals, func(t Total) bool { return t.Kind == row.Kind && t.Unit == row.Unit })
		if i < 0 {
			i, totals = len(totals), append(totals, Total{Kind: row.Kind, Unit: row.Unit})
		}
		s := &totals[i].Delivered
		if row.Stage == stagePledged {
			s = &totals[i].Pledged
		}
		s.Verified += row.Verified
		s.Waiting += row.Waiting
		s.Entries += row.Entries
	}
	slices.SortFunc(totals, func(a, b Total) int {
		return cmp.Or(slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind),
			slices.Index(units[a.Kind], a.Unit)-slices.Index(units[b.Kind], b.Unit))
	})
	return totals
}

// Queue is what waits for verification in one programme. Oldest is when the one that has waited longest was
// submitted.
type Queue struct {
	Programme, Slug, Name string
	Count                 int
	Oldest                types.DateTime
}

// URL opens exactly the contributions that Count counts.
func (q Queue) URL() string {
	return "/programmes/" + q.Slug + "/contributions?status=" + statusSubmitted
}

// Waiting counts what waits for verification in those of the programmes in whose team the reader is, the longest
// wait first.
func Waiting(d *access.Scope, programmes []string) ([]Queue, error) {
	led := slices.DeleteFunc(slices.Clone(programmes), func(id string) bool { return !d.Roles(id).Team })
	queues := []Queue{}
	if len(led) == 0 {
		return queues, nil
	}
	err := d.App().ConcurrentDB().
		Select("contributions.programme", "programmes.slug", "programmes.name", "COUNT(*) AS count", "MIN(contributions.submitted_at) AS oldest").
		From("contributions").InnerJoin("programmes", dbx.NewExp("programmes.id = contributions.programme")).
		Where(dbx.In("contributions.programme", list.ToInterfaceSlice(led)...)).
		AndWhere(dbx.HashExp{"contributions.review_status": statusSubmitted}).
		GroupBy("contributions.programme").OrderBy("oldest").All(&queues)
	return queues, wrapError("waiting", err)
}

// Month counts the verified contributions of one month. It counts entries: quantities of different kinds cannot be
// added.
type Month struct {
	// Month is YYYY-MM.
	Month string
	// Gifts holds the number of entries by the contributor's helix.
	Gifts map[string]int
}

const monthColumn = "substr(verified_contributions.given_on, 1, 7)"

// helixColumn is the helix a contributor counts under: the one it has in the programme, where that differs from
// its own.
const helixColumn = `COALESCE((SELECT s.helix FROM stakeholders s WHERE s.programme = verified_contributions.programme
	AND s.organisation = verified_contributions.contributor AND s.helix != '' LIMIT 1), organisations.helix)`

// Monthly counts what was delivered and verified in each of the last months, the present one last. Everybody in
// the programme sees the same figures.
func Monthly(d *access.Scope, p *programmes.Programme, months int) ([]Month, error) {
	timeline := []Month{}
	for day := today(p); len(timeline) < months; day = clock.AddDays(day[:7]+"-01", -1) {
		timeline = append(timeline, Month{Month: day[:7], Gifts: map[string]int{}})
	}
	slices.Reverse(timeline)
	q, err := d.QueryIn(p.Record, "verified_contributions")
	if err != nil || months == 0 {
		return timeline, err
	}
	var counted []struct {
		Month, Helix string
		Gifts        int
	}
	err = q.Select(monthColumn+" AS month", helixColumn+" AS helix", "COUNT(*) AS gifts").
		InnerJoin("organisations", dbx.NewExp("organisations.id = verified_contributions.contributor")).
		AndWhere(dbx.HashExp{"verified_contributions.stage": stageDelivered}).
		AndWhere(dbx.NewExp("verified_contributions.given_on >= {:since}", dbx.Params{"since": timeline[0].Month})).
		GroupBy(monthColumn, helixColumn).All(&counted)
	for _, c := range counted {
		if i := slices.IndexFunc(timeline, func(m Month) bool { return m.Month == c.Month }); i >= 0 {
			timeline[i].Gifts[c.Helix] += c.Gifts
		}
	}
	return timeline, wrapError("by month", err)
}

// letterhead is what is printed under the name of the programme's owner. Everybody who prints reads it, so no rule
// is asked.
func letterhead(d *access.Scope) ([]string, error) {
	var typed string
	err := d.App().ConcurrentDB().NewQuery("SELECT COALESCE(MAX(letterhead_lines), '') FROM hub_settings").Row(&typed)
	lines := []string{}
	for line := range strings.Lines(typed) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines, wrapError("letterhead", err)
}
