package contributions

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/programmes"
)

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
func Totals(d *access.Door, p *programmes.Programme) ([]Total, error) {
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
func TotalsOf(d *access.Door, p *programmes.Programme, organisation string) ([]Total, error) {
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
