// Package push sends the subject line of a reminder to browsers that a person subscribed (Web Push: RFC 8030, 8291, 8292).
//
// A row of push_messages is one delivery for one subscription. A worker leases the row in a transaction, asks the push
// service while no transaction is open, and records the result. A crash in between repeats the message a minute later under
// the same topic, by which push service and browser replace the first: none is lost, and none is shown twice.
package push

import (
	"crypto/ecdh"
	"encoding/base64"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/SherClockHolmes/webpush-go"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	subscriptions = "push_subscriptions"
	maxPerPerson  = 10
	maxFailures   = 5 // so many refusals in a row stop a subscription
	// Bytes that a browser generates, RFC 8291: an uncompressed point of P-256 and a secret.
	p256dhSize, authSize = 65, 16
)

var errTooMany = errors.New("push: the person has as many subscriptions as allowed")

// services are the push services that may be asked. The endpoint comes from the browser, so that without this list a
// signed-in person could make the hub send requests to any address. A leading dot stands for all subdomains.
var services = []string{
	"fcm.googleapis.com",         // Chrome, Edge and Opera on phones, Samsung Internet
	".push.services.mozilla.com", // Firefox
	".notify.windows.com",        // Edge on Windows
	"web.push.apple.com",         // Safari
	".push.apple.com",            // Safari, by region
}

// allowed reports whether an endpoint is an https URL of a listed push service, without port, user or fragment.
func allowed(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Host != u.Hostname() || u.Fragment != "" || u.Path == "" {
		return false
	}
	host := strings.ToLower(u.Host)
	return slices.ContainsFunc(services, func(name string) bool {
		return host == name || strings.HasPrefix(name, ".") && strings.HasSuffix(host, name)
	})
}

// validate returns the key of the sentence that says why a subscription cannot be used, or nothing.
func validate(s webpush.Subscription) string {
	point, badPoint := decodeKey(s.Keys.P256dh, p256dhSize)
	_, offCurve := ecdh.P256().NewPublicKey(point)
	_, badAuth := decodeKey(s.Keys.Auth, authSize)
	switch {
	case s == webpush.Subscription{}:
		return "push.problem_nothing"
	case len(s.Endpoint) > 1000 || !allowed(s.Endpoint):
		return "push.problem_service"
	case errors.Join(badPoint, offCurve, badAuth) != nil:
		return "push.problem_keys"
	}
	return ""
}

// decodeKey reads base64url of size bytes, with or without padding.
func decodeKey(text string, size int) ([]byte, error) {
	text = strings.TrimRight(text, "=")
	if len(text) != base64.RawURLEncoding.EncodedLen(size) {
		return nil, base64.CorruptInputError(len(text))
	}
	return base64.RawURLEncoding.Strict().DecodeString(text)
}

// subscribe stores a subscription of a person. Only the browser itself knows its endpoint, so an earlier row with the same
// endpoint is removed whoever it belonged to, and so is the person's own row that the browser's cookie names.
func subscribe(app core.App, user string, s webpush.Subscription, previous string) (id string, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		removed := remove(tx, dbx.Or(dbx.HashExp{"endpoint": s.Endpoint}, dbx.HashExp{"id": previous, "user": user}))
		n, counted := tx.CountRecords(subscriptions, dbx.HashExp{"user": user})
		collection, found := tx.FindCollectionByNameOrId(subscriptions)
		if err := errors.Join(removed, counted, found); err != nil {
			return err
		}
		if n >= maxPerPerson {
			return errTooMany
		}
		r := core.NewRecord(collection)
		r.Load(map[string]any{"user": user, "endpoint": s.Endpoint, "p256dh": s.Keys.P256dh, "auth": s.Keys.Auth})
		err := tx.Save(r)
		id = r.Id
		return err
	})
	return id, err
}

// remove deletes the subscriptions that meet all conditions, with their messages.
func remove(app core.App, where ...dbx.Expression) error {
	found, err := app.FindAllRecords(subscriptions, where...)
	for _, r := range found {
		err = errors.Join(err, app.Delete(r))
	}
	return err
}

// RemoveOnSignOut deletes the subscriptions of a person all of whose sessions end, so that a lost phone shows nothing more.
// It belongs to OnRecordUpdate of users.
func RemoveOnSignOut(e *core.RecordEvent) error {
	before := e.Record.Original().TokenKey()
	if err := e.Next(); err != nil || e.Record.TokenKey() == before {
		return err
	}
	return remove(e.App, dbx.HashExp{"user": e.Record.Id})
}

// EnsureKey generates the VAPID key (RFC 8292) unless there is one.
func EnsureKey(app core.App) error {
	private, _, err := webpush.GenerateVAPIDKeys()
	if err == nil {
		_, err = app.DB().Update("hub_settings", dbx.Params{"push_key": private}, dbx.HashExp{"push_key": ""}).Execute()
	}
	return err
}

// RenewKey replaces the VAPID key, for when others may know it. Each subscription is bound to the key it was made with, so
// all are removed and people subscribe again.
func RenewKey(app core.App) error {
	return app.RunInTransaction(func(tx core.App) error {
		_, err := tx.DB().Update("hub_settings", dbx.Params{"push_key": ""}, nil).Execute()
		return errors.Join(err, remove(tx), EnsureKey(tx))
	})
}

// HideKey leaves the VAPID key out of what the admin UI shows. It belongs to OnRecordEnrich of hub_settings.
func HideKey(e *core.RecordEnrichEvent) error {
	err := e.Next() // shows administrators hidden fields too, so the key is hidden after it
	e.Record.Hide("push_key")
	return err
}
