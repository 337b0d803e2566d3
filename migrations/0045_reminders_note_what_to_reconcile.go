package migrations

import "github.com/pocketbase/pocketbase/core"

// A save notes which subjects to compare with the outbox once it is committed. No person reads or
// writes this, so it is a table of its own and no collection.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		_, err := app.DB().NewQuery(`CREATE TABLE reminder_dirty (collection TEXT NOT NULL, record TEXT NOT NULL,
			saved BOOLEAN NOT NULL, known TEXT NOT NULL, due_at TEXT NOT NULL, UNIQUE (collection, record));
			CREATE INDEX idx_reminder_dirty_due_at ON reminder_dirty (due_at)`).Execute()
		return err
	}, func(app core.App) error {
		_, err := app.DB().NewQuery("DROP TABLE reminder_dirty").Execute()
		return err
	})
}
