package meetings_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

var errBroken = errors.New("the disk is full")

func TestATaskThatFailsTakesTheWholeSaveBack(t *testing.T) {
	w := newWorld(t)
	w.save("Rapat dibuka.")
	before := w.rows()
	w.App.OnRecordCreate("tasks").BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("title") == "gagal" {
			return errBroken
		}
		return e.Next()
	})
	body := line + "\n- [ ] @UIN Walisongo: gagal\n\nKEPUTUSAN: ya"
	check.Equal(t, "the page", w.save(body).Status, 500)
	minutes := w.Only("minutes", "meeting", w.meeting.Id)
	w.As(w.Initiator).API("PATCH", "/api/collections/minutes/records/"+minutes.Id, map[string]any{"body": body}).Want(400)
	w.unchanged(before)
	if got := w.Fresh(minutes); got.GetString("body") != "Rapat dibuka." || got.GetInt("revision") != 1 {
		t.Errorf("the minutes are at revision %d: %s", got.GetInt("revision"), got.GetString("body"))
	}
}

func TestALineThatCannotBeATaskIsRefusedAtTheText(t *testing.T) {
	w := newWorld(t)
	w.App.OnRecordValidate("tasks").BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("title") == "ditolak" {
			e.Record.Set("due_on", "besok")
		}
		return e.Next()
	})
	body := "Catatan panjang.\n\n- [ ] @UIN Walisongo: ditolak"
	page := w.save(body).Want(422)
	has(t, page.Text(".field.wrong .error"), "Baris 3 belum bisa menjadi tugas: ditolak")
	check.Equal(t, "the text", strings.TrimSpace(page.Doc().Find("textarea[name=body]").Text()), body)
	answer := w.As(w.Initiator).API("POST", "/api/collections/minutes/records", map[string]any{"meeting": w.meeting.Id, "body": body}).Want(400)
	has(t, answer.Body, "Baris 3 belum bisa menjadi tugas", "cannot become a task yet", `"body"`)
	check.Equal(t, "rows of minutes", w.Count("minutes"), 0)
}
