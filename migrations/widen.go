package migrations

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// widen adds fields to collections.
func widen(app core.App, fields map[string][]core.Field) error {
	for name, more := range fields {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		c.Fields.Add(more...)
		if err := app.Save(c); err != nil {
			return err
		}
	}
	return nil
}

// narrow takes fields away again, and the indexes that name them.
func narrow(app core.App, fields map[string][]core.Field) error {
	for name, less := range fields {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		for _, f := range less {
			c.Fields.RemoveByName(f.GetName())
			c.Indexes = slices.DeleteFunc(c.Indexes, func(index string) bool { return strings.Contains(index, "`"+f.GetName()+"`") })
		}
		if err := app.Save(c); err != nil {
			return err
		}
	}
	return nil
}
