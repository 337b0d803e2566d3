package faults_test

import (
	"path/filepath"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/store"

	"simpul/hooks/testkit/check"
)

// inside lets a test look into the hub's data folder, or change it, beside the
// process or between two.
func (h *hub) inside(look func(db *dbx.DB)) {
	h.Helper()
	db := check.Must(store.Connect(filepath.Join(h.dir, "data.db")))
	look(db)
	if err := db.Close(); err != nil {
		h.Error(err)
	}
}

// column reads one column of a query.
func (h *hub) column(sql string) (values []string) {
	h.Helper()
	h.inside(func(db *dbx.DB) {
		check.NoError(h, db.NewQuery(sql).Column(&values))
	})
	return values
}

// run executes SQL.
func (h *hub) run(sql string) {
	h.Helper()
	h.inside(func(db *dbx.DB) {
		check.Must(db.NewQuery(sql).Execute())
	})
}

// sound checks that the database is whole.
func (h *hub) sound() {
	h.Helper()
	if found := h.column("PRAGMA integrity_check"); len(found) != 1 || found[0] != "ok" {
		h.Errorf("the database is damaged: %v", found)
	}
	check.Equal(h, "rows point nowhere", len(h.column("SELECT \"table\" FROM pragma_foreign_key_check")), 0)
}

// app opens the data folder as the hub itself does, while no process holds it.
func (h *hub) app(use func(app core.App)) {
	h.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: h.dir, DBConnect: store.Connect})
	check.NoError(h, app.Bootstrap())
	use(app)
	check.NoError(h, app.ClearBootstrap())
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
