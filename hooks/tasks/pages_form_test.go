package tasks_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/tasks"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

const newTasks = "/programmes/kopi/tasks"

// complete are the fields of a task that can be made; more pairs change them.
func complete(w *world, more ...string) []string {
	fields := map[string]string{
		"title": "Siapkan data keluarga", "organisation": w.Forum.Id, "due_on": "10/12/2026", "accountable": w.Coordinator.Id,
		"details": "Cukup **jumlah**, tanpa nama.", "urgency": "urgent", "once": "kunci-formulir-1",
	}
	for i := 0; i+1 < len(more); i += 2 {
		fields[more[i]] = more[i+1]
	}
	pairs := []string{}
	for name, value := range fields {
		pairs = append(pairs, name, value)
	}
	return pairs
}

func TestCreate_Team_SavesTask(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Initiator)
	answer := client.Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	made := w.Only("tasks", "once", "kunci-formulir-1")
	check.Equal(t, "leads", answer.Header.Get("Location"), "/tasks/"+made.Id)
	for field, want := range map[string]string{
		"programme": w.Kopi.Id, "title": "Siapkan data keluarga", "organisation": w.Forum.Id, "due_on": "2026-12-10",
		"accountable": w.Coordinator.Id, "urgency": "urgent", "state": "todo", "done_by": "", "source_key": "",
		"details_html": "<p>Cukup <strong>jumlah</strong>, tanpa nama.</p>",
	} {
		check.Equal(t, field, strings.TrimSpace(made.GetString(field)), want)
	}
	check.Equal(t, "flash", client.Follow(answer).Want(http.StatusOK).Text(".flash p"), "Tugas dibuat.")
}

func TestCreate_SameForm_OneTask(t *testing.T) {
	w := newWorld(t)
	before := w.Count("tasks")
	first := w.As(w.Initiator).Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	again := w.As(w.Initiator).Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	if first.Header.Get("Location") != again.Header.Get("Location") || w.Count("tasks") != before+1 {
		t.Errorf("%s and %s, %d tasks", first.Header.Get("Location"), again.Header.Get("Location"), w.Count("tasks")-before)
	}
}

func TestNew_FromOrganisation_Prefilled(t *testing.T) {
	w := newWorld(t)
	page := w.As(w.Coordinator).Get(newTasks + "/new?organisation=" + w.Campus.Id).Want(http.StatusOK)
	for selector, want := range map[string]string{
		"select[name=organisation] option[selected]": "UIN Walisongo",
		"select[name=accountable] option[selected]":  "Sub Koordinator",
		"select[name=urgency] option[selected]":      "Biasa",
	} {
		check.Equal(t, selector, page.Text(selector), want)
	}
	check.Equal(t, "the tab bar would cover the submit button", page.Doc().Find("nav.tab-bar").Length(), 0)
	admin := w.As(w.Administrator).Get(newTasks + "/new").Want(http.StatusOK)
	check.Equal(t, "an administrator cannot answer for a task", admin.Text("select[name=accountable] option[selected]"), "")
}

func TestNew_NoPartners_OffersToAddOne(t *testing.T) {
	w := newWorld(t)
	page := w.As(w.BaliInitiator).Get("/programmes/papua/tasks/new").Want(http.StatusOK)
	check.Equal(t, "leads", page.Doc().Find(".callout a.button").AttrOr("href", ""), "/programmes/papua/stakeholders")
	check.Equal(t, "a programme with partners needs no such word", w.As(w.Initiator).Get(newTasks+"/new").Doc().Find(".callout.warn, .callout a").Length(), 0)
}

