package home_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// countQueries counts the statements that reach the database during a visit.
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

// leadTen makes the initiator the lead of nine more programmes, with tasks and contributions in each.
func leadTen(w *testkit.World) {
	w.Helper()
	ids := []string{w.Kopi.Id}
	for i := range 9 {
		p := w.Make("programmes", "name", fmt.Sprintf("Program %d", i), "slug", fmt.Sprintf("program-%d", i), "owner", w.Forum.Id,
			"province", "Jawa Tengah", "time_zone", "Asia/Jakarta", "status", "active")
		w.Make("memberships", "programme", p.Id, "user", w.Initiator.Id, "role", "initiator")
		w.Make("stakeholders", "programme", p.Id, "organisation", w.Puskesmas.Id)
		ids = append(ids, p.Id)
	}
	for _, id := range ids {
		for i := range 10 {
			w.Make("tasks", "programme", id, "title", fmt.Sprintf("Tugas %d", i), "organisation", w.Puskesmas.Id,
				"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
		}
		w.Make("contributions", "programme", id, "contributor", w.Puskesmas.Id, "kind", "goods", "item", "sembako", "quantity", 20,
			"unit", "package", "given_on", "2026-11-20", "review_status", "submitted", "logged_by", w.Partner.Id)
	}
}

func TestPages_TenProgrammes_FewQueries(t *testing.T) {
	w := testkit.New(t)
	leadTen(w)
	for _, c := range []struct {
		name, path string
		person     *core.Record
		most       int
	}{
		{"home of a lead", "/", w.Initiator, 12},
		{"home of a partner", "/", w.Partner, 5},
		{"dashboard of a lead", "/programmes/kopi", w.Initiator, 13},
		{"dashboard of a partner", "/programmes/kopi", w.Partner, 15},
		{"task list", "/programmes/kopi/tasks", w.Initiator, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := w.As(c.person)
			client.Get(c.path).Want(http.StatusOK)
			queries := countQueries(w.App, func() { client.Get(c.path) })
			if len(queries) > c.most {
				t.Errorf("%d queries, at most %d:", len(queries), c.most)
				for _, query := range queries {
					t.Log(query)
				}
			}
		})
	}
}

// cpu is the processor time of the process, which a loaded machine changes least.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}

func BenchmarkPages(b *testing.B) {
	w := testkit.New(b)
	leadTen(w)
	for _, path := range []string{"/", "/programmes/kopi", "/programmes/kopi/tasks", "/contributions/new?programme=kopi"} {
		b.Run(path, func(b *testing.B) {
			c := w.As(w.Initiator)
			before, n := cpu(b), 0
			for b.Loop() {
				c.Get(path).Want(http.StatusOK)
				n++
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/float64(n), "cpu-ms/op")
		})
	}
}
