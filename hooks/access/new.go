package access

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// New returns an empty record of a collection, to be filled and given to Create.
func (d *Door) New(collection string) (*core.Record, error) {
	c, err := d.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	return core.NewRecord(c), nil
}
