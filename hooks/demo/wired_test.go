package demo_test

import (
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks"
	"simpul/hooks/demo"
	"simpul/hooks/store"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// wired is an empty hub with every reaction bound, as it runs, and an administrator of its own.
func wired(t *testing.T) core.App {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir(), DBConnect: store.Connect})
	must(t, hooks.Register(app, testkit.Files()))
	must(t, app.Bootstrap())
	t.Cleanup(func() { must(t, app.ClearBootstrap()) })
	must(t, app.RunAllMigrations())
	must(t, hooks.SetUp(app))
	administrators, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	must(t, err)
	r := core.NewRecord(administrators)
	r.SetEmail("administrator@hub.test")
	r.SetPassword("a long real password")
	must(t, app.Save(r))
	return app
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// rows counts every collection but the activity, which never forgets.
func rows(t *testing.T, app core.App) map[string]int64 {
	t.Helper()
	collections, err := app.FindAllCollections(core.CollectionTypeBase, core.CollectionTypeAuth)
	must(t, err)
	counted := map[string]int64{}
	for _, c := range collections {
		if c.Name == "activity" {
			continue
		}
		counted[c.Name], err = app.CountRecords(c)
		must(t, err)
	}
	return counted
}

func TestLoadAndRemove_AllHooks_LeaveNothing(t *testing.T) {
	app := wired(t)
	before := rows(t, app)
	must(t, demo.Load(app, testkit.Monday))
	for _, p := range demo.People(app) {
		if p.Role == "administrator" {
			continue
		}
		user, err := app.FindAuthRecordByEmail("users", p.Email)
		must(t, err)
		programme, err := app.FindFirstRecordByData("programmes", "name", p.Programme)
		must(t, err)
		member, err := app.CountRecords("memberships", dbx.HashExp{"user": user.Id, "programme": programme.Id, "role": p.Role})
		must(t, err)
		check.That(t, member == 1, "%s is %d times %s of %s", p.Email, member, p.Role, p.Programme)
	}
	must(t, demo.Remove(app))
	check.Same(t, "rows before", before, rows(t, app))
}
