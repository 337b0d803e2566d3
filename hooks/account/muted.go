package account

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// mutable are the kinds of reminders that a person may switch off: those of the
// field for which some rule is in force, and those already off.
func mutable(app core.App, me *core.Record) ([]string, error) {
	f, ok := me.Collection().Fields.GetByName("muted_kinds").(*core.SelectField)
	if !ok {
		return nil, nil // an administrator
	}
	var spoken []string
	err := app.DB().Select("kind").Distinct(true).From("reminder_rules").Where(dbx.HashExp{"active": true}).Column(&spoken)
	if err != nil {
		return nil, fmt.Errorf("kinds of reminders: %w", err)
	}
	spoken = append(spoken, me.GetStringSlice("muted_kinds")...)
	return slices.DeleteFunc(slices.Clone(f.Values), func(kind string) bool { return !slices.Contains(spoken, kind) }), nil
}
