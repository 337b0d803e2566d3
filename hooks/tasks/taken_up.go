package tasks

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// takeUp lets the later word hold when an organisation begins or finishes a task
// that it declined before: it did not decline it after all, and the activity
// keeps what was said when. That the team has such a task done takes nothing
// back. The reason stays on the record, where nobody reads it without a reply:
// when the step is taken back, the reply stands again as it was.
func takeUp(app core.App, r *core.Record) error {
	if r.IsNew() || !differs(r, "state") || differs(r, "reply") || differs(r, "reply_reason") {
		return nil
	}
	switch {
	case r.GetString("reply") == Declined && slices.Contains([]string{InProgress, Done}, r.GetString("state")):
		own, err := speaksFor(app, access.Actor(r), r)
		if own {
			r.Set("reply", "")
		}
		return err
	case r.GetString("reply") == "" && words(r.GetString("reply_reason")):
		back, err := backToDeclined(app, r)
		if back {
			r.Set("reply", Declined)
		}
		return err
	}
	return nil
}

// speaksFor reports whether a person acts for the organisation that owns a task.
func speaksFor(app core.App, person, task *core.Record) (bool, error) {
	return holds(app, `SELECT 1 FROM memberships WHERE programme = {:programme} AND user = {:user} AND user != ''
		AND role = 'partner' AND organisation = {:organisation}`,
		dbx.Params{"programme": task.GetString("programme"), "user": user(person), "organisation": task.GetString("organisation")})
}

// backToDeclined reports whether a save takes back the very step by which a task
// was taken up.
func backToDeclined(app core.App, r *core.Record) (bool, error) {
	var rows []string
	err := app.DB().Select("changes").From("activity").Where(dbx.HashExp{"collection": "tasks", "record": r.Id}).
		AndWhere(dbx.NewExp("json_type(changes, '$.state') IS NOT NULL")).OrderBy("_rowid_ DESC").Limit(1).Column(&rows)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	var last struct{ State, Reply []string }
	if err := json.Unmarshal([]byte(rows[0]), &last); err != nil {
		return false, fmt.Errorf("tasks: last step of %s: %w", r.Id, err)
	}
	return len(last.State) == 2 && last.State[0] == r.GetString("state") && slices.Equal(last.Reply, []string{Declined, ""}), nil
}
