package devices

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	// lookBack is how old a letter may be whose use has not ended. Longer than any row of days without mail.
	lookBack = 15 * 24 * time.Hour
	// kept is how long the hub remembers what it told a device.
	kept = 60 * 24 * time.Hour
)

// told holds for the letters a device is told of: reminders, which have a rule and a subject, that were let go or folded
// into the daily letter. Those that wait for a better hour are still planned. That the mail server or the address failed
// is no reason to be silent here; every other reason is.
const told = `d.rule != '' AND d.subject_id != '' AND (d.state IN ('queued', 'sending', 'retry', 'sent', 'uncertain', 'in_digest')
	OR d.state IN ('failed', 'skipped') AND d.reason IN ('bounced', 'bad_address', 'refused', 'gave_up'))`

// planned writes down, once for each letter and device, that the device is to be told. Letters due before the device was
// switched on are no news to it.
const planned = `INSERT INTO pushes (id, device, delivery, day, state, reason, attempts, next_attempt_at, created, updated)
	SELECT 'p' || LOWER(HEX(RANDOMBLOB(7))), v.id, d.id, '', 'waiting', '', 0, {:now}, {:now}, {:now}
	FROM devices v CROSS JOIN deliveries d
	WHERE v.failures < {:most} AND d.user = v.user AND d.due_at > {:old} AND d.due_at <= {:now} AND d.due_at >= v.created
		AND d.useful_until_at > {:now} AND ` + told + `
		AND NOT EXISTS (SELECT 1 FROM pushes p WHERE p.device = v.id AND p.delivery = d.id AND p.delivery != '')
	ORDER BY d.due_at, d.id`

// plan looks for letters to tell devices of, and forgets those told long ago.
func (p *Pusher) plan(now time.Time) error {
	return p.app.RunInTransaction(func(tx core.App) error {
		_, err := tx.DB().NewQuery(planned).Bind(dbx.Params{"now": stamp(now), "old": stamp(now.Add(-lookBack)), "most": mostFailures}).Execute()
		if err != nil {
			return fmt.Errorf("plan notices: %w", err)
		}
		_, err = tx.DB().Delete("pushes", dbx.NewExp("created < {:old}", dbx.Params{"old": stamp(now.Add(-kept))})).Execute()
		return err
	})
}
