package store

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

const (
	history = "SELECT change FROM history WHERE record = 'r7' AND action = 'update' ORDER BY _rowid_ DESC LIMIT 1"
	scan    = "SCAN history"
	search  = "SEARCH history USING INDEX history_record (record=?)"
)

func TestAnalyze_GrownTable_EveryConnectionChoosesTheIndex(t *testing.T) {
	app := bootstrap(t, Connect)
	writing, reading := app.NonconcurrentDB().(*dbx.DB), app.ConcurrentDB().(*dbx.DB)
	for _, statement := range []string{
		"CREATE TABLE history (record TEXT, action TEXT, change TEXT)",
		"CREATE INDEX history_record ON history (record)",
		"INSERT INTO history VALUES ('r7', 'update', '')",
		"ANALYZE",
	} {
		must(t, app, statement)
	}
	connections := map[string]*sql.Conn{}
	for name, db := range map[string]*dbx.DB{"the writer": writing, "a reader": reading, "another reader": reading} {
		connection := check.Must(db.DB().Conn(context.Background()))
		defer connection.Close()
		connections[name] = connection
		planned(t, name, connection, scan) // with one row there is nothing to gain
	}
	fill := `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		INSERT INTO history SELECT 'r' || (i % 2000), 'update', '' FROM n`
	check.Must(connections["the writer"].ExecContext(context.Background(), fill))
	for name, connection := range connections {
		planned(t, name, connection, scan)
	}

	// The app has one writing connection: whoever holds it gives it back first.
	check.NoError(t, connections["the writer"].Close())
	check.NoError(t, Analyze(app))
	writer, err := writing.DB().Conn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close()
	connections["the writer"] = writer

	for name, connection := range connections {
		planned(t, name, connection, search)
	}
	var limit, views int
	if err := connections["the writer"].QueryRowContext(context.Background(), "PRAGMA analysis_limit").Scan(&limit); err != nil || limit != 0 {
		t.Errorf("the writing connection analyses %d rows from now on, %v", limit, err)
	}
	err = connections["a reader"].QueryRowContext(context.Background(), "SELECT COUNT(*) FROM sqlite_master WHERE name = '_reload'").Scan(&views)
	check.That(t, err == nil && views == 0, "%d views are left, %v", views, err)
}

// planned checks how a connection would answer the question for the newest change of a record.
func planned(t *testing.T, name string, connection *sql.Conn, want string) {
	t.Helper()
	// A connection notices a changed schema when it runs a statement, which EXPLAIN does not.
	var rows int
	check.NoError(t, connection.QueryRowContext(context.Background(), "SELECT COUNT(*) FROM history").Scan(&rows))
	var id, parent, unused int
	var detail string
	check.NoError(t, connection.QueryRowContext(context.Background(), "EXPLAIN QUERY PLAN "+history).Scan(&id, &parent, &unused, &detail))
	check.That(t, strings.HasPrefix(detail, want), "%s plans %q, want %q", name, detail, want)
}

func must(t *testing.T, app core.App, query string) {
	t.Helper()
	if _, err := app.NonconcurrentDB().NewQuery(query).Execute(); err != nil {
		t.Fatal(err)
	}
}
