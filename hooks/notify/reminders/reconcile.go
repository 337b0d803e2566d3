package reminders

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
	"simpul/hooks/notify/outbox"
)

const (
	// batch is how many subjects one transaction reconciles: enough to spare the
	// disk, and so few that nobody's save waits for long.
	batch = 100
	// atOnce is how many subjects a save reconciles before it is answered; more
	// are left to the next tick.
	atOnce = 200
	// maxFaults ends a run when the trouble is not one record's.
	maxFaults = 10
	// holidayPause leaves everything that a holiday touches to a later tick: a year
	// of holidays is entered one after the other.
	holidayPause = 5 * time.Second
	// faultPause is how long a subject rests that could not be reconciled.
	faultPause = 10 * time.Minute
)

// dirty is a row of reminder_dirty: a subject whose messages have to be compared
// with the outbox. It is written in the transaction of the change.
type dirty struct {
	Collection string `db:"collection"`
	Record     string `db:"record"`
	Saved      bool   `db:"saved"` // the subject itself was saved, not only something about it
}

// onDirty merges a note with one that still waits.
const onDirty = ` ON CONFLICT (collection, record) DO UPDATE SET saved = MAX(saved, excluded.saved), due_at = MIN(due_at, excluded.due_at)`

// markDirty notes the subjects that meet a condition, to be reconciled from an instant on.
func markDirty(app core.App, a affected, at time.Time) error {
	found := app.DB().Select("id").From(a.collection).Where(a.which).Build()
	_, err := app.NonconcurrentDB().NewQuery(`INSERT INTO reminder_dirty (collection, record, saved, due_at)
		SELECT {:collection}, id, FALSE, {:at} FROM (` + found.SQL() + `) WHERE TRUE` + onDirty).
		Bind(found.Params()).Bind(dbx.Params{"collection": a.collection, "at": Stamp(at)}).Execute()
	if err != nil {
		return fmt.Errorf("note %s: %w", a.collection, err)
	}
	return nil
}

// markSaved notes a subject that was itself saved or deleted.
func markSaved(tx core.App, r *core.Record, at time.Time) error {
	_, err := tx.DB().NewQuery(`INSERT INTO reminder_dirty (collection, record, saved, due_at) VALUES ({:collection}, {:id}, TRUE, {:at})` + onDirty).
		Bind(dbx.Params{"collection": r.Collection().Name, "id": r.Id, "at": Stamp(at)}).Execute()
	if err != nil {
		return fmt.Errorf("note %s %s: %w", r.Collection().Name, r.Id, err)
	}
	return nil
}

// dirtyCount counts the subjects to reconcile at an instant, as far as most.
func dirtyCount(app core.App, until time.Time, most int) (n int, err error) {
	err = app.DB().NewQuery("SELECT COUNT(*) FROM (SELECT 1 FROM reminder_dirty WHERE due_at <= {:until} LIMIT {:most})").
		Bind(dbx.Params{"until": Stamp(until), "most": most}).Row(&n)
	if err != nil {
		return 0, fmt.Errorf("subjects to reconcile: %w", err)
	}
	return n, nil
}

// ReconcileSaved brings the outbox up to date once a save is committed. The save
// stands whatever happens here: what fails is tried again with a later tick.
func ReconcileSaved(e *core.RecordEvent) error {
	now := clock.Now()
	n, err := dirtyCount(e.App, now, atOnce+1)
	if err == nil && n > 0 && n <= atOnce {
		err = reconcile(context.Background(), e.App, now, now)
	}
	if err != nil {
		e.App.Logger().Error("reminders: reconcile", "error", err)
	}
	return e.Next()
}

// Reconcile brings the outbox up to date with everything noted, and with all that
// is open if the app was off for longer than messages are written ahead. Each
// tick calls it before messages leave, so that none goes by a rule of yesterday.
func Reconcile(ctx context.Context, app core.App, now time.Time) error {
	last, err := LastPlanned(app)
	if err != nil {
		return err
	}
	if !last.IsZero() && now.After(last.Add(horizonLate)) {
		return ReconcileAll(ctx, app, now)
	}
	return reconcile(ctx, app, now, now.Add(holidayPause))
}

