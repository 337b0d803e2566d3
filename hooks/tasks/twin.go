package tasks

import (
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// soon is how long the same task, made again by the same person, is rather a
// form sent twice.
const soon = 10 * time.Minute

// doubtTwin asks whether a task is meant that the person has just made: the
// browser's way back leads to a form that looks unsent. Sent once more with the
// answer in the hidden field "again" it counts.
func doubtTwin(d *access.Door, p *programmes.Programme, form *page.Form) error {
	if !form.OK() {
		return nil
	}
	r, err := d.New("tasks")
	if err != nil {
		return err
	}
	form.Into(r)
	twin, err := d.MadeLately("tasks", soon, dbx.HashExp{
		"programme":    p.ID(),
		"organisation": r.GetString("organisation"),
		"title":        r.GetString("title"),
		"due_on":       r.GetString("due_on"),
	})
	if err != nil || twin == nil || form.Value("again") == twin.Id {
		return err
	}
	if once := form.Value("once"); once != "" && once == twin.GetString("once") {
		return nil
	}
	form.Set("again", twin.Id).Doubt(address(twin.Id), "tasks.problem_twin", "title", twin.GetString("title"))
	return nil
}
