package migrations_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/datastore"
	_ "simpul/migrations"
)

// openApp bootstraps an app on an empty folder, without the hub's migrations.
func openApp(t *testing.T) *core.BaseApp {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir(), DBConnect: datastore.Connect})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.ClearBootstrap(); err != nil {
			t.Error(err)
		}
	})
	return app
}

// openHub is openApp with every migration applied.
func openHub(t *testing.T) *core.BaseApp {
	t.Helper()
	app := openApp(t)
	if err := app.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}
	return app
}

func TestAllMigrationsApplyOnAnEmptyFolder(t *testing.T) {
	app := openHub(t)
	for _, name := range collectionNames {
		if _, err := app.FindCollectionByNameOrId(name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// collectionNames are the hub's own collections, views last.
var collectionNames = []string{
	"users", "organisations", "contacts", "programmes", "memberships", "stages", "milestones", "stakeholders",
	"assessments", "meetings", "tasks", "minutes", "minutes_revisions", "decisions", "attendances", "contributions",
	"comments", "evidence", "indicators", "indicator_values", "reminder_rules", "deliveries", "holidays",
	"suppressions", "activity", "hub_settings", "verified_contributions",
}
