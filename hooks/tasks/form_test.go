package tasks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
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
	if to := answer.Header.Get("Location"); to != "/tasks/"+made.Id {
		t.Errorf("leads to %s", to)
	}
	for field, want := range map[string]string{
		"programme": w.Kopi.Id, "title": "Siapkan data keluarga", "organisation": w.Forum.Id, "due_on": "2026-12-10",
		"accountable": w.Coordinator.Id, "urgency": "urgent", "state": "todo", "done_by": "", "source_key": "",
		"details_html": "<p>Cukup <strong>jumlah</strong>, tanpa nama.</p>",
	} {
		if got := strings.TrimSpace(made.GetString(field)); got != want {
			t.Errorf("%s is %q, want %q", field, got, want)
		}
	}
	if text := client.Follow(answer).Want(http.StatusOK).Text(".flash p"); text != "Tugas dibuat." {
		t.Errorf("flash %q", text)
	}
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
		if got := page.Text(selector); got != want {
			t.Errorf("%s is %q, want %q", selector, got, want)
		}
	}
	if page.Doc().Find("nav.tab-bar").Length() != 0 {
		t.Error("the tab bar would cover the submit button")
	}
	admin := w.As(w.Administrator).Get(newTasks + "/new").Want(http.StatusOK)
	if got := admin.Text("select[name=accountable] option[selected]"); got != "" {
		t.Errorf("an administrator cannot answer for a task, %q is chosen", got)
	}
}

func TestAProgrammeWithoutPartnersSaysToAddOneFirst(t *testing.T) {
	w := newWorld(t)
	page := w.As(w.BaliInitiator).Get("/programmes/papua/tasks/new").Want(http.StatusOK)
	if to := page.Doc().Find(".callout a.button").AttrOr("href", ""); to != "/programmes/papua/stakeholders" {
		t.Errorf("leads to %q", to)
	}
	if w.As(w.Initiator).Get(newTasks+"/new").Doc().Find(".callout.warn, .callout a").Length() != 0 {
		t.Error("a programme with partners needs no such word")
	}
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
		if once := page.Doc().Find("input[name=once]").AttrOr("value", ""); once != "kunci-formulir-1" {
			t.Errorf("%s: the form's key became %q", wrong.field, once)
		}
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
	if w.Count("tasks") != before {
		t.Error("somebody else made a task")
	}
	w.As(w.Administrator).Post(newTasks, complete(w, "accountable", "")...).Want(http.StatusSeeOther)
	if made := w.Only("tasks", "once", "kunci-formulir-1"); made.GetString("accountable") != w.Initiator.Id {
		t.Errorf("answered for by %s", made.GetString("accountable"))
	}
}

func TestTheTeamChangesATask(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Coordinator)
	form := client.Get(w.url() + "/edit").Want(http.StatusOK)
	seen := form.Doc().Find("input[name=seen]").AttrOr("value", "")
	if day := form.Doc().Find("input[name=due_on]").AttrOr("value", ""); day != "2026-11-26" {
		t.Errorf("due %q", day)
	}
	answer := client.Post(w.url(), "seen", seen, "title", "Kunjungan rumah pertama", "organisation", w.Puskesmas.Id,
		"accountable", w.Coordinator.Id, "due_on", "2026-11-26").Want(http.StatusSeeOther)
	if to := answer.Header.Get("Location"); to != w.url() {
		t.Errorf("leads to %s", to)
	}
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
	if text := page.Text(".problems"); !strings.Contains(text, "Orang lain baru saja mengubahnya") {
		t.Errorf("problems %q", text)
	}
	if w.Fresh(w.task).GetString("title") != "Judul baru" {
		t.Error("the other change is lost")
	}
	again := page.Doc().Find("input[name=seen]").AttrOr("value", "")
	client.Post(w.url(), append(fields, "seen", again)...).Want(http.StatusSeeOther)
}

func TestWhatATaskPointsToStaysOfferedAfterItLeft(t *testing.T) {
	w := newWorld(t)
	stakeholder, err := w.App.FindFirstRecordByFilter("stakeholders", "organisation = '"+w.Puskesmas.Id+"'")
	if err != nil {
		t.Fatal(err)
	}
	stakeholder.Set("ended_on", "2026-11-01")
	if err := w.App.Save(stakeholder); err != nil {
		t.Fatal(err)
	}
	page := w.As(w.Initiator).Get(w.url() + "/edit").Want(http.StatusOK)
	if got := page.Text("select[name=organisation] option[selected]"); got != "Puskesmas Tambakaji" {
		t.Errorf("the owner is shown as %q", got)
	}
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
	if w.Fresh(w.task).GetString("title") != "Jadwalkan kunjungan rumah" {
		t.Error("somebody else changed it")
	}
}
