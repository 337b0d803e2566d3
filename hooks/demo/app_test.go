package demo

import (
	"errors"
	"log"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	_ "simpul/migrations"
)

// loadDay is a Wednesday, 10.00 in Jakarta.
var loadDay = time.Date(2026, 11, 18, 3, 0, 0, 0, time.UTC)

var errRefused = errors.New("refused for the test")

// templates are two hubs made once, an empty and a loaded one; every test works on a copy.
var templates struct{ empty, loaded string }

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	templates.empty, templates.loaded = filepath.Join(folder, "empty"), filepath.Join(folder, "loaded")
	if err := makeTemplates(); err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	if err := os.RemoveAll(folder); err != nil {
		log.Fatal(err)
	}
	os.Exit(code)
}

func makeTemplates() error {
	app, err := start(templates.empty)
	if err != nil {
		return err
	}
	if err := errors.Join(app.RunAllMigrations(), hashQuickly(app), app.ClearBootstrap()); err != nil {
		return err
	}
	if err := os.CopyFS(templates.loaded, os.DirFS(templates.empty)); err != nil {
		return err
	}
	if app, err = start(templates.loaded); err != nil {
		return err
	}
	return errors.Join(Load(app, loadDay), app.ClearBootstrap())
}

func start(folder string) (*core.BaseApp, error) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: folder})
	return app, app.Bootstrap()
}

// hashQuickly lowers the cost of passwords, which would take most of the time otherwise.
func hashQuickly(app core.App) error {
	for _, name := range []string{"users", core.CollectionNameSuperusers} {
		collection, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		collection.Fields.GetByName("password").(*core.PasswordField).Cost = 4
		if err := app.Save(collection); err != nil {
			return err
		}
	}
	return nil
}

// newApp is an empty hub on a real database.
func newApp(t *testing.T) core.App { return copyOf(t, templates.empty) }

// loadedApp is a hub that holds the example and nothing else.
func loadedApp(t *testing.T) core.App { return copyOf(t, templates.loaded) }

func copyOf(t *testing.T, template string) core.App {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "data")
	must(t, os.CopyFS(folder, os.DirFS(template)))
	app, err := start(folder)
	must(t, err)
	t.Cleanup(func() { must(t, app.ClearBootstrap()) })
	return app
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// save makes a record of the hub's own, not of the example.
func save(t *testing.T, app core.App, collection string, fields map[string]any) *core.Record {
	t.Helper()
	c, err := app.FindCollectionByNameOrId(collection)
	must(t, err)
	r := core.NewRecord(c)
	r.Load(fields)
	must(t, app.Save(r))
	return r
}

func find(t *testing.T, app core.App, collection, key string) *core.Record {
	t.Helper()
	r, err := app.FindRecordById(collection, idOf(collection, key))
	if err != nil {
		t.Fatalf("%s %s: %v", collection, key, err)
	}
	return r
}

func exists(app core.App, collection, id string) bool {
	_, err := app.FindRecordById(collection, id)
	return err == nil
}

func count(t *testing.T, app core.App, collection string, where ...dbx.Expression) int64 {
	t.Helper()
	n, err := app.CountRecords(collection, where...)
	must(t, err)
	return n
}

// rows counts every collection that stores something.
func rows(t *testing.T, app core.App) map[string]int64 {
	t.Helper()
	collections, err := app.FindAllCollections(core.CollectionTypeBase, core.CollectionTypeAuth)
	must(t, err)
	counted := map[string]int64{}
	for _, c := range collections {
		counted[c.Name] = count(t, app, c.Name)
	}
	return counted
}

func all(t *testing.T) dataset {
	t.Helper()
	everything, err := open()
	must(t, err)
	return everything
}

func local(t *testing.T, r *core.Record, field, zone string) string {
	t.Helper()
	return r.GetDateTime(field).Time().In(clock.Zone(zone)).Format("2006-01-02 15:04")
}
