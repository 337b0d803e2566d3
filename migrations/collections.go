package migrations

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	// PocketBase's own collections come first; the hub's steps change `users`.
	_ "github.com/pocketbase/pocketbase/migrations"
)

// index is one index of a collection: its columns in order and, when only some
// rows count, the condition that picks them.
type index struct {
	columns []string
	unique  bool
	where   string
}

// sorted is a plain index: the relation first, then the column lists sort by.
func sorted(columns ...string) index { return index{columns: columns} }

// unique allows each combination once.
func unique(columns ...string) index { return index{columns: columns, unique: true} }

// uniqueWhere allows each combination once among the rows that meet the condition.
func uniqueWhere(condition string, columns ...string) index {
	return index{columns: columns, unique: true, where: condition}
}

// onceOnly belongs to every collection with a form key.
func onceOnly() index { return uniqueWhere("`once` != ''", "once") }

func (i index) addTo(c *core.Collection) {
	name := "idx_" + c.Name + "_" + strings.Join(i.columns, "_")
	columns := "`" + strings.Join(i.columns, "`, `") + "`"
	c.AddIndex(name, i.unique, columns, i.where)
}

// create makes a closed collection with these fields and indexes, adds
// `created` and `updated`, and indexes `created` because the admin UI sorts by it.
func create(app core.App, name string, fields []core.Field, indexes []index) error {
	c := core.NewBaseCollection(name)
	others := withoutRelationsTo(name, fields)
	if len(others) < len(fields) {
		// A relation needs its target stored, also when the target is itself.
		if err := describe(app, c, others, nil); err != nil {
			return err
		}
	}
	return describe(app, c, fields, indexes)
}

// describe gives a collection its fields, in this order, and its indexes and stores it.
func describe(app core.App, c *core.Collection, fields []core.Field, indexes []index) error {
	if err := resolve(app, c, fields); err != nil {
		return err
	}
	const afterID = 1
	c.Fields.AddAt(afterID, fields...)
	c.Fields.Add(
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	for _, i := range append(indexes, sorted("created")) {
		i.addTo(c)
	}
	if err := app.Save(c); err != nil {
		return fmt.Errorf("describe %s: %w", c.Name, err)
	}
	return nil
}

// resolve replaces the collection names in relations by ids.
func resolve(app core.App, c *core.Collection, fields []core.Field) error {
	for _, field := range fields {
		relation, ok := field.(*core.RelationField)
		if !ok {
			continue
		}
		if relation.CollectionId == c.Name {
			relation.CollectionId = c.Id
			continue
		}
		target, err := app.FindCollectionByNameOrId(relation.CollectionId)
		if err != nil {
			return fmt.Errorf("%s.%s points to unknown %s: %w", c.Name, relation.Name, relation.CollectionId, err)
		}
		relation.CollectionId = target.Id
	}
	return nil
}

func withoutRelationsTo(name string, fields []core.Field) []core.Field {
	var others []core.Field
	for _, field := range fields {
		if relation, ok := field.(*core.RelationField); !ok || relation.CollectionId != name {
			others = append(others, field)
		}
	}
	return others
}

// remove takes a collection away again, with everything in it.
func remove(name string) func(core.App) error {
	return func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return fmt.Errorf("remove %s: %w", name, err)
		}
		return app.Delete(c)
	}
}
