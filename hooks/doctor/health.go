package doctor

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/datastore"
	"simpul/hooks/mail"
)

// health is what a machine that watches the hub reads. Times are UTC, null when
// there is none.
type health struct {
	LastTick  *time.Time     `json:"lastTick"`
	OldestDue *time.Time     `json:"oldestDue"` // when the oldest letter still waiting was due
	States    map[string]int `json:"states"`    // letters by state
	Held      string         `json:"held"`      // why no letter leaves, empty if they do
	Channel   channel        `json:"channel"`
	Schema    string         `json:"schema"` // the newest migration
}

type channel struct {
	Reason      string     `json:"reason"` // empty while the mail server can be used
	Detail      string     `json:"detail"`
	Faults      int        `json:"faults"`
	PausedUntil *time.Time `json:"pausedUntil"`
}

// Health answers with how the hub fares, to administrators.
func Health(e *core.RequestEvent) error {
	report, err := mail.Report(e.App, clock.Now())
	if err != nil {
		return err
	}
	tick, err := datastore.LastTick(e.App)
	if err != nil {
		return err
	}
	h := health{LastTick: maybe(tick), OldestDue: maybe(report.OldestDue), States: report.States, Held: report.Held,
		Channel: channel{report.Channel.Reason, report.Channel.Detail, report.Channel.Faults, maybe(report.Channel.PausedUntil)}}
	err = e.App.DB().NewQuery("SELECT file FROM _migrations ORDER BY applied DESC, file DESC LIMIT 1").Row(&h.Schema)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, h)
}

func maybe(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	utc := t.UTC()
	return &utc
}
