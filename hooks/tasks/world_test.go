package tasks_test

import (
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
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

// people are all who can sign in, but for the administrator.
func people(w *world) []*core.Record {
	return []*core.Record{w.Initiator, w.Coordinator, w.Observer, w.Partner, w.OtherPartner, w.BaliInitiator, w.BaliPartner, w.Outsider}
}

// entered views Kopi through a person's scope.
func entered(w *world, person *core.Record) (*access.Scope, *programmes.Programme) {
	w.Helper()
	d := access.As(w.App, person)
	p := check.Must(programmes.ByID(d, w.Kopi.Id))
	return d, p
}

func mustAt(t *testing.T, day, hour, zone string) time.Time {
	t.Helper()
	at, err := clock.At(day, hour, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// collect gathers the words of each selected element.
func collect(into *[]string) func(int, *goquery.Selection) {
	return func(_ int, s *goquery.Selection) {
		*into = append(*into, strings.Join(strings.Fields(s.Text()), " "))
	}
}
