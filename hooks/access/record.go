package access

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Changed reports whether a save changes a field of a stored record.
func Changed(r *core.Record, field string) bool {
	return fmt.Sprint(r.Get(field)) != fmt.Sprint(r.Original().Get(field))
}

// SetDefault fills a field that was left empty.
func SetDefault(r *core.Record, field, value string) {
	if r.GetString(field) == "" {
		r.Set(field, value)
	}
}

// UserID is the id of a person who is a user of the hub: an administrator is not.
func UserID(person *core.Record) string {
	if person == nil || person.IsSuperuser() {
		return ""
	}
	return person.Id
}

// Exists reports whether a query answers with a row.
func Exists(app core.App, query string, params dbx.Params) (bool, error) {
	var one int
	err := app.DB().NewQuery(query + " LIMIT 1").Bind(params).Row(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Link is a field that points to another record, and what must be true of that
// one. It is looked at when it is made, not for ever after: a partner who has
// left can still be shown as the owner of what it did.
type Link struct {
	Field string
	// Query answers with a row when the link holds. It may use {:it}, the record
	// pointed to, {:anchor} and what the caller binds.
	Query string
	// Problem is the key of what is wrong otherwise; "" means another programme.
	Problem string
	// With names a second field whose change asks the question anew.
	With string
}

// SameProgramme is a link to a record of the same programme.
func SameProgramme(field, collection string) Link {
	return Link{Field: field, Query: "SELECT 1 FROM " + collection + " WHERE id = {:it} AND programme = {:anchor}"}
}

// Links are the fields of a record that point somewhere. The anchor is the field
// that ties the record to its place, such as its programme.
type Links struct {
	Anchor string
	Fields []Link
}

// Check asks about each record that a save newly points to; bind gives the
// parameters of the queries but for {:it} and {:anchor}.
func (links Links) Check(app core.App, r *core.Record, bind dbx.Params) error {
	if r.GetString(links.Anchor) == "" {
		return nil // refused by the field itself, with the better sentence
	}
	bind["anchor"] = r.GetString(links.Anchor)
	for _, l := range links.Fields {
		if !r.IsNew() && !Changed(r, links.Anchor) && !Changed(r, l.Field) && (l.With == "" || !Changed(r, l.With)) {
			continue
		}
		if err := l.check(app, r, bind); err != nil {
			return err
		}
	}
	return nil
}

func (l Link) check(app core.App, r *core.Record, bind dbx.Params) error {
	for _, id := range r.GetStringSlice(l.Field) {
		bind["it"] = id
		holds, err := Exists(app, l.Query, bind)
		switch {
		case err != nil:
			return fmt.Errorf("%s.%s: %w", r.Collection().Name, l.Field, err)
		case !holds && l.Problem == "":
			return Invalid(l.Field, "problem.another_programme")
		case !holds:
			return Invalid(l.Field, l.Problem)
		}
	}
	return nil
}

// CreateFor saves a new record in the name of whoever saved its cause.
func CreateFor(app core.App, cause *core.Record, collection string, values map[string]any) (*core.Record, error) {
	r, err := As(app, nil).New(collection)
	if err != nil {
		return nil, err
	}
	r.Load(values)
	return r, app.Save(SignFor(r, cause))
}

// SignFor signs a record as its cause is signed; without a cause the hub itself
// does it.
func SignFor(r, cause *core.Record) *core.Record {
	if cause == nil {
		return Sign(r, nil, ViaJob)
	}
	return Sign(r, Actor(cause), Via(cause))
}
