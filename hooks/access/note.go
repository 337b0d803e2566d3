package access

import "github.com/pocketbase/pocketbase/core"

// Note writes into the activity what the person did to a record of a collection
// whose saves leave no trace by themselves, such as a letter. Changes pairs old
// and new value of each field.
func (d *Door) Note(r *core.Record, changes map[string]any) error {
	return trace(d.app, Sign(r, d.person, d.via), entry{action: "update", programme: ProgrammeOf(d.app, r), changes: changes})
}
