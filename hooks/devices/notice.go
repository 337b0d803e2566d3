package devices

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/mail"
)

// notice is what a device shows.
type notice struct {
	title, body string
	url         string // path on the hub
	tag         string // a later notice of the same tag replaces this one
	until       time.Time
}

// payload is the notice as our service worker reads it.
func (n notice) payload() []byte {
	raw, _ := json.Marshal(map[string]string{"title": n.title, "body": n.body, "url": n.url, "tag": n.tag}) // text always can
	return raw
}

// ask puts the letter's own question, as if it were to leave now, and fills in the notice: the subject line and nothing
// more. It returns until when to wait, or the reason why there is nothing to tell. A panic comes back as an error.
func (p *Pusher) ask(tx core.App, job *push, now time.Time) (wait time.Time, reason string, err error) {
	var d mail.Delivery
	if err := tx.DB().NewQuery("SELECT * FROM deliveries WHERE id = {:id}").Bind(dbx.Params{"id": job.Delivery}).One(&d); err != nil {
		return wait, "", err
	}
	kind, known := p.kinds[d.Kind]
	if !known {
		return wait, mail.ReasonUnknownKind, nil
	}
	defer caught(&err)
	contents, reason, err := kind.Wanted(tx, d, now)
	if err != nil || reason != "" {
		return wait, reason, err
	}
	job.notice = notice{body: contents.Subject, url: d.URL, tag: mail.Key("push", d.Key), until: d.UsefulUntilAt.Time()}
	job.notice.title, err = hubName(tx)
	return contents.NotBefore, "", err
}

// stale reports whether the notice comes too late.
func (n notice) stale(now time.Time) bool { return !n.until.After(now) }

// caught turns a panic of the calling function into an error. It must be deferred.
func caught(err *error) {
	if cause := recover(); cause != nil {
		*err = fmt.Errorf("panic: %v", cause)
	}
}

// full reports whether the device was told of as many letters today as one may be told of singly.
func (j *push) full(tx core.App) (bool, error) {
	n, err := j.counted(tx, "delivery != '' AND state IN ('waiting', 'sent', 'failed')")
	return n >= mostADay, err
}

// fold has a letter told by the number of the day's further ones.
func (j *push) fold(tx core.App, now time.Time) error {
	result, err := tx.DB().Update("pushes", dbx.Params{"state": "waiting", "reason": "", "attempts": 0, "next_attempt_at": stamp(now), "updated": stamp(now)},
		dbx.HashExp{"device": j.Device, "day": j.Day, "delivery": ""}).Execute()
	if err != nil {
		return err
	}
	if rows, err := result.RowsAffected(); err != nil || rows > 0 {
		return err
	}
	_, err = tx.DB().Insert("pushes", dbx.Params{"id": core.GenerateDefaultRandomId(), "device": j.Device, "delivery": "", "day": j.Day,
		"state": "waiting", "next_attempt_at": stamp(now), "created": stamp(now), "updated": stamp(now)}).Execute()
	return err
}

// sumUp fills in the notice that tells how many further letters there were on the day.
func (j *push) sumUp(tx core.App) error {
	n, err := j.counted(tx, "state = 'folded'")
	if err != nil {
		return err
	}
	j.notice = notice{body: lang.T(j.Language, "devices.more", "n", n), url: "/", tag: mail.Key("push", j.Device, j.Day)}
	if j.notice.until, err = clock.At(clock.AddDays(j.Day, 1), "00:00", j.Zone); err != nil {
		return err
	}
	j.notice.title, err = hubName(tx)
	return err
}

func (j *push) counted(tx core.App, condition string) (n int, err error) {
	err = tx.DB().Select("COUNT(*)").From("pushes").Where(dbx.HashExp{"device": j.Device, "day": j.Day}).
		AndWhere(dbx.NewExp(condition)).Row(&n)
	return n, err
}

func hubName(app core.App) (name string, err error) {
	err = app.DB().NewQuery("SELECT COALESCE(NULLIF(hub_name, ''), 'Simpul Lima') FROM hub_settings LIMIT 1").Row(&name)
	return name, err
}
