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

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/tasks"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// listed returns the titles of a list in order.
func listed(r *testkit.Response) []string {
	titles := []string{}
	r.Doc().Find("li.task a.name").Each(func(_ int, s *goquery.Selection) { titles = append(titles, s.Text()) })
	return titles
}

func TestList_OpenTasks_ByDueDay(t *testing.T) {
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

func TestList_Row_OwnerProgressLateness(t *testing.T) {
	w := newWorld(t)
	late := w.add("title", "Terlambat", "due_on", "2026-11-20", "state", "waiting")
	row := w.As(w.Partner).Get("/programmes/kopi/tasks").Text("#task-" + late.Id)
	want := "Terlambat Puskesmas Tambakaji Terlambat 3 hari Jum, 20 Nov 2026 Menunggu pihak lain"
	check.Equal(t, "row", row, want)
	english := w.As(w.Partner)
	english.Header.Set("Accept-Language", "en")
	w.Partner.Set("language", "en")
	check.NoError(t, w.App.Save(w.Partner))
	row = english.Get("/programmes/kopi/tasks").Text("#task-" + late.Id)
	if want = "Terlambat Puskesmas Tambakaji 3 days late Fri, 20 Nov 2026 Waiting for others"; row != want {
		t.Errorf("row %q, want %q", row, want)
	}
}

func TestList_Filters_Narrow(t *testing.T) {
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
		check.That(t, strings.Join(got, " ") == want, "%s: %v, want %s", query, got, want)
	}
	if got := listed(w.As(w.OtherPartner).Get("/programmes/kopi/tasks?mine=1")); len(got) != 1 || got[0] != "forum" {
		t.Errorf("forum's own tasks are %v", got)
	}
}

func TestList_FilterLinks_ShownAsChosen(t *testing.T) {
	w := newWorld(t)
	client := w.As(w.Initiator)
	first := client.Get("/programmes/kopi/tasks").Want(http.StatusOK)
	links := first.Doc().Find(".filters a")
	check.Equal(t, "number of elements", links.Length(), 9)
	links.Each(func(_ int, link *goquery.Selection) {
		there := client.Get(link.AttrOr("href", "")).Want(http.StatusOK)
		if link.Text() == "Organisasi…" {
			check.Equal(t, "no choice of organisations", there.Doc().Find("select[name=organisation] option").Length(), 6)
			return
		}
		chosen := there.Doc().Find(".filters a[aria-current=true]").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		check.That(t, slices.Contains(chosen, link.Text()), "%q leads to a list that shows %q", link.Text(), chosen)
	})
}

func TestList_Observer_NoOwnFilters(t *testing.T) {
	w := newWorld(t)
	check.Lacks(t, "filters", w.As(w.Observer).Get("/programmes/kopi/tasks").Text(".filters"), "Tugas saya")
}

func TestList_Pages_ThirtyEach(t *testing.T) {
	w := newWorld(t)
	for i := range 60 {
		w.add("title", fmt.Sprintf("Tugas %02d", i), "due_on", "2026-12-10")
	}
	client := w.As(w.Partner)
	first := client.Get("/programmes/kopi/tasks?mine=1").Want(http.StatusOK)
	check.Equal(t, "first page", len(listed(first)), 30)
	check.Equal(t, "the first page leads back", first.Doc().Find("a[rel=prev]").Length(), 0)
	second := client.Get(first.Doc().Find("a[rel=next]").AttrOr("href", "")).Want(http.StatusOK)
	third := client.Get(second.Doc().Find("a[rel=next]").AttrOr("href", "")).Want(http.StatusOK)
	if n := len(listed(third)); n != 1 || third.Doc().Find("a[rel=next]").Length() != 0 {
		t.Errorf("last page has %d and leads to %q", n, third.Text("a[rel=next]"))
	}
	check.Equal(t, "back", third.Doc().Find("a[rel=prev]").AttrOr("href", ""), "/programmes/kopi/tasks?mine=1&page=2")
	seen := map[string]bool{}
	for _, title := range append(append(listed(first), listed(second)...), listed(third)...) {
		seen[title] = true
	}
	check.Equal(t, "number of seen", len(seen), 61)
}

