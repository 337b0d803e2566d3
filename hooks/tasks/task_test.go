package tasks_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/tasks"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// try saves a task of Puskesmas in Kopi with these fields, signed by a person.
func (w *world) try(person *core.Record, fields ...any) (*core.Record, error) {
	w.Helper()
	c := check.Must(w.App.FindCollectionByNameOrId("tasks"))
	r := core.NewRecord(c)
	set(r, append([]any{"programme", w.Kopi.Id, "organisation", w.Puskesmas.Id, "title", "Tugas"}, fields...)...)
	return r, w.App.Save(access.Sign(r, person, access.ViaAPI))
}

func set(r *core.Record, fields ...any) {
	for i := 0; i+1 < len(fields); i += 2 {
		r.Set(fields[i].(string), fields[i+1])
	}
}

func TestNormalize_MissingFields_Defaults(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		person, accountable *core.Record
	}{{nil, w.Initiator}, {w.Initiator, w.Initiator}, {w.Coordinator, w.Coordinator}, {w.Administrator, w.Initiator}, {w.Observer, w.Initiator}} {
		task := check.Must(w.try(c.person))
		check.Same(t, "fields", []string{task.GetString("state"), task.GetString("urgency"), task.GetString("accountable")}, []string{"todo", "normal", c.accountable.Id})
	}
	task, err := w.try(w.Initiator, "accountable", w.Coordinator.Id, "urgency", "urgent", "state", "waiting")
	if err != nil || task.GetString("accountable") != w.Coordinator.Id || task.GetString("urgency") != "urgent" || task.GetString("state") != "waiting" {
		t.Errorf("what was typed is gone: %v", err)
	}
}

func TestNormalize_NoInitiator_AccountableRequired(t *testing.T) {
	w := newWorld(t)
	w.Make("stakeholders", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id)
	w.BaliInitiator.Set("disabled", true)
	check.NoError(t, w.App.Save(w.BaliInitiator))
	_, err := w.try(nil, "programme", w.Rantang.Id)
	check.That(t, fieldOf(err) == "accountable", "error %v", err)
}

// fieldOf names the one field that an error is about.
func fieldOf(err error) string {
	var fields validation.Errors
	if !errors.As(err, &fields) {
		return ""
	}
	names := []string{}
	for name := range fields {
		names = append(names, name)
	}
	return strings.Join(names, " ")
}

// wrongLinks are links that no task of Puskesmas in Kopi may have.
func wrongLinks(w *world) map[string][]any {
	elsewhere := w.Rantang.Id
	return map[string][]any{
		"organisation": {w.Bali.Id, "tidakada0000000"},
		"accountable":  {w.Partner.Id, w.Observer.Id, w.BaliInitiator.Id, w.Disabled.Id, w.Outsider.Id},
		"assignee":     {w.Only("contacts", "organisation", w.Forum.Id).Id},
		"stage":        {w.Make("stages", "programme", elsewhere, "name", "Rantang 1", "position", 1).Id},
		"milestone":    {w.Make("milestones", "programme", elsewhere, "title", "Lain", "horizon", "short").Id},
		"meeting": {w.Make("meetings", "programme", elsewhere, "title", "Rapat", "kind", "coordination", "status", "scheduled",
			"starts_at", "2026-12-01 02:00:00.000Z", "time_zone", "Asia/Makassar", "mode", "in_person").Id},
		"blocked_by":  {[]string{w.Make("tasks", "programme", elsewhere, "organisation", w.Bali.Id, "title", "Lain").Id}},
		"recurs_from": {w.Only("tasks", "title", "Lain").Id},
	}
}

func TestValidate_ForeignReference_Refused(t *testing.T) {
	w := newWorld(t)
	for field, values := range wrongLinks(w) {
		for _, value := range values {
			if _, err := w.try(w.Initiator, field, value); fieldOf(err) != field {
				t.Errorf("new, %s %v: %v", field, value, err)
			}
			task := w.Fresh(w.task)
			task.Set(field, value)
			if err := w.App.Save(access.Sign(task, w.Initiator, access.ViaAPI)); fieldOf(err) != field {
				t.Errorf("changed, %s %v: %v", field, value, err)
			}
		}
	}
}

