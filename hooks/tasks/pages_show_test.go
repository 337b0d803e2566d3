package tasks_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/tasks"
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

func TestShow_Task_AllFields(t *testing.T) {
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
		check.Contains(t, selector+": no", page.Text(selector), wants...)
	}
	check.Lacks(t, "the page shows what it should", page.Body, "<script>alert", "⟦")
	check.Equal(t, "number of elements", page.Doc().Find("h1").Length(), 1)
}

func TestShow_Contact_OnlyForAllowed(t *testing.T) {
	w := newWorld(t)
	task := told(w)
	for person, named := range map[*core.Record]bool{w.Initiator: true, w.Partner: true, w.OtherPartner: false, w.Observer: false} {
		text := w.As(person).Get("/tasks/" + task.Id).Want(http.StatusOK).Text("section[aria-labelledby=about]")
		check.That(t, strings.Contains(text, "Kepala Puskesmas") == named, "%s reads %q", person.GetString("email"), text)
	}
}

func TestShow_Actions_OnlyAllowed(t *testing.T) {
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

func TestShow_EachOfferedStep_Works(t *testing.T) {
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

func TestShow_Done_NoReplyForm(t *testing.T) {
	w := newWorld(t)
	task := w.add("title", "Selesai", "state", "done", "due_on", "2026-11-01")
	page := w.As(w.Partner).Get("/tasks/" + task.Id).Want(http.StatusOK)
	check.That(t, page.Doc().Find("button[name=reply]").Length() == 0 && !strings.Contains(page.Text(".page-head"), "Terlambat"), "done, and still: %q", page.Text("main"))
	check.Contains(t, "steps", page.Text("section[aria-labelledby=steps]"), "Buka lagi")
}

func TestShow_English_Complete(t *testing.T) {
	w := newWorld(t)
	w.Initiator.Set("language", "en")
	check.NoError(t, w.App.Save(w.Initiator))
	client := w.As(w.Initiator)
	for _, url := range []string{newTasks, newTasks + "/new", w.url(), w.url() + "/edit", "/tasks", newTasks + "?pick=1"} {
		page := client.Get(url).Want(http.StatusOK)
		check.Lacks(t, url, page.Text("main"), "⟦", "Tugas", "Tenggat", "Selesai", "Simpan")
	}
}

func TestComment_Visibility_DecidesReaders(t *testing.T) {
	w := newWorld(t)
	w.As(w.Initiator).Post(w.url()+"/comments", "body", "Hanya untuk tim", "visibility", "team").Want(http.StatusSeeOther)
	w.As(w.Initiator).Post(w.url()+"/comments", "body", "Untuk **semua**", "visibility", "partners").Want(http.StatusSeeOther)
	w.As(w.Partner).Post(w.url()+"/comments", "body", "Dari puskesmas").Want(http.StatusSeeOther)
	for person, want := range map[*core.Record]string{
		w.Coordinator:  "Hanya untuk tim, Untuk semua, Dari puskesmas",
		w.Partner:      "Untuk semua, Dari puskesmas",
		w.OtherPartner: "Untuk semua, Dari puskesmas",
		w.Observer:     "Untuk semua, Dari puskesmas",
	} {
		page := w.As(person).Get(w.url()).Want(http.StatusOK)
		said := []string{}
		page.Doc().Find("li[id^=comment-] .prose").Each(collect(&said))
		check.Equal(t, person.GetString("email"), strings.Join(said, ", "), want)
	}
	text := w.As(w.Coordinator).Get(w.url()).Text("section[aria-labelledby=comments]")
	check.Contains(t, "the team does not see what stays inside", text, "WIB · Tim saja")
}

func TestComment_Author_NamedByAccess(t *testing.T) {
	w := newWorld(t)
	w.As(w.Partner).Post(w.url()+"/comments", "body", "Dari puskesmas").Want(http.StatusSeeOther)
	for person, want := range map[*core.Record]string{
		w.Initiator: "Narahubung Puskesmas", w.Partner: "Narahubung Puskesmas", w.OtherPartner: "Puskesmas Tambakaji",
	} {
		check.Equal(t, person.GetString("email"), w.As(person).Get(w.url()).Text("li[id^=comment-] b"), want)
	}
	w.Make("comments", "task", w.task.Id, "body", "Catatan", "visibility", "partners")
	check.Contains(t, "the hub's own word is shown", w.As(w.Partner).Get(w.url()).Text("section[aria-labelledby=comments]"), "Simpul Lima")
}

func TestComment_ByPartner_VisibleToPartners(t *testing.T) {
	w := newWorld(t)
	w.As(w.Partner).Post(w.url()+"/comments", "body", "Rahasia", "visibility", "team").Want(http.StatusSeeOther)
	said := w.Only("comments", "task", w.task.Id)
	check.Same(t, "stored", []string{said.GetString("visibility"), said.GetString("author"), said.GetString("programme")}, []string{"partners", w.Partner.Id, w.Kopi.Id})
	check.Equal(t, "unless somebody says so, a comment", w.Make("comments", "task", w.task.Id, "body", "Catatan").GetString("visibility"), "team")
	for author, want := range map[*core.Record]string{w.Partner: "partners", w.Coordinator: "team"} {
		brought := w.Make("comments", "task", w.task.Id, "body", "Dari berkas lama", "author", author.Id)
		if got := brought.GetString("visibility"); got != want {
			t.Errorf("what the hub brings in from %s is for %s, want %s", author.GetString("email"), got, want)
		}
	}
}

func TestComment_Invalid_KeepsInput(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ body, visibility, field string }{
		{"", "partners", "body"},
		{strings.Repeat("a", 5001), "partners", "body"},
		{"NIK 3374012345678901", "partners", "body"},
		{"Halo", "everybody", "visibility"},
		{"Halo", "", "visibility"},
	} {
		page := w.As(w.Initiator).Post(w.url()+"/comments", "body", c.body, "visibility", c.visibility).Want(http.StatusUnprocessableEntity)
		check.That(t, page.Text("#"+c.field+"-error") != "", "%.10q for %q: no sentence at %s", c.body, c.visibility, c.field)
		check.Equal(t, "Text", page.Doc().Find("textarea[name=body]").Text(), c.body)
	}
	check.Equal(t, "it was kept all the same", w.Count("comments"), 0)
}

func TestComment_SameForm_SavedOnce(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.As(w.Partner).Post(w.url()+"/comments", "body", "Halo", "once", "kunci-komentar").Want(http.StatusSeeOther)
	}
	check.Equal(t, "rows of comments", w.Count("comments"), 1)
}

