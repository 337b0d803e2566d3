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
		return offer(app, func(kinds []string) []string { return append(kinds, kind) })
	}, func(app core.App) error {
		if err := offer(app, func(kinds []string) []string {
			return slices.DeleteFunc(kinds, func(other string) bool { return other == kind })
		}); err != nil {
			return err
		}
		return narrow(app, more())
	})
}

// offer changes which kinds of letters people may refuse.
func offer(app core.App, change func([]string) []string) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	field := users.Fields.GetByName("muted_kinds").(*core.SelectField)
	kinds := change(slices.Clone(field.Values))
	choose(users, "muted_kinds", kinds, len(kinds))
	return app.Save(users)
}
