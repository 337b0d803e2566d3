// Package migrations creates the schema of the hub: one description a noun
// group. The name of a file is the identity of its migration, so a released file
// is never renamed or changed; the next change is a new file with the next number.
//
// No migration sets an access rule. Every collection stays closed to everybody
// but superusers until package access writes the rules at start, so a start that
// fails half-way exposes nothing.
package migrations

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	// PocketBase's own collections come first; the first description extends `users`.
	_ "github.com/pocketbase/pocketbase/migrations"
)

// collection describes one collection, in the order in which the admin UI shows it.
type collection struct {
	name    string
	fields  []field
	indexes []index
}

// field is a name, what it takes, and the help text of the admin UI: Indonesian, then English.
type field struct {
	name string
	kind kind
	help string
}

// index is one index: its columns in order and, when only some rows count, the
// condition that picks them. A column that starts with a parenthesis is an expression.
type index struct {
	columns []string
	unique  bool
	where   string
	name    string // only where the columns do not tell two indexes apart
}

// sorted is a plain index: the relation first, then the column lists sort by.
// unique allows each combination once, uniqueWhere once among the rows that meet
// the condition.
func sorted(columns ...string) index { return index{columns: columns} }
func unique(columns ...string) index { return index{columns: columns, unique: true} }
func uniqueWhere(condition string, columns ...string) index {
	return index{columns: columns, unique: true, where: condition}
}

func (i index) addTo(c *core.Collection) {
	name := i.name
	if name == "" {
		name = strings.Join(i.columns, "_")
	}
	columns := make([]string, len(i.columns))
	for n, column := range i.columns {
		columns[n] = "`" + column + "`"
		if strings.HasPrefix(column, "(") {
			columns[n] = column
		}
	}
	c.AddIndex("idx_"+c.Name+"_"+name, i.unique, strings.Join(columns, ", "), i.where)
}

// create returns the migration that makes these collections, in this order.
func create(group []collection) func(core.App) error {
	return func(app core.App) error {
		for _, d := range group {
			if err := d.store(app, core.NewBaseCollection(d.name)); err != nil {
				return err
			}
		}
		return nil
	}
}

// store gives c the described fields and indexes and saves it. It adds `created`
// and `updated`, and indexes `created` because the admin UI sorts by it.
func (d collection) store(app core.App, c *core.Collection) error {
	fields := make([]core.Field, len(d.fields))
	for i, f := range d.fields {
		made, err := f.make(app, c)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", d.name, f.name, err)
		}
		fields[i] = made
	}
	const afterID = 1
	c.Fields.AddAt(afterID, fields...)
	c.Fields.Add(
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	for _, i := range append(d.indexes, sorted("created")) {
		i.addTo(c)
	}
	// A relation to the collection itself is valid only once the collection is stored.
	if err := app.SaveNoValidate(c); err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	if err := app.Validate(c); err != nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	return nil
}

// make returns the field for c, with the collection of a relation found by its name.
func (f field) make(app core.App, c *core.Collection) (core.Field, error) {
	made := f.kind()
	made.SetName(f.name)
	set(made, "Help", f.help)
	relation, ok := made.(*core.RelationField)
	if !ok {
		return made, nil
	}
	if relation.CollectionId == c.Name {
		relation.CollectionId = c.Id
		return made, nil
	}
	target, err := app.FindCollectionByNameOrId(relation.CollectionId)
	if err != nil {
		return nil, fmt.Errorf("relation to %s: %w", relation.CollectionId, err)
	}
	relation.CollectionId = target.Id
	return made, nil
}

// set changes a property that many types of field have, such as Required. A type
// without it panics: the description is wrong.
func set[V any](f core.Field, property string, value V) {
	reflect.ValueOf(f).Elem().FieldByName(property).Set(reflect.ValueOf(value))
}
