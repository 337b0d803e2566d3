package reminders

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// lift takes back, in the name of the door's person, that an address does not exist. Its letters that still help leave
// again; what its reader refused stays refused. It returns those letters, and false if nothing was to be taken back.
func lift(d *access.Door, email string) (moved []mail.Moved, lifted bool, err error) {
	err = d.Together(func(d *access.Door) error {
		rows, err := bounces(d.App(), email)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := d.App().Delete(access.Sign(row, d.Person(), access.ViaPage)); err != nil {
				return err
			}
		}
		lifted = true
		if moved, err = mail.NewSorting(d.App(), clock.Now()).TryAgain(email); err != nil {
			return err
		}
		return TraceMoves(d, moved)
	})
	return moved, lifted, err
}

// bounces are the notes that an address does not exist.
func bounces(app core.App, email string) ([]*core.Record, error) {
	return app.FindAllRecords("suppressions", dbx.HashExp{"reason": mail.ReasonBounced},
		dbx.NewExp("email = {:email} COLLATE NOCASE", dbx.Params{"email": email}))
}

// mayLift reports whether a letter came back or was kept back for that reason, and the door's person may have it tried again.
func mayLift(d *access.Door, post mail.Post) (bool, error) {
	if !d.Super() || post.Reason != mail.ReasonBounced && post.Reason != mail.ReasonRefused {
		return false, nil
	}
	rows, err := bounces(d.App(), post.To)
	return len(rows) > 0, err
}

// among finds an address in a list, however it is written; "" if it is not there.
func among(addresses []string, email string) string {
	if i := slices.IndexFunc(addresses, func(a string) bool { return strings.EqualFold(a, email) }); i >= 0 {
		return addresses[i]
	}
	return ""
}
