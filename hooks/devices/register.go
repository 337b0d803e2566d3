package devices

import (
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// errFull says that a person has as many devices as one may have.
var errFull = errors.New("as many devices as one person may have")

// names are what a new device is called, and the id of the device that the same browser was before, if any.
type names struct{ name, before string }

// register keeps a browser's subscription as a device of a person. A browser has one reader at a time: what was kept of
// the same address before goes, whoever it was kept for, since only the browser itself knows the address. So does the
// device that this browser was before.
func register(app core.App, person *core.Record, s Subscription, n names) (id string, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		dropped, err := drop(tx, person, dbx.Or(dbx.HashExp{"endpoint": s.Endpoint}, dbx.HashExp{"id": n.before, "user": person.Id}))
		if err != nil {
			return err
		}
		for _, r := range dropped {
			if r.GetString("user") == person.Id {
				n.name = r.GetString("name") // perhaps one of the person's own
			}
		}
		have, err := tx.CountRecords("devices", dbx.HashExp{"user": person.Id})
		if err != nil {
			return err
		}
		if have >= most {
			return errFull
		}
		collection, err := tx.FindCollectionByNameOrId("devices")
		if err != nil {
			return err
		}
		r := core.NewRecord(collection)
		r.Load(map[string]any{"user": person.Id, "name": n.name, "endpoint": s.Endpoint, "p256dh": s.Key, "auth": s.Secret})
		if err := tx.Save(access.Sign(r, person, access.ViaPage)); err != nil {
			return err
		}
		id = r.Id
		return nil
	})
	return id, err
}

// drop removes the devices that meet all conditions, in the name of a person, and returns them.
func drop(tx core.App, person *core.Record, which ...dbx.Expression) ([]*core.Record, error) {
	found, err := tx.FindAllRecords("devices", which...)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		if err := tx.Delete(access.Sign(r, person, access.ViaPage)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Forget takes away all devices of a person whose sign-ins end everywhere: a lost phone is not to go on telling. The roof
// binds it to OnRecordUpdate of users.
func Forget(e *core.RecordEvent) error {
	before := e.Record.Original().TokenKey()
	if err := e.Next(); err != nil {
		return err
	}
	if e.Record.TokenKey() == before {
		return nil
	}
	theirs, err := e.App.FindAllRecords("devices", dbx.HashExp{"user": e.Record.Id})
	for _, r := range theirs {
		err = errors.Join(err, e.App.Delete(r))
	}
	return err
}
