// Package testkit builds the small world that tests share: a real database
// with programmes, organisations and people, and clients who sign in as them.
// Only tests import it.
package testkit

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks"
	"simpul/hooks/clock"
	"simpul/hooks/datastore"

	// The world is built on the real schema.
	_ "simpul/migrations"
)

// Monday is the instant at which every world stands: Monday 23 November 2026,
// 09.00 in Semarang.
var Monday = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)

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

// template is a data folder with migrations, rules and the world in it, made
// once per test binary; each test gets its own copy.
var template = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "simpul-world-")
	if err != nil {
		return "", err
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: datastore.Connect})
	if err := hooks.Register(app, Templates(), Public()); err != nil {
		return "", err
	}
	if err := app.Bootstrap(); err != nil {
		return "", err
	}
	if err := app.RunAllMigrations(); err != nil {
		return "", err
	}
	if err := hooks.SetUp(app); err != nil {
		return "", err
	}
	if err := settle(app); err != nil {
		return "", err
	}
	return dir, app.ClearBootstrap()
})

// settle makes the app quick to test: cheap password hashes, no rate limits.
func settle(app core.App) error {
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
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: datastore.Connect})
	if err := hooks.Register(app, Templates(), Public()); err != nil {
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
