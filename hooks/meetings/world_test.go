package meetings_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// line is the one that the hub promises to understand.
const line = "- [ ] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)"

// world is the small world with a meeting of Kopi that was held last Friday.
type world struct {
	*testkit.World
	meeting *core.Record
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: testkit.New(t)}
	w.meeting = w.plan("title", "Rapat koordinasi", "starts_at", "2026-11-20 02:00:00.000Z", "ends_at", "2026-11-20 04:30:00.000Z", "status", "held")
	return w
}

// plan makes a meeting of Kopi on 1 December, 09.00 WIB; more fields change it.
func (w *world) plan(fields ...any) *core.Record {
	w.Helper()
	return w.Make("meetings", append([]any{"programme", w.Kopi.Id, "kind", "coordination", "title", "Rapat",
		"starts_at", "2026-12-01 02:00:00.000Z", "place", "Aula"}, fields...)...)
}

func (w *world) url() string { return "/meetings/" + w.meeting.Id }

func (w *world) minutesURL() string { return w.url() + "/minutes" }

// write saves minutes as the hub itself.
func (w *world) write(body string, fields ...any) *core.Record {
	w.Helper()
	return w.Make("minutes", append([]any{"meeting", w.meeting.Id, "body", body}, fields...)...)
}

// save saves minutes through the page as the initiator, from the stored revision.
func (w *world) save(body string) *testkit.Response {
	w.Helper()
	return w.As(w.Initiator).Post(w.minutesURL(), "body", body, "revision", w.revision())
}

// revision is the number of the stored text, "0" where there is none.
func (w *world) revision() string {
	found, err := w.App.FindFirstRecordByData("minutes", "meeting", w.meeting.Id)
	if err != nil {
		return "0"
	}
	return fmt.Sprint(found.GetInt("revision"))
}

// tasks are those of the meeting, in the order in which they were made.
func (w *world) tasks() []*core.Record {
	w.Helper()
	found := check.Must(w.App.FindRecordsByFilter("tasks", "meeting = {:m}", "created,@rowid", 0, 0, dbx.Params{"m": w.meeting.Id}))
	return found
}

// onlyTask is the single task of the meeting.
func (w *world) onlyTask() *core.Record {
	w.Helper()
	found := w.tasks()
	if len(found) != 1 {
		w.Fatalf("%d tasks came out of the minutes, want 1", len(found))
	}
	return found[0]
}

// decisions are the texts of the meeting's decisions.
func (w *world) decisions() []string {
	w.Helper()
	found := check.Must(w.App.FindRecordsByFilter("decisions", "meeting = {:m}", "created,@rowid", 0, 0, dbx.Params{"m": w.meeting.Id}))
	out := []string{}
	for _, r := range found {
		out = append(out, r.GetString("text"))
	}
	return out
}

// rows counts every collection, so that a test can say: and nothing else.
func (w *world) rows() map[string]int64 {
	w.Helper()
	all := check.Must(w.App.FindAllCollections())
	out := map[string]int64{}
	for _, c := range all {
		out[c.Name] = w.Count(c.Name)
	}
	return out
}

// unchanged fails when any collection has gained or lost a row.
func (w *world) unchanged(before map[string]int64) {
	w.Helper()
	check.Same(w, "rows before", before, w.rows())
}

// has fails unless a text holds all parts.
func has(t testing.TB, text string, parts ...string) {
	t.Helper()
	check.Contains(t, "text", text, parts...)
}

// lacks fails if a text holds any of the parts.
func lacks(t testing.TB, text string, parts ...string) {
	t.Helper()
	check.Lacks(t, "text", text, parts...)
}

// Must stops the test on an error.
func (w *world) Must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// attend puts an organisation of Kopi on the meeting's list.
func (w *world) attend(organisation *core.Record, state string, fields ...any) *core.Record {
	w.Helper()
	return w.Make("attendances", append([]any{"meeting", w.meeting.Id, "state", state,
		"stakeholder", w.Only("stakeholders", "organisation", organisation.Id).Id}, fields...)...)
}