func TestValidate_EndedReference_OldTaskAllowed(t *testing.T) {
	w := newWorld(t)
	for _, s := range []string{"stakeholders", "memberships"} {
		rows := check.Must(w.App.FindAllRecords(s))
		for _, r := range rows {
			if r.GetString("organisation") == w.Puskesmas.Id && s == "stakeholders" {
				r.Set("ended_on", "2026-11-01")
				check.NoError(t, w.App.Save(r))
			}
		}
	}
	task := w.Fresh(w.task)
	task.Set("state", "done")
	if err := w.App.Save(task); err != nil {
		t.Errorf("a partner that left cannot have done it: %v", err)
	}
	if _, err := w.try(w.Initiator); fieldOf(err) != "organisation" {
		t.Errorf("a partner that left gets a new task: %v", err)
	}
}

func TestValidate_StakeholderEnd_ProgrammeZone(t *testing.T) {
	w := newWorld(t)
	place := check.Must(w.App.FindFirstRecordByFilter("stakeholders", "programme = '"+w.Rantang.Id+"'"))
	place.Set("ended_on", "2026-11-24")
	check.NoError(t, w.App.Save(place))
	for hour, want := range map[string]string{"23:30": "", "00:30": "organisation"} {
		day := map[string]string{"23:30": "2026-11-23", "00:30": "2026-11-24"}[hour]
		restore := clock.Freeze(mustAt(t, day, hour, clock.Central))
		_, err := w.try(w.BaliInitiator, "programme", w.Rantang.Id, "organisation", w.Bali.Id)
		check.That(t, fieldOf(err) == want, "at %s on %s in Tabanan: %v", hour, day, err)
		restore()
	}
}

func TestValidate_DaysAndReplies(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		field  string
		fields []any
	}{
		{"due_on", []any{"starts_on", "2026-12-02", "due_on", "2026-12-01"}},
		{"due_on", []any{"due_on", "1 Desember"}},
		{"reply_reason", []any{"reply", "declined"}},
		{"reply_reason", []any{"reply", "declined", "reply_reason", " . "}},
		{"title", []any{"title", ""}},
		{"title", []any{"title", "NIK 3374012345678901"}},
		{"programme", []any{"programme", ""}},
		{"state", []any{"state", "late"}},
	} {
		if _, err := w.try(w.Initiator, c.fields...); fieldOf(err) != c.field && !strings.Contains(fieldOf(err), c.field) {
			t.Errorf("%v: %v", c.fields, err)
		}
	}
	if _, err := w.try(w.Initiator, "starts_on", "2026-12-01", "due_on", "2026-12-01"); err != nil {
		t.Error(err)
	}
}

// changes are a new value for every field of a task that a body can carry.
func changes(w *world) map[string]any {
	return map[string]any{
		"programme": w.Rantang.Id, "title": "Judul baru", "details": "Rincian baru", "organisation": w.Forum.Id,
		"assignee": w.Only("contacts", "organisation", w.Puskesmas.Id).Id, "accountable": w.Coordinator.Id,
		"stage":      w.Make("stages", "programme", w.Kopi.Id, "name", "Tahap", "position", 1).Id,
		"milestone":  w.Make("milestones", "programme", w.Kopi.Id, "title", "Sasaran", "horizon", "short").Id,
		"source_key": "baris-1", "starts_on": "2026-11-24", "due_on": "2026-12-24", "urgency": "urgent",
		"blocked_by": []string{w.add("title", "Lain").Id}, "recurrence": "FREQ=WEEKLY", "recurs_from": w.add("title", "Asal").Id,
		"position": 7, "once": "kunci-lain", "done_at": "2020-01-01 00:00:00.000Z", "done_by": w.OtherPartner.Id,
		"state": "in_progress", "reply": "accepted", "reply_reason": "Bisa",
	}
}

// partnersOwn are the fields a partner writes on its organisation's tasks.
var partnersOwn = map[string]bool{"state": true, "reply": true, "reply_reason": true}

// hubsOwn are the fields that no person writes.
var hubsOwn = map[string]bool{"programme": true, "source_key": true, "done_at": true, "done_by": true, "once": true}

