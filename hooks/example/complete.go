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
		return l.review(r, e)
	}
	return nil
}

func openAccount(r *core.Record) {
	r.Set("example", true)
	r.Set("language", "id")
	r.Set("mail_frequency", "immediate")
	r.Set("send_at", "08:00")
	r.Set("disabled", false)
	r.SetVerified(true)
	r.SetPassword(password)
}

// review gives a contribution the fields its giver may never write. What is long past counts as submitted on the day
// it was given and verified a day later, in full.
func (l *loader) review(r *core.Record, e entry) error {
	given, err := clock.At(r.GetString("given_on"), "16:00", l.zone(e))
	if err != nil {
		return err
	}
	setDefault(r, "review_status", "verified")
	setDefault(r, "stage", "delivered")
	setDefault(r, "value_basis", "not_valued")
	r.Set("submitted_at", given)
	created, err := types.ParseDateTime(given)
	if err != nil {
		return err
	}
	// Only a raw value keeps PocketBase from writing the present instant here.
	r.SetRaw("created", created)
	if r.GetString("review_status") == "verified" {
		verify(r, given)
	}
	return nil
}

func verify(r *core.Record, given time.Time) {
	setDefault(r, "reviewed_at", given.Add(24*time.Hour))
	r.Set("received_at", given)
	r.Set("received_by", r.GetString("reviewed_by"))
	r.Set("received_quantity", r.GetFloat("quantity"))
	r.Set("verified_quantity", r.GetFloat("quantity"))
}

func setDefault(r *core.Record, field string, value any) {
	if r.GetString(field) == "" {
		r.Set(field, value)
	}
}
