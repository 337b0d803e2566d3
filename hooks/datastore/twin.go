package datastore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
	"github.com/pocketbase/pocketbase/core"
)

// Twin is an app on a private copy of a hub's database: none of the hub's
// reactions, no schedule, no files, no way out. What is done to it is forgotten.
type Twin struct {
	*core.BaseApp
	used *flock.Flock // while it is locked, nobody else takes the copy for one that was left behind
}

// NewTwin copies the database as it stands at one moment. Readers and writers of
// the hub go on meanwhile. The log is not copied: nobody reads it in a twin. The
// caller must Remove the twin, also after an error of whatever it is for. What
// earlier ones left behind is deleted first.
func NewTwin(ctx context.Context, app core.App) (twin *Twin, err error) {
	if err := SweepTwins(); err != nil {
		app.Logger().Warn("copies of the database that were left behind", "error", err)
	}
	dir, err := os.MkdirTemp("", twinPrefix)
	if err != nil {
		return nil, fmt.Errorf("copy of the database: %w", err)
	}
	twin = &Twin{core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: Connect, EncryptionEnv: app.EncryptionEnv()}),
		flock.New(filepath.Join(dir, lockName))}
	if _, err := twin.used.TryLock(); err != nil {
		return nil, fmt.Errorf("copy of the database: %w", errors.Join(err, twin.Remove()))
	}
	if err := twin.fill(ctx, app); err != nil {
		return nil, fmt.Errorf("copy of the database: %w", errors.Join(err, twin.Remove()))
	}
	return twin, nil
}

func (t *Twin) fill(ctx context.Context, app core.App) error {
	// A connection for reading: one for writing would keep every save of the hub waiting.
	_, err := app.ConcurrentDB().NewQuery("VACUUM INTO {:path}").WithContext(ctx).
		Bind(map[string]any{"path": filepath.Join(t.DataDir(), "data.db")}).Execute()
	if err != nil {
		return err
	}
	if err := t.Bootstrap(); err != nil {
		return err
	}
	// A copy that is thrown away need not survive a power cut.
	if _, err := t.NonconcurrentDB().NewQuery("PRAGMA synchronous = OFF").Execute(); err != nil {
		return err
	}
	return t.RunAllMigrations()
}

// Remove closes the twin and deletes its files. Doing it again changes nothing.
func (t *Twin) Remove() error {
	err := errors.Join(t.ClearBootstrap(), t.used.Unlock())
	// A copy whose connections did not close is deleted all the same: it holds everybody's data.
	return errors.Join(err, os.RemoveAll(t.DataDir()))
}
