package migrations_test

import (
	"errors"
	"log"
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/store"
	_ "simpul/migrations"

	"simpul/hooks/testkit/check"
)

// reading is one hub for all tests that only read; migrated is a folder to copy.
var (
	reading  *core.BaseApp
	migrated string
)

func TestMain(m *testing.M) {
	os.Exit(runWithHub(m))
}

func runWithHub(m *testing.M) int {
	dir, err := os.MkdirTemp("", "migrations")
	if err != nil {
		log.Print(err)
		return 1
	}
	defer os.RemoveAll(dir)
	migrated = filepath.Join(dir, "migrated")
	first, reader := onFolder(migrated), filepath.Join(dir, "reading")
	reading = onFolder(reader)
	err = errors.Join(first.Bootstrap(), first.RunAllMigrations(), first.ClearBootstrap(),
		os.CopyFS(reader, os.DirFS(migrated)), reading.Bootstrap())
	if err != nil {
		log.Print(err)
		return 1
	}
	code := m.Run()
	if err := reading.ClearBootstrap(); err != nil {
		log.Print(err)
		return 1
	}
	return code
}

func onFolder(dir string) *core.BaseApp {
	return core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
}

// openHub opens an empty hub of the test's own, with every migration applied.
func openHub(t *testing.T) *core.BaseApp {
	t.Helper()
	dir := t.TempDir()
	check.NoError(t, os.CopyFS(dir, os.DirFS(migrated)))
	return opened(t, dir)
}

func opened(t *testing.T, dir string) *core.BaseApp {
	t.Helper()
	app := onFolder(dir)
	check.NoError(t, app.Bootstrap())
	t.Cleanup(func() {
		if err := app.ClearBootstrap(); err != nil {
			t.Error(err)
		}
	})
	return app
}
