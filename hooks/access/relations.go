package access

import (
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// With brings relations of the records along, each where its own rule lets the
// person view it; a relation that is refused is simply not there.
func (d *Door) With(records []*core.Record, relations ...string) error {
	failed := d.app.ExpandRecords(records, relations, func(c *core.Collection, ids []string) ([]*core.Record, error) {
		q := d.app.RecordQuery(c)
		err := d.narrow(q, c, c.ViewRule)
		if errors.Is(err, ErrRefused) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		found := []*core.Record{}
		values := make([]any, len(ids))
		for i, id := range ids {
			values[i] = id
		}
		return found, q.AndWhere(dbx.In(c.Name+".id", values...)).All(&found)
	})
	for relation, err := range failed {
		return fmt.Errorf("access: with %s: %w", relation, err)
	}
	return nil
}
