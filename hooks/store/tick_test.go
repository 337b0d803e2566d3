package store_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/store"

	"simpul/hooks/testkit/check"
)

func TestTheLastTickIsRememberedByTheFolder(t *testing.T) {
	dir := t.TempDir()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if at, err := store.LastTick(app); err != nil || !at.IsZero() {
		t.Errorf("before the first: %s, %v", at, err)
	}
	first := time.Date(2026, 12, 7, 1, 0, 0, 0, time.UTC)
	for _, at := range []time.Time{first, first.Add(30 * time.Second), first.Add(-time.Hour)} {
		check.NoError(t, store.Tick(app, at))
		if got, err := store.LastTick(core.NewBaseApp(core.BaseAppConfig{DataDir: dir})); err != nil || !got.Equal(at) {
			t.Errorf("%s, %v, want %s", got, err, at)
		}
	}
	file := filepath.Join(dir, ".simpul.tick")
	check.NoError(t, os.WriteFile(file, []byte("2026-12"), 0o600))
	if at, err := store.LastTick(app); err != nil || !at.IsZero() {
		t.Errorf("a file cut off: %s, %v", at, err)
	}
	check.NoError(t, os.Remove(file))
	check.NoError(t, os.Mkdir(file, 0o700))
	if _, err := store.LastTick(app); err == nil {
		t.Error("a folder is read as a time")
	}
	if err := store.Tick(app, first); err == nil {
		t.Error("a tick that cannot be noted is no error")
	}
}
