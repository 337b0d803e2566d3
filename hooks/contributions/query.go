package contributions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
)

// Listed is one contribution as lists show it.
type Listed struct {
	ID          string         `db:"id"`
	Contributor string         `db:"contributor"`
	Who         string         `db:"who"`
	Helix       string         `db:"helix"`
	Kind        string         `db:"kind"`
	Item        string         `db:"item"`
	Quantity    float64        `db:"quantity"`
	Unit        string         `db:"unit"`
	GivenOn     string         `db:"given_on"`
	Stage       string         `db:"stage"`
	Status      string         `db:"review_status"`
	Number      string         `db:"number"`
	SubmittedAt types.DateTime `db:"submitted_at"`
	// Foreign says that the reader may see this much of it and no more.
	Foreign bool `db:"foreign_gift"`
}

// full are the columns of a contribution that the reader may open; the brackets
// keep the query builder from quoting the list as one name. What was
// verified shows the quantity that was found.
const full = `(contributions.id) AS id, contributions.contributor, organisations.name AS who, organisations.helix,
	contributions.kind, contributions.item, contributions.unit, contributions.given_on, contributions.stage,
	contributions.review_status, contributions.number, contributions.submitted_at,
	CASE contributions.review_status WHEN 'verified' THEN contributions.verified_quantity
		ELSE contributions.quantity END AS quantity`

// shared are the columns that every member sees of another's verified gift.
const shared = `verified_contributions.id, verified_contributions.contributor, organisations.name AS who,
	organisations.helix, verified_contributions.kind, verified_contributions.item,
	COALESCE(verified_contributions.quantity, 0) AS quantity,
	verified_contributions.unit, verified_contributions.given_on, verified_contributions.stage,
	'verified' AS review_status, verified_contributions.number, TRUE AS foreign_gift`

// readable says which contributions of a programme the list rule lets the reader
// see. A test holds it against the rule; asking the rule itself of each row
// would cost more than the page.
func readable(p *programmes.Programme) dbx.Expression {
	inside := dbx.HashExp{"contributions.programme": p.ID()}
	if p.Roles.Team {
		return inside
	}
	parts := []dbx.Expression{dbx.NewExp("1 = 0")}
	if p.Roles.Observer {
		parts = append(parts, dbx.HashExp{"contributions.review_status": Verified})
	}
	if len(p.Roles.Organisations) > 0 {
		parts = append(parts, dbx.In("contributions.contributor", list(p.Roles.Organisations)...))
	}
	return dbx.And(inside, dbx.Or(parts...))
}

// own is the query for the contributions that the reader may open.
func own(d *access.Scope, p *programmes.Programme) *dbx.SelectQuery {
	return d.App().ConcurrentDB().Select("contributions.id").From("contributions").Where(readable(p))
}

// listed is own with what lists show of each.
func listed(d *access.Scope, p *programmes.Programme) *dbx.SelectQuery {
	return own(d, p).Select(full).
		InnerJoin("organisations", dbx.NewExp("organisations.id = contributions.contributor"))
}

// seesOthers reports whether the reader sees a part of what it may not open.
// Those who may open everything that was verified have no such others.
func seesOthers(p *programmes.Programme) bool { return !p.Roles.Team && !p.Roles.Observer }

// others is the query for what was verified of other partners.
func others(d *access.Scope, p *programmes.Programme) (*dbx.SelectQuery, error) {
	q, err := d.QueryIn(p.Record, "verified_contributions")
	if err != nil {
		return nil, err
	}
	q.Select(shared).InnerJoin("organisations", dbx.NewExp("organisations.id = verified_contributions.contributor"))
	return q.AndWhere(dbx.NotIn("verified_contributions.contributor", list(p.Roles.Organisations)...)), nil
}

// Recent returns the latest contributions of a programme that the reader may
// see, at most n, without drafts and what was taken back or refused.
func Recent(d *access.Scope, p *programmes.Programme, n int) ([]Listed, error) {
	found := []Listed{}
	err := listed(d, p).
		AndWhere(dbx.In("contributions.review_status", Submitted, NeedsRevision, Verified)).
		OrderBy("contributions.given_on DESC", "contributions.number DESC").Limit(int64(n)).All(&found)
	if err != nil {
		return nil, fmt.Errorf("contributions: recent: %w", err)
	}
	if !seesOthers(p) {
		return found, nil
	}
	foreign := []Listed{}
	q, err := others(d, p)
	if err != nil {
		return nil, err
	}
	err = q.OrderBy("verified_contributions.given_on DESC", "verified_contributions.number DESC").Limit(int64(n)).All(&foreign)
	if err != nil {
		return nil, fmt.Errorf("contributions: recent: %w", err)
	}
	all := append(found, foreign...)
	slices.SortStableFunc(all, newest)
	return all[:min(n, len(all))], nil
}