// wrongEntries are values that no task may have, with the sentence they meet.
func wrongEntries(w *world) []struct{ field, value, sentence string } {
	stage := w.Make("stages", "programme", w.Rantang.Id, "name", "Rantang 1", "position", 1)
	milestone := w.Make("milestones", "programme", w.Rantang.Id, "title", "Seratus klien", "horizon", "short", "due_on", "2026-12-31")
	forum := w.Only("contacts", "organisation", w.Forum.Id)
	puskesmas := w.Only("contacts", "organisation", w.Puskesmas.Id)
	return []struct{ field, value, sentence string }{
		{"title", "", "Isi “Apa yang dikerjakan” dulu."},
		{"title", strings.Repeat("a", 201), "“Apa yang dikerjakan” terlalu panjang. Paling banyak 200 karakter."},
		{"title", "Data 3374012345678901", "16 angka"},
		{"details", strings.Repeat("a", 20001), "“Rincian” terlalu panjang."},
		{"details", "NIK 3374 0123 4567 8901", "16 angka"},
		{"organisation", "", "Pilih “Organisasi pelaksana” dulu."},
		{"organisation", w.Bali.Id, "Pilih “Organisasi pelaksana” dari daftar."},
		{"organisation", "tidak-ada", "Pilih “Organisasi pelaksana” dari daftar."},
		{"due_on", "31/31/2026", "Tulis tanggal"},
		{"accountable", w.Partner.Id, "Pilih “Penanggung jawab dari tim”"},
		{"accountable", w.Disabled.Id, "Pilih “Penanggung jawab dari tim”"},
		{"assignee", puskesmas.Id, "bukan dari organisasi pelaksana"},
		{"assignee", forum.Id + "x", "Pilih “Narahubung” dari daftar."},
		{"stage", stage.Id, "Pilih “Tahap layanan” dari daftar."},
		{"milestone", milestone.Id, "Pilih “Tahapan utama” dari daftar."},
		{"starts_on", "2026-12-11", "Tenggat tidak boleh sebelum tanggal mulai."},
		{"urgency", "soon", "Pilih “Urgensi” dari daftar."},
	}
}

func TestCreate_InvalidField_KeepsInput(t *testing.T) {
	w := newWorld(t)
	before := w.Count("tasks")
	for _, wrong := range wrongEntries(w) {
		page := w.As(w.Initiator).Post(newTasks, complete(w, wrong.field, wrong.value)...).Want(http.StatusUnprocessableEntity)
		field := wrong.field
		if field == "starts_on" {
			field = "due_on"
		}
		if text := page.Text("#" + field + "-error"); !strings.Contains(text, wrong.sentence) {
			t.Errorf("%s %.20q: at the field %q, want %q", wrong.field, wrong.value, text, wrong.sentence)
		}
		if text := page.Text(".problems li"); !strings.Contains(text, wrong.sentence) {
			t.Errorf("%s %.20q: above the form %q", wrong.field, wrong.value, text)
		}
		kept := page.Doc().Find("textarea[name=details]").Text()
		check.That(t, wrong.field == "details" || strings.Contains(kept, "Cukup **jumlah**"), "%s: details came back as %q", wrong.field, kept)
		check.Equal(t, wrong.field+": the form's key", page.Doc().Find("input[name=once]").AttrOr("value", ""), "kunci-formulir-1")
		check.Lacks(t, wrong.field+": the page shows what it should", page.Body, "SQL", "⟦")
	}
	if w.Count("tasks") != before {
		t.Errorf("%d tasks were made", w.Count("tasks")-before)
	}
}

func TestCreate_OutsideTeam_Refused(t *testing.T) {
	w := newWorld(t)
	before := w.Count("tasks")
	for person, status := range map[*core.Record]int{
		nil: http.StatusUnauthorized, w.Outsider: http.StatusNotFound, w.BaliInitiator: http.StatusNotFound,
		w.Observer: http.StatusNotFound, w.Partner: http.StatusNotFound,
	} {
		w.As(person).Post(newTasks, complete(w)...).Want(status)
	}
	check.Equal(t, "somebody else made a task", w.Count("tasks"), before)
	w.As(w.Administrator).Post(newTasks, complete(w, "accountable", "")...).Want(http.StatusSeeOther)
	check.Equal(t, "answered", w.Only("tasks", "once", "kunci-formulir-1").GetString("accountable"), w.Initiator.Id)
}

func TestSave_Team_UpdatesTask(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Coordinator)
	form := client.Get(w.url() + "/edit").Want(http.StatusOK)
	seen := form.Doc().Find("input[name=seen]").AttrOr("value", "")
	check.Equal(t, "due", form.Doc().Find("input[name=due_on]").AttrOr("value", ""), "2026-11-26")
	answer := client.Post(w.url(), "seen", seen, "title", "Kunjungan rumah pertama", "organisation", w.Puskesmas.Id,
		"accountable", w.Coordinator.Id, "due_on", "2026-11-26").Want(http.StatusSeeOther)
	check.Equal(t, "leads", answer.Header.Get("Location"), w.url())
	task := w.Fresh(w.task)
	check.Same(t, "fields", []string{task.GetString("title"), task.GetString("accountable")}, []string{"Kunjungan rumah pertama", w.Coordinator.Id})
}

