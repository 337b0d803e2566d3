package reminders

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/outbox"
)

const (
	// batch is how many subjects one transaction reconciles: enough to spare the
	// disk, and so few that nobody's save waits for long.
	batch = 20
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
	Known      string `db:"known"` // JSON of what only the change still knew, see known
}

// onDirty merges a note with one that still waits: what was known first is what people were told.
const onDirty = ` ON CONFLICT (collection, record) DO UPDATE SET saved = MAX(saved, excluded.saved),
	known = CASE known WHEN '' THEN excluded.known ELSE known END, due_at = MIN(due_at, excluded.due_at)`

// markDirty notes some subjects.
func markDirty(tx core.App, rows ...dirty) error {
	for _, row := range rows {
		_, err := tx.DB().NewQuery(`INSERT INTO reminder_dirty (collection, record, saved, known, due_at)
			VALUES ({:collection}, {:record}, {:saved}, {:known}, {:now})` + onDirty).
			Bind(dbx.Params{"collection": row.Collection, "record": row.Record, "saved": row.Saved, "known": row.Known, "now": Stamp(clock.Now())}).Execute()
		if err != nil {
			return fmt.Errorf("note %s %s: %w", row.Collection, row.Record, err)
		}
	}
	return nil
}

// markAffected notes the subjects that meet a condition.
func markAffected(app core.App, a affected, now time.Time) error {
	found := app.DB().Select("id").From(a.collection).Where(a.which).Build()
	_, err := app.NonconcurrentDB().NewQuery(`INSERT INTO reminder_dirty (collection, record, saved, known, due_at)
		SELECT {:collection}, id, FALSE, '', {:now} FROM (` + found.SQL() + `) WHERE TRUE` + onDirty).
		Bind(found.Params()).Bind(dbx.Params{"collection": a.collection, "now": Stamp(now)}).Execute()
	if err != nil {
		return fmt.Errorf("note %s: %w", a.collection, err)
	}
	return nil
}

// dirtyCount counts the subjects to reconcile at an instant, as far as most.
func dirtyCount(app core.App, now time.Time, most int) (n int, err error) {
	err = app.DB().NewQuery("SELECT COUNT(*) FROM (SELECT 1 FROM reminder_dirty WHERE due_at <= {:now} LIMIT {:most})").
		Bind(dbx.Params{"now": Stamp(now), "most": most}).Row(&n)
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
	late, err := overslept(app, now)
	if err != nil {
		return err
	}
	if late {
		return ReconcileAll(ctx, app, now)
	}
	return reconcile(ctx, app, now, now.Add(holidayPause))
}

// ReconcileAll reconciles everything still open: each night the horizon moves on
// by a day, and days that ended change who is told. What cannot be reconciled does
// not keep the rest from it. What is left when ctx ends waits for the next tick.
func ReconcileAll(ctx context.Context, app core.App, now time.Time) error {
	for _, open := range everyOpenSubject(nil) {
		if err := markAffected(app, open, now); err != nil {
			return err
		}
	}
	err := reconcile(ctx, app, now, now.Add(holidayPause))
	if ctx.Err() != nil {
		return err
	}
	return errors.Join(err, notePlanned(app, now))
}

// reconcile takes the subjects noted until an instant, the newest first, until none is left.
func reconcile(ctx context.Context, app core.App, now, until time.Time) error {
	since, err := lastPlanned(app)
	if err != nil {
		return err
	}
	run := reconciliation{app, now, since}
	newest := dbx.NewExp(`rowid IN (SELECT rowid FROM reminder_dirty WHERE due_at <= {:until} ORDER BY due_at DESC, rowid DESC LIMIT {:batch})`,
		dbx.Params{"until": Stamp(until), "batch": batch})
	var faults []error
	for len(faults) < maxFaults {
		if ctx.Err() != nil {
			return errors.Join(append(faults, ctx.Err())...)
		}
		if n, err := dirtyCount(app, until, 1); err != nil || n == 0 {
			return errors.Join(append(faults, err)...)
		}
		faults = append(faults, run.some(newest)...)
	}
	return errors.Join(faults...)
}

// reconciliation is one run over noted subjects.
type reconciliation struct {
	app   core.App
	now   time.Time
	since time.Time // when everything was planned last
}

// some reconciles some subjects in one transaction. If that fails, each is
// reconciled by itself, so that the fault of one is not another's.
func (run reconciliation) some(which dbx.Expression) (faults []error) {
	rows, err := run.rows(which)
	if err == nil {
		return nil
	}
	for _, row := range rows {
		one := dbx.HashExp{"collection": row.Collection, "record": row.Record}
		if _, err := run.rows(one); err != nil {
			_, pause := run.app.NonconcurrentDB().Update("reminder_dirty", dbx.Params{"due_at": Stamp(run.now.Add(faultPause))}, one).Execute()
			faults = append(faults, errors.Join(err, pause))
		}
	}
	if len(rows) == 0 {
		faults = append(faults, err)
	}
	return faults
}

