package access

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// List returns the records of a collection that the person may list. Narrowing
// conditions are trusted code: columns qualified by the collection's name,
// order and limit.
func (d *Door) List(collection string, narrow ...func(*dbx.SelectQuery)) ([]*core.Record, error) {
	c, err := d.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	q := d.app.RecordQuery(c)
	if err := d.narrow(q, c, c.ListRule); err != nil {
		return nil, err
	}
	for _, n := range narrow {
		n(q)
	}
	found := []*core.Record{}
	if err := q.All(&found); err != nil {
		return nil, fmt.Errorf("access: list %s: %w", collection, err)
	}
	return found, nil
}

// View returns one record by its id if the person may view it, else ErrRefused.
func (d *Door) View(collection, id string) (*core.Record, error) {
	return d.First(collection, "id", id)
}

// First returns the one record whose column holds value, if the person may
// view it, else ErrRefused.
func (d *Door) First(collection, column, value string) (*core.Record, error) {
	c, err := d.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	q := d.app.RecordQuery(c).AndWhere(dbx.HashExp{c.Name + "." + column: value})
	if err := d.narrow(q, c, c.ViewRule); err != nil {
		return nil, err
	}
	r := &core.Record{}
	err = q.Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrRefused
	}
	if err != nil {
		return nil, fmt.Errorf("access: view %s: %w", collection, err)
	}
	if c.Name == "programmes" {
		d.entered[r.Id] = true
	}
	return r, nil
}

// Within returns a plain query over the rows that belong to one programme, for
// collections that everybody in the programme may read. Those share one rule,
// which was asked when the programme was viewed; asking it again for every row
// costs more than the page itself.
func (d *Door) Within(programme *core.Record, collection string) (*dbx.SelectQuery, error) {
	c, err := d.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	if !d.Super() && (c.ListRule == nil || *c.ListRule != insideIts) {
		return nil, fmt.Errorf("access: %s is not open to everybody in a programme", collection)
	}
	if !d.Super() && !d.entered[programme.Id] {
		return nil, ErrRefused
	}
	return d.app.ConcurrentDB().
		Select(c.Name + ".*").
		From(c.Name).
		Where(dbx.HashExp{c.Name + ".programme": programme.Id}), nil
}