// ReconcileAll reconciles everything still open: each night the horizon moves on
// by a day, and days that ended change who is told. What cannot be reconciled does
// not keep the rest from it. What is left when ctx ends waits for the next tick.
func ReconcileAll(ctx context.Context, app core.App, now time.Time) error {
	for _, open := range everyOpenSubject(nil) {
		if err := markDirty(app, open, now); err != nil {
			return err
		}
	}
	err := reconcile(ctx, app, now, now.Add(holidayPause))
	if ctx.Err() != nil {
		return err
	}
	_, noted := app.DB().NewQuery("UPDATE hub_settings SET planned_at = {:now}").Bind(dbx.Params{"now": Stamp(now)}).Execute()
	return errors.Join(err, noted)
}

// LastPlanned is when ReconcileAll went through everything last; zero on a hub that
// never planned.
func LastPlanned(app core.App) (time.Time, error) {
	var at types.DateTime
	err := app.DB().NewQuery("SELECT planned_at FROM hub_settings LIMIT 1").Row(&at)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, fmt.Errorf("when everything was planned: %w", err)
	}
	return at.Time(), nil
}

// reconcile takes the subjects noted until an instant, the newest first, until none is left.
func reconcile(ctx context.Context, app core.App, now, until time.Time) error {
	newest := dbx.NewExp(`rowid IN (SELECT rowid FROM reminder_dirty WHERE due_at <= {:until} ORDER BY due_at DESC, rowid DESC LIMIT {:batch})`,
		dbx.Params{"until": Stamp(until), "batch": batch})
	var faults []error
	for len(faults) < maxFaults {
		if ctx.Err() != nil {
			return errors.Join(append(faults, ctx.Err())...)
		}
		rows, err := reconcileRows(app, now, newest)
		switch {
		case err != nil && len(rows) == 0:
			return errors.Join(append(faults, err)...)
		case err != nil:
			faults = append(faults, reconcileEach(app, now, rows)...)
		case len(rows) < batch:
			return errors.Join(faults...)
		}
	}
	return errors.Join(faults...)
}

// reconcileEach reconciles rows one by one, so that the fault of one is not another's.
func reconcileEach(app core.App, now time.Time, rows []dirty) (faults []error) {
	for _, row := range rows {
		one := dbx.HashExp{"collection": row.Collection, "record": row.Record}
		if _, err := reconcileRows(app, now, one); err != nil {
			_, pause := app.NonconcurrentDB().Update("reminder_dirty", dbx.Params{"due_at": Stamp(now.Add(faultPause))}, one).Execute()
			faults = append(faults, errors.Join(err, pause))
		}
	}
	return faults
}

// reconcileRows takes some rows and reconciles their subjects in one transaction.
func reconcileRows(app core.App, now time.Time, which dbx.Expression) (rows []dirty, err error) {
	err = app.RunInTransaction(func(tx core.App) error {
		rows = nil
		err := tx.DB().Select("collection", "record", "saved").From("reminder_dirty").Where(which).All(&rows)
		if err != nil || len(rows) == 0 {
			return err
		}
		of := map[string][]dirty{}
		for _, row := range rows {
			of[row.Collection] = append(of[row.Collection], row)
		}
		p := newPlanner(tx, now)
		for collection, some := range of {
			if err := p.reconcile(collection, some); err != nil {
				return fmt.Errorf("plan %s: %w", collection, err)
			}
		}
		_, err = tx.DB().Delete("reminder_dirty", which).Execute()
		return err
	})
	return rows, err
}

// reconcile brings the messages about some records of a collection up to date.
// Doing it again changes nothing.
func (p *planner) reconcile(collection string, some []dirty) error {
	ids := make([]string, len(some))
	for i, row := range some {
		ids[i] = row.Record
	}
	records, err := p.app.FindRecordsByIds(collection, ids)
	if err != nil {
		return err
	}
	held, err := p.unfinished(collection, ids)
	if err != nil {
		return err
	}
	byID := map[string]*core.Record{}
	for _, r := range records {
		byID[r.Id] = r
	}
	for _, row := range some {
		for _, src := range SourcesOf(collection) {
			s := Subject{Closed: outbox.ReasonDeleted}
			if r := byID[row.Record]; r != nil {
				s, err = p.subject(src, r)
			}
			if errors.Is(err, sql.ErrNoRows) && row.Saved {
				break // what it belongs to is being deleted, and it goes with it
			}
			if err == nil {
				err = p.compare(src, s, held[row.Record], row.Saved)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", row.Record, err)
			}
		}
	}
	return nil
}

