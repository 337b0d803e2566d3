package devices

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/mail"
)

// waits is how long a notice waits after its first attempt, its second, and so on. After the last it is given up. The
// first is also how long a notice is out of reach whose sender died.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, time.Hour}

// mostADay is how many letters a device is told of singly on one local day; the others are told as a number.
const mostADay = 3

// push is one row of pushes with what is needed to send it.
type push struct {
	ID       string `db:"id"`
	Device   string `db:"device"`
	Delivery string `db:"delivery"`
	Day      string `db:"day"`
	Attempts int    `db:"attempts"`
	Endpoint string `db:"endpoint"`
	Key      string `db:"p256dh"`
	Secret   string `db:"auth"`
	Zone     string `db:"zone"`
	Language string `db:"language"`
	notice   notice
}

const selectPush = `SELECT p.id, p.device, p.delivery, p.day, p.attempts, v.endpoint, v.p256dh, v.auth, u.time_zone AS zone, u.language
	FROM pushes p JOIN devices v ON v.id = p.device JOIN users u ON u.id = v.user LEFT JOIN deliveries d ON d.id = p.delivery
	WHERE p.state = 'waiting' AND p.next_attempt_at <= {:now} AND v.failures < {:most}
	ORDER BY p.delivery = '', d.due_at, p.id LIMIT 1`

// claim returns the next notice to send, nil when none is due. Each row is decided in a transaction of its own, which
// also writes down the hour of the next attempt; after an error nothing may be sent.
func (p *Pusher) claim(now time.Time) (*push, error) {
	for {
		var job push
		var goes bool
		err := p.app.RunInTransaction(func(tx core.App) error {
			err := tx.DB().NewQuery(selectPush).Bind(dbx.Params{"now": stamp(now), "most": mostFailures}).One(&job)
			if err != nil {
				return err
			}
			fields, err := p.decide(tx, &job, now)
			goes = fields == nil
			if goes {
				fields = job.lend(now)
			}
			return errors.Join(err, change(tx, job.ID, now, fields))
		})
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return nil, nil
		case err != nil:
			return nil, fmt.Errorf("claim a notice: %w", err)
		case goes:
			return &job, nil
		}
	}
}

// decide asks what speaks against the notice and returns the row's new fields; none when the notice goes.
func (p *Pusher) decide(tx core.App, job *push, now time.Time) (dbx.Params, error) {
	if job.Attempts >= len(waits) {
		return over("failed", mail.ReasonGaveUp), nil
	}
	if job.Delivery == "" {
		if err := job.sumUp(tx); err != nil || !job.notice.stale(now) {
			return nil, err
		}
		return over("skipped", mail.ReasonStale), nil
	}
	wait, reason, err := p.ask(tx, job, now)
	switch {
	case err != nil:
		p.app.Logger().Error("devices: ask about a letter", "letter", job.Delivery, "error", err)
		return job.lend(now), nil
	case reason != "":
		return over("skipped", reason), nil
	case job.notice.stale(now):
		return over("skipped", mail.ReasonStale), nil
	case wait.After(now):
		return dbx.Params{"next_attempt_at": stamp(wait)}, nil
	case job.Attempts > 0:
		return nil, nil
	}
	job.Day = clock.Day(now, job.Zone)
	if full, err := job.full(tx); err != nil || !full {
		return nil, err
	}
	return dbx.Params{"state": "folded", "day": job.Day, "next_attempt_at": ""}, job.fold(tx, now)
}

// lend takes the row for one attempt.
func (j *push) lend(now time.Time) dbx.Params {
	j.Attempts++
	return dbx.Params{"day": j.Day, "attempts": j.Attempts, "next_attempt_at": stamp(now.Add(waits[j.Attempts-1]))}
}

// over closes a row.
func over(state, reason string) dbx.Params {
	return dbx.Params{"state": state, "reason": reason, "next_attempt_at": ""}
}

// change writes fields of one row.
func change(tx core.App, id string, now time.Time, fields dbx.Params) error {
	fields["updated"] = stamp(now)
	_, err := tx.DB().Update("pushes", fields, dbx.HashExp{"id": id}).Execute()
	return err
}