func TestComment_Subject_ExactlyOne(t *testing.T) {
	w := newWorld(t)
	meeting := w.Make("meetings", "programme", w.Kopi.Id, "title", "Rapat", "kind", "coordination", "status", "scheduled",
		"starts_at", "2026-12-01 02:00:00.000Z", "time_zone", "Asia/Jakarta", "mode", "in_person")
	admin := w.As(w.Administrator)
	create := "/api/collections/comments/records"
	for _, fields := range []map[string]any{
		{"body": "Halo", "programme": w.Kopi.Id},
		{"body": "Halo", "programme": w.Kopi.Id, "task": w.task.Id, "meeting": meeting.Id},
		{"body": "Halo", "programme": w.Kopi.Id, "task": "tidakada0000000"},
	} {
		admin.API(http.MethodPost, create, fields).Want(http.StatusBadRequest)
	}
	answer := admin.API(http.MethodPost, create, map[string]any{"body": "Halo", "programme": w.Rantang.Id, "meeting": meeting.Id}).Want(http.StatusOK)
	check.Equal(t, "the comment", answer.JSON()["programme"], any(w.Kopi.Id))
}

func TestComment_API_Access(t *testing.T) {
	w := newWorld(t)
	create := "/api/collections/comments/records"
	fields := map[string]any{"body": "Halo", "programme": w.Kopi.Id, "task": w.task.Id, "visibility": "partners"}
	for _, c := range []struct {
		person *core.Record
		want   int
	}{{nil, 400}, {w.Outsider, 400}, {w.Observer, 400}, {w.OtherPartner, 400}, {w.Partner, 200}, {w.Coordinator, 200}} {
		w.As(c.person).API(http.MethodPost, create, fields).Want(c.want)
	}
	fields["author"] = w.Initiator.Id
	w.As(w.Partner).API(http.MethodPost, create, fields).Want(http.StatusBadRequest)
	said := w.Only("comments", "author", w.Partner.Id)
	w.As(w.Partner).API(http.MethodPatch, create+"/"+said.Id, map[string]any{"body": "Lain"}).Want(http.StatusForbidden)
	w.As(w.Initiator).API(http.MethodDelete, create+"/"+said.Id, nil).Want(http.StatusForbidden)
}

