package tasks_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/google/go-cmp/cmp"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// listed returns the titles of a list in order.
func listed(r *testkit.Response) []string {
	titles := []string{}
	r.Doc().Find("li.task a.name").Each(func(_ int, s *goquery.Selection) { titles = append(titles, s.Text()) })
	return titles
}

func TestListShowsOpenTasksByDueDayAndThoseWithoutOneLast(t *testing.T) {
	w := newWorld(t)
	w.add("title", "Tanpa tenggat")
	w.add("title", "Paling dulu", "due_on", "2026-11-20")
	w.add("title", "Sudah selesai", "due_on", "2026-11-19", "state", "done")
	w.add("title", "Batal", "due_on", "2026-11-19", "state", "cancelled")
	w.Make("tasks", "programme", w.Rantang.Id, "organisation", w.Bali.Id, "title", "Program lain")
	got := listed(w.As(w.Observer).Get("/programmes/kopi/tasks").Want(http.StatusOK))
	want := []string{"Paling dulu", "Jadwalkan kunjungan rumah", "Tanpa tenggat"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestARowSaysWhoseTaskItIsHowFarAndHowLate(t *testing.T) {
	w := newWorld(t)
	late := w.add("title", "Terlambat", "due_on", "2026-11-20", "state", "waiting")
	row := w.As(w.Partner).Get("/programmes/kopi/tasks").Text("#task-" + late.Id)
	want := "Terlambat Puskesmas Tambakaji Terlambat 3 hari Jum, 20 Nov 2026 Menunggu pihak lain"
	if row != want {
		t.Errorf("row %q, want %q", row, want)
	}
	english := w.As(w.Partner)
	english.Header.Set("Accept-Language", "en")
	w.Partner.Set("language", "en")
	if err := w.App.Save(w.Partner); err != nil {
		t.Fatal(err)
	}
	row = english.Get("/programmes/kopi/tasks").Text("#task-" + late.Id)
	if want = "Terlambat Puskesmas Tambakaji 3 days late Fri, 20 Nov 2026 Waiting for others"; row != want {
		t.Errorf("row %q, want %q", row, want)
	}
}

func TestFiltersNarrowTheList(t *testing.T) {
	w := newWorld(t)
	w.add("title", "late", "due_on", "2026-11-22")
	w.add("title", "far", "due_on", "2026-12-20", "state", "in_progress")
	w.add("title", "trouble", "due_on", "2026-12-21", "reply", "more_time")
	w.add("title", "declined", "due_on", "2026-12-22", "reply", "declined", "reply_reason", "tidak ada orang")
	w.add("title", "forum", "due_on", "2026-12-23", "organisation", w.Forum.Id, "accountable", w.Coordinator.Id)
	w.add("title", "owner", "due_on", "2026-12-24", "organisation", w.Agency.Id)
	w.add("title", "done", "due_on", "2026-11-01", "state", "done")
	visit := "Jadwalkan kunjungan rumah"
	for query, want := range map[string]string{
		"":                    "late " + visit + " far trouble declined forum owner",
		"state=done":          "done",
		"state=all":           "done late " + visit + " far trouble declined forum owner",
		"late=1":              "late",
		"week=1":              visit,
		"mine=1":              "",
		"followed=1":          "late " + visit + " far trouble declined owner",
		"followed=1&late=1":   "late",
		"reply=none":          "late " + visit + " forum",
		"reply=trouble":       "trouble declined",
		"organisation=FORUM":  "forum",
		"organisation=nobody": "",
		"state=nonsense":      "late " + visit + " far trouble declined forum owner",
		"page=nonsense":       "late " + visit + " far trouble declined forum owner",
	} {
		query = strings.ReplaceAll(query, "FORUM", w.Forum.Id)
		got := listed(w.As(w.Initiator).Get("/programmes/kopi/tasks?" + query).Want(http.StatusOK))
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
	}
	if got := listed(w.As(w.OtherPartner).Get("/programmes/kopi/tasks?mine=1")); len(got) != 1 || got[0] != "forum" {
		t.Errorf("forum's own tasks are %v", got)
	}
}

func TestEveryFilterOnThePageLeadsToAListThatShowsItAsChosen(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Initiator)
	first := client.Get("/programmes/kopi/tasks").Want(http.StatusOK)
	links := first.Doc().Find(".filters a")
	if links.Length() != 9 {
		t.Errorf("%d filters", links.Length())
	}
	links.Each(func(_ int, link *goquery.Selection) {
		there := client.Get(link.AttrOr("href", "")).Want(http.StatusOK)
		if link.Text() == "Organisasi…" {
			if there.Doc().Find("select[name=organisation] option").Length() != 6 {
				t.Error("no choice of organisations")
			}
			return
		}
		chosen := there.Doc().Find(".filters a[aria-current=true]").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		if !slices.Contains(chosen, link.Text()) {
			t.Errorf("%q leads to a list that shows %q", link.Text(), chosen)
		}
	})
}

func TestObserversAreNotOfferedFiltersAboutThemselves(t *testing.T) {
	w := newWorld(t)
	if text := w.As(w.Observer).Get("/programmes/kopi/tasks").Text(".filters"); strings.Contains(text, "Tugas saya") {
		t.Errorf("filters %q", text)
	}
}

func TestPagesHoldThirtyAndLeadOnAndBack(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.add("title", fmt.Sprintf("Tugas %02d", i), "due_on", "2026-12-10")
	}
	client := w.As(w.Partner)
	first := client.Get("/programmes/kopi/tasks?mine=1").Want(http.StatusOK)
	if n := len(listed(first)); n != 30 {
		t.Errorf("first page has %d", n)
	}
	if first.Doc().Find("a[rel=prev]").Length() != 0 {
		t.Error("the first page leads back")
	}
	second := client.Get(first.Doc().Find("a[rel=next]").AttrOr("href", "")).Want(http.StatusOK)
	third := client.Get(second.Doc().Find("a[rel=next]").AttrOr("href", "")).Want(http.StatusOK)
	if n := len(listed(third)); n != 1 || third.Doc().Find("a[rel=next]").Length() != 0 {
		t.Errorf("last page has %d and leads to %q", n, third.Text("a[rel=next]"))
	}
	if back := third.Doc().Find("a[rel=prev]").AttrOr("href", ""); back != "/programmes/kopi/tasks?mine=1&page=2" {
		t.Errorf("back leads to %s", back)
	}
	seen := map[string]bool{}
	for _, title := range append(append(listed(first), listed(second)...), listed(third)...) {
		seen[title] = true
	}
	if len(seen) != 61 {
		t.Errorf("%d different tasks on three pages", len(seen))
	}
}

