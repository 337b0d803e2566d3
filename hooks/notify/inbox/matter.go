package inbox

import (
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/reminders"
)

// matter is what a message is about, as its reader finds it today.
type matter struct {
	Title, URL string
	Programme  string // its name
}

// matters tells what messages are about, by the id of the message. What the reader
// of the scope may not open any more is left out.
func matters(d *access.Scope, now time.Time, messages []outbox.Delivery) (map[string]matter, error) {
	about, open := map[string]reminders.Subject{}, map[string][]any{}
	for _, l := range messages {
		s, there, err := matterOf(d.App(), l, now)
		if err != nil {
			return nil, err
		}
		if there {
			about[l.ID] = s
			open[s.Open.Collection] = append(open[s.Open.Collection], s.Open.ID)
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
	out := map[string]matter{}
	for id, s := range about {
		if seen[s.Open.Collection+s.Open.ID] {
			out[id] = matter{Title: s.Title, URL: s.URL, Programme: s.Programme.Name}
		}
	}
	return out, nil
}

// matterOf reads what a message is about; false when it is gone. One that sums up
// is about its programme, one that calls off about its meeting.
func matterOf(app core.App, l outbox.Delivery, now time.Time) (reminders.Subject, bool, error) {
	collection, id, field := "", "", ""
	switch l.Kind {
	case reminders.KindExpiredSummary:
		collection, id, field = "programmes", l.Programme, "name"
	case reminders.KindCalledOff:
		collection, id, field = "meetings", strings.TrimPrefix(l.URL, "/meetings/"), "title"
	default:
		return reminders.Find(app, l, now)
	}
	r, err := reminders.Maybe(app, collection, id)
	if err != nil || r == nil {
		return reminders.Subject{}, false, err
	}
	return reminders.Subject{Title: r.GetString(field), URL: l.URL, Open: outbox.RecordRef{Collection: collection, ID: r.Id}}, true, nil
}
