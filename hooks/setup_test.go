package hooks_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks"
	"simpul/hooks/testkit"
)

func TestAHubThatCouldLoseSavedChangesDoesNotStart(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()}) // opened as PocketBase does it by itself
	if err := hooks.Register(app, testkit.Files()); err != nil {
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
	if err := app.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}
	if err := hooks.SetUp(app); err == nil || !strings.Contains(err.Error(), "synchronous=1") {
		t.Errorf("it starts, with %v", err)
	}
}
