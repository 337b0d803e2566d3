package devices

import (
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
)

// errorGone is kept in last_error when the device is not to be found at its address any more.
const errorGone = "gone"

// Moved hears from a browser's worker, with nobody looking on, that the browser has another address at its push service,
// or none any more. It answers everybody alike.
func Moved(e *core.RequestEvent) error {
	typed := e.Request.PostFormValue
	s := Subscription{Endpoint: typed("endpoint"), Key: typed("p256dh"), Secret: typed("auth")}
	if err := move(e.App, e.Auth, s, former{typed("before"), here(e)}); err != nil {
		return err
	}
	return e.NoContent(http.StatusNoContent)
}

// former is what a browser knows of the device it was: its address, which some browsers do not keep, and its id.
type former struct{ endpoint, id string }

// move gives a device the new address of its browser in the session of its reader. Without that session, or without an
// address that can be taken, the device is off and its page says what to do.
func move(app core.App, person *core.Record, s Subscription, was former) error {
	return app.RunInTransaction(func(tx core.App) error {
		r, err := was.device(tx)
		if err != nil || r == nil {
			return err
		}
		fields := map[string]any{"failures": mostFailures, "last_error": errorGone}
		if person != nil && person.Id == r.GetString("user") && s.problem() == "" {
			fields = map[string]any{"endpoint": s.Endpoint, "p256dh": s.Key, "auth": s.Secret, "failures": 0, "last_error": ""}
			// What else was kept of the new address is of the same browser, whoever it was kept for.
			if _, err := drop(tx, person, dbx.HashExp{"endpoint": s.Endpoint}, dbx.Not(dbx.HashExp{"id": r.Id})); err != nil {
				return err
			}
		}
		r.Load(fields)
		return tx.Save(access.Sign(r, person, access.ViaPage))
	})
}

// device is the one that the browser was, nil if it is not kept.
func (f former) device(tx core.App) (*core.Record, error) {
	for _, which := range []dbx.HashExp{{"endpoint": f.endpoint}, {"id": f.id}} {
		found, err := tx.FindAllRecords("devices", which)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 {
			return found[0], nil
		}
	}
	return nil, nil
}
