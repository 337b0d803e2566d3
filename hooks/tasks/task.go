// Package tasks keeps what has been agreed to be done: one organisation owns a
// task, one person of the team answers for it, and a day says when it is due.
package tasks

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
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
func (t *Task) URL() string { return taskURL(t.Record.Id) }

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

func taskURL(id string) string { return "/tasks/" + id }

// Advance moves a task to one of its states in the name of the scope's person.
// The state it has already changes nothing, but who may not move it is refused.
func Advance(d *access.Scope, task *core.Record, state string) error {
	if task.GetString("state") == state {
		if !d.Can(access.MayAnswer, task) {
			return access.ErrRefused
		}
		return nil
	}
	task.Set("state", state)
	return d.Update(task)
}

// Reply keeps the organisation's answer to a task: Accepted, MoreTime or
// Declined, the last with a reason. Errors about fields say what is missing.
func Reply(d *access.Scope, task *core.Record, reply, reason string) error {
	task.Set("reply", reply)
	task.Set("reply_reason", reason)
	return d.Update(task)
}

// Draft is a task as a line of minutes names it; ids, and DueOn YYYY-MM-DD.
type Draft struct {
	Programme, Title, Organisation string
	// Accountable may be "": then whoever saves answers for it if they are of
	// the team, else an initiator.
	Accountable string
	DueOn       string
	// Done says that the line was ticked when it was first read.
	Done bool
	// Meeting and SourceKey together are the line the task comes from.
	Meeting, SourceKey string
}

// New saves the task of a line, once: a line that already has its task answers
// with that one, as it stands now. It runs in the caller's transaction and in
// the name of whoever signed the cause. What cannot be a task is an error about
// its fields, as access.Invalid makes them.
func New(app core.App, draft Draft, cause *core.Record) (*core.Record, error) {
	there, err := app.FindFirstRecordByFilter("tasks", "meeting = {:meeting} && source_key = {:key}",
		dbx.Params{"meeting": draft.Meeting, "key": draft.SourceKey})
	if err == nil && draft.SourceKey != "" {
		return there, nil
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("tasks: new: %w", err)
	}
	values := map[string]any{
		"programme": draft.Programme, "title": draft.Title, "organisation": draft.Organisation,
		"accountable": draft.Accountable, "due_on": draft.DueOn, "meeting": draft.Meeting, "source_key": draft.SourceKey,
	}
	if draft.Done {
		values["state"] = Done
	}
	return access.CreateFor(app, cause, "tasks", values)
}
