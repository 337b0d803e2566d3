package devices

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/mail"
)

// settle writes down what became of an attempt.
func (p *Pusher) settle(job *push, v verdict, now time.Time) error {
	err := p.app.RunInTransaction(func(tx core.App) error {
		if err := job.after(tx, v, now); err != nil {
			return err
		}
		return job.note(tx, v, now)
	})
	if err != nil {
		return fmt.Errorf("settle a notice: %w", err)
	}
	return nil
}

// after gives the row its state; a test that somebody asked for has none.
func (j *push) after(tx core.App, v verdict, now time.Time) error {
	next := now.Add(max(waits[max(j.Attempts, 1)-1], v.after))
	switch {
	case j.ID == "" || v.gone:
		return nil // the browser may yet name another address
	case v.sent:
		return change(tx, j.ID, now, over("sent", ""))
	case !v.later:
		return change(tx, j.ID, now, over("failed", mail.ReasonRefused))
	case j.Attempts >= len(waits) || j.notice.stale(next):
		return change(tx, j.ID, now, over("failed", mail.ReasonGaveUp))
	}
	return change(tx, j.ID, now, dbx.Params{"next_attempt_at": stamp(next)})
}

// note keeps on the device how it went. Only refusals count against it: a service that rests says nothing of the device,
// and neither does what is answered of an address that the browser has left meanwhile.
func (j *push) note(tx core.App, v verdict, now time.Time) error {
	fields := dbx.Params{"last_error": v.words, "updated": stamp(now)}
	switch {
	case v.sent:
		fields["last_ok_at"], fields["failures"] = stamp(now), 0
	case v.gone:
		fields["failures"] = mostFailures
	case !v.later:
		fields["failures"] = dbx.NewExp("failures + 1")
	}
	_, err := tx.DB().Update("devices", fields, dbx.HashExp{"id": j.Device, "endpoint": j.Endpoint}).Execute()
	return err
}
