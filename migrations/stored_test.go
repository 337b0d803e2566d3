package migrations_test

import (
	"compress/gzip"
	"errors"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/store"
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
	db, err := store.Connect(path)
	if err != nil {
		t.Fatal(err)
	}
	before := readRows(t, db)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	stored, fresh := opened(t, dir), openHub(t)

	if err := stored.RunAllMigrations(); err != nil {
		t.Fatal(err)
	}

	if err := errors.Join(access.Apply(stored), access.Apply(fresh)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(readSchema(t, fresh), readSchema(t, stored)); diff != "" {
		t.Errorf("the schema differs (-fresh +stored): add a migration instead of changing a released one;\n"+
			"until 0.1.0 is released, run go test ./migrations -run Stored -write-stored\n%s", diff)
	}
	after := readRows(t, stored.DB())
	for table, rows := range before {
		if len(rows) == 0 {
			t.Errorf("the stored database has no row in %s", table)
		}
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
	err := db.NewQuery(`SELECT name FROM _collections WHERE type != 'view' AND (NOT system OR name = '_superusers')`).Column(&tables)
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]map[string]map[string]string{}
	for _, table := range tables {
		read[table] = map[string]map[string]string{}
		var rows []dbx.NullStringMap
		if err := db.Select().From(table).All(&rows); err != nil {
			t.Fatal(err)
		}
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
	if err := errors.Join(err, file.Close()); err != nil {
		t.Fatal(err)
	}
}

// writeStored makes the stored database from the present descriptions.
func writeStored(t *testing.T) {
	t.Helper()
	h := fillHub(t)
	h.must(core.CollectionNameSuperusers, values{"email": "admin@example.org", "password": "sepuluh huruf"})
	if err := access.Apply(h); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(t.TempDir(), "plain.db")
	if _, err := h.DB().NewQuery("VACUUM INTO {:path}").Bind(dbx.Params{"path": plain}).Execute(); err != nil {
		t.Fatal(err)
	}
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
	if err := errors.Join(err, packed.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
}
