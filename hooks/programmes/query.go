package programmes

import (
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"

	"simpul/hooks/access"
	"simpul/hooks/clock"
)

// helixCounts counts who takes part by programme and helix. The programmes come
// from the scope, and whoever may view one may see its stakeholders, so the rule
// is not asked again for every row.
func helixCounts(d *access.Scope, found []*core.Record) (map[string]map[string]int, error) {
	counts, ids := map[string]map[string]int{}, []string{}
	for _, r := range found {
		ids = append(ids, r.Id)
		counts[r.Id] = map[string]int{}
	}
	var rows []struct {
		Programme string `db:"programme"`
		Helix     string `db:"party"`
		Count     int    `db:"count"`
	}
	err := d.App().ConcurrentDB().
		Select("s.programme", "COALESCE(NULLIF(s.helix, ''), o.helix) AS party", "COUNT(*) AS count").
		From("stakeholders s").
		InnerJoin("organisations o", dbx.NewExp("o.id = s.organisation")).
		InnerJoin("programmes p", dbx.NewExp("p.id = s.programme")).
		Where(dbx.In("s.programme", list.ToInterfaceSlice(ids)...)).
		AndWhere(dbx.NewExp("(s.ended_on = '' OR s.ended_on > "+TodayThere+")", Days(clock.Now()))).
		GroupBy("s.programme", "party").
		All(&rows)
	for _, r := range rows {
		counts[r.Programme][r.Helix] = r.Count
	}
	return counts, err
}

// account finds the open account that signs in with an address. Only somebody
// who leads a programme may ask, and hears the same of a closed account as of none.
func account(d *access.Scope, p *Programme, email string) (*core.Record, error) {
	if !d.Can(access.MayLead, p.Record) {
		return nil, access.ErrRefused
	}
	r, err := d.App().FindAuthRecordByEmail("users", strings.ToLower(email))
	if err != nil {
		r, err = d.App().FindAuthRecordByEmail("users", email)
	}
	if err != nil || r.GetBool("disabled") {
		return nil, nil
	}
	return r, nil
}
