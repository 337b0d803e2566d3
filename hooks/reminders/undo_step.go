package reminders

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// step is the last change of something about a task, as the activity keeps it.
type step struct {
	Actor string         `db:"actor"`
	Via   string         `db:"via"`
	Was   sql.NullString `db:"was"` // the first field asked for before the change; null when it did not change
}

// last finds the last step that changed one of the fields of the task; an empty
// one when the activity knows none.
func (a *answering) last(tx core.App, fields ...string) (s step, err error) {
	changed := make([]dbx.Expression, len(fields))
	for i, field := range fields {
		changed[i] = dbx.NewExp("json_type(changes, '$." + field + "') IS NOT NULL")
	}
	err = tx.DB().Select("actor", "via", "json_extract(changes, '$."+fields[0]+"[0]') AS was").From("activity").
		Where(dbx.HashExp{"collection": "tasks", "record": a.subject.Record.Id}).AndWhere(dbx.Or(changed...)).
		OrderBy("_rowid_ DESC").Limit(1).One(&s)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return s, fmt.Errorf("last step of task %s: %w", a.subject.Record.Id, err)
	}
	return s, nil
}

// by reports whether a person took the step by a link in a letter.
func (s step) by(user string) bool { return s.Via == access.ViaLink && s.Actor == user }

// before is the value before the step, or what stands in for one that did not
// change.
func (s step) before(same string) string {
	if !s.Was.Valid {
		return same
	}
	return s.Was.String
}
