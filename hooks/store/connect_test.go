package store

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

// bootstrap opens an app on an empty folder with the given way to connect.
func bootstrap(t *testing.T, connect core.DBConnectFunc) *core.BaseApp {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir(), DBConnect: connect})
	check.NoError(t, app.Bootstrap())
	t.Cleanup(func() {
		check.NoError(t, app.ClearBootstrap())
	})
	return app
}

func TestAssert_EachConnection_OnlyConnectAccepted(t *testing.T) {
	unsafe := func(replace, by string) core.DBConnectFunc {
		return func(path string) (*dbx.DB, error) {
			return dbx.Open("sqlite", path+strings.Replace(pragmas, replace, by, 1))
		}
	}
	cases := []struct {
		name    string
		connect core.DBConnectFunc
		says    string
	}{
		{"our own", Connect, ""},
		{"PocketBase's default", core.DefaultDBConnect, "journal_mode=wal synchronous=1"},
		{"synchronous off", unsafe("FULL", "OFF"), "journal_mode=wal synchronous=0"},
		{"a rollback journal", unsafe("WAL", "DELETE"), "journal_mode=delete synchronous=2"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := Assert(bootstrap(t, c.connect))
			if c.says == "" {
				check.That(t, err == nil, "refused: %v", err)
				return
			}
			if err == nil {
				t.Fatal("accepted")
			}
			for _, pool := range []string{"data.db, writing", "data.db, reading", "auxiliary.db, writing", "auxiliary.db, reading"} {
				if want := pool + " runs " + c.says; !strings.Contains(err.Error(), want) {
					t.Errorf("%v does not say %q", err, want)
				}
			}
		})
	}
}

func TestAssert_ClosedDatabase_Fails(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir(), DBConnect: Connect})
	check.NoError(t, app.Bootstrap())
	check.NoError(t, app.NonconcurrentDB().(*dbx.DB).Close())
	if err := Assert(app); err == nil || !strings.Contains(err.Error(), "data.db, writing") {
		t.Errorf("closed database gave %v", err)
	}
	check.NoError(t, app.ClearBootstrap())
}

// The one wanted difference to PocketBase is synchronous; a new version that
// changes another setting must be noticed here.
func TestConnect_Pragmas_OneDifference(t *testing.T) {
	ours, theirs := bootstrap(t, Connect), bootstrap(t, core.DefaultDBConnect)
	for _, pragma := range []string{"busy_timeout", "journal_mode", "journal_size_limit", "foreign_keys", "temp_store", "cache_size"} {
		if a, b := read(t, ours, pragma), read(t, theirs, pragma); a != b {
			t.Errorf("%s: ours %s, PocketBase's %s", pragma, a, b)
		}
	}
	check.Equal(t, "synchronous", read(t, ours, "synchronous"), "2")
}

func TestConnect_WritableSchema_Refused(t *testing.T) {
	app := bootstrap(t, Connect)
	check.Must(app.NonconcurrentDB().NewQuery("PRAGMA writable_schema = ON").Execute())
	if _, err := app.NonconcurrentDB().NewQuery("UPDATE sqlite_master SET sql = '' WHERE name = '_params'").Execute(); err == nil {
		t.Error("the schema could be rewritten")
	}
}

func read(t *testing.T, app core.App, pragma string) string {
	t.Helper()
	var value string
	check.NoError(t, app.NonconcurrentDB().NewQuery("PRAGMA "+pragma).Row(&value))
	return value
}