// rows takes some rows and reconciles their subjects in one transaction.
func (run reconciliation) rows(which dbx.Expression) (rows []dirty, err error) {
	err = run.app.RunInTransaction(func(tx core.App) error {
		rows = nil
		err := tx.DB().Select("collection", "record", "saved", "known").From("reminder_dirty").Where(which).All(&rows)
		if err != nil {
			return fmt.Errorf("subjects to reconcile: %w", err)
		}
		p := NewPlanner(tx, run.now)
		p.since = run.since
		for _, row := range rows {
			if err := p.reconcile(row); err != nil {
				return fmt.Errorf("plan %s %s: %w", row.Collection, row.Record, err)
			}
		}
		_, err = tx.DB().Delete("reminder_dirty", which).Execute()
		return err
	})
	return rows, err
}

// reconcile brings the messages about one subject up to date. Doing it again changes nothing.
func (p *planner) reconcile(row dirty) error {
	r, err := Maybe(p.app, row.Collection, row.Record)
	if err != nil {
		return err
	}
	if r != nil {
		err = p.planAll(r, row.Saved)
	} else if row.Collection != "attendances" {
		err = p.withdraw(outbox.RecordRef{Collection: row.Collection, ID: row.Record})
	}
	if err != nil || row.Known == "" {
		return err
	}
	var k known
	if err := json.Unmarshal([]byte(row.Known), &k); err != nil {
		return fmt.Errorf("what was known of %s %s: %w", row.Collection, row.Record, err)
	}
	if row.Collection == "meetings" {
		return p.cancelMeeting(k, r)
	}
	return p.cancelAttendance(k, row.Record, r)
}

// planAll brings the messages of every source of a record up to date.
func (p *planner) planAll(r *core.Record, saved bool) error {
	p.saved = saved
	for _, src := range SourcesOf(r.Collection().Name) {
		err := p.Plan(src, r)
		if errors.Is(err, sql.ErrNoRows) && saved {
			return nil // what it belongs to is being deleted, and it goes with it
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// withdraw takes back what was planned about a deleted record, and asks nobody
// to read what was told of it.
func (p *planner) withdraw(about outbox.RecordRef) error {
	if err := outbox.NewTx(p.app, p.Now).Cancel(about, outbox.ReasonDeleted); err != nil {
		return err
	}
	return outbox.MarkRead(p.app, p.Now, dbx.HashExp{"subject_collection": about.Collection, "subject_id": about.ID})
}

// known is what is kept of a meeting or an attendance until those invited are
// told: how it was before the change, and of one that goes whom to tell.
type known struct {
	Record map[string]any `json:"record"`
	Guests []invitee      `json:"guests"`
}

// knownBefore keeps what a change is about to overwrite or delete.
func knownBefore(e *core.RecordEvent) (rows []dirty, err error) {
	deleted := e.Type == core.ModelEventTypeDelete
	switch e.Record.Collection().Name {
	case "attendances":
		if src, _ := SourceFor("meeting_invite"); !matters(e, src.fields) {
			return nil, nil
		}
		row, err := keepKnown(e.Record.Original(), nil)
		return []dirty{row}, err
	case "meetings":
		if e.Type == core.ModelEventTypeCreate || !deleted && !changed(e.Record, scheduleFields) {
			return nil, nil
		}
		return keepMeetings(e.App, deleted, e.Record.Original())
	case "programmes":
		if !deleted {
			return nil, nil
		}
		meetings, err := e.App.FindAllRecords("meetings", dbx.HashExp{"programme": e.Record.Id})
		if err != nil {
			return nil, err
		}
		return keepMeetings(e.App, true, meetings...)
	}
	return nil, nil
}

func keepMeetings(app core.App, deleted bool, meetings ...*core.Record) (rows []dirty, err error) {
	for _, meeting := range meetings {
		var guests []invitee
		if deleted {
			if guests, err = (inviteCanceller{app: app, known: meeting}).guests(); err != nil {
				return nil, err
			}
		}
		row, err := keepKnown(meeting, guests)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func keepKnown(r *core.Record, guests []invitee) (dirty, error) {
	kept, err := json.Marshal(known{r.FieldsData(), guests})
	return dirty{Collection: r.Collection().Name, Record: r.Id, Known: string(kept)}, err
}

// cancelMeeting writes to everybody whose invitation does not hold any more after
// a change of a meeting; r is nil when it is gone.
func (p *planner) cancelMeeting(k known, r *core.Record) error {
	collection, err := p.app.FindCachedCollectionByNameOrId("meetings")
	if err != nil {
		return err
	}
	before := core.NewRecord(collection)
	before.Load(k.Record)
	c := inviteCanceller{app: p.app, known: before, meeting: r}
	if r == nil {
		return c.write(k.Guests)
	}
	return c.recall()
}

// cancelAttendance does the same for who is not on the list of a meeting any
// more; r is nil when the attendance is gone.
func (p *planner) cancelAttendance(k known, id string, r *core.Record) error {
	of, _ := k.Record["meeting"].(string)
	if r != nil {
		of = r.GetString("meeting")
	}
	meeting, err := Maybe(p.app, "meetings", of)
	if err != nil || meeting == nil {
		return err // those invited are told with the meeting itself
	}
	if r == nil {
		if err := p.withdraw(outbox.RecordRef{Collection: "attendances", ID: id}); err != nil {
			return err
		}
	}
	return inviteCanceller{app: p.app, known: meeting, meeting: meeting, attendance: id}.recall()
}
