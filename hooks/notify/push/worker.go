package push

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/outbox"
)

// concurrency is how many requests to push services are open at the same time.
const concurrency = 2

// retryDelays is the wait after the first attempt, the second and so on; after the last a message fails. The first is also
// the lease of a message whose worker died.
var retryDelays = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, time.Hour}

// Worker sends push messages.
type Worker struct {
	app   core.App
	kinds outbox.Kinds
}

// NewWorker makes a worker. Kinds answer whether a delivery is still wanted.
func NewWorker(app core.App, kinds outbox.Kinds) *Worker { return &Worker{app, kinds} }

// ProcessDue enqueues what is due and sends until nothing is left or ctx ends. Nothing leaves while all mail is held, by an
// administrator or because the hub was restored or copied.
func (w *Worker) ProcessDue(ctx context.Context, now time.Time) error {
	s, err := newSender(w.app, now)
	if err != nil || s.Held {
		return err
	}
	if err := enqueue(w.app, now); err != nil {
		return err
	}
	var errs [concurrency]error
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() { errs[i] = w.run(ctx, s) })
	}
	group.Wait()
	return errors.Join(errs[:]...)
}

// run sends one message after the other. A panic ends this run only.
func (w *Worker) run(ctx context.Context, s *sender) (err error) {
	defer recovered(&err)
	for err == nil && ctx.Err() == nil {
		var m *message
		if m, err = w.claim(s.now()); err != nil {
			break
		}
		// What ctx interrupts is tried again when the lease ends.
		if res := s.send(ctx, m); ctx.Err() == nil {
			err = m.record(w.app, res, s.now())
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}

const selectDue = `SELECT m.id, m.subscription, m.delivery, m.day, m.attempts, s.endpoint, s.p256dh, s.auth, u.time_zone AS zone, u.language,
		(SELECT COUNT(*) FROM push_messages f WHERE f.subscription = m.subscription AND f.day = m.day AND f.state = 'folded') AS folded
	FROM push_messages m JOIN push_subscriptions s ON s.id = m.subscription JOIN users u ON u.id = s.user LEFT JOIN deliveries d ON d.id = m.delivery
	WHERE m.state = 'waiting' AND m.next_attempt_at <= {:now} AND s.failures < {:maxFailures}
	ORDER BY m.delivery = '', d.due_at, m.id LIMIT 1`

// claim leases the next message to send; sql.ErrNoRows says that none is due. Each row has its own transaction. The caller
// must not send after any error: the commit may have failed.
func (w *Worker) claim(now time.Time) (m *message, err error) {
	for send := false; err == nil && !send; {
		m = &message{}
		err = w.app.RunInTransaction(func(tx core.App) error {
			err := tx.DB().NewQuery(selectDue).Bind(dbx.Params{"now": outbox.Stamp(now), "maxFailures": maxFailures}).One(m)
			if err != nil {
				return err
			}
			fields, err := w.decide(tx, m, now)
			if send = fields == nil; send {
				fields = m.startLease(now)
			}
			return errors.Join(err, update(tx, m.ID, fields, now))
		})
	}
	return m, err
}

// decide returns the row's new fields if the message is not to be sent now, and none if it is.
func (w *Worker) decide(tx core.App, m *message, now time.Time) (dbx.Params, error) {
	if m.Attempts >= len(retryDelays) {
		return closed("failed", outbox.ReasonGaveUp), nil
	}
	notBefore, reason, err := w.compose(tx, m, now)
	switch {
	case err != nil:
		w.app.Logger().Error("push: compose", "delivery", m.Delivery, "error", err)
		return m.startLease(now), nil
	case reason != "":
		return closed("skipped", reason), nil
	case !m.expiresAt.After(now):
		return closed("skipped", outbox.ReasonStale), nil
	case notBefore.After(now):
		return dbx.Params{"next_attempt_at": outbox.Stamp(notBefore)}, nil
	case m.Delivery == "" || m.Attempts > 0:
		return nil, nil
	}
	m.Day = clock.Day(now, m.Zone)
	n, err := tx.CountRecords(messages, dbx.HashExp{"subscription": m.Subscription, "day": m.Day, "state": []any{"waiting", "sent", "failed"}},
		dbx.NewExp("delivery != ''"))
	if err != nil || n < maxPerDay {
		return nil, err
	}
	_, err = tx.DB().NewQuery(upsertSummary).Bind(dbx.Params{"id": m.summaryTag()[:15], "subscription": m.Subscription, "day": m.Day, "now": outbox.Stamp(now)}).Execute()
	return dbx.Params{"state": "folded", "day": m.Day, "next_attempt_at": ""}, err
}

// startLease takes the row for one attempt.
func (m *message) startLease(now time.Time) dbx.Params {
	m.Attempts++
	return dbx.Params{"day": m.Day, "attempts": m.Attempts, "next_attempt_at": outbox.Stamp(now.Add(retryDelays[m.Attempts-1]))}
}

// record stores the result of an attempt; a test message has no row. Only refusals count against the subscription.
func (m *message) record(app core.App, res result, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		if res.gone() {
			return remove(tx, dbx.HashExp{"id": m.Subscription})
		}
		fields := dbx.Params{"last_error": strconv.Itoa(res.status), "updated": outbox.Stamp(now)}
		if res.sent() {
			fields["last_error"], fields["last_ok_at"], fields["failures"] = "", outbox.Stamp(now), 0
		} else if !res.retry() {
			fields["failures"] = dbx.NewExp("failures + 1")
		}
		_, err := tx.DB().Update(subscriptions, fields, dbx.HashExp{"id": m.Subscription}).Execute()
		if m.ID == "" {
			return err
		}
		return errors.Join(err, update(tx, m.ID, m.outcome(res, now), now))
	})
}

// outcome returns the row's new fields after an attempt.
func (m *message) outcome(res result, now time.Time) dbx.Params {
	if res.sent() {
		return closed("sent", "")
	}
	if !res.retry() {
		return closed("failed", outbox.ReasonRefused)
	}
	next := now.Add(max(retryDelays[m.Attempts-1], res.retryAfter))
	if m.Attempts >= len(retryDelays) || !m.expiresAt.After(next) {
		return closed("failed", outbox.ReasonGaveUp)
	}
	return dbx.Params{"next_attempt_at": outbox.Stamp(next)}
}

// closed ends a row.
func closed(state, reason string) dbx.Params {
	return dbx.Params{"state": state, "reason": reason, "next_attempt_at": ""}
}

// update writes fields of one message.
func update(tx core.App, id string, fields dbx.Params, now time.Time) error {
	fields["updated"] = outbox.Stamp(now)
	_, err := tx.DB().Update(messages, fields, dbx.HashExp{"id": id}).Execute()
	return err
}
