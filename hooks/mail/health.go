package mail

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/notify/smtp"
)

// Health tells an administrator how sending stands.
type Health struct {
	Held      string         // ReasonSMTPOff or ReasonMailHeld while nothing may leave, else empty
	Hold      string         // why all letters are held: a Hold… code, or an administrator's own words
	Channel   smtp.Breaker   // the way to the mail server; its zero value means that nothing is wrong
	States    map[string]int // letters by state
	OldestDue time.Time      // when the oldest letter still waiting was due; zero when none is late
	Tick      time.Time      // when the sender last looked for letters; zero when it has not in this process
}

// Report reads how sending stands at now.
func Report(app core.App, now time.Time) (Health, error) {
	h := Health{States: map[string]int{}}
	if err := h.read(app, now); err != nil {
		return h, fmt.Errorf("report on letters: %w", err)
	}
	if s := senderOf(app); s != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		h.Channel, h.Tick = s.channel, s.looked
	}
	return h, nil
}

func (h *Health) read(app core.App, now time.Time) (err error) {
	if h.Held, err = holding(app); err != nil {
		return err
	}
	if h.Held == ReasonMailHeld {
		if err := app.DB().NewQuery(`SELECT mail_held_reason FROM hub_settings LIMIT 1`).Row(&h.Hold); err != nil {
			return err
		}
	}
	var counts []struct {
		State string `db:"state"`
		N     int    `db:"n"`
	}
	if err := app.DB().NewQuery(`SELECT state, COUNT(*) AS n FROM deliveries GROUP BY state`).All(&counts); err != nil {
		return err
	}
	for _, c := range counts {
		h.States[c.State] = c.N
	}
	var oldest types.DateTime
	err = app.DB().NewQuery(`SELECT COALESCE(MIN(due_at), '') FROM deliveries
		WHERE state IN ('planned', 'queued', 'retry', 'held') AND due_at <= {:now}`).
		Bind(dbx.Params{"now": stamp(now)}).Row(&oldest)
	h.OldestDue = oldest.Time()
	return err
}
