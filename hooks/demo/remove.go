package demo

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/web"
)

// leaving names what does not die with a programme, in the order in which it can go.
var leaving = []string{"contacts", "users", "organisations", core.CollectionNameSuperusers}

// Remove takes everything out that Load put in: the example programmes with all that lives in them, then the example
// contacts, users, organisations and administrator. All of it happens, or nothing.
//
// What somebody else's record points to stays: such an organisation or contact as it is, such a user as a disabled
// account whose password nobody knows. The administrator stays while there is no other. Holidays and the reminder
// rules for all programmes are no examples and stay too, and so does the activity, which never forgets.
func Remove(app core.App) error {
	all, err := open()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		if err := removeProgrammes(tx); err != nil {
			return err
		}
		if err := removeMessages(tx, all); err != nil {
			return err
		}
		for _, collection := range leaving {
			if err := removeUnused(tx, collection, all[collection]); err != nil {
				return err
			}
		}
		return nil
	})
}

func removeProgrammes(tx core.App) error {
	programmes, err := tx.FindAllRecords("programmes", dbx.HashExp{"example": true})
	if err != nil {
		return err
	}
	for _, programme := range programmes {
		if err := tx.Delete(programme); err != nil {
			return fmt.Errorf("programme %s: %w", programme.GetString("slug"), err)
		}
	}
	return nil
}

// removeMessages forgets messages to example people that belong to no programme, such as sign-in codes.
func removeMessages(tx core.App, all dataset) error {
	for column, collection := range map[string]string{"user": "users", "recipient": "contacts"} {
		messages, err := tx.FindAllRecords("deliveries", dbx.HashExp{"programme": ""}, dbx.In(column, idsOf(collection, all)...))
		if err != nil {
			return err
		}
		for _, letter := range messages {
			if err := tx.Delete(letter); err != nil {
				return err
			}
		}
	}
	return nil
}

func idsOf(collection string, all dataset) []any {
	ids := []any{}
	for _, e := range all[collection] {
		ids = append(ids, idOf(collection, e.key()))
	}
	return ids
}

// removeUnused goes backwards, so that a child leaves before its parent.
func removeUnused(tx core.App, collection string, entries []entry) error {
	for _, e := range slices.Backward(entries) {
		r, err := tx.FindRecordById(collection, idOf(collection, e.key()))
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		if err := removeOne(tx, r); err != nil {
			return fmt.Errorf("%s %q: %w", collection, e.key(), err)
		}
	}
	return nil
}

func removeOne(tx core.App, r *core.Record) error {
	needed, err := isNeeded(tx, r)
	if err != nil {
		return err
	}
	if !needed {
		return tx.Delete(r)
	}
	if r.Collection().Name == "users" {
		return closeAccount(tx, r)
	}
	return nil
}

// closeAccount leaves the name where others' records need it and shuts the scope behind it.
func closeAccount(tx core.App, user *core.Record) error {
	user.Set("disabled", true)
	user.SetRandomPassword()
	return tx.Save(user)
}

// isNeeded reports whether a record outside the example still points to this one. The last administrator is needed
// by everyone.
func isNeeded(tx core.App, r *core.Record) (bool, error) {
	if r.IsSuperuser() {
		administrators, err := tx.CountRecords(core.CollectionNameSuperusers)
		return administrators == 1, err
	}
	references, err := tx.FindCachedCollectionReferences(r.Collection())
	if err != nil {
		return false, err
	}
	for collection, fields := range references {
		found, err := pointsTo(tx, collection, fields, r.Id)
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}

func pointsTo(tx core.App, collection *core.Collection, fields []core.Field, id string) (bool, error) {
	if collection.IsView() {
		return false, nil
	}
	for _, field := range fields {
		var pointing dbx.Expression = dbx.HashExp{field.GetName(): id}
		if several, ok := field.(core.MultiValuer); ok && several.IsMultiple() {
			// Several ids are kept as one JSON text; an id is too long to be part of another.
			pointing = dbx.Like(field.GetName(), id)
		}
		found, err := tx.CountRecords(collection, pointing)
		if err != nil || found > 0 {
			return found > 0, err
		}
	}
	return false, nil
}

// RemoveAll removes the examples at an administrator's wish and nothing else.
func RemoveAll(e *core.RequestEvent) error {
	if !web.Scope(e).Super() {
		return access.ErrRefused
	}
	if err := Remove(e.App); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, "/", "example.removed")
}
