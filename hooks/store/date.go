package store

import (
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
)

// datedKey and the name of a field hold, in memory only, what was last written there. PocketBase keeps a note of its
// own, which is internal to it.
const datedKey = "@dated_"

// Date gives a record that is saved its created and updated by clock, where PocketBase would take the machine's time.
// It runs before PocketBase's own part of a save, which leaves alone what was set. PocketBase's own collections stay
// with it, because it compares the age of a code with the machine's time.
func Date(e *core.RecordEvent) error {
	if e.Record.Collection().System {
		return e.Next()
	}
	for _, field := range e.Record.Collection().Fields {
		f, ok := field.(*core.AutodateField)
		if !ok || e.Record.IsNew() && !f.OnCreate || !e.Record.IsNew() && !f.OnUpdate {
			continue
		}
		if err := date(e.Record, f.Name); err != nil {
			return fmt.Errorf("date %s: %w", e.Record.Collection().Name, err)
		}
	}
	return e.Next()
}

// date sets one field to the present, unless whoever saves the record has set it to something else.
func date(r *core.Record, name string) error {
	last := r.GetDateTime(datedKey + name)
	if last.IsZero() {
		last = r.Original().GetDateTime(name)
	}
	if r.GetDateTime(name).Equal(last) {
		now, err := types.ParseDateTime(after(last.Time()))
		if err != nil {
			return err
		}
		r.SetRaw(name, now)
	}
	r.SetRaw(datedKey+name, r.GetRaw(name))
	return nil
}

// after is the present instant as the database keeps it, which is to the millisecond. Within a second of the change
// before, it is later than that one, so that a form opened in between is seen to be out of date.
func after(before time.Time) time.Time {
	now := clock.Now().Truncate(time.Millisecond)
	if ahead := before.Sub(now); ahead >= 0 && ahead < time.Second {
		return before.Add(time.Millisecond)
	}
	return now
}
