package access

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"simpul/hooks/clock"
)

// ErrSentOtherwise says that a form was sent before under the same key with
// other content. What it says now has not been kept.
var ErrSentOtherwise = errors.New("the form was sent before with other content")

// CreateIdempotent is Create for a form that carries its own key in the field once:
// sent a second time it changes nothing and answers with the record that the
// first sending made, or with ErrSentOtherwise if it says something else now.
// The key is unique, so only a save that failed has to look for an earlier one;
// inside a larger transaction, which a failed save would not undo, it looks
// first.
func (d *Scope) CreateIdempotent(r *core.Record) (*core.Record, error) {
	collection, once, typed := r.Collection().Name, r.GetString("once"), filled(r)
	if d.app.IsTransactional() {
		if made := d.sent(collection, once); made != nil {
			return unless(made, r, typed)
		}
	}
	err := d.Create(r)
	if err == nil {
		return r, nil
	}
	if made := d.sent(collection, once); made != nil {
		return unless(made, r, typed)
	}
	return nil, err
}

// sent returns what a form with this key made before, nil if nothing the person
// may see. The second condition is what the index on the key covers.
func (d *Scope) sent(collection, once string) *core.Record {
	if once == "" {
		return nil
	}
	found, err := d.List(collection, func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{collection + ".once": once}).AndWhere(dbx.NewExp(collection + ".once != ''")).Limit(1)
	})
	if err != nil || len(found) == 0 {
		return nil
	}
	return found[0]
}

// unless returns what was made before, unless the form says something else now.
// A value counts as the same as it was typed and as the hub settles it.
func unless(made, r *core.Record, typed map[string]any) (*core.Record, error) {
	for name, value := range typed {
		if r.Collection().Fields.GetByName(name).Type() == core.FieldTypeFile {
			continue
		}
		kept := fmt.Sprint(plain(made.Get(name)))
		if kept != fmt.Sprint(value) && kept != fmt.Sprint(plain(r.Get(name))) {
			return nil, ErrSentOtherwise
		}
	}
	return made, nil
}

// ownLatest is what a person made last. Ten are more than anybody makes between
// pressing Back and sending again.
const ownLatest = `(SELECT activity.record, activity._rowid_ AS nth FROM activity
	WHERE activity.actor = {:actor} AND activity.created >= {:since} AND activity.collection = {:of} AND activity.action = 'create'
	ORDER BY activity.created DESC, activity._rowid_ DESC LIMIT 10) AS lately`

// FindRecentDuplicate returns the latest record of a collection that the person made no
// longer than so long ago and that has these values, nil if there is none: what
// a page brought back by the browser would make a second time.
func (d *Scope) FindRecentDuplicate(collection string, ago time.Duration, values dbx.HashExp) (*core.Record, error) {
	if d.person == nil {
		return nil, nil
	}
	same := dbx.HashExp{}
	for column, value := range values {
		same[collection+"."+column] = value
	}
	var id string
	err := d.app.ConcurrentDB().Select(collection+".id").From(ownLatest).
		InnerJoin(collection, dbx.NewExp(collection+".id = lately.record")).
		Where(same).
		OrderBy("lately.nth DESC").Limit(1).
		Bind(dbx.Params{"actor": d.person.Id, "of": collection, "since": clock.Now().Add(-ago).Format(types.DefaultDateLayout)}).
		Row(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("made lately: %w", err)
	}
	made, err := d.View(collection, id)
	if errors.Is(err, ErrRefused) {
		return nil, nil
	}
	return made, err
}
