package store

import (
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
)

// analyze runs with a limit of a thousand rows an index: with 200,000 activities
// writers wait 0.2 s instead of 3 s. A connection reads the statistics when it
// reads the schema, so the schema is changed and changed back: every other
// connection then reads both before its next statement.
var analyze = []string{"PRAGMA analysis_limit = 1000", "ANALYZE", "CREATE VIEW _reload AS SELECT 1", "DROP VIEW _reload"}

// Analyze renews the row counts by which SQLite chooses between indexes, on all
// connections. PocketBase's own PRAGMA optimize leaves them as they are: it
// considers the queries of the writing connection only, and nearly all reads take
// another, so a table that was analysed with one row would count as one for ever.
//
// It takes the app's one writing connection: a second writer would make a save
// that began by reading fail at once with SQLITE_BUSY.
func Analyze(app core.App) error {
	err := app.RunInTransaction(func(tx core.App) (err error) {
		// The limit stays with the connection, and PocketBase's own optimize must not get it.
		defer func() {
			_, reset := tx.DB().NewQuery("PRAGMA analysis_limit = 0").Execute()
			err = errors.Join(err, reset)
		}()
		for _, statement := range analyze {
			if _, err := tx.DB().NewQuery(statement).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("store: analyze: %w", err)
	}
	return nil
}
