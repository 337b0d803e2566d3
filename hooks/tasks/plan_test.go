package tasks_test

import (
	"context"
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/testkit/check"
)

// spied collects the queries that ask for tasks while f runs.
func spied(w *world, f func()) []string {
	w.Helper()
	db, ok := w.App.ConcurrentDB().(*dbx.DB)
	if !ok {
		w.Fatal("the database cannot be listened to")
	}
	queries := []string{}
	was := db.QueryLogFunc
	db.QueryLogFunc = func(_ context.Context, _ time.Duration, query string, _ *sql.Rows, _ error) {
		if strings.Contains(query, "FROM `tasks`") {
			queries = append(queries, query)
		}
	}
	f()
	db.QueryLogFunc = was
	return queries
}

// Whatever a list is narrowed to, it looks only at tasks that an index leads to.
func TestEveryListFindsItsTasksByAnIndex(t *testing.T) {
	w := newWorld(t)
	lists := map[string][]string{
		"/programmes/kopi/tasks": {"", "?state=done", "?state=all", "?mine=1", "?followed=1", "?late=1", "?week=1", "?reply=none", "?reply=trouble",
			"?organisation=" + w.Forum.Id, "?page=2"},
		"/tasks": {"", "?followed=1", "?mine=1", "?late=1", "?week=1", "?reply=none", "?reply=trouble"},
	}
	for base, queries := range lists {
		for _, query := range queries {
			asked := spied(w, func() { w.As(w.Partner).Get(base + query).Want(http.StatusOK) })
			asked = append(asked, spied(w, func() { w.As(w.Initiator).Get(base + query).Want(http.StatusOK) })...)
			if len(asked) < 2 {
				t.Errorf("%s%s asks for no tasks", base, query)
			}
			for _, q := range asked {
				explain(w, base+query, q)
			}
		}
	}
}

func explain(w *world, list, query string) {
	w.Helper()
	for _, step := range steps(w, query) {
		if strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "CONSTANT ROW") {
			w.Errorf("%s goes through a whole table: %s\n%s", list, step, query)
		}
	}
}

func steps(w *world, query string) (details []string) {
	w.Helper()
	var found []struct {
		Detail string `db:"detail"`
	}
	check.NoError(w, w.App.DB().NewQuery("EXPLAIN QUERY PLAN "+query).All(&found))
	for _, step := range found {
		details = append(details, step.Detail)
	}
	return details
}

// A programme's open tasks come out of the index in the order of the list, so
// that the first page costs the same however many there are.
func TestTheListOfOpenTasksIsNotSortedAnew(t *testing.T) {
	w := newWorld(t)
	for _, query := range []string{"", "?page=2"} {
		asked := spied(w, func() { w.As(w.Initiator).Get("/programmes/kopi/tasks" + query).Want(http.StatusOK) })
		for _, q := range asked {
			how := strings.Join(steps(w, q), "; ")
			if !strings.Contains(how, "idx_tasks_open") || strings.Contains(how, "TEMP B-TREE") {
				t.Errorf("%s: %s\n%s", query, how, q)
			}
		}
		if len(asked) == 0 {
			t.Errorf("%s asks for no tasks", query)
		}
	}
}
