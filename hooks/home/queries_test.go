package home_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// countQueries counts what a page reads from the database.
func countQueries(app core.App, visit func()) (queries []string) {
	for _, builder := range []dbx.Builder{app.ConcurrentDB(), app.NonconcurrentDB()} {
		db := builder.(*dbx.DB)
		before := db.QueryLogFunc
		db.QueryLogFunc = func(_ context.Context, _ time.Duration, query string, _ *sql.Rows, _ error) {
			queries = append(queries, query)
		}
		defer func() { db.QueryLogFunc = before }()
	}
	visit()
	return queries
}

func TestX(t *testing.T) {
	w := testkit.New(t)
	for i := range 5 {
		w.Make("tasks", "programme", w.Kopi.Id, "title", fmt.Sprintf("Tugas %d", i), "organisation", w.Puskesmas.Id,
			"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
	}
	for _, c := range []struct {
		p *core.Record
		path string
	}{{w.Initiator, "/"}, {w.Partner, "/"}, {w.Initiator, "/programmes/kopi"}, {w.Partner, "/programmes/kopi"}, {w.Initiator, "/programmes/kopi/tasks"}} {
		cl := w.As(c.p)
		cl.Get(c.path).Want(http.StatusOK)
		q := countQueries(w.App, func() { cl.Get(c.path).Want(http.StatusOK) })
		fmt.Println("#####", c.p.GetString("name"), c.path, len(q))
		if os.Getenv("Q") != "" {
			for _, s := range q {
				fmt.Println("  ", s)
			}
		}
	}
}
