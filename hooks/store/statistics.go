package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// analyze runs with a limit of a thousand rows an index: with 200,000 activities
// writers wait 0.2 s instead of 3 s. A connection reads the statistics when it
// reads the schema, so the schema is changed and changed back: every other
// connection then reads both before its next statement.
var analyze = []string{"ANALYZE", "CREATE VIEW _reload AS SELECT 1", "DROP VIEW _reload"}

// Analyze renews the row counts by which SQLite chooses between indexes, on all
// connections. PocketBase's own PRAGMA optimize leaves them as they are: it
// considers the queries of the writing connection only, and nearly all reads take
// another, so a table that was analysed with one row would count as one for ever.
func Analyze(ctx context.Context, app core.App) (err error) {
	// The limit stays with a connection; PocketBase's own must not get it.
	db, err := Connect(filepath.Join(app.DataDir(), "data.db"))
	if err != nil {
		return fmt.Errorf("datastore: analyze: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.DB().SetMaxOpenConns(1)
	if _, err := db.NewQuery("PRAGMA analysis_limit = 1000").WithContext(ctx).Execute(); err != nil {
		return fmt.Errorf("datastore: analyze: %w", err)
	}
	err = db.TransactionalContext(ctx, nil, func(tx *dbx.Tx) error {
		for _, statement := range analyze {
			if _, err := tx.NewQuery(statement).Execute(); err != nil {
				return fmt.Errorf("datastore: analyze: %w", err)
			}
		}
		return nil
	})
	return err
}