func TestSave_ChangedMeanwhile_Conflict(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Coordinator)
	seen := client.Get(w.url()+"/edit").Doc().Find("input[name=seen]").AttrOr("value", "")
	w.As(w.Initiator).API(http.MethodPatch, w.api(), map[string]any{"title": "Judul baru"}).Want(http.StatusOK)
	fields := []string{"title", "Judul lama", "organisation", w.Puskesmas.Id, "due_on", "2026-11-26"}
	page := client.Post(w.url(), append(fields, "seen", seen)...).Want(http.StatusUnprocessableEntity)
	check.Contains(t, "problems", page.Text(".problems"), "Orang lain baru saja mengubahnya")
	check.Equal(t, "the other change is lost", w.Fresh(w.task).GetString("title"), "Judul baru")
	again := page.Doc().Find("input[name=seen]").AttrOr("value", "")
	client.Post(w.url(), append(fields, "seen", again)...).Want(http.StatusSeeOther)
}

func TestEdit_EndedReferences_StayOffered(t *testing.T) {
	w := newWorld(t)
	stakeholder := check.Must(w.App.FindFirstRecordByFilter("stakeholders", "organisation = '"+w.Puskesmas.Id+"'"))
	stakeholder.Set("ended_on", "2026-11-01")
	check.NoError(t, w.App.Save(stakeholder))
	page := w.As(w.Initiator).Get(w.url() + "/edit").Want(http.StatusOK)
	check.Equal(t, "the owner is shown", page.Text("select[name=organisation] option[selected]"), "Puskesmas Tambakaji")
	seen := page.Doc().Find("input[name=seen]").AttrOr("value", "")
	w.As(w.Initiator).Post(w.url(), "seen", seen, "title", "Judul baru", "organisation", w.Puskesmas.Id, "due_on", "2026-11-26").
		Want(http.StatusSeeOther)
	w.As(w.Initiator).Post(newTasks, complete(w, "organisation", w.Puskesmas.Id)...).Want(http.StatusUnprocessableEntity)
}

func TestSave_OutsideTeam_Refused(t *testing.T) {
	w := newWorld(t)
	for _, person := range []*core.Record{w.Outsider, w.BaliInitiator, w.Observer, w.Partner, w.OtherPartner} {
		w.As(person).Post(w.url(), "title", "Judul lain", "organisation", w.Puskesmas.Id).Want(http.StatusNotFound)
	}
	w.As(nil).Post(w.url(), "title", "Judul lain").Want(http.StatusUnauthorized)
	check.Equal(t, "somebody else changed", w.Fresh(w.task).GetString("title"), "Jadwalkan kunjungan rumah")
}

func (w *world) meeting() *core.Record {
	return w.Make("meetings", "programme", w.Kopi.Id, "title", "Rapat", "kind", "coordination", "status", "held",
		"starts_at", "2026-11-20 02:00:00.000Z", "time_zone", "Asia/Jakarta", "mode", "in_person")
}

func TestFromLine_SavedAgain_OneTask(t *testing.T) {
	w := newWorld(t)
	meeting := w.meeting()
	cause := access.Sign(w.Fresh(meeting), w.Coordinator, access.ViaPage)
	draft := tasks.Draft{Programme: w.Kopi.Id, Title: "Jadwal home visit", Organisation: w.Puskesmas.Id,
		DueOn: "2026-12-10", Meeting: meeting.Id, SourceKey: "baris-1"}
	made, err := tasks.New(w.App, draft, cause)
	if err != nil {
		t.Fatal(err)
	}
	check.Same(t, "made", []string{made.GetString("accountable"), made.GetString("due_on"), made.GetString("source_key")}, []string{w.Coordinator.Id, "2026-12-10", "baris-1"})
	draft.Title = "Jadwal home visit, diubah"
	again, err := tasks.New(w.App, draft, cause)
	check.That(t, err == nil && again.Id == made.Id && again.GetString("title") == "Jadwal home visit", "the same line again made %s, %v", again.GetString("title"), err)
	draft.SourceKey = "baris-2"
	other, err := tasks.New(w.App, draft, cause)
	check.That(t, err == nil && other.Id != made.Id, "another line made no task of its own: %v", err)
	trace := w.Only("activity", "record", made.Id)
	check.Same(t, "made", []string{trace.GetString("actor"), trace.GetString("via")}, []string{w.Coordinator.Id, access.ViaPage})
}

