package reminders

import (
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/mail"
)

// Matter is what a letter is about, as its reader finds it today.
type Matter struct {
	Title, URL string
	Programme  string // its name
}

// Matters tells what letters are about, by the id of the letter. What the reader
// of the door may not open any more is left out.
func Matters(d *access.Door, now time.Time, letters []mail.Delivery) (map[string]Matter, error) {
	about, open := map[string]Subject{}, map[string][]any{}
	for _, l := range letters {
		s, there, err := matterOf(d.App(), l, now)
		if err != nil {
			return nil, err
		}
		if there {
			about[l.ID] = s
			open[s.open.Collection] = append(open[s.open.Collection], s.open.ID)
		}
	}
	seen := map[string]bool{}
	for collection, ids := range open {
		found, err := d.List(collection, func(q *dbx.SelectQuery) { q.AndWhere(dbx.In(collection+".id", ids...)) })
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			seen[collection+r.Id] = true
		}
	}
	out := map[string]Matter{}
	for id, s := range about {
		if seen[s.open.Collection+s.open.ID] {
			out[id] = Matter{Title: s.Title, URL: s.URL, Programme: s.Programme.Name}
		}
	}
	return out, nil
}

// matterOf reads what a letter is about; false when it is gone. One that sums up
// is about its programme, one that calls off about its meeting.
func matterOf(app core.App, l mail.Delivery, now time.Time) (Subject, bool, error) {
	collection, id, field := "", "", ""
	switch l.Kind {
	case kindStale:
		collection, id, field = "programmes", l.Programme, "name"
	case kindCalledOff:
		collection, id, field = "meetings", strings.TrimPrefix(l.URL, "/meetings/"), "title"
	default:
		return find(app, l, now)
	}
	r, err := maybe(app, collection, id)
	if err != nil || r == nil {
		return Subject{}, false, err
	}
	return Subject{Title: r.GetString(field), URL: l.URL, open: mail.Subject{Collection: collection, ID: r.Id}}, true, nil
}