func TestUpdate_API_FieldsByPerson(t *testing.T) {
	w := newWorld(t)
	for field, value := range changes(w) {
		for _, person := range []*core.Record{w.Initiator, w.Coordinator, w.Partner, w.OtherPartner, w.Observer, w.BaliInitiator, w.Outsider, nil} {
			task := w.add("due_on", "2026-12-10")
			team := person == w.Initiator || person == w.Coordinator
			may := team && !hubsOwn[field] || person == w.Partner && partnersOwn[field]
			status := http.StatusNotFound
			if may {
				status = http.StatusOK
			}
			body := map[string]any{field: value}
			if field == "due_on" {
				body["due_reason"] = "libur"
			}
			answer := w.As(person).API(http.MethodPatch, "/api/collections/tasks/records/"+task.Id, body)
			if answer.Status != status {
				t.Errorf("%s changes %s: %d, want %d: %.200s", mailbox(person), field, answer.Status, status, answer.Body)
			}
			if changed := fmt.Sprint(w.Fresh(task).Get(field)) != fmt.Sprint(task.Get(field)); changed != may {
				t.Errorf("%s changes %s: changed is %v", mailbox(person), field, changed)
			}
		}
	}
}

func mailbox(person *core.Record) string {
	if person == nil {
		return "a guest"
	}
	return person.GetString("email")
}

func TestCreateAndDelete_API_ByPerson(t *testing.T) {
	w := newWorld(t)
	fields := map[string]any{"programme": w.Kopi.Id, "organisation": w.Forum.Id, "title": "Lewat API"}
	for _, c := range []struct {
		person         *core.Record
		create, remove int
	}{
		{nil, 400, 404}, {w.Outsider, 400, 404}, {w.BaliInitiator, 400, 404}, {w.Observer, 400, 404},
		{w.Partner, 400, 404}, {w.Coordinator, 200, 404}, {w.Initiator, 200, 204},
	} {
		w.As(c.person).API(http.MethodPost, "/api/collections/tasks/records", fields).Want(c.create)
		task := w.add("title", "Hapus")
		w.As(c.person).API(http.MethodDelete, "/api/collections/tasks/records/"+task.Id, nil).Want(c.remove)
	}
	for _, kept := range []string{"source_key", "done_at", "done_by"} {
		body := map[string]any{"programme": w.Kopi.Id, "organisation": w.Forum.Id, "title": "Lewat API", kept: "2020-01-01 00:00:00.000Z"}
		if kept == "done_by" {
			body[kept] = w.Initiator.Id
		}
		w.As(w.Initiator).API(http.MethodPost, "/api/collections/tasks/records", body).Want(http.StatusBadRequest)
	}
}

func TestCreate_API_RefusalInBothLanguages(t *testing.T) {
	w := newWorld(t)
	answer := w.As(w.Initiator).API(http.MethodPost, "/api/collections/tasks/records",
		map[string]any{"programme": w.Kopi.Id, "organisation": w.Bali.Id, "title": "Lewat API"}).Want(http.StatusBadRequest)
	said, _ := answer.JSON()["data"].(map[string]any)["organisation"].(map[string]any)["message"].(string)
	want := "Organisasi ini tidak terlibat dalam program. Pilih organisasi lain, atau tambahkan dulu ke program. / " +
		"This organisation does not take part in the programme. Choose another, or add it to the programme first."
	check.Equal(t, "said", said, want)
}

// edit sends the form of a task with its present values, but for a due day and a reason.
func (w *world) edit(due, reason string) []string {
	return []string{"seen", w.Fresh(w.task).GetString("updated"), "title", "Jadwalkan kunjungan rumah",
		"organisation", w.Puskesmas.Id, "due_on", due, "due_reason", reason}
}

func TestSave_DueDayMovedWithoutReason_Refused(t *testing.T) {
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
	check.Equal(t, "the day was moved all the same", w.Fresh(w.task).GetString("due_on"), "2026-11-26")
	check.Equal(t, "the day was moved all the same", w.Count("comments"), 0)
	w.As(w.Initiator).Post(w.url(), w.edit("2026-11-26", "")...).Want(http.StatusSeeOther)
}

