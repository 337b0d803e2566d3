package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"simpul/hooks/store"
)

// oneConn is a database with the numbers 1 to 3, read by a single connection, so
// that every query meets the statements of the earlier ones.
func oneConn(t *testing.T) *sql.DB {
	t.Helper()
	db, err := store.Connect(filepath.Join(t.TempDir(), "data.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	db.DB().SetMaxOpenConns(1)
	run(t, db.DB(), "CREATE TABLE numbers (n INTEGER)")
	run(t, db.DB(), "INSERT INTO numbers VALUES (1), (2), (3)")
	return db.DB()
}

func run(t *testing.T, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

// numbers are the first columns that a query finds.
func numbers(t *testing.T, q interface {
	QueryContext(context.Context, string, ...any) (*sql.Rows, error)
}, query string, args ...any) (found []int) {
	t.Helper()
	rows, err := q.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		found = append(found, n)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return found
}

func TestQuery_Repeated_FindsWhatIsStoredNow(t *testing.T) {
	db := oneConn(t)
	for n := 4; n <= 6; n++ {
		run(t, db, "INSERT INTO numbers VALUES (?)", n)
		if got := numbers(t, db, "SELECT n FROM numbers WHERE n >= ?", 4); len(got) != n-3 || got[n-4] != n {
			t.Errorf("after %d numbers = %v", n, got)
		}
	}
	if got := numbers(t, db, "SELECT n FROM numbers WHERE n > ?", 99); got != nil {
		t.Errorf("numbers = %v, want none", got)
	}
}

func TestQuery_WithinItsOwnRows_ReadsBoth(t *testing.T) {
	const query = "SELECT n FROM numbers WHERE n > ? ORDER BY n"
	tx, err := oneConn(t).Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	outer, err := tx.Query(query, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer outer.Close()
	var seen []int
	for outer.Next() {
		var n int
		if err := outer.Scan(&n); err != nil {
			t.Fatal(err)
		}
		seen = append(seen, n)
		if got := numbers(t, tx, query, n); len(got) != 3-n {
			t.Errorf("above %d numbers = %v", n, got)
		}
	}
	if !slices.Equal(seen, []int{1, 2, 3}) {
		t.Errorf("outer = %v, want 1 to 3", seen)
	}
}

func TestQuery_ChangedSchema_ReadsNewColumns(t *testing.T) {
	db := oneConn(t)
	for want := 1; want <= 3; want++ {
		rows, err := db.Query("SELECT * FROM numbers")
		if err != nil {
			t.Fatal(err)
		}
		rows.Next()
		if columns, err := rows.Columns(); err != nil || len(columns) != want {
			t.Errorf("columns = %v, %v, want %d", columns, err, want)
		}
		_ = rows.Close()
		run(t, db, fmt.Sprintf("ALTER TABLE numbers ADD COLUMN c%d TEXT", want))
	}
}

func TestQuery_MoreThanAreKept_StillFinds(t *testing.T) {
	db := oneConn(t)
	for round := range 2 {
		for i := range 250 {
			if got := numbers(t, db, fmt.Sprintf("SELECT %d FROM numbers LIMIT 1", i)); len(got) != 1 || got[0] != i {
				t.Fatalf("round %d: numbers = %v, want %d", round, got, i)
			}
		}
	}
}

func TestQuery_EndedContext_LeavesTheStatementUsable(t *testing.T) {
	db := oneConn(t)
	const slow = "WITH RECURSIVE up(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM up WHERE n < ?) SELECT MAX(n) FROM up"
	ctx, cancel := context.WithCancel(t.Context())
	go cancel()
	if err := db.QueryRowContext(ctx, slow, 1<<40).Scan(new(int)); err == nil {
		t.Fatal("an endless query came to an end")
	}
	if got := numbers(t, db, slow, 5); !slices.Equal(got, []int{5}) {
		t.Errorf("numbers = %v, want 5", got)
	}
}