func TestNormalize_OwnerOrDueChanged_ReplyCleared(t *testing.T) {
	w := newWorld(t)
	contact := w.Only("contacts", "organisation", w.Puskesmas.Id)
	for _, c := range []struct {
		name            string
		reply           string
		change          []any
		reply2, contact string
	}{
		{"another title", "more_time", []any{"title", "Judul baru"}, "more_time", contact.Id},
		{"more time was given", "more_time", []any{"due_on", "2026-12-24"}, "", contact.Id},
		{"it had accepted", "accepted", []any{"due_on", "2026-12-24"}, "accepted", contact.Id},
		{"another organisation", "accepted", []any{"organisation", w.Forum.Id}, "", ""},
		{"both at once", "accepted", []any{"organisation", w.Forum.Id, "reply", "more_time"}, "more_time", ""},
	} {
		task := w.Fresh(w.add("due_on", "2026-12-10", "reply", c.reply, "assignee", contact.Id))
		set(task, c.change...)
		if c.name == "both at once" {
			task.Set("assignee", "")
		}
		if err := w.App.Save(task); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if task = w.Fresh(task); task.GetString("reply") != c.reply2 || task.GetString("assignee") != c.contact {
			t.Errorf("%s: reply %q, contact %q", c.name, task.GetString("reply"), task.GetString("assignee"))
		}
	}
}

func TestNormalize_DoneFields_NotTyped(t *testing.T) {
	w := newWorld(t)
	task, err := w.try(w.Administrator, "state", "todo", "done_at", "2020-01-01 00:00:00.000Z", "done_by", w.Partner.Id)
	if err != nil || task.GetString("done_by") != "" || !task.GetDateTime("done_at").IsZero() {
		t.Errorf("an open task was done by %s at %s, %v", task.GetString("done_by"), task.GetDateTime("done_at"), err)
	}
	task, err = w.try(w.Coordinator, "state", "done", "done_at", "2020-01-01 00:00:00.000Z", "done_by", w.Partner.Id)
	if err != nil || task.GetString("done_by") != w.Coordinator.Id || task.GetDateTime("done_at").Time().Year() != 2026 {
		t.Errorf("done by %s at %s, %v", task.GetString("done_by"), task.GetDateTime("done_at"), err)
	}
	task = w.Fresh(task)
	task.Set("done_by", w.Partner.Id)
	if err := w.App.Save(access.Sign(task, w.Administrator, access.ViaAdmin)); err != nil || w.Fresh(task).GetString("done_by") != w.Coordinator.Id {
		t.Errorf("rewritten: %v", err)
	}
	// The hub brings its own history along when it loads one.
	kept := w.add("state", "done", "done_at", "2026-11-01 03:00:00.000Z", "done_by", w.Coordinator.Id)
	if kept.GetDateTime("done_at").String() != "2026-11-01 03:00:00.000Z" || kept.GetString("done_by") != w.Coordinator.Id {
		t.Errorf("loaded as done by %s at %s", kept.GetString("done_by"), kept.GetDateTime("done_at"))
	}
}

func TestProgress_States_Described(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		state, due, today string
		late              int
		open              bool
	}{
		{"todo", "2026-11-26", "2026-11-26", 0, true},
		{"todo", "2026-11-26", "2026-11-27", 1, true},
		{"waiting", "2026-11-26", "2026-12-26", 30, true},
		{"done", "2026-11-26", "2026-12-26", 0, false},
		{"cancelled", "2026-11-26", "2026-12-26", 0, false},
		{"in_progress", "", "2026-12-26", 0, true},
	} {
		task := tasks.Wrap(w.Fresh(w.task))
		task.Set("state", c.state)
		task.Set("due_on", c.due)
		if task.Late(c.today) != c.late || task.Open() != c.open || task.Done() != (c.state == "done") {
			t.Errorf("%+v: late %d, open %v", c, task.Late(c.today), task.Open())
		}
	}
}
