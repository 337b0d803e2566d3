package mail

import (
	"context"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Sorter decides what becomes of the planned letters whose hour has come, before any of them leaves: each is released,
// folded into another letter, put off or skipped. What it leaves as it is stays planned and is asked about again.
type Sorter func(ctx context.Context, app core.App, now time.Time) error

// SortWith hands the sender its sorter. Without one every letter leaves by itself.
func (s *Sender) SortWith(sorter Sorter) { s.sort = sorter }

// releaseAll is the sorter of a sender that was given none.
func releaseAll(_ context.Context, app core.App, now time.Time) error {
	_, err := app.DB().NewQuery(`UPDATE deliveries SET state = 'queued', reason = '', updated = {:now}
		WHERE state = 'planned' AND due_at <= {:now} AND next_attempt_at <= {:now}`).
		Bind(dbx.Params{"now": stamp(now)}).Execute()
	if err != nil {
		return fmt.Errorf("release letters: %w", err)
	}
	return nil
}

// Sorting writes down what a Sorter or a planner decided, in the transaction of the app it was made with. The moment
// is its own: it reads no clock.
type Sorting struct {
	app core.App
	now time.Time
}

// NewSorting starts writing down decisions taken at now.
func NewSorting(tx core.App, now time.Time) Sorting { return Sorting{tx, now} }

// Queue is Queue at the moment of the sorting.
func (s Sorting) Queue(letters ...Letter) (int, error) {
	entries := make([]entry, len(letters))
	for i, l := range letters {
		entries[i] = entry{Letter: l, state: StatePlanned}
	}
	return write(s.app, entries, s.now)
}

// Cancel is Cancel at the moment of the sorting.
func (s Sorting) Cancel(about Subject, reason string, keep ...string) error {
	err := s.takeBack(reason, dbx.And(dbx.HashExp{"subject_collection": about.Collection, "subject_id": about.ID},
		dbx.NotIn("key", anys(keep)...)))
	if err != nil {
		return fmt.Errorf("cancel letters about %s %s: %w", about.Collection, about.ID, err)
	}
	return nil
}

// takeBack cancels those of some letters that have not left yet, by themselves or within another.
func (s Sorting) takeBack(reason string, which dbx.Expression) error {
	_, err := s.app.DB().Update(ledger, dbx.Params{"state": StateCancelled, "reason": reason, "digest": "",
		"text_body": "", "html_body": "", "words": "", "calendar": "", "updated": stamp(s.now)},
		dbx.And(which, dbx.Or(dbx.In("state", append([]any{StateHeld}, waiting...)...), dbx.NewExp(StillFolded)))).Execute()
	return err
}

// Release lets planned letters leave as soon as possible.
func (s Sorting) Release(ids ...string) error {
	return s.mark(ids, dbx.Params{"state": StateQueued, "reason": "", "next_attempt_at": ""})
}

// Fold has planned letters told by another letter of the ledger.
func (s Sorting) Fold(into string, ids ...string) error {
	return s.mark(ids, dbx.Params{"state": StateInDigest, "digest": into, "reason": "", "next_attempt_at": ""})
}

// Defer leaves planned letters for a later hour and keeps the reason. It counts no attempt.
func (s Sorting) Defer(until time.Time, reason string, ids ...string) error {
	return s.mark(ids, dbx.Params{"reason": reason, "next_attempt_at": stamp(until)})
}

// Skip puts planned letters aside for good.
func (s Sorting) Skip(reason string, ids ...string) error {
	return s.mark(ids, dbx.Params{"state": StateSkipped, "reason": reason, "next_attempt_at": ""})
}

// Unfold takes letters out of one that will not leave, for the reason it has: those still of use at an instant are looked
// at again then, the others are put aside.
func (s Sorting) Unfold(from string, until time.Time, reason string) error {
	_, err := s.app.DB().NewQuery(`UPDATE deliveries SET digest = '', reason = {:reason}, updated = {:now},
		next_attempt_at = CASE WHEN useful_until_at = '' OR useful_until_at > {:until} THEN {:until} ELSE '' END,
		state = CASE WHEN useful_until_at = '' OR useful_until_at > {:until} THEN 'planned' ELSE 'skipped' END
		WHERE digest = {:from} AND state = 'in_digest'`).
		Bind(dbx.Params{"from": from, "until": stamp(until), "reason": reason, "now": stamp(s.now)}).Execute()
	if err != nil {
		return fmt.Errorf("letters within letter %s: %w", from, err)
	}
	return nil
}

// mark writes fields of planned rows; those that are not planned any more stay as they are.
func (s Sorting) mark(ids []string, fields dbx.Params) error {
	fields["updated"] = stamp(s.now)
	for len(ids) > 0 {
		part := ids[:min(len(ids), rowsAtOnce)]
		ids = ids[len(part):]
		_, err := s.app.DB().Update(ledger, fields, dbx.And(dbx.In("id", anys(part)...), dbx.HashExp{"state": StatePlanned})).Execute()
		if err != nil {
			return fmt.Errorf("sort letters: %w", err)
		}
	}
	return nil
}

// Members reads the letters folded into one, in the order in which they were due.
func Members(app core.App, digest string) ([]Delivery, error) {
	var rows []Delivery
	err := app.DB().NewQuery(selectDelivery + "WHERE d.digest = {:id} AND d.state = 'in_digest' ORDER BY d.due_at, d.key").
		Bind(dbx.Params{"id": digest}).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("letters within letter %s: %w", digest, err)
	}
	return rows, nil
}

// Recent tells, for some addresses in lower case, when letters left since an instant; one that is about to leave counts as
// leaving at now. Letters of the given kinds and mandatory ones are left out.
func (s Sorting) Recent(since time.Time, addresses []string, without ...string) (map[string][]time.Time, error) {
	var rows []struct {
		Address string         `db:"address"`
		At      types.DateTime `db:"at"`
	}
	err := s.app.DB().Select("LOWER(email) AS address", "sent_at AS at").From(ledger).
		Where(dbx.Or(dbx.In("state", StateQueued, StateSending, StateRetry, StateUncertain),
			dbx.NewExp("state = 'sent' AND due_at >= {:old} AND sent_at >= {:since}",
				dbx.Params{"old": stamp(since.Add(-usefulFor)), "since": stamp(since)}))).
		AndWhere(dbx.NotIn("kind", anys(without)...)).
		AndWhere(dbx.NewExp("rule NOT IN (SELECT id FROM reminder_rules WHERE mandatory = TRUE)")).
		AndWhere(dbx.In("LOWER(email)", anys(addresses)...)).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("letters that left: %w", err)
	}
	left := map[string][]time.Time{}
	for _, row := range rows {
		at := row.At.Time()
		if at.IsZero() {
			at = s.now
		}
		left[row.Address] = append(left[row.Address], at)
	}
	return left, nil
}

func anys(texts []string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}
