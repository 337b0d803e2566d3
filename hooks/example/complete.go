package example

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
)

// password opens every example account. It is no secret: the demonstration prints it and runs on one machine only.
const password = "simpul-lima-contoh"

// complete fills in what every example record of a collection has in common and what the hub itself keeps.
func (l *loader) complete(r *core.Record, e entry) error {
	switch r.Collection().Name {
	case "organisations":
		r.Set("example", true)
	case "programmes":
		r.Set("example", true)
		r.Set("slug", e.key())
	case core.CollectionNameSuperusers:
		r.SetPassword(password)
	case "users":
		openAccount(r)
	case "contacts":
		r.Set("language", "id")
	case "contributions":
		return l.submit(r, e)
	}
	return nil
}

func openAccount(r *core.Record) {
	r.Set("example", true)
	r.Set("language", "id")
	r.Set("disabled", false)
	r.SetVerified(true)
	r.SetPassword(password)
}

// submit makes a contribution wait for verification since the day it was given.
func (l *loader) submit(r *core.Record, e entry) error {
	given, err := clock.At(r.GetString("given_on"), "16:00", l.zone(e))
	if err != nil {
		return err
	}
	created, err := types.ParseDateTime(given)
	if err != nil {
		return err
	}
	// Only a raw value keeps PocketBase from writing the present instant here.
	r.SetRaw("created", created)
	r.Set("submitted_at", given)
	r.Set("review_status", "submitted")
	r.Set("stage", "delivered")
	r.Set("value_basis", "not_valued")
	return nil
}

// verify gives a verified contribution the fields its giver may never write: all of it has come, and it was looked
// at a day later unless the files know better.
func verify(r *core.Record) {
	if r.GetString("review_status") != "verified" {
		return
	}
	given := r.GetDateTime("submitted_at").Time()
	if r.GetDateTime("reviewed_at").IsZero() {
		r.Set("reviewed_at", given.Add(24*time.Hour))
	}
	r.Set("received_at", given)
	r.Set("received_by", r.GetString("reviewed_by"))
	r.Set("received_quantity", r.GetFloat("quantity"))
	r.Set("verified_quantity", r.GetFloat("quantity"))
}
