package meetings

import (
	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
	"simpul/hooks/tasks"
)

// OpenActions returns what is still to be done of what the last meeting of a
// programme asked for. The door must have viewed the programme.
func OpenActions(d *access.Door, p *programmes.Programme) ([]tasks.Listed, error) {
	last, err := within(d, p, func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("meetings.status", Scheduled, Held)).
			AndWhere(dbx.NewExp("meetings.starts_at < {:now}", dbx.Params{"now": stored(clock.Now())})).
			OrderBy("meetings.starts_at DESC", "meetings.id").
			Limit(1)
	})
	if err != nil || len(last) == 0 {
		return nil, err
	}
	asked, err := tasks.OfMeeting(d, p, last[0].ID)
	if err != nil {
		return nil, err
	}
	var left []tasks.Listed
	for _, t := range asked {
		if t.Open() {
			left = append(left, t)
		}
	}
	return left, nil
}
