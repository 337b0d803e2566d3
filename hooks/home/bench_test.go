package home_test

import (
	"fmt"
	"net/http"
	"testing"

	"simpul/hooks/testkit"
)

// BenchmarkDashboard asks for a programme's page beside PocketBase's own answer
// for the rows of its task list alone.
func BenchmarkDashboard(b *testing.B) {
	w := testkit.New(b)
	for i := range 100 {
		w.Make("tasks", "programme", w.Kopi.Id, "title", fmt.Sprintf("Tugas %d", i), "organisation", w.Puskesmas.Id,
			"accountable", w.Initiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
	}
	b.Run("page", func(b *testing.B) {
		c := w.As(w.Initiator)
		for b.Loop() {
			c.Get("/programmes/kopi").Want(http.StatusOK)
		}
	})
	b.Run("rest", func(b *testing.B) {
		c := w.As(w.Initiator)
		path := "/api/collections/tasks/records?perPage=30&skipTotal=1&sort=due_on&expand=organisation,accountable&filter=programme='" + w.Kopi.Id + "'"
		for b.Loop() {
			c.API(http.MethodGet, path, nil).Want(http.StatusOK)
		}
	})
}
