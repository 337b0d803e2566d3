package reminders_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/testkit"
)

func task(w *testkit.World, due string, more ...any) *core.Record {
	fields := []any{"programme", w.Kopi.Id, "title", "Jadwal home visit", "organisation", w.Puskesmas.Id,
		"accountable", w.Initiator.Id, "due_on", due, "state", "todo", "urgency", "normal"}
	return w.Make("tasks", append(fields, more...)...)
}

// ledger lists the messages about a record as "due in WIB kind address state".
func ledger(w *testkit.World, r *core.Record) []string {
	w.Helper()
	found, err := w.App.FindRecordsByFilter("deliveries", "subject_id = {:id}", "due_at,email", 0, 0, map[string]any{"id": r.Id})
	if err != nil {
		w.Fatal(err)
	}
	rows := []string{}
	for _, d := range found {
		due := d.GetDateTime("due_at").Time().In(clock.Zone("Asia/Jakarta")).Format("2006-01-02 15:04")
		rows = append(rows, fmt.Sprintf("%s %s %s %s", due, d.GetString("kind"), d.GetString("email"), d.GetString("state")))
	}
	return rows
}

func expect(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("the ledger holds\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestATaskPlansItsMessagesWhenItIsSaved(t *testing.T) {
	w := testkit.New(t)
	expect(t, ledger(w, task(w, "2026-12-10")),
		"2026-12-07 08:00 task_due partner@example.org planned",
		"2026-12-09 08:00 task_due partner@example.org planned",
		"2026-12-10 08:00 task_due partner@example.org planned")
}

func TestOverdueMessagesAreWrittenOnceTheyAreNear(t *testing.T) {
	w := testkit.New(t)
	expect(t, ledger(w, task(w, "2026-11-24")),
		"2026-11-23 09:00 task_due partner@example.org planned",
		"2026-11-24 08:00 task_due partner@example.org planned",
		"2026-11-25 08:00 task_overdue initiator@example.org planned",
		"2026-11-25 08:00 task_overdue partner@example.org planned",
		"2026-11-28 08:00 task_overdue initiator@example.org planned",
		"2026-11-28 08:00 task_overdue partner@example.org planned")
	r := task(w, "2026-12-10")
	for night := testkit.Monday; night.Before(testkit.Monday.Add(22 * 24 * time.Hour)); night = night.Add(24 * time.Hour) {
		t.Cleanup(clock.Freeze(night))
		planAll(t, w, night)
	}
	overdue := slices.DeleteFunc(ledger(w, r), func(row string) bool { return !strings.Contains(row, "task_overdue partner") })
	expect(t, overdue,
		"2026-12-11 08:00 task_overdue partner@example.org planned",
		"2026-12-14 08:00 task_overdue partner@example.org planned",
		"2026-12-17 08:00 task_overdue partner@example.org planned",
		"2026-12-20 08:00 task_overdue partner@example.org planned")
}

func TestAMovedDueDayTakesTheOldMessagesBackAndPlansNewOnes(t *testing.T) {
	w := testkit.New(t)
	r := task(w, "2026-12-10")
	move(w, r, "due_on", "2026-12-15")
	planned := slices.DeleteFunc(ledger(w, r), func(row string) bool { return !strings.HasSuffix(row, "planned") })
	if planned[0] != "2026-12-12 08:00 task_due partner@example.org planned" {
		t.Errorf("the first letter is now %s", planned[0])
	}
	for _, row := range ledger(w, r) {
		if strings.HasPrefix(row, "2026-12-07") && !strings.HasSuffix(row, "cancelled") {
			t.Errorf("an old letter is still there: %s", row)
		}
	}
	move(w, r, "due_on", "2026-12-10")
	if first := ledger(w, r)[0]; first != "2026-12-07 08:00 task_due partner@example.org planned" {
		t.Errorf("moved back, the first letter is %s", first)
	}
}

func move(w *testkit.World, r *core.Record, field string, value any) {
	w.Helper()
	fresh := w.Fresh(r)
	fresh.Set(field, value)
	if err := w.App.Save(fresh); err != nil {
		w.Fatal(err)
	}
}

func TestADoneTaskRemindsNobody(t *testing.T) {
	w := testkit.New(t)
	r := task(w, "2026-12-10")
	move(w, r, "state", "done")
	for _, row := range ledger(w, r) {
		if !strings.HasSuffix(row, "cancelled") {
			t.Errorf("still there: %s", row)
		}
	}
	move(w, r, "state", "todo")
	if !strings.HasSuffix(ledger(w, r)[0], "planned") {
		t.Error("reopened, it plans nothing")
	}
}

func TestEveryoneIsRemindedAtEightInTheirOwnZone(t *testing.T) {
	w := testkit.New(t)
	r := w.Make("tasks", "programme", w.Rantang.Id, "title", "Kunjungan", "organisation", w.Bali.Id,
		"accountable", w.BaliInitiator.Id, "due_on", "2026-12-10", "state", "todo", "urgency", "normal")
	// Eight in Tabanan is seven in Semarang.
	if first := ledger(w, r)[0]; first != "2026-12-07 07:00 task_due bali-partner@example.org planned" {
		t.Errorf("the first letter is %s", first)
	}
}

func TestNoMessageOnAHoliday(t *testing.T) {
	w := testkit.New(t)
	// 25 December is a national holiday and the 24th a joint leave: messages that
	// look ahead go on the 23rd, one that looks back after the holiday.
	rows := ledger(w, task(w, "2026-12-26"))
	for _, row := range rows {
		if strings.HasPrefix(row, "2026-12-25") || strings.HasPrefix(row, "2026-12-24") {
			t.Errorf("a letter on a holiday: %s", row)
		}
	}
	twice := slices.DeleteFunc(rows, func(row string) bool { return !strings.Contains(row, "2026-12-23 08:00 task_due partner@") })
	if len(twice) != 1 {
		t.Errorf("%d letters about the same thing reach the partner on one day", len(twice))
	}
}

func TestATaskAndItsMessagesAreOneTransaction(t *testing.T) {
	w := testkit.New(t)
	before := w.Count("deliveries")
	w.App.OnRecordAfterCreateError("tasks").BindFunc(func(e *core.RecordErrorEvent) error { return e.Next() })
	err := w.App.RunInTransaction(func(tx core.App) error {
		c, err := tx.FindCachedCollectionByNameOrId("tasks")
		if err != nil {
			return err
		}
		r := core.NewRecord(c)
		r.Load(map[string]any{"programme": w.Kopi.Id, "title": "Batal", "organisation": w.Puskesmas.Id, "accountable": w.Initiator.Id,
			"due_on": "2026-12-10", "state": "todo", "urgency": "normal"})
		if err := tx.Save(r); err != nil {
			return err
		}
		return fmt.Errorf("undone")
	})
	if err == nil || w.Count("deliveries") != before {
		t.Errorf("%d letters outlived the task: %v", w.Count("deliveries")-before, err)
	}
}

func TestAMeetingRemindsThoseInvited(t *testing.T) {
	w := testkit.New(t)
	m := w.Make("meetings", "programme", w.Kopi.Id, "kind", "coordination", "title", "Rapat koordinasi", "starts_at", "2026-12-08 02:00:00.000Z",
		"time_zone", "Asia/Jakarta", "mode", "in_person", "place", "Aula", "status", "scheduled")
	for _, row := range ledger(w, m) {
		if !strings.HasPrefix(row, "2026-12-07 08:00 meeting_soon") {
			t.Errorf("unexpected letter %s", row)
		}
	}
	if n := len(ledger(w, m)); n != 4 {
		t.Errorf("nobody invited yet: %d letters, want one to each focal point and each of the team: %v", n, ledger(w, m))
	}
	w.Make("attendances", "meeting", m.Id, "stakeholder", w.Only("stakeholders", "organisation", w.Forum.Id).Id, "state", "invited")
	planned := slices.DeleteFunc(ledger(w, m), func(row string) bool { return !strings.HasSuffix(row, "planned") })
	expect(t, planned, "2026-12-07 08:00 meeting_soon coordinator@example.org planned",
		"2026-12-07 08:00 meeting_soon initiator@example.org planned", "2026-12-07 08:00 meeting_soon other-partner@example.org planned")
	move(w, m, "chair", w.Only("contacts", "email", "partner@example.org").Id)
	if planned := ledger(w, m); !slices.Contains(planned, "2026-12-07 08:00 meeting_soon partner@example.org planned") {
		t.Errorf("who leads the meeting is not reminded: %v", planned)
	}
	move(w, m, "status", "cancelled")
	for _, row := range ledger(w, m) {
		if strings.HasSuffix(row, "planned") {
			t.Errorf("a cancelled meeting still reminds: %s", row)
		}
	}
}

func TestPlanningAgainChangesNothing(t *testing.T) {
	w := testkit.New(t)
	r := task(w, "2026-12-10")
	before := ledger(w, r)
	for range 3 {
		move(w, r, "title", "Judul lain")
		move(w, r, "urgency", "urgent")
	}
	planAll(t, w, testkit.Monday)
	expect(t, ledger(w, r), before...)
}

func TestTheNightMovesTheHorizonOn(t *testing.T) {
	w := testkit.New(t)
	r := task(w, "2027-02-10")
	if n := len(ledger(w, r)); n != 0 {
		t.Fatalf("%d letters more than 35 days ahead", n)
	}
	later := testkit.Monday.Add(50 * 24 * time.Hour)
	t.Cleanup(clock.Freeze(later))
	planAll(t, w, later)
	if first := ledger(w, r)[0]; !strings.HasPrefix(first, "2027-02-07 08:00 task_due partner@example.org") {
		t.Errorf("the first letter is %s", first)
	}
}

func TestThePageSaysTheRulesAndWhatGoesOut(t *testing.T) {
	w := testkit.New(t)
	task(w, "2026-12-10")
	w.As(w.Initiator).Get("/programmes/kopi/reminders").Want(http.StatusOK)
	if rules := w.As(w.Initiator).Get("/programmes/kopi/reminders?show=rules").Text("section:has(#rules)"); !strings.Contains(rules, "Kirim 3 hari sebelum tenggat tugas pukul 08.00 waktu penerima kepada pelaksana tugas dan narahubung utama.") {
		t.Errorf("the rules read %q", rules)
	}
	if next := w.As(w.Initiator).Get("/programmes/kopi/reminders?show=coming").Text("section:has(#coming)"); !strings.Contains(next, "partner@example.org") || !strings.Contains(next, "7 Des 2026, 08.00 WIB") {
		t.Errorf("next letters read %q", next)
	}
	w.As(w.Observer).Get("/programmes/kopi/reminders").Want(http.StatusOK)
	w.As(w.Partner).Get("/programmes/kopi/reminders").Want(http.StatusNotFound)
	w.As(w.Outsider).Get("/programmes/kopi/reminders").Want(http.StatusNotFound)
	english := w.As(w.Coordinator)
	english.Post("/me/language", "value", "en", "back", "/").Want(http.StatusSeeOther)
	if rules := english.Get("/programmes/kopi/reminders?show=rules").Text("section:has(#rules)"); !strings.Contains(rules, "Send 1 day before the task's due date at 08:00") {
		t.Errorf("in English the rules read %q", rules)
	}
}

func TestTheMailboxIsForAdministrators(t *testing.T) {
	w := testkit.New(t)
	task(w, "2026-12-10")
	seen := w.As(w.Administrator).Get("/mailbox?state=planned").Want(http.StatusOK)
	if !strings.Contains(seen.Body, "Tenggat Kamis, 10 Desember 2026: Jadwal home visit") {
		t.Errorf("the letter is not there: %.400s", seen.Text("main"))
	}
	for _, person := range []*core.Record{w.Initiator, w.Partner} {
		w.As(person).Get("/mailbox").Want(http.StatusNotFound)
	}
}