// ReconcileRecord brings the messages about one record up to date within the
// transaction of app, for whoever asks at once what became of them.
func ReconcileRecord(app core.App, r *core.Record, now time.Time) error {
	collection := r.Collection().Name
	return newPlanner(app, now).reconcile(collection, []dirty{{Collection: collection, Record: r.Id}})
}

// compare brings the messages of one source about a subject into the outbox, takes
// back those that nothing calls for any more, each with its reason, and asks
// nobody to read what is over.
func (p *planner) compare(src Source, s Subject, rows []Waiting, saved bool) error {
	wanted, err := p.forecast(src, s)
	if err != nil {
		return err
	}
	ended, err := p.snoozesEnd(s)
	if err != nil {
		return err
	}
	wanted = append(wanted, ended...)
	rules, err := p.inForce(s.Programme.ID, src)
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(w Waiting) bool { return !slices.Contains(src.Kinds, w.Kind) })
	holds := map[string]bool{}
	for _, l := range wanted {
		holds[l.Key] = true
	}
	gone, read := map[string][]string{}, []any{}
	for _, row := range rows {
		switch reason := row.outdated(s, rules); {
		case row.Unsent() && !holds[row.Key]:
			gone[reason] = append(gone[reason], row.Key)
		case !row.Unsent() && row.over(s, reason, holds[row.Key]):
			read = append(read, row.ID)
		}
	}
	out := outbox.NewTx(p.app, p.now)
	for reason, keys := range gone {
		if err := out.CancelKeys(reason, keys...); err != nil {
			return err
		}
	}
	if len(read) > 0 {
		if err := outbox.MarkRead(p.app, p.now, dbx.In("id", read...)); err != nil {
			return err
		}
	}
	missing, err := p.missing(wanted, rows, saved && src.late)
	if err != nil || len(missing) == 0 {
		return err
	}
	_, err = out.Enqueue(missing...)
	return err
}

// missing are the messages that the outbox lacks or has otherwise: those between
// now and their horizon, those that leave at once, of several a person has missed
// the newest, those that were taken back at the last moment and are called for
// again, and those that were due while the hub was off. Most nights change
// nothing, and then nothing is written.
func (p *planner) missing(wanted []Planned, rows []Waiting, saved bool) (found []outbox.Message, err error) {
	held, missed, revived := map[string]Waiting{}, map[string]Planned{}, map[string]bool{}
	for _, row := range rows {
		held[row.Key] = row
	}
	for _, l := range wanted {
		row := held[l.Key]
		coming := l.DueAt.After(p.now) && l.DueAt.Before(p.now.Add(l.ahead))
		back := !l.DueAt.After(p.now) && row.Missed && !l.DueAt.IsZero() && l.HelpsAt(p.now)
		if !coming && !back {
			if back, err = p.unwritten(l); err != nil {
				return nil, err
			}
		}
		switch {
		case coming || back:
			found, revived[l.mailbox] = append(found, l.Message), revived[l.mailbox] || back
		case l.leavesAtOnce(p.now, saved) && missed[l.mailbox].DueAt.Compare(l.DueAt) <= 0:
			missed[l.mailbox] = l
		}
	}
	for _, mailbox := range slices.Sorted(maps.Keys(missed)) {
		if l := missed[mailbox].Message; !revived[mailbox] {
			l.DueAt = p.now
			found = append(found, l)
		}
	}
	return slices.DeleteFunc(found, func(l outbox.Message) bool {
		row, known := held[l.Key]
		return known && l.Stands(row.Delivery)
	}), nil
}

// leavesAtOnce reports whether a message whose hour has come leaves now: what
// happened just now always does, what was saved after its hour if it still helps.
func (l Planned) leavesAtOnce(now time.Time, saved bool) bool {
	if l.DueAt.After(now) || !l.UsefulUntil.IsZero() && !l.UsefulUntil.After(now) {
		return false
	}
	return l.DueAt.IsZero() || saved && l.Origin == outbox.OriginRule
}

