package migrations_test

import (
	"compress/gzip"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/store"
	"simpul/hooks/testkit/check"
)

// storedPath is a database as version 0.1.0 left it: its schema, the access
// rules and a record in every collection. Until 0.1.0 is released, a changed
// description needs a new file:
//
//	go test ./migrations -run Stored -write-stored
//
// From the release on the file stays as it is, and so do the migrations of that
// version: a change is one migration more.
var (
	storedPath = filepath.Join("testdata", "0.1.0.db.gz")
	rewrite    = flag.Bool("write-stored", false, "write testdata/0.1.0.db.gz anew; only until 0.1.0 is released")
)

func TestMigrations_StoredDatabase_EqualsFreshAndKeepsRows(t *testing.T) {
	if *rewrite {
		writeStored(t)
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "data.db")
	unpackStored(t, path)
	db := check.Must(store.Connect(path))
	before := readRows(t, db)
	check.NoError(t, db.Close())
	stored, fresh := opened(t, dir), openHub(t)

	check.NoError(t, stored.RunAllMigrations())

	check.NoError(t, errors.Join(access.Apply(stored), access.Apply(fresh)))
	if diff := cmp.Diff(readSchema(t, fresh), readSchema(t, stored)); diff != "" {
		t.Errorf("the schema differs (-fresh +stored): add a migration instead of changing a released one;\n"+
			"until 0.1.0 is released, run go test ./migrations -run Stored -write-stored\n%s", diff)
	}
	after := readRows(t, stored.DB())
	for table, rows := range before {
		check.That(t, len(rows) != 0, "the stored database has no row in %s", table)
		for id, row := range rows {
			keepCommon(row, after[table][id])
			if diff := cmp.Diff(row, after[table][id]); diff != "" {
				t.Errorf("%s %s (-before +after):\n%s", table, id, diff)
			}
		}
	}
}

// keepCommon deletes the columns that only one of two states of a row has: a
// migration may add and remove columns.
func keepCommon(before, after map[string]string) {
	if after == nil {
		return // the row is gone, which is a difference
	}
	maps.DeleteFunc(before, func(column, _ string) bool { _, stays := after[column]; return !stays })
	maps.DeleteFunc(after, func(column, _ string) bool { _, known := before[column]; return !known })
}

// readRows returns every row of the hub's own tables and of the administrators,
// by table, id and column.
func readRows(t *testing.T, db dbx.Builder) map[string]map[string]map[string]string {
	t.Helper()
	var tables []string
	check.NoError(t, db.NewQuery(`SELECT name FROM _collections WHERE type != 'view' AND (NOT system OR name = '_superusers')`).Column(&tables))
	read := map[string]map[string]map[string]string{}
	for _, table := range tables {
		read[table] = map[string]map[string]string{}
		var rows []dbx.NullStringMap
		check.NoError(t, db.Select().From(table).All(&rows))
		for _, row := range rows {
			plain := map[string]string{}
			for column, value := range row {
				plain[column] = value.String
			}
			read[table][plain["id"]] = plain
		}
	}
	return read
}

func unpackStored(t *testing.T, path string) {
	t.Helper()
	packed, err := os.Open(storedPath)
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	body, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(file, body)
	check.NoError(t, errors.Join(err, file.Close()))
}

// writeStored makes the stored database from the present descriptions.
func writeStored(t *testing.T) {
	t.Helper()
	h := fillHub(t)
	h.must(core.CollectionNameSuperusers, values{"email": "admin@example.org", "password": "sepuluh huruf"})
	check.NoError(t, access.Apply(h))
	plain := filepath.Join(t.TempDir(), "plain.db")
	check.Must(h.DB().NewQuery("VACUUM INTO {:path}").Bind(dbx.Params{"path": plain}).Execute())
	body, err := os.ReadFile(plain)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Create(storedPath)
	if err != nil {
		t.Fatal(err)
	}
	packed := gzip.NewWriter(file)
	_, err = packed.Write(body)
	check.NoError(t, errors.Join(err, packed.Close(), file.Close()))
}

func TestVerifiedContributions_View_WithoutValueAndNote(t *testing.T) {
	h := fillHub(t)
	if h.count("verified_contributions") != 0 {
		t.Fatal("a gift that waits for its review can be seen")
	}
	gift := check.Must(h.FindRecordById("contributions", h.ids["contributions"]))
	gift.Set("review_status", "verified")
	gift.Set("verified_quantity", 18)
	check.NoError(t, h.Save(gift))
	seen := check.Must(h.FindRecordById("verified_contributions", gift.Id))
	if seen.GetFloat("quantity") != 18 || seen.GetString("unit") != "package" || seen.GetString("contributor") != h.ids["organisations"] {
		t.Errorf("seen: %v", seen.PublicExport())
	}
	for _, secret := range []string{"value_idr", "verified_value_idr", "note", "review_note", "logged_by"} {
		check.That(t, seen.Collection().Fields.GetByName(secret) == nil, "others see %s", secret)
	}
	for _, relation := range []string{"programme", "contributor", "recipient"} {
		check.Equal(t, relation+" is no relation in the view, so rules cannot follow", seen.Collection().Fields.GetByName(relation).Type(), core.FieldTypeRelation)
	}
}

