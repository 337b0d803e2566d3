// Package store opens the hub's databases so that a saved change survives a
// power cut, and keeps a second process away from the same folder.
package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// pragmas are PocketBase's own with one difference: synchronous is FULL, so an
// acknowledged change is on the disk and not only with the operating system.
// busy_timeout comes first because switching to WAL may already have to wait.
const pragmas = "?_pragma=busy_timeout(10000)" +
	"&_pragma=journal_mode(WAL)" +
	"&_pragma=journal_size_limit(200000000)" +
	"&_pragma=synchronous(FULL)" +
	"&_pragma=foreign_keys(ON)" +
	"&_pragma=temp_store(MEMORY)" +
	"&_pragma=cache_size(-32000)" +
	"&_defensive=1"

// Connect opens one database file; give it to PocketBase as its DBConnect.
func Connect(dbPath string) (*dbx.DB, error) {
	db, err := sql.Open(driverName, dbPath+pragmas)
	if err != nil {
		return nil, err
	}
	return dbx.NewFromDB(db, "sqlite"), nil
}

// Assert asks every connection pool of a bootstrapped app how it really writes.
// The error names each pool that would risk a saved change.
func Assert(app core.App) error {
	pools := []struct {
		name string
		db   dbx.Builder
	}{
		{"data.db, writing", app.NonconcurrentDB()},
		{"data.db, reading", app.ConcurrentDB()},
		{"auxiliary.db, writing", app.AuxNonconcurrentDB()},
		{"auxiliary.db, reading", app.AuxConcurrentDB()},
	}
	var problems []error
	for _, pool := range pools {
		problems = append(problems, assertPool(pool.name, pool.db))
	}
	return errors.Join(problems...)
}

// synchronousFull is how SQLite reports synchronous=FULL.
const synchronousFull = 2

func assertPool(name string, db dbx.Builder) error {
	var journal string
	if err := db.NewQuery("PRAGMA journal_mode").Row(&journal); err != nil {
		return fmt.Errorf("datastore: %s: %w", name, err)
	}
	var synchronous int
	if err := db.NewQuery("PRAGMA synchronous").Row(&synchronous); err != nil {
		return fmt.Errorf("datastore: %s: %w", name, err)
	}
	if journal != "wal" || synchronous != synchronousFull {
		return fmt.Errorf("datastore: %s runs journal_mode=%s synchronous=%d, not wal and %d",
			name, journal, synchronous, synchronousFull)
	}
	return nil
}

// tickName is the file in the data folder that says when the hub last looked for messages. A file, because a row would
// cost the database a flush every half minute.
const tickName = ".simpul.tick"

// Tick notes that the hub looked for messages at now, for other processes to read.
func Tick(app core.App, now time.Time) error {
	if err := os.WriteFile(filepath.Join(app.DataDir(), tickName), []byte(now.UTC().Format(time.RFC3339)), 0o600); err != nil {
		return fmt.Errorf("datastore: note the tick: %w", err)
	}
	return nil
}

// LastTick returns when the hub last looked for messages, the zero time if it never did.
func LastTick(app core.App) (time.Time, error) {
	raw, err := os.ReadFile(filepath.Join(app.DataDir(), tickName))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("datastore: read the tick: %w", err)
	}
	// A file cut off by a full disk says nothing.
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(string(raw)))
	if err != nil {
		return time.Time{}, nil
	}
	return at, nil
}
