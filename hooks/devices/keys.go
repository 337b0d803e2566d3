package devices

import (
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// EnsureKey makes the key by which push services know the hub unless there is one. The roof calls it at start. With
// another key every device would have to be switched on anew.
func EnsureKey(app core.App) error {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err == nil {
		_, err = app.DB().NewQuery(`UPDATE hub_settings SET push_key = {:key} WHERE push_key = ''`).
			Bind(dbx.Params{"key": base64.RawURLEncoding.EncodeToString(key.Bytes())}).Execute()
	}
	if err != nil {
		return fmt.Errorf("make the key for push services: %w", err)
	}
	return nil
}

// RenewKey makes another key, for when the old one may be in wrong hands, and forgets all devices: a push service takes
// nothing for them under another key. People switch them on anew.
func RenewKey(app core.App) error {
	return app.RunInTransaction(func(tx core.App) error {
		all, err := tx.FindAllRecords("devices")
		for _, device := range all {
			err = errors.Join(err, tx.Delete(device))
		}
		if err == nil {
			_, err = tx.DB().NewQuery(`UPDATE hub_settings SET push_key = ''`).Execute()
		}
		if err != nil {
			return fmt.Errorf("make another key for push services: %w", err)
		}
		return EnsureKey(tx)
	})
}

// KeepKey leaves the key out of what the admin UI shows. The roof binds it to OnRecordEnrich of hub_settings.
func KeepKey(e *core.RecordEnrichEvent) error {
	// What is inside lifts the field's own hiding for administrators.
	if err := e.Next(); err != nil {
		return err
	}
	e.Record.Hide("push_key")
	return nil
}

// keys are the hub's two halves, base64: the private one signs, browsers are given the public one.
type keys struct{ private, public string }

func keysOf(app core.App) (keys, error) {
	var private string
	err := app.DB().NewQuery(`SELECT push_key FROM hub_settings LIMIT 1`).Row(&private)
	if err != nil {
		return keys{}, fmt.Errorf("read the key for push services: %w", err)
	}
	raw, err := decode(private)
	if err != nil {
		return keys{}, errors.New("the key for push services is damaged")
	}
	key, err := ecdh.P256().NewPrivateKey(raw)
	if err != nil {
		return keys{}, errors.New("the hub has no key for push services yet; it is made at the next start")
	}
	return keys{private, base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes())}, nil
}