func newest(a, b Listed) int {
	switch {
	case a.GivenOn != b.GivenOn:
		return strings.Compare(b.GivenOn, a.GivenOn)
	default:
		return strings.Compare(b.Number, a.Number)
	}
}

// Row is what the part "contribution_row" shows.
type Row struct {
	URL, Helix, Who, What, When, Value string
	Badge                              *Badge
}

// Badge is what the part "badge" shows.
type Badge struct{ Kind, Text, Icon string }

// Rows writes contributions for a list in the reader's language.
func Rows(language string, found []Listed) []Row {
	rows := make([]Row, 0, len(found))
	for _, g := range found {
		row := Row{Helix: g.Helix, Who: g.Who, What: g.Item, When: lang.Day(language, g.GivenOn), Badge: g.badge(language)}
		if g.Quantity > 0 {
			row.What = Amount(language, g.Unit, g.Quantity) + " · " + g.Item
		}
		if !g.Foreign {
			row.URL = "/contributions/" + g.ID
		}
		rows = append(rows, row)
	}
	return rows
}

func (g Listed) badge(language string) *Badge {
	if g.Stage == Pledged && g.Status == Verified {
		return &Badge{Kind: "plain", Text: lang.T(language, "contributions.stage.pledged")}
	}
	return statusBadge(language, g.Status)
}

// statusBadge says how the review stands, in words and not by colour alone.
func statusBadge(language, status string) *Badge {
	b := &Badge{Kind: "plain", Text: lang.T(language, "contributions.review_status."+status)}
	switch status {
	case Verified:
		b.Kind, b.Icon = "ok", "check"
	case Submitted:
		b.Kind, b.Icon = "warn", "clock"
	case NeedsRevision:
		b.Kind, b.Icon = "bad", "warning"
	}
	return b
}

// waitingRows are Rows that say since when each has waited.
func waitingRows(language, zone string, found []Listed) []Row {
	rows := Rows(language, found)
	for i, g := range found {
		rows[i].When = lang.T(language, "contributions.sent_when", "when", lang.Ago(language, g.SubmittedAt.Time(), zone))
		rows[i].Badge = nil // the list's title says it
	}
	return rows
}

func list(ids []string) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// ownPage reads a page of the contributions that the reader may open.
func ownPage(d *access.Scope, p *programmes.Programme, f Filter, language string) (rows, error) {
	q := listed(d, p)
	if f.Status != "" {
		q.AndWhere(dbx.HashExp{"contributions.review_status": f.Status})
	}
	var found []Listed
	if err := f.narrow(q, "contributions", f.Page).All(&found); err != nil {
		return rows{}, fmt.Errorf("contributions: list: %w", err)
	}
	turn := func(number int) string {
		f.Page = number
		return f.URL(base(p))
	}
	return paged(found, f.Page, turn, language), nil
}

// othersPage reads a page of what was verified of other partners.
func othersPage(d *access.Scope, p *programmes.Programme, f Filter, language string) (rows, error) {
	if !seesOthers(p) || f.Status != "" && f.Status != Verified {
		return rows{}, nil
	}
	q, err := others(d, p)
	if err != nil {
		return rows{}, err
	}
	var found []Listed
	if err := f.narrow(q, "verified_contributions", f.Others).All(&found); err != nil {
		return rows{}, fmt.Errorf("contributions: list: %w", err)
	}
	turn := func(number int) string {
		f.Others = number
		return f.URL(base(p))
	}
	return paged(found, f.Others, turn, language), nil
}

// waitingList reads what waits for verification, the longest wait first.
func waitingList(d *access.Scope, p *programmes.Programme) ([]Listed, error) {
	found := []Listed{}
	err := listed(d, p).
		AndWhere(dbx.HashExp{"contributions.review_status": Submitted}).
		OrderBy("contributions.submitted_at", "contributions.number").Limit(perPage).All(&found)
	if err != nil {
		return nil, fmt.Errorf("contributions: waiting: %w", err)
	}
	return found, nil
}

