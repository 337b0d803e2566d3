package tasks_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/tasks"
	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// edit sends the form of a task with its present values, but for a due day and a reason.
func (w *world) edit(due, reason string) []string {
	return []string{"seen", w.Fresh(w.task).GetString("updated"), "title", "Jadwalkan kunjungan rumah",
		"organisation", w.Puskesmas.Id, "due_on", due, "due_reason", reason}
}

func TestAnotherDueDayNeedsAReason(t *testing.T) {
	w := newWorld(t)
	for _, reason := range []string{"", "  ", "...", "-"} {
		page := w.As(w.Initiator).Post(w.url(), w.edit("2026-12-01", reason)...).Want(http.StatusUnprocessableEntity)
		if text := page.Text("#due_reason-error"); !strings.Contains(text, "tulis alasannya") {
			t.Errorf("%q: %q", reason, text)
		}
		check.Equal(t, "the typed day came back", page.Doc().Find("input[name=due_on]").AttrOr("value", ""), "2026-12-01")
	}
	w.As(w.Initiator).Post(w.url(), w.edit("", "")...).Want(http.StatusUnprocessableEntity)
	w.As(w.Initiator).Post(w.url(), w.edit("2026-12-01", strings.Repeat("a", 1001))...).Want(http.StatusUnprocessableEntity)
	w.As(w.Initiator).Post(w.url(), w.edit("2026-12-01", "NIK 3374012345678901")...).Want(http.StatusUnprocessableEntity)
	if w.Fresh(w.task).GetString("due_on") != "2026-11-26" || w.Count("comments") != 0 {
		t.Error("the day was moved all the same")
	}
	w.As(w.Initiator).Post(w.url(), w.edit("2026-11-26", "")...).Want(http.StatusSeeOther)
}

func TestTheReasonIsToldToPartnersAndEveryDelayIsCounted(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator).Post(w.url(), w.edit("2026-12-01", "menunggu jadwal dokter")...).Want(http.StatusSeeOther)
	w.As(w.Coordinator).Post(w.url(), w.edit("2026-12-05", "hujan")...).Want(http.StatusSeeOther)
	w.As(w.Coordinator).Post(w.url(), w.edit("2026-12-03", "ternyata bisa")...).Want(http.StatusSeeOther)
	page := w.As(w.Partner).Get(w.url()).Want(http.StatusOK)
	check.Contains(t, "head", page.Text(".page-head"), "Diundur 2×")
	talk := page.Text("#comments ~ .body, section[aria-labelledby=comments]")
	for _, want := range []string{"Kepala Panti", "Tenggat diubah dari 26 Nov 2026 ke 1 Des 2026.", "menunggu jadwal dokter", "Sub Koordinator", "hujan"} {
		check.Contains(t, "talk", talk, want)
	}
	if n, err := tasks.Postponed(w.App, w.task.Id); err != nil || n != 2 {
		t.Errorf("counted %d, %v", n, err)
	}
	check.Equal(t, "the task keeps the reason", w.Fresh(w.task).GetString("due_reason"), "")
}

func TestTakingTheDueDayAwayIsADelayToo(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator).Post(w.url(), w.edit("", "belum pasti")...).Want(http.StatusSeeOther)
	if n, err := tasks.Postponed(w.App, w.task.Id); err != nil || n != 1 {
		t.Errorf("counted %d, %v", n, err)
	}
	check.Contains(t, "told", w.As(w.Partner).Get(w.url()).Text("main"), "ke tanpa tenggat.")
	// A first due day is no change of one.
	w.As(w.Initiator).Post(w.url(), w.edit("2026-12-10", "")...).Want(http.StatusSeeOther)
}

func TestTheReasonHoldsOverRESTAndForAdministrators(t *testing.T) {
	w := newWorld(t)
	for _, client := range []*testkit.Client{w.As(w.Initiator), w.As(w.Administrator)} {
		answer := client.API(http.MethodPatch, w.api(), map[string]any{"due_on": "2026-12-24"}).Want(http.StatusBadRequest)
		if !strings.Contains(answer.Body, "due_reason") || !strings.Contains(answer.Body, "one word is enough") {
			t.Errorf("answer %s", answer.Body)
		}
	}
	w.As(w.Initiator).API(http.MethodPatch, w.api(), map[string]any{"due_on": "2026-12-24", "due_reason": "libur"}).Want(http.StatusOK)
	told := w.Only("comments", "task", w.task.Id)
	if told.GetString("visibility") != "partners" || told.GetString("author") != w.Initiator.Id || told.GetString("programme") != w.Kopi.Id {
		t.Errorf("told by %s to %s", told.GetString("author"), told.GetString("visibility"))
	}
	// The hub itself, moving a series, owes nobody a reason.
	task := w.Fresh(w.task)
	task.Set("due_on", "2026-12-31")
	if err := w.App.Save(task); err != nil {
		t.Error(err)
	}
}

func TestTheReasonIsToldInTheLanguageOfWhoMovedIt(t *testing.T) {
	w := newWorld(t)
	w.Initiator.Set("language", "en")
	check.NoError(t, w.App.Save(w.Initiator))
	w.As(w.Initiator).API(http.MethodPatch, w.api(), map[string]any{"due_on": "2026-12-24", "due_reason": "holidays"}).Want(http.StatusOK)
	check.Equal(t, "told", w.Only("comments", "task", w.task.Id).GetString("body"), "Due day changed from 26 Nov 2026 to 24 Dec 2026.\n\nholidays")
}