func TestVerifiedContributions_View_WithoutMoney(t *testing.T) {
	h := fillHub(t)
	gift := check.Must(h.FindRecordById("contributions", h.ids["contributions"]))
	for field, value := range map[string]any{"kind": "money", "unit": "rupiah", "quantity": 5_000_000,
		"verified_quantity": 5_000_000, "review_status": "verified"} {
		gift.Set(field, value)
	}
	check.NoError(t, h.Save(gift))
	seen := check.Must(h.FindRecordById("verified_contributions", gift.Id))
	if seen.GetFloat("quantity") != 0 || seen.GetString("kind") != "money" {
		t.Errorf("seen: %v", seen.PublicExport())
	}
}

// Lists of a programme must come out of an index in order: sorting a hundred
// thousand rows for thirty of them is what makes lists slow.
func TestIndexes_Lists_ReadInOrder(t *testing.T) {
	lists := []string{
		"tasks WHERE programme = 'p' ORDER BY due_on",
		"tasks WHERE programme = 'p' AND state = 'todo' ORDER BY due_on",
		"tasks WHERE organisation = 'o' AND state = 'todo' ORDER BY due_on",
		"meetings WHERE programme = 'p' ORDER BY starts_at",
		"milestones WHERE programme = 'p' ORDER BY due_on",
		"stages WHERE programme = 'p' ORDER BY position",
		"contributions WHERE programme = 'p' ORDER BY given_on DESC",
		"contributions WHERE programme = 'p' AND review_status = 'submitted' ORDER BY given_on",
		"comments WHERE task = 't' ORDER BY created",
		"indicator_values WHERE indicator = 'i' ORDER BY `on` DESC",
		"assessments WHERE stakeholder = 's' ORDER BY assessed_on DESC",
		"deliveries WHERE state = 'planned' AND due_at <= 'now' ORDER BY due_at",
		"deliveries WHERE programme = 'p' ORDER BY due_at DESC",
		"activity WHERE programme = 'p' ORDER BY created DESC",
		"memberships WHERE user = 'u' AND programme = 'p'",
		"contacts WHERE user = 'u'",
	}
	for _, list := range lists {
		for _, step := range plan(t, reading.DB(), "SELECT * FROM "+list) {
			check.That(t, !strings.Contains(step, "TEMP B-TREE") && !strings.HasPrefix(step, "SCAN"), "%s: %s", list, step)
		}
	}
}

// What a task was changed to last is asked with every answer to it. Analysed with
// one row, SQLite reads the whole table from its end for that.
func TestAnalyze_ManyActivities_HistoryOfTaskUsesIndex(t *testing.T) {
	app := openHub(t)
	const history = `SELECT changes FROM activity WHERE collection = 'tasks' AND record = 'r7'
		AND json_type(changes, '$.state') IS NOT NULL ORDER BY _rowid_ DESC LIMIT 1`
	insert := func(n string) string {
		return `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ` + n + `)
			INSERT INTO activity (via, collection, record, action, changes, created)
			SELECT 'page', 'tasks', 'r' || (i % 2000), 'update', '{}', '2026-12-10 01:00:00.000Z' FROM n`
	}
	for _, statement := range []string{insert("1"), "ANALYZE", insert("25000")} {
		check.Must(app.NonconcurrentDB().NewQuery(statement).Execute())
	}
	before := plan(t, app.NonconcurrentDB(), history)

	check.NoError(t, store.Analyze(app))

	check.That(t, strings.HasPrefix(before[0], "SCAN activity"), "before: %v, so this proves nothing", before)
	for name, db := range map[string]dbx.Builder{"reading": app.ConcurrentDB(), "writing": app.NonconcurrentDB()} {
		if got := plan(t, db, history); !strings.HasPrefix(got[0], "SEARCH activity USING INDEX idx_activity_record_created") {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// plan returns the steps by which SQLite answers a query.
func plan(t *testing.T, db dbx.Builder, query string) (steps []string) {
	t.Helper()
	// A connection notices a changed schema when it runs a statement, which EXPLAIN does not.
	check.Must(db.NewQuery("SELECT 1 FROM sqlite_schema").Execute())
	var rows []struct {
		Detail string `db:"detail"`
	}
	if err := db.NewQuery("EXPLAIN QUERY PLAN " + query).All(&rows); err != nil || len(rows) == 0 {
		t.Fatalf("%s: %d steps, %v", query, len(rows), err)
	}
	for _, row := range rows {
		steps = append(steps, row.Detail)
	}
	return steps
}
