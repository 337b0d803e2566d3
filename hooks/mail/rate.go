package mail

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ReasonRate says that a letter waits because so many left within the hour as the mail server allows.
const ReasonRate = "rate"

// within leaves out the letters that are too many for this hour, by the limit that an administrator set; they stay
// queued and say why. PocketBase's own always leave: somebody waits for them.
func within(app core.App, ids []string, now time.Time) ([]string, error) {
	limit, err := hourly(app)
	if err != nil || limit == 0 || len(ids) == 0 {
		return ids, err
	}
	var left int
	err = app.DB().NewQuery(`SELECT COUNT(*) FROM deliveries WHERE state = 'sent' AND due_at >= {:old} AND sent_at > {:hour} AND kind != {:own}`).
		Bind(dbx.Params{"old": stamp(now.Add(-usefulFor)), "hour": stamp(now.Add(-time.Hour)), "own": KindAccount}).Row(&left)
	if err != nil {
		return nil, fmt.Errorf("letters of this hour: %w", err)
	}
	var own []string
	err = app.DB().Select("id").From(ledger).Where(dbx.In("id", anys(ids)...)).AndWhere(dbx.HashExp{"kind": KindAccount}).Column(&own)
	if err != nil {
		return nil, fmt.Errorf("letters of this hour: %w", err)
	}
	room := max(0, limit-left)
	var may, wait []string
	for _, id := range ids {
		switch {
		case slices.Contains(own, id):
			may = append(may, id)
		case room > 0:
			may, room = append(may, id), room-1
		default:
			wait = append(wait, id)
		}
	}
	return may, waitTurn(app, wait, now)
}

// waitTurn writes on queued letters why they do not leave yet.
func waitTurn(app core.App, ids []string, now time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := app.DB().Update(ledger, dbx.Params{"reason": ReasonRate, "updated": stamp(now)},
		dbx.And(dbx.In("id", anys(ids)...), dbx.HashExp{"state": StateQueued, "reason": ""})).Execute()
	if err != nil {
		return fmt.Errorf("letters that wait for their turn: %w", err)
	}
	return nil
}

// hourly is how many letters may leave in an hour; zero is no limit.
func hourly(app core.App) (limit int, err error) {
	err = app.DB().NewQuery(`SELECT mails_per_hour FROM hub_settings LIMIT 1`).Row(&limit)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return limit, err
}
