package tasks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

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

func TestTheTeamCreatesATask(t *testing.T) {
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

func TestAFormSentTwiceMakesOneTask(t *testing.T) {
	w := newWorld(t)
	before := w.Count("tasks")
	first := w.As(w.Initiator).Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	again := w.As(w.Initiator).Post(newTasks, complete(w)...).Want(http.StatusSeeOther)
	if first.Header.Get("Location") != again.Header.Get("Location") || w.Count("tasks") != before+1 {
		t.Errorf("%s and %s, %d tasks", first.Header.Get("Location"), again.Header.Get("Location"), w.Count("tasks")-before)
	}
}

func TestTheFormStartsWithMeAndTheChosenOrganisation(t *testing.T) {
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

func TestAProgrammeWithoutPartnersSaysToAddOneFirst(t *testing.T) {
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
		{"milestone", milestone.Id, "Pilih “Milestone” dari daftar."},
		{"starts_on", "2026-12-11", "Tenggat tidak boleh sebelum tanggal mulai."},
		{"urgency", "soon", "Pilih “Urgensi” dari daftar."},
	}
}

func TestAWrongEntryComesBackWithASentenceAndEverythingTyped(t *testing.T) {
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
		if wrong.field != "details" && !strings.Contains(kept, "Cukup **jumlah**") {
			t.Errorf("%s: details came back as %q", wrong.field, kept)
		}
		check.Equal(t, wrong.field+": the form's key", page.Doc().Find("input[name=once]").AttrOr("value", ""), "kunci-formulir-1")
		if strings.Contains(page.Body, "SQL") || strings.Contains(page.Body, "⟦") {
			t.Errorf("%s: the page shows what it should not", wrong.field)
		}
	}
	if w.Count("tasks") != before {
		t.Errorf("%d tasks were made", w.Count("tasks")-before)
	}
}

func TestOnlyTheTeamCreates(t *testing.T) {
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

func TestTheTeamChangesATask(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Coordinator)
	form := client.Get(w.url() + "/edit").Want(http.StatusOK)
	seen := form.Doc().Find("input[name=seen]").AttrOr("value", "")
	check.Equal(t, "due", form.Doc().Find("input[name=due_on]").AttrOr("value", ""), "2026-11-26")
	answer := client.Post(w.url(), "seen", seen, "title", "Kunjungan rumah pertama", "organisation", w.Puskesmas.Id,
		"accountable", w.Coordinator.Id, "due_on", "2026-11-26").Want(http.StatusSeeOther)
	check.Equal(t, "leads", answer.Header.Get("Location"), w.url())
	task := w.Fresh(w.task)
	if task.GetString("title") != "Kunjungan rumah pertama" || task.GetString("accountable") != w.Coordinator.Id {
		t.Errorf("%s, %s", task.GetString("title"), task.GetString("accountable"))
	}
}

func TestAChangeMadeMeanwhileIsNotOverwritten(t *testing.T) {
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

func TestWhatATaskPointsToStaysOfferedAfterItLeft(t *testing.T) {
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

func TestOnlyTheTeamChanges(t *testing.T) {
	w := newWorld(t)
	for _, person := range []*core.Record{w.Outsider, w.BaliInitiator, w.Observer, w.Partner, w.OtherPartner} {
		w.As(person).Post(w.url(), "title", "Judul lain", "organisation", w.Puskesmas.Id).Want(http.StatusNotFound)
	}
	w.As(nil).Post(w.url(), "title", "Judul lain").Want(http.StatusUnauthorized)
	check.Equal(t, "somebody else changed", w.Fresh(w.task).GetString("title"), "Jadwalkan kunjungan rumah")
}
