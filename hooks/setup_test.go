package hooks_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestSetUp_UnsafeDatabase_Fails(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()}) // opened as PocketBase does it by itself
	check.NoError(t, hooks.Register(app, testkit.Files()))
	check.NoError(t, app.Bootstrap())
	t.Cleanup(func() {
		check.NoError(t, app.ClearBootstrap())
	})
	check.NoError(t, app.RunAllMigrations())
	if err := hooks.SetUp(app); err == nil || !strings.Contains(err.Error(), "synchronous=1") {
		t.Errorf("it starts, with %v", err)
	}
}