func TestList_TickButton_OnlyForAllowed(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		person *core.Record
		want   int
	}{{w.Initiator, 1}, {w.Coordinator, 1}, {w.Partner, 1}, {w.OtherPartner, 0}, {w.Observer, 0}, {w.Administrator, 1}} {
		page := w.As(c.person).Get("/programmes/kopi/tasks").Want(http.StatusOK)
		check.Equal(t, c.person.GetString("email"), page.Doc().Find("form[data-tick]").Length(), c.want)
	}
}

func TestList_Empty_ExplainsAndOffersStep(t *testing.T) {
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
		check.Equal(t, c.url, page.Text(".empty-list h3"), c.title)
		check.Equal(t, c.url, page.Doc().Find(".empty-list a").AttrOr("href", ""), c.action)
	}
}

func TestList_EachPerson_Access(t *testing.T) {
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

func TestOwn_SeveralProgrammes_OnlyOpenOwn(t *testing.T) {
	w := newWorld(t)
	w.add("title", "Milik forum", "organisation", w.Forum.Id, "due_on", "2026-11-24")
	w.add("title", "Selesai", "state", "done")
	w.Make("stakeholders", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id)
	w.Make("tasks", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id, "title", "Di Tabanan", "due_on", "2026-11-25")
	w.Make("tasks", "programme", w.Rantang.Id, "organisation", w.Bali.Id, "title", "Milik Bali", "due_on", "2026-11-25")
	got := listed(w.As(w.Partner).Get("/tasks").Want(http.StatusOK))
	check.Same(t, "the partner's tasks", got, []string{"Di Tabanan", "Jadwalkan kunjungan rumah"})
	got = listed(w.As(w.Initiator).Get("/tasks").Want(http.StatusOK))
	check.Same(t, "the initiator", got, []string{"Milik forum", "Jadwalkan kunjungan rumah"})
	w.As(nil).Get("/tasks").Want(http.StatusSeeOther)
}

func TestOwn_AssignedAndFollowed_Separate(t *testing.T) {
	w := newWorld(t)
	w.add("title", "Milik forum", "organisation", w.Forum.Id, "due_on", "2026-11-24")
	w.Make("contacts", "organisation", w.Forum.Id, "user", w.Initiator.Id, "position", "Ketua")
	client := w.As(w.Initiator)
	for url, want := range map[string][2]string{
		"/tasks":               {"Tugas saya", "Milik forum"},
		"/tasks?followed=1":    {"Tugas yang Anda pantau", "Jadwalkan kunjungan rumah"},
		"/tasks?late=1":        {"Tugas lewat tenggat", ""},
		"/tasks?reply=none":    {"Tugas yang belum dijawab", "Milik forum Jadwalkan kunjungan rumah"},
		"/tasks?reply=trouble": {"Tugas yang terkendala", ""},
	} {
		page := client.Get(url).Want(http.StatusOK)
		if got := strings.Join(listed(page), " "); page.Text("h1") != want[0] || got != want[1] {
			t.Errorf("%s: %q shows %q, want %q", url, page.Text("h1"), got, want)
		}
	}
	home := client.Get("/").Want(http.StatusOK)
	if mine := home.Text("section:has(#mine)"); !strings.Contains(mine, "Milik forum") || strings.Contains(mine, "kunjungan") {
		t.Errorf("mine reads %q", mine)
	}
	if followed := home.Text("section:has(#followed)"); !strings.Contains(followed, "kunjungan") || strings.Contains(followed, "Milik forum") {
		t.Errorf("followed reads %q", followed)
	}
	check.Equal(t, "a partner follows nothing", w.As(w.Partner).Get("/tasks?followed=1").Text("h1"), "Tugas saya")
}

func TestOwn_MembershipEnded_Empty(t *testing.T) {
	w := newWorld(t)
	w.Make("memberships", "programme", w.Kopi.Id, "user", w.Outsider.Id, "role", "initiator")
	w.add("title", "Milik mantan ketua", "accountable", w.Outsider.Id)
	membership := w.Only("memberships", "user", w.Outsider.Id)
	if got := listed(w.As(w.Outsider).Get("/tasks")); len(got) != 1 {
		t.Fatalf("answers for %v", got)
	}
	check.NoError(t, w.App.Delete(membership))
	check.Equal(t, "still sees", len(listed(w.As(w.Outsider).Get("/tasks"))), 0)
	contact := w.Only("contacts", "user", w.Partner.Id)
	contact.Set("until_on", "2026-11-22")
	check.NoError(t, w.App.Save(contact))
	check.Equal(t, "a former contact still sees", len(listed(w.As(w.Partner).Get("/tasks"))), 0)
}

// The list across programmes reads plain SQL; nobody may see through it what
// the rule of the collection would not show them.
func TestOwn_EachPerson_WithinRule(t *testing.T) {
	w := newWorld(t)
	w.add("title", "Milik forum", "organisation", w.Forum.Id)
	w.Make("tasks", "programme", w.Rantang.Id, "organisation", w.Bali.Id, "title", "Milik Bali")
	for _, person := range people(w) {
		d := access.As(w.App, person)
		mine := check.Must(tasks.Mine(d, 100))
		for _, l := range mine {
			if _, err := access.As(w.App, person).View("tasks", l.ID); err != nil {
				t.Errorf("%s sees %s in the list only", person.GetString("email"), l.Title)
			}
		}
	}
}

func TestAttention_Counts_MatchTheirLists(t *testing.T) {
	w := newWorld(t)
	w.add("title", "Terlambat", "due_on", "2026-11-20", "state", "in_progress")
	w.add("title", "Perlu waktu", "reply", "more_time")
	w.add("title", "Tidak sanggup", "reply", "declined", "reply_reason", "tidak ada orang")
	w.add("title", "Milik sendiri", "organisation", w.Agency.Id)
	w.add("title", "Selesai terlambat", "due_on", "2026-11-20", "state", "done")
	w.Make("tasks", "programme", w.Rantang.Id, "organisation", w.Bali.Id, "title", "Terlambat di Bali", "due_on", "2026-11-20")
	for _, person := range people(w) {
		needs := check.Must(tasks.Attention(access.As(w.App, person)))
		check.That(t, person.GetString("email") != "initiator@example.org" || needs == (tasks.Needs{Late: 1, Unanswered: 1, Trouble: 2}), "the initiator needs %+v", needs)
		if needs == (tasks.Needs{}) {
			continue
		}
		for url, n := range map[string]int{needs.LateURL(): needs.Late, needs.UnansweredURL(): needs.Unanswered, needs.TroubleURL(): needs.Trouble} {
			if got := listed(w.As(person).Get(url).Want(http.StatusOK)); len(got) != n {
				t.Errorf("%s: %s shows %v, want %d", person.GetString("email"), url, got, n)
			}
		}
	}
}

func TestAttention_ProgrammeZone_DecidesLateness(t *testing.T) {
	w := newWorld(t)
	w.Make("stakeholders", "programme", w.Papua.Id, "organisation", w.Bali.Id)
	for _, programme := range []string{w.Papua.Id, w.Rantang.Id} {
		w.Make("tasks", "programme", programme, "organisation", w.Bali.Id, "title", "Tugas", "due_on", "2026-11-23")
	}
	// Half past midnight in Jayapura, half past eleven in the evening in Tabanan.
	restore := clock.Freeze(mustAt(t, "2026-11-24", "00:30", clock.Eastern))
	defer restore()
	needs, err := tasks.Attention(access.As(w.App, w.BaliInitiator))
	if err != nil || needs.Late != 1 {
		t.Fatalf("%+v, %v", needs, err)
	}
	late := w.As(w.BaliInitiator).Get(needs.LateURL()).Want(http.StatusOK)
	check.Contains(t, "late", late.Text("li.task"), "Noken Peduli", "Terlambat 1 hari")
	check.Lacks(t, "in Tabanan it is still the day", w.As(w.BaliInitiator).Get("/programmes/rantang/tasks").Text("li.task"), "Terlambat")
}

func TestForProgramme_Limit_FirstFew(t *testing.T) {
	w := newWorld(t)
	w.add("title", "Lebih dulu", "due_on", "2026-11-24")
	w.add("title", "Selesai", "due_on", "2026-11-23", "state", "done")
	w.add("title", "Nanti", "due_on", "2026-12-24")
	d, p := entered(w, w.Observer)
	found := check.Must(tasks.ForProgramme(d, p, 2))
	rows := tasks.Rows(d, "id", found)
	check.That(t, len(rows) == 2 && rows[0].Title == "Lebih dulu" && rows[0].Helix == "government" && !rows[0].MayTick, "rows %+v", rows)
}
