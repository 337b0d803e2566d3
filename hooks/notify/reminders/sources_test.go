package reminders

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/notify/outbox"
)

// AddSource puts one line into the table of sources, as a new room will, and
// returns what takes it out again.
func AddSource(collection, kind, anchor, field string) (remove func()) {
	sources = append(sources, Source{
		collection: collection, Kinds: []string{kind}, Anchors: days(anchor), Audience: []string{"initiators", "team"},
		fields: []string{field, "state"}, pending: dbx.NewExp("state = 'open'"),
		read: func(_ core.App, s *Subject) error {
			s.Title = s.Record.GetString("title")
			s.on(anchor, s.Record.GetString(field))
			if s.Record.GetString("state") != "open" {
				s.Closed = outbox.ReasonDone
			}
			return nil
		},
	})
	return func() {
		sources = slices.DeleteFunc(sources, func(s Source) bool { return s.collection == collection })
	}
}
