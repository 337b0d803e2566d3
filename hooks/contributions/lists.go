package contributions

import (
	"fmt"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
)

// ownPage reads a page of the contributions that the reader may open.
func ownPage(d *access.Door, p *programmes.Programme, f Filter, language string) (rows, error) {
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
func othersPage(d *access.Door, p *programmes.Programme, f Filter, language string) (rows, error) {
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
func waitingList(d *access.Door, p *programmes.Programme) ([]Listed, error) {
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
