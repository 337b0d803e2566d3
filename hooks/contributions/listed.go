package contributions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
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
func own(d *access.Door, p *programmes.Programme) *dbx.SelectQuery {
	return d.App().ConcurrentDB().Select("contributions.id").From("contributions").Where(readable(p))
}

// listed is own with what lists show of each.
func listed(d *access.Door, p *programmes.Programme) *dbx.SelectQuery {
	return own(d, p).Select(full).
		InnerJoin("organisations", dbx.NewExp("organisations.id = contributions.contributor"))
}

// seesOthers reports whether the reader sees a part of what it may not open.
// Those who may open everything that was verified have no such others.
func seesOthers(p *programmes.Programme) bool { return !p.Roles.Team && !p.Roles.Observer }

// others is the query for what was verified of other partners.
func others(d *access.Door, p *programmes.Programme) (*dbx.SelectQuery, error) {
	q, err := d.Within(p.Record, "verified_contributions")
	if err != nil {
		return nil, err
	}
	q.Select(shared).InnerJoin("organisations", dbx.NewExp("organisations.id = verified_contributions.contributor"))
	return q.AndWhere(dbx.NotIn("verified_contributions.contributor", list(p.Roles.Organisations)...)), nil
}

// Recent returns the latest contributions of a programme that the reader may
// see, at most n, without drafts and what was taken back or refused.
func Recent(d *access.Door, p *programmes.Programme, n int) ([]Listed, error) {
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
