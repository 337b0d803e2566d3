package tasks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit/check"
)

// told makes a task with everything a task can say.
func told(w *world) *core.Record {
	contact := w.Only("contacts", "organisation", w.Puskesmas.Id)
	stage := w.Make("stages", "programme", w.Kopi.Id, "name", "Persiapan keluarga", "position", 1)
	milestone := w.Make("milestones", "programme", w.Kopi.Id, "title", "Sepuluh keluarga siap", "horizon", "short", "due_on", "2026-12-31")
	return w.add("title", "Kunjungan rumah", "details", "Bawa **formulir**.\n\n<script>alert(1)</script>", "due_on", "2026-11-20",
		"starts_on", "2026-11-10", "assignee", contact.Id, "accountable", w.Coordinator.Id, "stage", stage.Id,
		"milestone", milestone.Id, "urgency", "very_urgent", "state", "in_progress", "reply", "more_time", "reply_reason", "sampai Rabu")
}

func TestTheTaskPageSaysEverything(t *testing.T) {
	w := newWorld(t)
	task := told(w)
	page := w.As(w.Initiator).Get("/tasks/" + task.Id).Want(http.StatusOK)
	for selector, wants := range map[string][]string{
		"h1":         {"Kunjungan rumah"},
		".page-head": {"Dikerjakan", "Terlambat 3 hari", "Sangat segera", "Perlu waktu", "Tenggat Jumat, 20 November 2026 (WIB)", "Ubah"},
		".crumbs":    {"KOPI REHAT", "Tugas"},
		".prose":     {"Bawa formulir."},
		"section[aria-labelledby=about]": {"Puskesmas Tambakaji", "Pemerintah", "Kepala Puskesmas",
			"Sub Koordinator", "Persiapan keluarga", "Sepuluh keluarga siap", "Perlu waktu – sampai Rabu", "Sel, 10 Nov 2026"},
		"section[aria-labelledby=steps]": {"Selesai", "Menunggu pihak lain", "Belum mulai", "Batalkan tugas"},
	} {
		for _, want := range wants {
			check.Contains(t, selector+": no", page.Text(selector), want)
		}
	}
	if strings.Contains(page.Body, "<script>alert") || strings.Contains(page.Body, "⟦") {
		t.Error("the page shows what it should not")
	}
	check.Equal(t, "number of elements", page.Doc().Find("h1").Length(), 1)
}

func TestTheContactIsNamedOnlyToThoseWhoMayKnowIt(t *testing.T) {
	w := newWorld(t)
	task := told(w)
	for person, named := range map[*core.Record]bool{w.Initiator: true, w.Partner: true, w.OtherPartner: false, w.Observer: false} {
		text := w.As(person).Get("/tasks/" + task.Id).Want(http.StatusOK).Text("section[aria-labelledby=about]")
		if strings.Contains(text, "Kepala Puskesmas") != named {
			t.Errorf("%s reads %q", person.GetString("email"), text)
		}
	}
}

func TestThePageOffersOnlyWhatWillBeAllowed(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		person                     *core.Record
		steps, replies, talk, edit int
	}{
		{person: w.Initiator, steps: 4, replies: 3, talk: 1, edit: 1},
		{person: w.Partner, steps: 3, replies: 3, talk: 1},
		{person: w.OtherPartner},
		{person: w.Observer},
	} {
		doc := w.As(c.person).Get(w.url()).Want(http.StatusOK).Doc()
		for selector, want := range map[string]int{
			"form[action$='/state']": c.steps, "button[name=reply]": c.replies,
			"form[action$='/comments']": c.talk, "a[href$='/edit']": c.edit,
		} {
			if n := doc.Find(selector).Length(); n != want {
				t.Errorf("%s: %d of %s, want %d", c.person.GetString("email"), n, selector, want)
			}
		}
	}
}

func TestEveryOfferedStepWorks(t *testing.T) {
	w := newWorld(t)
	for _, state := range []string{"todo", "in_progress", "waiting", "done", "cancelled"} {
		for _, person := range []*core.Record{w.Initiator, w.Partner} {
			task := w.add("title", "Tugas "+state, "state", state)
			url := "/tasks/" + task.Id
			forms := w.As(person).Get(url).Doc().Find("form[action$='/state']")
			if closed := person == w.Partner && state == "cancelled"; (forms.Length() == 0) != closed {
				t.Errorf("%s: %s leads to %d states", person.GetString("email"), state, forms.Length())
			}
			forms.Each(func(_ int, form *goquery.Selection) {
				next := form.Find("input[name=state]").AttrOr("value", "")
				w.As(person).Post(url+"/state", "state", next).Want(http.StatusSeeOther)
				if got := w.Fresh(task).GetString("state"); got != next {
					t.Errorf("%s: from %s to %s gives %s", person.GetString("email"), state, next, got)
				}
			})
		}
	}
}

func TestATaskThatIsDoneAsksForNoAnswer(t *testing.T) {
	w := newWorld(t)
	task := w.add("title", "Selesai", "state", "done", "due_on", "2026-11-01")
	page := w.As(w.Partner).Get("/tasks/" + task.Id).Want(http.StatusOK)
	if page.Doc().Find("button[name=reply]").Length() != 0 || strings.Contains(page.Text(".page-head"), "Terlambat") {
		t.Errorf("done, and still: %q", page.Text("main"))
	}
	check.Contains(t, "steps", page.Text("section[aria-labelledby=steps]"), "Buka lagi")
}

func TestThePageIsCompleteInEnglish(t *testing.T) {
	w := newWorld(t)
	w.Initiator.Set("language", "en")
	check.NoError(t, w.App.Save(w.Initiator))
	client := w.As(w.Initiator)
	for _, url := range []string{newTasks, newTasks + "/new", w.url(), w.url() + "/edit", "/tasks", newTasks + "?pick=1"} {
		page := client.Get(url).Want(http.StatusOK)
		for _, indonesian := range []string{"⟦", "Tugas", "Tenggat", "Selesai", "Simpan"} {
			check.Lacks(t, url, page.Text("main"), indonesian)
		}
	}
}
