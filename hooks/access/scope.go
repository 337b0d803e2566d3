// Package access is the one scope of the hub: whatever a person reads or
// changes passes the rules of its collection here, exactly as it would over
// PocketBase's own API. rules.go says who may do what.
package access

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"
	"github.com/pocketbase/pocketbase/tools/search"
)

// ErrRefused says that a rule did not let the person through, or that there is
// no such record: the two look alike so that nobody can probe for records.
var ErrRefused = errors.New("access: refused by the collection's rule, or no such record")

// Scope answers for one person during one request or one job. It remembers what
// it has looked up, so it must not outlive either.
type Scope struct {
	app     core.App
	person  *core.Record
	via     string
	members []Membership
	loaded  bool
	entered map[string]bool
}

// As returns the scope for a person: a users record, a superuser, or nil for a guest.
func As(app core.App, person *core.Record) *Scope {
	return &Scope{app: app, person: person, via: ViaPage, entered: map[string]bool{}}
}

// Through names the way the person came (ViaPage, ViaAPI, …) for the activity.
func (d *Scope) Through(via string) *Scope {
	d.via = via
	return d
}

// App returns the app that the scope reads from.
func (d *Scope) App() core.App { return d.app }

// Person returns who is asking, nil for a guest.
func (d *Scope) Person() *core.Record { return d.person }

// Super reports whether a superuser is asking, whom no rule stops.
func (d *Scope) Super() bool { return d.person != nil && d.person.IsSuperuser() }

// info describes the asking person for a rule. It is made afresh rather than
// taken from the request, so that a page's query string or form cannot pass
// itself off as @request.query or @request.body.
func (d *Scope) info(method string, body map[string]any) *core.RequestInfo {
	if body == nil {
		body = map[string]any{}
	}
	return &core.RequestInfo{
		Context: core.RequestInfoContextDefault,
		Method:  method,
		Query:   map[string]string{},
		Headers: map[string]string{},
		Body:    body,
		Auth:    d.person,
	}
}

// narrow adds a rule to a query; the caller's own conditions come after it.
func (d *Scope) narrow(q *dbx.SelectQuery, c *core.Collection, rule *string) error {
	if d.Super() {
		return nil
	}
	if rule == nil || d.person == nil && *rule != "" {
		return ErrRefused
	}
	if *rule == "" {
		return nil
	}
	resolver := core.NewRecordFieldResolver(d.app, c, d.info(http.MethodGet, nil), true)
	expr, err := search.FilterData(*rule).BuildExpr(resolver)
	if err != nil {
		return fmt.Errorf("access: rule of %s: %w", c.Name, err)
	}
	q.AndWhere(expr)
	return resolver.UpdateQuery(q)
}

// allows asks one rule about the stored row of a record.
func (d *Scope) allows(app core.App, r *core.Record, rule *string, info *core.RequestInfo) error {
	ok, err := app.CanAccessRecord(r, info, rule)
	if err != nil {
		return fmt.Errorf("access: rule of %s: %w", r.Collection().Name, err)
	}
	if !ok {
		return ErrRefused
	}
	return nil
}

// List returns the records of a collection that the person may list. Narrowing
// conditions are trusted code: columns qualified by the collection's name,
// order and limit.
func (d *Scope) List(collection string, narrow ...func(*dbx.SelectQuery)) ([]*core.Record, error) {
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
	if c.Name == "programmes" {
		for _, r := range found {
			d.entered[r.Id] = true
		}
	}
	return found, nil
}

// View returns one record by its id if the person may view it, else ErrRefused.
func (d *Scope) View(collection, id string) (*core.Record, error) {
	return d.First(collection, "id", id)
}

// First returns the one record whose column holds value, if the person may
// view it, else ErrRefused.
func (d *Scope) First(collection, column, value string) (*core.Record, error) {
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

// QueryIn returns a plain query over the rows that belong to one programme, for
// collections that everybody in the programme may read. Those share one rule,
// which was asked when the programme was viewed or listed; asking it again for
// every row costs more than the page itself.
func (d *Scope) QueryIn(programme *core.Record, collection string) (*dbx.SelectQuery, error) {
	return d.QueryAcross([]string{programme.Id}, collection)
}

// QueryAcross is QueryIn for several programmes, by their ids.
func (d *Scope) QueryAcross(programmes []string, collection string) (*dbx.SelectQuery, error) {
	c, err := d.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	if !d.Super() && (c.ListRule == nil || *c.ListRule != insideIts) {
		return nil, fmt.Errorf("access: %s is not open to everybody in a programme", collection)
	}
	if !d.Super() && slices.ContainsFunc(programmes, func(id string) bool { return !d.entered[id] }) {
		return nil, ErrRefused
	}
	return d.app.ConcurrentDB().
		Select(c.Name + ".*").
		From(c.Name).
		Where(dbx.In(c.Name+".programme", list.ToInterfaceSlice(programmes)...)), nil
}

// With brings relations of the records along, each where its own rule lets the
// person view it; a relation that is refused is simply not there.
func (d *Scope) With(records []*core.Record, relations ...string) error {
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
		return found, q.AndWhere(dbx.In(c.Name+".id", list.ToInterfaceSlice(ids)...)).All(&found)
	})
	for relation, err := range failed {
		return fmt.Errorf("access: with %s: %w", relation, err)
	}
	return nil
}

// New returns an empty record of a collection, to be filled and given to Create.
func (d *Scope) New(collection string) (*core.Record, error) {
	c, err := d.app.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	return core.NewRecord(c), nil
}
