// Package tasks keeps what has been agreed to be done: one organisation owns a
// task, one person of the team answers for it, and a day says when it is due.
package tasks

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// The states of a task, as they are stored.
const (
	Todo       = "todo"
	InProgress = "in_progress"
	Waiting    = "waiting"
	Done       = "done"
	Cancelled  = "cancelled"
)

// The answers an organisation can give to a task.
const (
	Accepted = "accepted"
	MoreTime = "more_time"
	Declined = "declined"
)

var (
	states  = []string{Todo, InProgress, Waiting, Done, Cancelled}
	open    = []string{Todo, InProgress, Waiting}
	replies = []string{Accepted, MoreTime, Declined}
)

// Task is one record of the collection with the questions people ask of it.
type Task struct {
	core.BaseRecordProxy
}

// Wrap makes a task of its record.
func Wrap(r *core.Record) *Task {
	t := &Task{}
	t.SetProxyRecord(r)
	return t
}

// ID is the record's id.
func (t *Task) ID() string { return t.Record.Id }

// Title says what is to be done.
func (t *Task) Title() string { return t.GetString("title") }

// State is the stored code of how far the task is.
func (t *Task) State() string { return t.GetString("state") }

// DueOn is the day by which it is to be done, YYYY-MM-DD, "" if none was set.
func (t *Task) DueOn() string { return t.GetString("due_on") }

// Organisation is the id of the organisation that owns the task.
func (t *Task) Organisation() string { return t.GetString("organisation") }

// Reply is the stored code of the organisation's answer, "" if it has not answered.
func (t *Task) Reply() string { return t.GetString("reply") }

// URL is the address of the task's page.
func (t *Task) URL() string { return address(t.Record.Id) }

// Open reports whether there is still something to do.
func (t *Task) Open() bool { return slices.Contains(open, t.State()) }

// Done reports whether the task has been done.
func (t *Task) Done() bool { return t.State() == Done }

// Late returns by how many days the task is overdue on a day, 0 if it is not.
// Today is YYYY-MM-DD in the programme's zone.
func (t *Task) Late(today string) int { return late(t.State(), t.DueOn(), today) }

// late counts the days past the due day; what is done or cancelled is not late.
func late(state, dueOn, today string) int {
	if dueOn == "" || !slices.Contains(open, state) {
		return 0
	}
	return max(0, clock.DaysBetween(dueOn, today))
}

func address(id string) string { return "/tasks/" + id }
