package faults_test

import (
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/store"
)

// inside lets a test look into the hub's data folder, or change it, beside the
// process or between two.
func (h *hub) inside(look func(db *dbx.DB)) {
	h.Helper()
	db, err := store.Connect(filepath.Join(h.dir, "data.db"))
	if err != nil {
		h.Fatal(err)
	}
	look(db)
	if err := db.Close(); err != nil {
		h.Error(err)
	}
}

// column reads one column of a query.
func (h *hub) column(sql string) (values []string) {
	h.Helper()
	h.inside(func(db *dbx.DB) {
		if err := db.NewQuery(sql).Column(&values); err != nil {
			h.Fatal(err)
		}
	})
	return values
}

// run executes SQL.
func (h *hub) run(sql string) {
	h.Helper()
	h.inside(func(db *dbx.DB) {
		if _, err := db.NewQuery(sql).Execute(); err != nil {
			h.Fatal(err)
		}
	})
}

// sound checks that the database is whole.
func (h *hub) sound() {
	h.Helper()
	if found := h.column("PRAGMA integrity_check"); len(found) != 1 || found[0] != "ok" {
		h.Errorf("the database is damaged: %v", found)
	}
	if found := h.column("SELECT \"table\" FROM pragma_foreign_key_check"); len(found) != 0 {
		h.Errorf("rows point nowhere in %v", found)
	}
}

// app opens the data folder as the hub itself does, while no process holds it.
func (h *hub) app(use func(app core.App)) {
	h.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: h.dir, DBConnect: store.Connect})
	if err := app.Bootstrap(); err != nil {
		h.Fatal(err)
	}
	use(app)
	if err := app.ClearBootstrap(); err != nil {
		h.Fatal(err)
	}
}

// chained checks that the activity is one unbroken chain.
func (h *hub) chained() {
	h.Helper()
	h.app(func(app core.App) {
		if broken, err := access.VerifyActivity(app); err != nil || broken != "" {
			h.Errorf("the activity breaks at %q, %v", broken, err)
		}
	})
}