func TestOnlyThoseWhoMayTickAreOfferedIt(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		person *core.Record
		want   int
	}{{w.Initiator, 1}, {w.Coordinator, 1}, {w.Partner, 1}, {w.OtherPartner, 0}, {w.Observer, 0}, {w.Administrator, 1}} {
		page := w.As(c.person).Get("/programmes/kopi/tasks").Want(http.StatusOK)
		if n := page.Doc().Find("form[data-tick]").Length(); n != c.want {
			t.Errorf("%s: %d ticks", c.person.GetString("email"), n)
		}
	}
}

func TestAnEmptyListSaysWhatItIsForAndOffersOneStep(t *testing.T) {
	w := testkit.New(t)
	for _, c := range []struct {
		person *core.Record
		url    string
		title  string
		action string
	}{
		{w.Initiator, "/programmes/kopi/tasks", "Tidak ada tugas yang belum selesai", "/programmes/kopi/tasks/new"},
		{w.Partner, "/programmes/kopi/tasks", "Tidak ada tugas yang belum selesai", "/programmes/kopi/tasks?state=all"},
		{w.Partner, "/programmes/kopi/tasks?late=1", "Tidak ada tugas yang cocok", "/programmes/kopi/tasks"},
		{w.Partner, "/tasks", "Tidak ada yang menunggu Anda", "/programmes"},
		{w.Outsider, "/tasks", "Tidak ada yang menunggu Anda", "/programmes"},
	} {
		page := w.As(c.person).Get(c.url).Want(http.StatusOK)
		if got := page.Text(".empty-list h3"); got != c.title {
			t.Errorf("%s: %q", c.url, got)
		}
		if got := page.Doc().Find(".empty-list a").AttrOr("href", ""); got != c.action {
			t.Errorf("%s leads to %s, want %s", c.url, got, c.action)
		}
	}
}

func TestWhoMaySeeTheListAndTheForm(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		person     *core.Record
		list, form int
	}{
		{nil, http.StatusSeeOther, http.StatusSeeOther},
		{w.Outsider, http.StatusNotFound, http.StatusNotFound},
		{w.BaliInitiator, http.StatusNotFound, http.StatusNotFound},
		{w.Disabled, http.StatusSeeOther, http.StatusSeeOther},
		{w.Observer, http.StatusOK, http.StatusNotFound},
		{w.Partner, http.StatusOK, http.StatusNotFound},
		{w.Coordinator, http.StatusOK, http.StatusOK},
		{w.Initiator, http.StatusOK, http.StatusOK},
		{w.Administrator, http.StatusOK, http.StatusOK},
	} {
		w.As(c.person).Get("/programmes/kopi/tasks").Want(c.list)
		w.As(c.person).Get(w.url()).Want(c.list)
		w.As(c.person).Get("/programmes/kopi/tasks/new").Want(c.form)
		w.As(c.person).Get(w.url() + "/edit").Want(c.form)
	}
	w.As(w.Initiator).Get("/programmes/nowhere/tasks").Want(http.StatusNotFound)
	w.As(w.Initiator).Get("/tasks/nothing").Want(http.StatusNotFound)
}
