package reminders

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/mail"
)

// What becomes of a letter. Each has a sentence under reminders.fate.<code>.
const (
	FateAlone = "alone" // leaves by itself
	FateDaily = "daily" // leaves and tells several others
	FateTold  = "told"  // is told by another letter
	FateNot   = "not"   // is not sent, the reason says why
	FateWaits = "waits" // is put off beyond the days looked at
)

// Simulated is one letter of a simulation.
type Simulated struct {
	mail.Delivery
	At     time.Time // when it leaves, is told, or is put aside
	Fate   string
	Tells  int       // how many others a daily letter tells
	PutOff string    // why it did not leave when it was due, "" if it did
	Until  time.Time // of FateWaits: when it would be tried again
}

// outcome is a letter as it stands when the simulation ends.
type outcome struct {
	mail.Delivery
	Changed types.DateTime `db:"updated"`
	Told    types.DateTime `db:"told"`  // when the letter that tells it left, or is due
	Tells   int            `db:"tells"` // how many it tells
}

// outcomes are the letters that came to something, in the order of their hours.
// Ids are drawn by lot, keys are not. PocketBase's own letters are no part of it.
const outcomes = `SELECT d.*, COALESCE(NULLIF(t.sent_at, ''), t.due_at, '') AS told,
	(SELECT COUNT(*) FROM deliveries m WHERE m.digest = d.id AND m.state = 'in_digest') AS tells
	FROM deliveries d LEFT JOIN deliveries t ON t.id = d.digest AND d.digest != ''
	WHERE d.due_at <= {:end} AND d.kind != 'account' AND (d.updated >= {:begin} AND d.state IN ('sent', 'in_digest', 'skipped', 'failed', 'cancelled')
		OR d.state IN ('planned', 'retry') AND d.next_attempt_at > {:end})
	ORDER BY d.due_at, d.key`

// letters reads what the simulation came to.
func (r *run) letters() ([]Simulated, error) {
	var rows []outcome
	// What was seen is told even if there is no time for more.
	err := r.twin.DB().NewQuery(outcomes).Bind(dbx.Params{"begin": stamp(r.sim.From), "end": stamp(r.sim.Until)}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("letters of a simulation: %w", err)
	}
	letters := make([]Simulated, 0, len(rows))
	for _, row := range rows {
		letters = append(letters, row.simulated(r.delays[row.ID]))
	}
	return inTime(letters), nil
}

func (o outcome) simulated(putOff string) Simulated {
	s := Simulated{Delivery: o.Delivery, At: o.Changed.Time(), PutOff: putOff}
	switch o.State {
	case mail.StateSent:
		s.Fate, s.At = FateAlone, o.SentAt.Time()
		if o.Kind == kindDaily {
			s.Fate, s.Tells = FateDaily, o.Tells
		}
	case mail.StateInDigest:
		s.Fate, s.At = FateTold, o.Told.Time()
	case mail.StatePlanned, mail.StateRetry:
		s.Fate, s.At, s.Until = FateWaits, o.DueAt.Time(), o.NextAttemptAt.Time()
	case mail.StateCancelled:
		s.Fate, s.At = FateNot, o.DueAt.Time() // found out earlier, and missed at its hour
	default:
		s.Fate = FateNot
	}
	return s
}

// delays remembers, by the letter's id, why it was put off.
type delays map[string]string

// note takes down which letters a step put off.
func (d delays) note(twin core.App, now time.Time) error {
	var rows []struct {
		ID     string `db:"id"`
		Reason string `db:"reason"`
	}
	err := twin.DB().NewQuery(`SELECT id, reason FROM deliveries
		WHERE state IN ('planned', 'retry') AND updated = {:now} AND next_attempt_at > {:now} AND reason != ''`).
		Bind(dbx.Params{"now": stamp(now)}).All(&rows)
	if err != nil {
		return fmt.Errorf("letters put off: %w", err)
	}
	for _, row := range rows {
		d[row.ID] = row.Reason
	}
	return nil
}

// inTime puts letters in the order in which they leave.
func inTime(letters []Simulated) []Simulated {
	slices.SortStableFunc(letters, func(a, b Simulated) int { return a.At.Compare(b.At) })
	return letters
}
