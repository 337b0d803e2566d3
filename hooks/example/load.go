package example

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
)

// Load puts the example programmes, and all that belongs to them, into the hub. Days that count from the present
// count from now. It does nothing when an example programme is there already, and everything or nothing otherwise.
// Records pass the same checks and set off the same reactions as any other save.
func Load(app core.App, now time.Time) error {
	loaded, err := app.CountRecords("programmes", dbx.HashExp{"example": true})
	if err != nil || loaded > 0 {
		return err
	}
	all, err := open()
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		l := loader{app: tx, all: all, now: now, zones: zonesOf(all)}
		for _, collection := range order {
			if err := l.loadAll(collection); err != nil {
				return err
			}
		}
		return nil
	})
}

// loader writes one book into one hub.
type loader struct {
	app   core.App
	all   book
	now   time.Time
	zones map[string]string // programme key → time zone
}

func zonesOf(all book) map[string]string {
	zones := map[string]string{}
	for _, programme := range all["programmes"] {
		zones[programme.key()] = programme.text("time_zone")
	}
	return zones
}

func (l *loader) loadAll(name string) error {
	collection, err := l.app.FindCachedCollectionByNameOrId(name)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for _, e := range l.all[name] {
		if err := l.load(collection, e); err != nil {
			return fmt.Errorf("example %s %q: %w", name, e.key(), err)
		}
	}
	return nil
}

// load saves one record and, where the files say what happened to it then, saves that as a second step, so that the
// hub notices both.
func (l *loader) load(collection *core.Collection, e entry) error {
	r, err := l.record(collection, idOf(collection.Name, e.key()))
	if err != nil {
		return err
	}
	if err := l.fill(r, e, l.zone(e)); err != nil {
		return err
	}
	if err := l.complete(r, e); err != nil {
		return err
	}
	if err := l.app.Save(r); err != nil {
		return err
	}
	then, later := e["then"].(map[string]any)
	if !later {
		return nil
	}
	// Read anew, because a record in memory does not learn what its first save made of it.
	if r, err = l.app.FindRecordById(collection, r.Id); err != nil {
		return err
	}
	if err := l.fill(r, then, l.zone(e)); err != nil {
		return err
	}
	verify(r)
	return l.app.Save(r)
}

// fill writes the fields as the files give them, days counted in the zone.
func (l *loader) fill(r *core.Record, written entry, zone string) error {
	for name, text := range written {
		if name == "key" || name == "then" {
			continue
		}
		field := r.Collection().Fields.GetByName(name)
		if field == nil {
			return fmt.Errorf("there is no field %q", name)
		}
		value, err := l.value(field, zone, text)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		r.Set(name, value)
	}
	return nil
}

// record returns a new record under the id, or the one that an earlier removal left because others needed it.
func (l *loader) record(collection *core.Collection, id string) (*core.Record, error) {
	kept, err := l.app.FindRecordById(collection, id)
	if err == nil {
		return kept, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	r := core.NewRecord(collection)
	r.Id = id
	return r, nil
}

// zone is where the days of a record are counted: its own zone, its programme's, else Jakarta's.
func (l *loader) zone(e entry) string {
	if zone := e.text("time_zone"); zone != "" {
		return zone
	}
	if zone := l.zones[e.text("programme")]; zone != "" {
		return zone
	}
	return clock.Zones[0]
}
