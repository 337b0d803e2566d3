package tasks

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

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
	c, err := app.FindCachedCollectionByNameOrId("tasks")
	if err != nil {
		return nil, fmt.Errorf("tasks: new: %w", err)
	}
	r := core.NewRecord(c)
	for field, value := range map[string]string{
		"programme": draft.Programme, "title": draft.Title, "organisation": draft.Organisation,
		"accountable": draft.Accountable, "due_on": draft.DueOn, "meeting": draft.Meeting, "source_key": draft.SourceKey,
	} {
		r.Set(field, value)
	}
	if draft.Done {
		r.Set("state", Done)
	}
	if err := app.Save(access.Sign(r, access.Actor(cause), access.Via(cause))); err != nil {
		return nil, err
	}
	return r, nil
}