// paged cuts a page out of what was read and tells the way to its neighbours.
func paged(found []Listed, number int, turn func(int) string, language string) rows {
	out := rows{}
	if len(found) == 0 && number > 1 {
		out.Pager.First = turn(1)
		return out
	}
	if number > 1 {
		out.Pager.Previous = turn(number - 1)
	}
	if len(found) > perPage {
		found = found[:perPage]
		out.Pager.Next = turn(number + 1)
	}
	if out.Pager.Previous != "" || out.Pager.Next != "" {
		from := (number-1)*perPage + 1
		out.Pager.Label = lang.Number(language, float64(from)) + "–" + lang.Number(language, float64(from+len(found)-1))
	}
	out.Rows = Rows(language, found)
	return out
}

// Total is what was given of one kind in one unit. Kinds and units are never
// added to each other, and pledges never to what was delivered.
type Total struct {
	Kind, Unit         string
	Delivered, Pledged Sum
}

// Sum tells apart what was verified and what still waits for it.
type Sum struct {
	Verified, Waiting float64
	// Entries is how many contributions make up both.
	Entries int
}

// IsMoney reports whether the total is of money, which stands apart.
func (t Total) IsMoney() bool { return t.Kind == Money }

type summed struct {
	Kind     string  `db:"kind"`
	Unit     string  `db:"unit"`
	Stage    string  `db:"stage"`
	Verified float64 `db:"verified"`
	Waiting  float64 `db:"waiting"`
	Entries  int     `db:"entries"`
}

// Totals adds up what the reader may see of a programme, in the order of the
// kinds. A partner sees its own and what was verified of others, but not their
// money.
func Totals(d *access.Scope, p *programmes.Programme) ([]Total, error) {
	seen, err := add(own(d, p))
	if err != nil || !seesOthers(p) {
		return merge(seen), err
	}
	q, err := others(d, p)
	if err != nil {
		return nil, err
	}
	var foreign []summed
	err = q.Select("verified_contributions.kind", "verified_contributions.unit", "verified_contributions.stage",
		"SUM(verified_contributions.quantity) AS verified", "(0) AS waiting", "COUNT(*) AS entries").
		AndWhere(dbx.Not(dbx.HashExp{"verified_contributions.kind": Money})).
		GroupBy("verified_contributions.kind", "verified_contributions.unit", "verified_contributions.stage").
		All(&foreign)
	if err != nil {
		return nil, fmt.Errorf("contributions: totals: %w", err)
	}
	return merge(seen, foreign), nil
}

// TotalsOf adds up what one organisation gave to a programme, as far as the
// reader may see it.
func TotalsOf(d *access.Scope, p *programmes.Programme, organisation string) ([]Total, error) {
	rows, err := add(own(d, p).AndWhere(dbx.HashExp{"contributions.contributor": organisation}))
	if err != nil {
		return nil, err
	}
	return merge(rows), nil
}

func add(q *dbx.SelectQuery) ([]summed, error) {
	var rows []summed
	err := q.Select("contributions.kind", "contributions.unit", "contributions.stage",
		"SUM(CASE contributions.review_status WHEN 'verified' THEN contributions.verified_quantity ELSE 0 END) AS verified",
		"SUM(CASE contributions.review_status WHEN 'submitted' THEN contributions.quantity ELSE 0 END) AS waiting",
		"COUNT(*) AS entries").
		AndWhere(dbx.In("contributions.review_status", Submitted, Verified)).
		GroupBy("contributions.kind", "contributions.unit", "contributions.stage").
		All(&rows)
	if err != nil {
		return nil, fmt.Errorf("contributions: totals: %w", err)
	}
	return rows, nil
}

// merge puts the sums of one kind and unit into one total.
func merge(lists ...[]summed) []Total {
	totals := []Total{}
	for _, row := range slices.Concat(lists...) {
		i := slices.IndexFunc(totals, func(t Total) bool { return t.Kind == row.Kind && t.Unit == row.Unit })
		if i < 0 {
			i, totals = len(totals), append(totals, Total{Kind: row.Kind, Unit: row.Unit})
		}
		sum := &totals[i].Delivered
		if row.Stage == Pledged {
			sum = &totals[i].Pledged
		}
		sum.Verified += row.Verified
		sum.Waiting += row.Waiting
		sum.Entries += row.Entries
	}
	slices.SortFunc(totals, inOrder)
	return totals
}

