package tasks

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/text"
)

// longestReason caps the reason for another due day, in characters.
const longestReason = 1000

// move is another due day and why. The days are counted from the activity; the
// reason becomes a comment that the team and the partners read.
type move struct{ from, to, reason string }

// moved takes the reason out of the record, where it is only passed through,
// and asks for one when a person changes a due day.
func moved(r *core.Record) (*move, error) {
	reason := r.GetString("due_reason")
	r.Set("due_reason", "")
	m := &move{from: r.Original().GetString("due_on"), to: r.GetString("due_on"), reason: reason}
	switch {
	case r.IsNew() || m.from == "" || m.from == m.to || access.Actor(r) == nil:
		return nil, nil
	case !words(reason):
		return nil, access.Invalid("due_reason", "tasks.problem_due_reason")
	case utf8.RuneCountInString(reason) > longestReason:
		return nil, access.Invalid("due_reason", "problem.too_long", "n", longestReason)
	case text.SixteenDigits(reason):
		return nil, access.Invalid("due_reason", "problem.sixteen_digits")
	}
	return m, nil
}

// tell puts the move into the conversation about the task.
func (m *move) tell(app core.App, task *core.Record) error {
	if m == nil {
		return nil
	}
	c, err := app.FindCachedCollectionByNameOrId("comments")
	if err != nil {
		return fmt.Errorf("tasks: tell of a move: %w", err)
	}
	actor := access.Actor(task)
	language := actor.GetString("language")
	r := core.NewRecord(c)
	r.Set("task", task.Id)
	r.Set("body", lang.T(language, "tasks.moved", "from", m.day(language, m.from), "to", m.day(language, m.to))+"\n\n"+m.reason)
	r.Set("visibility", "partners")
	return app.Save(access.Sign(r, actor, access.Via(task)))
}

func (move) day(language, day string) string {
	if day == "" {
		return lang.T(language, "tasks.no_due_day")
	}
	return lang.DayShort(language, day)
}

// Postponed counts how often a task's due day was moved to a later one, or
// taken away, according to the activity.
func Postponed(app core.App, task string) (int, error) {
	var rows []string
	err := app.ConcurrentDB().Select("changes").From("activity").
		Where(dbx.HashExp{"record": task, "collection": "tasks", "action": "update"}).
		Column(&rows)
	if err != nil {
		return 0, fmt.Errorf("tasks: postponed: %w", err)
	}
	n := 0
	for _, raw := range rows {
		var changes struct {
			DueOn []string `json:"due_on"`
		}
		if err := json.Unmarshal([]byte(raw), &changes); err != nil || len(changes.DueOn) != 2 {
			continue
		}
		before, after := changes.DueOn[0], changes.DueOn[1]
		if before != "" && (after == "" || after > before) {
			n++
		}
	}
	return n, nil
}
