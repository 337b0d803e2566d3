package tasks

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// The steps that pages, letters and other programs take alike.

// Advance moves a task to one of its states in the name of the door's person.
// The state it has already changes nothing, but who may not move it is refused.
func Advance(d *access.Door, task *core.Record, state string) error {
	if task.GetString("state") == state {
		if !d.May(access.MayAnswer, task) {
			return access.ErrRefused
		}
		return nil
	}
	task.Set("state", state)
	return d.Update(task)
}

// Reply keeps the organisation's answer to a task: Accepted, MoreTime or
// Declined, the last with a reason. Errors about fields say what is missing.
func Reply(d *access.Door, task *core.Record, reply, reason string) error {
	task.Set("reply", reply)
	task.Set("reply_reason", reason)
	return d.Update(task)
}
