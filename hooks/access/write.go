package access

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"

	"github.com/pocketbase/pocketbase/core"
)

// Create saves a new record if the create rule allows it. The rule is asked
// inside the transaction about the saved row, with the fields the caller set
// as its body; a refusal leaves nothing behind.
func (d *Scope) Create(r *core.Record) error {
	return d.write(http.MethodPost, r, r.Collection().CreateRule, filled(r))
}

// Update saves a changed record if the update rule allows exactly this change.
func (d *Scope) Update(r *core.Record) error {
	return d.write(http.MethodPatch, r, r.Collection().UpdateRule, changed(r))
}

// Delete removes a record if the delete rule allows it.
func (d *Scope) Delete(r *core.Record) error {
	return d.write(http.MethodDelete, r, r.Collection().DeleteRule, nil)
}

// write refuses guests, and what nobody does by hand, without asking the rule.
func (d *Scope) write(method string, r *core.Record, rule *string, body map[string]any) error {
	if d.person == nil || handsOff[r.Collection().Name][method] != "" {
		return ErrRefused
	}
	info, save := d.info(method, body), core.App.Save
	if method == http.MethodDelete {
		save = core.App.Delete
	}
	return d.app.RunInTransaction(func(tx core.App) error {
		if method == http.MethodPost {
			if err := tx.Save(Sign(r, d.person, d.via)); err != nil {
				return err
			}
			return d.allows(tx, r, rule, info)
		}
		if err := d.allows(tx, r, rule, info); err != nil {
			return err
		}
		return save(tx, Sign(r, d.person, d.via))
	})
}

// Can reports whether a named sentence of rules.go holds for the person and
// the stored record. Pages use it to offer only what will be allowed.
func (d *Scope) Can(s Rule, r *core.Record) bool {
	return d.person != nil && d.may(d.app, s, r) == nil
}

func (d *Scope) may(app core.App, s Rule, r *core.Record) error {
	rule := string(s)
	return d.allows(app, r, &rule, d.info(http.MethodPatch, nil))
}

// Transition makes a named transition: it asks the sentence about the stored record,
// lets change write the fields which the person may not write directly, and
// saves as the hub in the person's name. The sentence is asked of the row
// inside the transaction, so two people cannot make the same move.
func (d *Scope) Transition(s Rule, r *core.Record, change func(*core.Record)) error {
	if d.person == nil {
		return ErrRefused
	}
	return d.app.RunInTransaction(func(tx core.App) error {
		if err := d.may(tx, s, r); err != nil {
			return err
		}
		change(r)
		return tx.Save(Sign(r, d.person, d.via))
	})
}

// InTransaction runs several writes through the scope as one: all are kept or none.
func (d *Scope) InTransaction(writes func(*Scope) error) error {
	return d.app.RunInTransaction(func(tx core.App) error {
		inner := *d
		inner.app = tx
		return writes(&inner)
	})
}

// filled lists the fields that carry a value, as a request body would.
func filled(r *core.Record) map[string]any {
	body := map[string]any{}
	for _, f := range r.Collection().Fields {
		name := f.GetName()
		if f.GetSystem() || f.Type() == core.FieldTypeAutodate || isZero(r.Get(name)) {
			continue
		}
		body[name] = plain(r.Get(name))
	}
	return body
}

// changed lists the fields that differ from the stored record.
func changed(r *core.Record) map[string]any {
	body, was := map[string]any{}, r.Original()
	for _, f := range r.Collection().Fields {
		name := f.GetName()
		if f.Type() == core.FieldTypeAutodate || fmt.Sprint(r.Get(name)) == fmt.Sprint(was.Get(name)) {
			continue
		}
		body[name] = plain(r.Get(name))
	}
	return body
}

func isZero(value any) bool {
	v := reflect.ValueOf(value)
	if !v.IsValid() || v.IsZero() {
		return true
	}
	if z, ok := value.(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	return (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}

// plain turns PocketBase's own value types into what JSON would carry, which is
// what rules compare with.
func plain(value any) any {
	raw, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		return fmt.Sprint(value)
	}
	return out
}
