package reminders

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
	"simpul/hooks/tasks"
)

// answered tells whether the reader answered that letters about the task are not
// for them, or are to rest.
func (a *asked) answered() (string, error) {
	if a.subject.Collection != "tasks" || a.letter.User == "" {
		return "", nil
	}
	last, err := lastSaid(a.app, a.subject, a.letter.User)
	if err != nil || len(last) == 0 {
		return "", err
	}
	switch last[0].Answer {
	case answerNotMine:
		if up, err := a.subject.takenUp(a.app, last[0]); err != nil || up {
			return "", err
		}
		return reasonNotMine, nil
	case answerLater:
		return a.resting(last[0])
	}
	return "", nil
}

// takenUp reports whether who said that a task is not theirs has begun or
// promised it since: then they are reminded of it again. What others of the
// organisation do with it changes nothing for them.
func (s Subject) takenUp(app core.App, said reply) (bool, error) {
	if s.Record.GetString("reply") == tasks.Declined {
		return false, nil
	}
	var n int
	err := app.DB().NewQuery(`SELECT COUNT(*) FROM activity WHERE collection = 'tasks' AND record = {:id} AND actor = {:user}
		AND (json_type(changes, '$.state') IS NOT NULL OR json_type(changes, '$.reply') IS NOT NULL) AND _rowid_ > COALESCE((SELECT MAX(d._rowid_)
			FROM activity d WHERE d.collection = 'tasks' AND d.record = {:id} AND json_extract(d.changes, '$.reply[1]') = {:declined}), 0)`).
		Bind(dbx.Params{"id": s.Record.Id, "user": said.User, "declined": tasks.Declined}).Row(&n)
	if err != nil {
		return false, fmt.Errorf("who took up task %s: %w", s.Record.Id, err)
	}
	return n > 0, nil
}

// resting tells whether a letter falls into a rest: until the end of the day on
// which the letter comes that ends it.
func (a *asked) resting(last reply) (string, error) {
	if a.letter.Key == restKey(last.ID) {
		return "", nil
	}
	var until []types.DateTime
	err := a.app.DB().Select("due_at").From("deliveries").Where(dbx.HashExp{"key": restKey(last.ID)}).Column(&until)
	if err != nil {
		return "", fmt.Errorf("rest about %s: %w", a.subject.Record.Id, err)
	}
	zone := a.zone()
	if len(until) > 0 && clock.Day(a.letter.DueAt.Time(), zone) <= clock.Day(until[0].Time(), zone) {
		return reasonPutOff, nil
	}
	return "", nil
}

// awake gives the letter that ends a rest the day of the task and the words that
// fit it on this day: there may be no rule behind it.
func (a *asked) awake() (reason string) {
	if len(a.subject.marks) == 0 {
		return mail.ReasonMoved
	}
	a.subject.mark = a.subject.marks[0]
	kind := "task_overdue"
	if a.subject.Anchor >= clock.Day(a.now, a.subject.Zone) {
		kind = "task_due"
	}
	a.rule.Set("kind", kind)
	return ""
}

// restRule stands for the rule of a letter that no rule calls for.
func restRule(app core.App) (*Rule, error) {
	rules, err := app.FindCachedCollectionByNameOrId("reminder_rules")
	if err != nil {
		return nil, err
	}
	r := core.NewRecord(rules)
	r.Load(map[string]any{"anchor": "task.due_on", "at": usualHour, "active": true})
	return wrap(r), nil
}
