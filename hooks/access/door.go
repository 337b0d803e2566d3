// Package access is the one door of the hub: whatever a person reads or
// changes passes the rules of its collection here, exactly as it would over
// PocketBase's own API. rules.go says who may do what.
package access

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/search"
)

// ErrRefused says that a rule did not let the person through, or that there is
// no such record: the two look alike so that nobody can probe for records.
var ErrRefused = errors.New("access: refused by the collection's rule, or no such record")

// Door answers for one person during one request or one job. It remembers what
// it has looked up, so it must not outlive either.
type Door struct {
	app     core.App
	person  *core.Record
	via     string
	members []Membership
	loaded  bool
	entered map[string]bool
}

// Open returns the door for a person: a users record, a superuser, or nil for a guest.
func Open(app core.App, person *core.Record) *Door {
	return &Door{app: app, person: person, via: ViaPage, entered: map[string]bool{}}
}

// Through names the way the person came (ViaPage, ViaAPI, …) for the activity.
func (d *Door) Through(via string) *Door {
	d.via = via
	return d
}

// App returns the app that the door reads from.
func (d *Door) App() core.App { return d.app }

// Person returns who is asking, nil for a guest.
func (d *Door) Person() *core.Record { return d.person }

// Super reports whether a superuser is asking, whom no rule stops.
func (d *Door) Super() bool { return d.person != nil && d.person.IsSuperuser() }

// info describes the asking person for a rule. It is made afresh rather than
// taken from the request, so that a page's query string or form cannot pass
// itself off as @request.query or @request.body.
func (d *Door) info(method string, body map[string]any) *core.RequestInfo {
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
func (d *Door) narrow(q *dbx.SelectQuery, c *core.Collection, rule *string) error {
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
func (d *Door) allows(app core.App, r *core.Record, rule *string, info *core.RequestInfo) error {
	ok, err := app.CanAccessRecord(r, info, rule)
	if err != nil {
		return fmt.Errorf("access: rule of %s: %w", r.Collection().Name, err)
	}
	if !ok {
		return ErrRefused
	}
	return nil
}
