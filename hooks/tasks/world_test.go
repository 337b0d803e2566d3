package tasks_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// world is the small world with a task of Puskesmas in Kopi, due on Thursday.
type world struct {
	*testkit.World
	task *core.Record
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: testkit.New(t)}
	w.task = w.add("title", "Jadwalkan kunjungan rumah", "due_on", "2026-11-26")
	return w
}

// add makes a task of Puskesmas in Kopi; more fields change it.
func (w *world) add(fields ...any) *core.Record {
	w.Helper()
	return w.Make("tasks", append([]any{"programme", w.Kopi.Id, "organisation", w.Puskesmas.Id, "title", "Tugas"}, fields...)...)
}

func (w *world) url() string { return "/tasks/" + w.task.Id }

func (w *world) api() string { return "/api/collections/tasks/records/" + w.task.Id }