func TestSave_DueDayMoved_CommentAndCount(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator).Post(w.url(), w.edit("2026-12-01", "menunggu jadwal dokter")...).Want(http.StatusSeeOther)
	w.As(w.Coordinator).Post(w.url(), w.edit("2026-12-05", "hujan")...).Want(http.StatusSeeOther)
	w.As(w.Coordinator).Post(w.url(), w.edit("2026-12-03", "ternyata bisa")...).Want(http.StatusSeeOther)
	page := w.As(w.Partner).Get(w.url()).Want(http.StatusOK)
	check.Contains(t, "head", page.Text(".page-head"), "Diundur 2×")
	talk := page.Text("#comments ~ .body, section[aria-labelledby=comments]")
	check.Contains(t, "talk", talk, "Kepala Panti", "Tenggat diubah dari 26 Nov 2026 ke 1 Des 2026.", "menunggu jadwal dokter", "Sub Koordinator", "hujan")
	check.Equal(t, "counted", check.Must(tasks.Postponed(w.App, w.task.Id)), 2)
	check.Equal(t, "the task keeps the reason", w.Fresh(w.task).GetString("due_reason"), "")
}

func TestSave_DueDayRemoved_CountsAsDelay(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator).Post(w.url(), w.edit("", "belum pasti")...).Want(http.StatusSeeOther)
	check.Equal(t, "counted", check.Must(tasks.Postponed(w.App, w.task.Id)), 1)
	check.Contains(t, "told", w.As(w.Partner).Get(w.url()).Text("main"), "ke tanpa tenggat.")
	// A first due day is no change of one.
	w.As(w.Initiator).Post(w.url(), w.edit("2026-12-10", "")...).Want(http.StatusSeeOther)
}

func TestUpdate_API_DueReasonRequired(t *testing.T) {
	w := newWorld(t)
	for _, client := range []*testkit.Client{w.As(w.Initiator), w.As(w.Administrator)} {
		answer := client.API(http.MethodPatch, w.api(), map[string]any{"due_on": "2026-12-24"}).Want(http.StatusBadRequest)
		check.Contains(t, "answer", answer.Body, "due_reason", "one word is enough")
	}
	w.As(w.Initiator).API(http.MethodPatch, w.api(), map[string]any{"due_on": "2026-12-24", "due_reason": "libur"}).Want(http.StatusOK)
	told := w.Only("comments", "task", w.task.Id)
	check.Same(t, "told", []string{told.GetString("visibility"), told.GetString("author"), told.GetString("programme")}, []string{"partners", w.Initiator.Id, w.Kopi.Id})
	// The hub itself, moving a series, owes nobody a reason.
	task := w.Fresh(w.task)
	task.Set("due_on", "2026-12-31")
	check.NoError(t, w.App.Save(task))
}

func TestSave_DueDayMoved_CommentInAuthorsLanguage(t *testing.T) {
	w := newWorld(t)
	w.Initiator.Set("language", "en")
	check.NoError(t, w.App.Save(w.Initiator))
	w.As(w.Initiator).API(http.MethodPatch, w.api(), map[string]any{"due_on": "2026-12-24", "due_reason": "holidays"}).Want(http.StatusOK)
	check.Equal(t, "told", w.Only("comments", "task", w.task.Id).GetString("body"), "Due day changed from 26 Nov 2026 to 24 Dec 2026.\n\nholidays")
}

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
func TestQuery_EachList_UsesIndex(t *testing.T) {
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
			check.That(t, len(asked) >= 2, "%s%s asks for no tasks", base, query)
			for _, q := range asked {
				explain(w, base+query, q)
			}
		}
	}
}

func explain(w *world, list, query string) {
	w.Helper()
	for _, step := range steps(w, query) {
		check.That(w, !strings.HasPrefix(step, "SCAN") || strings.Contains(step, "CONSTANT ROW"), "%s goes through a whole table: %s\n%s", list, step, query)
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
func TestQuery_OpenTasks_NoSort(t *testing.T) {
	w := newWorld(t)
	for _, query := range []string{"", "?page=2"} {
		asked := spied(w, func() { w.As(w.Initiator).Get("/programmes/kopi/tasks" + query).Want(http.StatusOK) })
		for _, q := range asked {
			how := strings.Join(steps(w, q), "; ")
			check.That(t, strings.Contains(how, "idx_tasks_open") && !strings.Contains(how, "TEMP B-TREE"), "%s: %s\n%s", query, how, q)
		}
		check.That(t, len(asked) != 0, "%s asks for no tasks", query)
	}
}
