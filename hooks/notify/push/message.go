package push

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/notify/outbox"
)

const (
	messages  = "push_messages"
	maxPerDay = 3                   // deliveries sent one by one to a subscription on a local day; a summary counts the others
	maxAge    = 15 * 24 * time.Hour // since a delivery was due; longer than any run of days without mail
	retention = 60 * 24 * time.Hour // of messages; nothing eligible is as old
)

// message is a row of push_messages with what sending it needs. Without a delivery it is the summary of a day.
type message struct {
	ID           string `db:"id"`
	Subscription string `db:"subscription"`
	Delivery     string `db:"delivery"`
	Day          string `db:"day"`
	Attempts     int    `db:"attempts"`
	Endpoint     string `db:"endpoint"`
	P256dh       string `db:"p256dh"`
	Auth         string `db:"auth"`
	Zone         string `db:"zone"`
	Language     string `db:"language"`
	Folded       int    `db:"folded"` // deliveries that the summary counts
	payload      payload
	expiresAt    time.Time
}

// payload is what the service worker (sw.js) reads.
type payload struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url"` // path on the hub
	Tag   string `json:"tag"` // also the topic: a later message of the same tag replaces this one
}

// insertMessages adds a row for each delivery of a reminder that was released or joined a digest, and each active
// subscription. A bounce or a failing mail server is no reason not to push; every other reason is. Deliveries due before the
// person subscribed are left out.
const insertMessages = `INSERT INTO push_messages (id, subscription, delivery, day, state, reason, attempts, next_attempt_at, created, updated)
	SELECT 'p' || LOWER(HEX(RANDOMBLOB(7))), s.id, d.id, '', 'waiting', '', 0, {:now}, {:now}, {:now}
	FROM push_subscriptions s CROSS JOIN deliveries d
	WHERE s.failures < {:maxFailures} AND d.user = s.user AND d.due_at > {:old} AND d.due_at <= {:now} AND d.due_at >= s.created
		AND d.useful_until_at > {:now} AND d.rule != '' AND d.subject_id != ''
		AND (d.state IN ('queued', 'sending', 'retry', 'sent', 'uncertain', 'digested')
			OR d.state IN ('failed', 'skipped') AND d.reason IN ('bounced', 'bad_address', 'refused', 'gave_up'))
		AND NOT EXISTS (SELECT 1 FROM push_messages m WHERE m.subscription = s.id AND m.delivery = d.id AND m.delivery != '')
	ORDER BY d.due_at, d.id`

// enqueue adds the messages that are due and deletes old ones.
func enqueue(app core.App, now time.Time) error {
	return app.RunInTransaction(func(tx core.App) error {
		_, err := tx.DB().NewQuery(insertMessages).Bind(dbx.Params{"now": outbox.Stamp(now), "old": outbox.Stamp(now.Add(-maxAge)), "maxFailures": maxFailures}).Execute()
		_, deleted := tx.DB().Delete(messages, dbx.NewExp("created < {:old}", dbx.Params{"old": outbox.Stamp(now.Add(-retention))})).Execute()
		return errors.Join(err, deleted)
	})
}

// compose fills in the payload. For a delivery it asks the same question as the mail worker: is it still wanted? It returns
// when to send at the earliest, or the reason not to send.
func (w *Worker) compose(tx core.App, m *message, now time.Time) (notBefore time.Time, reason string, err error) {
	defer recovered(&err)
	if m.Delivery == "" {
		m.payload = payload{Body: lang.T(m.Language, "push.more", "n", m.Folded), URL: "/", Tag: m.summaryTag()}
		m.expiresAt, err = clock.At(clock.AddDays(m.Day, 1), "00:00", m.Zone)
		return notBefore, "", err
	}
	var d outbox.Delivery
	if err := tx.DB().NewQuery("SELECT * FROM deliveries WHERE id = {:id}").Bind(dbx.Params{"id": m.Delivery}).One(&d); err != nil {
		return notBefore, "", err
	}
	kind, known := w.kinds[d.Kind]
	if !known {
		return notBefore, outbox.ReasonUnknownKind, nil
	}
	contents, reason, err := kind.Wanted(tx, d, now)
	m.payload = payload{Body: contents.Subject, URL: d.URL, Tag: outbox.Key("push", d.Key)}
	m.expiresAt = d.UsefulUntilAt.Time()
	return contents.NotBefore, reason, err
}

func (m *message) summaryTag() string { return outbox.Key("push", m.Subscription, m.Day) }

// upsertSummary has the summary of a day sent, again if it was sent before.
const upsertSummary = `INSERT INTO push_messages (id, subscription, delivery, day, state, reason, attempts, next_attempt_at, created, updated)
	VALUES ({:id}, {:subscription}, '', {:day}, 'waiting', '', 0, {:now}, {:now}, {:now})
	ON CONFLICT (id) DO UPDATE SET state = 'waiting', reason = '', attempts = 0, next_attempt_at = {:now}, updated = {:now}`

// recovered turns a panic of the calling function into an error. It must be deferred.
func recovered(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("panic: %v", cause)
	}
}
