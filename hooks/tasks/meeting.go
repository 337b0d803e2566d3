package tasks

import (
	"slices"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/programmes"
)

// mostOfMeeting is how many tasks of one meeting are shown at most.
const mostOfMeeting = 200

// Open reports whether there is still something to do.
func (l Listed) Open() bool { return slices.Contains(open, l.State) }

// OfMeeting returns the tasks that one meeting of a programme raised, those due
// first in front. The door must have viewed the programme.
func OfMeeting(d *access.Door, p *programmes.Programme, meeting string) ([]Listed, error) {
	return within(d, p, func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"tasks.meeting": meeting}).Limit(mostOfMeeting)
	})
}
