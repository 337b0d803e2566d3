package contributions

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
)

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
func Waiting(d *access.Door, programmes []string) ([]Queue, error) {
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
func Monthly(d *access.Door, p *programmes.Programme, months int) ([]Month, error) {
	timeline := calendar(clock.Today(p.Zone()), months)
	q, err := d.Within(p.Record, "verified_contributions")
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