func inOrder(a, b Total) int {
	if a.Kind != b.Kind {
		return slices.Index(Kinds, a.Kind) - slices.Index(Kinds, b.Kind)
	}
	return slices.Index(units[a.Kind], a.Unit) - slices.Index(units[b.Kind], b.Unit)
}

// Queue is what waits for verification in one programme.
type Queue struct {
	Programme string `db:"programme"`
	Slug      string `db:"slug"`
	Name      string `db:"name"`
	Count     int    `db:"count"`
	// Oldest is when the one that has waited longest was submitted.
	Oldest types.DateTime `db:"oldest"`
}

// URL opens exactly the contributions that Count counts.
func (q Queue) URL() string { return "/programmes/" + q.Slug + "/contributions?status=" + Submitted }

// Waiting tells where contributions wait for verification, the longest wait
// first: among these programmes, those in whose team the reader is.
func Waiting(d *access.Scope, programmes []string) ([]Queue, error) {
	led := slices.DeleteFunc(slices.Clone(programmes), func(id string) bool { return !d.Roles(id).Team })
	queues := []Queue{}
	if len(led) == 0 {
		return queues, nil
	}
	err := d.App().ConcurrentDB().
		Select("contributions.programme", "programmes.slug", "programmes.name", "COUNT(*) AS count",
			"MIN(contributions.submitted_at) AS oldest").
		From("contributions").
		InnerJoin("programmes", dbx.NewExp("programmes.id = contributions.programme")).
		Where(dbx.In("contributions.programme", list(led)...)).
		AndWhere(dbx.HashExp{"contributions.review_status": Submitted}).
		GroupBy("contributions.programme").
		OrderBy("oldest").
		All(&queues)
	if err != nil {
		return nil, fmt.Errorf("contributions: waiting: %w", err)
	}
	return queues, nil
}

// Month counts the verified gifts of one month by who gave them. It counts
// entries: quantities of different kinds cannot be added.
type Month struct {
	// Month is YYYY-MM.
	Month string
	// Gifts holds the number of entries by helix.
	Gifts map[string]int
}

// Monthly counts what was delivered and verified in each of the last months,
// the present one last. Everybody in the programme sees the same figures.
func Monthly(d *access.Scope, p *programmes.Programme, months int) ([]Month, error) {
	timeline := calendar(clock.Today(p.Zone()), months)
	q, err := d.QueryIn(p.Record, "verified_contributions")
	if err != nil || len(timeline) == 0 {
		return timeline, err
	}
	var counted []struct {
		Month string `db:"month"`
		Helix string `db:"helix"`
		Gifts int    `db:"gifts"`
	}
	err = q.Select(monthOf+" AS month", partyOf+" AS helix", "COUNT(*) AS gifts").
		InnerJoin("organisations", dbx.NewExp("organisations.id = verified_contributions.contributor")).
		AndWhere(dbx.HashExp{"verified_contributions.stage": Delivered}).
		AndWhere(dbx.NewExp("verified_contributions.given_on >= {:since}", dbx.Params{"since": timeline[0].Month})).
		GroupBy(monthOf, partyOf).All(&counted)
	if err != nil {
		return nil, fmt.Errorf("contributions: by month: %w", err)
	}
	for _, c := range counted {
		i := slices.IndexFunc(timeline, func(m Month) bool { return m.Month == c.Month })
		if i >= 0 {
			timeline[i].Gifts[c.Helix] += c.Gifts
		}
	}
	return timeline, nil
}

const monthOf = "substr(verified_contributions.given_on, 1, 7)"

// partyOf is the helix a giver counts under: the one it has in the programme,
// where that differs from its own.
const partyOf = `COALESCE((SELECT s.helix FROM stakeholders s WHERE s.programme = verified_contributions.programme
	AND s.organisation = verified_contributions.contributor AND s.helix != '' LIMIT 1), organisations.helix)`

// calendar returns the last months up to the one that holds today.
func calendar(today string, months int) []Month {
	out := []Month{}
	day := today
	for range months {
		out = append(out, Month{Month: day[:7], Gifts: map[string]int{}})
		day = clock.AddDays(day[:7]+"-01", -1)
	}
	slices.Reverse(out)
	return out
}