// unwritten reports whether a message was due while the hub was off, and beyond
// what had been written before: each such message is sent late, told, or summed up
// as lost. A rule or a day that was changed since makes up no messages of the past,
// nor does a hub whose database may not be the newest, and what no summary would
// tell of stays unwritten.
func (p *planner) unwritten(l Planned) (bool, error) {
	if l.DueAt.IsZero() || l.DueAt.After(p.now) || l.rule == nil {
		return false, nil
	}
	since, err := p.lastComplete()
	if err != nil || since.IsZero() {
		return false, err
	}
	from := Latest(since.Add(l.ahead), p.now.Add(-StaleSeen))
	for _, r := range []*core.Record{l.rule.ProxyRecord(), l.Subject.Record} {
		if changed := r.GetDateTime("updated").Time(); !changed.After(p.now) { // else the clock was turned back since
			from = Latest(from, changed)
		}
	}
	return l.DueAt.After(from), nil
}

// lastComplete is LastPlanned, and zero where it is unknown what left meanwhile.
func (p *planner) lastComplete() (time.Time, error) {
	if p.since != nil {
		return *p.since, nil
	}
	var doubt bool
	err := p.app.DB().NewQuery(`SELECT COUNT(*) FROM hub_settings WHERE mail_held AND mail_held_reason IN ('` +
		outbox.HoldRestored + `', '` + outbox.HoldCopied + `')`).Row(&doubt)
	at := time.Time{}
	if err == nil && !doubt {
		at, err = LastPlanned(p.app)
	}
	p.since = &at
	return at, err
}

// Waiting is a message in the outbox that has not left yet, or that nobody read.
type Waiting struct {
	outbox.Delivery
	Folded bool `db:"folded"` // told by a message that has not left yet
	Missed bool `db:"missed"` // taken back when its hour had come
}

// unsent are the states of messages that have not left yet and are told by no other.
var unsent = []string{outbox.StatePlanned, outbox.StateQueued, outbox.StateRetry, outbox.StateHeld}

// Unsent reports whether the message has not left yet, neither by itself nor within another.
func (w Waiting) Unsent() bool { return w.Folded || slices.Contains(unsent, w.State) }

// takenLate holds for a message that was taken back when its hour had come and nobody had been told yet.
const takenLate = `(deliveries.state = 'cancelled' AND deliveries.sent_at = '' AND deliveries.updated >= deliveries.due_at)`

// unfinished reads, by record, the messages that have not left yet, those that
// their reader has not read on the page of reminders, and those that were taken
// back at the last moment.
func (p *planner) unfinished(collection string, ids []string) (map[string][]Waiting, error) {
	var rows []Waiting
	err := p.app.DB().Select("id", "state", "key", "kind", "rule", "subject_id", "anchor_at", "origin", "sequence", "due_at", "useful_until_at",
		"user", "email", "language", "url", outbox.StillInDigest+" AS folded", takenLate+" AS missed").
		From("deliveries").
		Where(dbx.HashExp{"subject_collection": collection, "subject_id": anySlice(ids)}).
		AndWhere(dbx.NewExp("(state IN ('planned', 'queued', 'retry', 'held') OR read_at = '' AND user != '' OR " + outbox.StillInDigest + " OR " + takenLate + ")")).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("messages about %s: %w", collection, err)
	}
	of := map[string][]Waiting{}
	for _, row := range rows {
		of[row.SubjectID] = append(of[row.SubjectID], row)
	}
	return of, nil
}

// outdated tells why a planned message does not hold any more.
func (w Waiting) outdated(s Subject, rules []*Rule) string {
	if s.Closed != "" {
		return s.Closed
	}
	if w.Origin == outbox.OriginSnooze {
		return reasonNotConcerned
	}
	i := slices.IndexFunc(rules, func(r *Rule) bool { return r.Id == w.Rule })
	if i < 0 {
		return ReasonRuleOff
	}
	at, there := s.counting(rules[i], w.Delivery)
	switch {
	case !there:
		return outbox.ReasonMoved
	case at.over != "":
		return at.over
	}
	return reasonNotConcerned
}

// over reports whether what a message told is done, called off, at another time
// or another's now. That its rule is gone does not end it, and a message of an
// escalation is over only with its subject.
func (w Waiting) over(s Subject, reason string, holds bool) bool {
	switch reason {
	case ReasonRuleOff:
		return false
	case reasonNotConcerned:
		return s.Closed != "" || !holds && w.Origin != outbox.OriginEscalation
	}
	return true
}
