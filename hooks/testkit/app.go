// Package testkit builds the small world that tests share: a real database
// with programmes, organisations and people, and clients who sign in as them.
// Only tests import it.
package testkit

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks"
	"simpul/hooks/clock"
	"simpul/hooks/store"
	_ "simpul/hooks/testkit/golden" // the flag -update in every test
	"simpul/hooks/web"
	_ "simpul/migrations"
)

// Monday is the instant at which every world stands: Monday 23 November 2026,
// 09.00 in Semarang.
var Monday = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

// Collecting garbage took a sixth of the time of tests, whose worlds are small.
func init() { debug.SetGCPercent(400) }

// Root returns the folder of the repository.
func Root() string {
	dir, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(dir, "go.mod")); missing == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			break
		}
		dir = filepath.Dir(dir)
	}
	panic("testkit: no go.mod above the working directory")
}

// Templates and Public are the files that main.go embeds.
func Templates() fs.FS { return os.DirFS(filepath.Join(Root(), "templates")) }

// Public is pb_public as main.go embeds it.
func Public() fs.FS { return os.DirFS(filepath.Join(Root(), "pb_public")) }

// Files are the project's own, parsed once for all worlds of a test binary.
var Files = sync.OnceValue(func() *web.Files {
	files, err := web.Load(Templates(), Public())
	if err != nil {
		panic(err)
	}
	return files
})

// template is a data folder with migrations, rules and the world in it, made
// once per test binary; each test gets its own copy. It is kept in memory, so
// that a binary leaves nothing behind however it ends.
var template = sync.OnceValues(func() (world fs.FS, err error) {
	dir, err := os.MkdirTemp("", "simpul-world-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := build(dir); err != nil {
		return nil, err
	}
	return load(dir)
})

// build makes the template's folder.
func build(dir string) error {
	defer clock.Freeze(Monday)()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	if err := hooks.Register(app, Files()); err != nil {
		return err
	}
	for _, step := range []func() error{app.Bootstrap, app.RunAllMigrations, func() error { return hooks.SetUp(app) },
		func() error { return speedUp(app) }} {
		if err := step(); err != nil {
			return err
		}
	}
	return app.ClearBootstrap()
}

// load reads a folder's files into memory.
func load(dir string) (fs.FS, error) {
	files, from := fstest.MapFS{}, os.DirFS(dir)
	err := fs.WalkDir(from, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(from, path)
		files[path] = &fstest.MapFile{Data: data, Mode: 0o600}
		return err
	})
	return files, err
}

// speedUp makes the app quick to test: cheap password hashes, no rate limits.
func speedUp(app core.App) error {
	settings, err := app.Settings().Clone()
	if err != nil {
		return err
	}
	settings.RateLimits.Enabled = false
	if err := app.Save(settings); err != nil {
		return err
	}
	for _, name := range []string{"users", core.CollectionNameSuperusers} {
		c, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		if f, ok := c.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField); ok {
			f.Cost = 4
		}
		if err := app.Save(c); err != nil {
			return err
		}
	}
	return populate(app)
}

// App returns a fresh copy of the world's app with every hook bound and no job
// running. It is closed when the test ends. Each prepare may bind more before
// the app serves.
func App(t testing.TB, prepare ...func(core.App)) (core.App, http.Handler) {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := folder(t)
	if err := os.CopyFS(dir, from); err != nil {
		t.Fatal(err)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	if err := hooks.Register(app, Files()); err != nil {
		t.Fatal(err)
	}
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.ClearBootstrap(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(clock.Freeze(Monday))
	for _, p := range prepare {
		p(app)
	}
	return app, Serve(t, app)
}

// Serve binds the hub's pages and API as a server would, without a port.
func Serve(t testing.TB, app core.App) http.Handler {
	t.Helper()
	app.OnServe().Unbind("hubSchedule")
	r, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	event := &core.ServeEvent{App: app, Router: r, Server: &http.Server{}}
	var handler http.Handler
	err = app.OnServe().Trigger(event, func(e *core.ServeEvent) (err error) {
		handler, err = e.Router.BuildMux()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return handler
}
