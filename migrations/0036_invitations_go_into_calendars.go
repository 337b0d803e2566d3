package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// What a letter brings for the recipient's calendar, and what it says whose cause
// may be gone when it leaves: that a meeting is called off. People may refuse that
// kind too, although no rule sends it.
func init() {
	const kind = "meeting_cancelled"
	more := func() map[string][]core.Field {
		return map[string][]core.Field{"deliveries": {
			text("words", 5000, "Isi yang tidak bisa disusun lagi; dikosongkan setelah terkirim. / What cannot be written anew; blanked once sent.", hidden),
			text("calendar", 20_000, "Undangan untuk kalender; dikosongkan setelah terkirim. / Invitation for calendars; blanked once sent.", hidden),
		}}
	}
	core.AppMigrations.Register(func(app core.App) error {
		if err := widen(app, more()); err != nil {
			return err
		}
		return offer(app, func(_ string, kinds []string) []string { return append(kinds, kind) })
	}, func(app core.App) error {
		if err := offer(app, func(_ string, kinds []string) []string {
			return slices.DeleteFunc(kinds, func(other string) bool { return other == kind })
		}); err != nil {
			return err
		}
		return narrow(app, more())
	})
}

// offer changes which kinds of letters people may refuse, with an account and without.
func offer(app core.App, change func(collection string, kinds []string) []string) error {
	for _, refusable := range []struct {
		collection, field string
		many              bool
	}{{"users", "muted_kinds", true}, {"suppressions", "kind", false}} {
		c, err := app.FindCollectionByNameOrId(refusable.collection)
		if err != nil {
			return err
		}
		kinds, most := change(refusable.collection, slices.Clone(c.Fields.GetByName(refusable.field).(*core.SelectField).Values)), 1
		if refusable.many {
			most = len(kinds)
		}
		choose(c, refusable.field, kinds, most)
		if err := app.Save(c); err != nil {
			return err
		}
	}
	return nil
}