func TestFromLine_RolledBack_NoTask(t *testing.T) {
	w := newWorld(t)
	meeting, before := w.meeting(), w.Count("tasks")
	undone := errors.New("undone")
	err := w.App.RunInTransaction(func(tx core.App) error {
		draft := tasks.Draft{Programme: w.Kopi.Id, Title: "Jadwal", Organisation: w.Puskesmas.Id, Meeting: meeting.Id, SourceKey: "baris-1"}
		if _, err := tasks.New(tx, draft, meeting); err != nil {
			return err
		}
		return undone
	})
	if !errors.Is(err, undone) || w.Count("tasks") != before {
		t.Errorf("%v, %d tasks left behind", err, w.Count("tasks")-before)
	}
}

func TestFromLine_Invalid_NamesProblem(t *testing.T) {
	w := newWorld(t)
	meeting := w.meeting()
	for field, draft := range map[string]tasks.Draft{
		"organisation": {Programme: w.Kopi.Id, Title: "Jadwal", Organisation: w.Bali.Id},
		"meeting":      {Programme: w.Rantang.Id, Title: "Jadwal", Organisation: w.Bali.Id},
		"title":        {Programme: w.Kopi.Id, Organisation: w.Puskesmas.Id},
	} {
		draft.Meeting, draft.SourceKey = meeting.Id, "baris-"+field
		if _, err := tasks.New(w.App, draft, meeting); fieldOf(err) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestList_PageBeyondEnd_LeadsToFirst(t *testing.T) {
	w := newWorld(t)
	for path, query := range map[string]string{
		"/programmes/kopi/tasks": "page=999", "/tasks": "page=999", "/programmes/kopi/contributions": "page=999",
		"/programmes/kopi/meetings": "when=past&page=999", "/programmes": "page=999", "/organisations": "page=999",
	} {
		page := w.As(w.Initiator).Get(path + "?" + query).Want(http.StatusOK)
		check.Equal(t, path, page.Text(".empty-list h3"), "Daftarnya tidak sepanjang itu")
		first := page.Doc().Find(".empty-list a").AttrOr("href", "")
		check.That(t, strings.HasPrefix(first, path) && !strings.Contains(first, "999") && page.Doc().Find(".pager, ul.rows").Length() == 0, "%s leads to %s", path, first)
		check.Lacks(t, first+" is behind the end too", w.As(w.Initiator).Get(first).Want(http.StatusOK).Text("main"), "Daftarnya tidak sepanjang itu")
	}
}

func TestSetState_Rules_Respected(t *testing.T) {
	for name, c := range map[string]struct {
		person func(w *testkit.World) *core.Record
		may    bool
	}{
		"owner":           {func(w *testkit.World) *core.Record { return w.Partner }, true},
		"team":            {func(w *testkit.World) *core.Record { return w.Coordinator }, true},
		"another partner": {func(w *testkit.World) *core.Record { return w.OtherPartner }, false},
		"observer":        {func(w *testkit.World) *core.Record { return w.Observer }, false},
		"outsider":        {func(w *testkit.World) *core.Record { return w.Outsider }, false},
		"disabled":        {func(w *testkit.World) *core.Record { return w.Disabled }, false},
		"guest":           {func(*testkit.World) *core.Record { return nil }, false},
	} {
		w := testkit.New(t)
		r := w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal", "organisation", w.Puskesmas.Id, "accountable", w.Initiator.Id, "state", "todo")
		d := func() *access.Scope { return access.As(w.App, c.person(w)).Through(access.ViaLink) }
		for _, step := range []func() error{
			func() error { return tasks.Reply(d(), w.Fresh(r), tasks.Declined, "Bukan tugas kami.") },
			func() error { return tasks.Advance(d(), w.Fresh(r), tasks.Done) },
		} {
			if err := step(); (err == nil) != c.may || err != nil && !errors.Is(err, access.ErrRefused) {
				t.Errorf("%s: %v", name, err)
			}
		}
		after := w.Fresh(r)
		reply := map[string]string{"owner": "", "team": tasks.Declined}[name] // what the owner finishes it did not decline after all
		if done := after.GetString("state") == tasks.Done; done != c.may || after.GetString("reply") != reply {
			t.Errorf("%s: the task is %s, %s", name, after.GetString("state"), after.GetString("reply"))
		}
		// The state it has already is no step, but still only for those who may take it.
		check.Equal(t, name+": the same state again", (tasks.Advance(d(), after, after.GetString("state")) == nil), c.may)
	}
}

func TestSetReply_DeclinedWithoutReason_Refused(t *testing.T) {
	w := testkit.New(t)
	r := w.Make("tasks", "programme", w.Kopi.Id, "title", "Jadwal", "organisation", w.Puskesmas.Id, "accountable", w.Initiator.Id, "state", "todo")
	for _, reason := range []string{"", " – "} {
		err := tasks.Reply(access.As(w.App, w.Partner), w.Fresh(r), tasks.Declined, reason)
		check.That(t, err != nil && !errors.Is(err, access.ErrRefused), "%q: %v", reason, err)
	}
	check.Equal(t, "the reply", w.Fresh(r).GetString("reply"), "")
}

func TestCreate_RepeatedWithin10Min_AsksForConfirmation(t *testing.T) {
	w := newWorld(t)
	client, before := w.As(w.Initiator), w.Count("tasks")
	client.Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	first := w.Only("tasks", "once", "kunci-formulir-1")
	asked := client.Post(newTasks, complete(w, "once", "segar")...).Want(http.StatusUnprocessableEntity)
	link := asked.Doc().Find(".problems a")
	if link.Text() != "Ini sama dengan tugas “Siapkan data keluarga” yang baru saja dibuat. Buat lagi?" || link.AttrOr("href", "") != "/tasks/"+first.Id {
		t.Errorf("asked %q, leading to %q", link.Text(), link.AttrOr("href", ""))
	}
	check.Equal(t, "the button", asked.Text(".submit button"), "Ya, buat lagi")
	check.Equal(t, "the title came back", asked.Doc().Find("#title").AttrOr("value", ""), "Siapkan data keluarga")
	again := asked.Doc().Find("[name=again]").AttrOr("value", "")
	client.Post(newTasks, complete(w, "once", "segar", "again", again)...).Want(http.StatusSeeOther)
	check.Equal(t, "value", w.Count("tasks")-before, 2)
}

func TestCreate_SimilarTask_SavedAtOnce(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator).Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	for field, value := range map[string]string{"title": "Siapkan data lain", "organisation": w.Campus.Id, "due_on": "11/12/2026"} {
		w.As(w.Initiator).Post(newTasks, complete(w, "once", "lain-"+field, field, value)...).Want(http.StatusSeeOther)
	}
	w.As(w.Coordinator).Post(newTasks, complete(w, "once", "orang-lain")...).Want(http.StatusSeeOther)
	w.Age("tasks", 11*time.Minute)
	w.As(w.Initiator).Post(newTasks, complete(w, "once", "kemudian")...).Want(http.StatusSeeOther)
}

func TestCreate_KeyOfOtherContent_Saved(t *testing.T) {
	w := newWorld(t)
	client, before := w.As(w.Initiator), w.Count("tasks")
	client.Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	answer := client.Post(newTasks, complete(w, "title", "Judul lain")...).Want(http.StatusUnprocessableEntity)
	once := answer.Doc().Find("[name=once]").AttrOr("value", "")
	check.That(t, once != "" && once != "kunci-formulir-1" && answer.Doc().Find("#title").AttrOr("value", "") == "Judul lain", "the form came back with key %q", once)
	client.Post(newTasks, complete(w, "title", "Judul lain", "once", once)...).Want(http.StatusSeeOther)
	check.Equal(t, "value", w.Count("tasks")-before, 2)
}
