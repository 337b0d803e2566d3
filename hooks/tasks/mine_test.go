package tasks_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/tasks"
)

func TestMineCrossesProgrammesAndHoldsOnlyWhatWaitsForMe(t *testing.T) {
	w := newWorld(t)
	w.add("title", "Milik forum", "organisation", w.Forum.Id, "due_on", "2026-11-24")
	w.add("title", "Selesai", "state", "done")
	w.Make("stakeholders", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id)
	w.Make("tasks", "programme", w.Rantang.Id, "organisation", w.Puskesmas.Id, "title", "Di Tabanan", "due_on", "2026-11-25")
	w.Make("tasks", "programme", w.Rantang.Id, "organisation", w.Bali.Id, "title", "Milik Bali", "due_on", "2026-11-25")
	got := listed(w.As(w.Partner).Get("/tasks").Want(http.StatusOK))
	if !slices.Equal(got, []string{"Di Tabanan", "Jadwalkan kunjungan rumah"}) {
		t.Errorf("the partner's tasks are %v", got)
	}
	got = listed(w.As(w.Initiator).Get("/tasks").Want(http.StatusOK))
	if !slices.Equal(got, []string{"Milik forum", "Jadwalkan kunjungan rumah"}) {
		t.Errorf("the initiator answers for %v", got)
	}
	w.As(nil).Get("/tasks").Want(http.StatusSeeOther)
}

func TestWhatIsMineAndWhatIFollowStandApart(t *testing.T) {
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
	if partner := w.As(w.Partner).Get("/tasks?followed=1"); partner.Text("h1") != "Tugas saya" {
		t.Errorf("a partner follows nothing, reads %q", partner.Text("h1"))
	}
}

func TestMineEndsWithTheMembershipItRestsOn(t *testing.T) {
	w := newWorld(t)
	w.Make("memberships", "programme", w.Kopi.Id, "user", w.Outsider.Id, "role", "initiator")
	w.add("title", "Milik mantan ketua", "accountable", w.Outsider.Id)
	membership := w.Only("memberships", "user", w.Outsider.Id)
	if got := listed(w.As(w.Outsider).Get("/tasks")); len(got) != 1 {
		t.Fatalf("answers for %v", got)
	}
	if err := w.App.Delete(membership); err != nil {
		t.Fatal(err)
	}
	if got := listed(w.As(w.Outsider).Get("/tasks")); len(got) != 0 {
		t.Errorf("still sees %v after leaving", got)
	}
	contact := w.Only("contacts", "user", w.Partner.Id)
	contact.Set("until_on", "2026-11-22")
	if err := w.App.Save(contact); err != nil {
		t.Fatal(err)
	}
	if got := listed(w.As(w.Partner).Get("/tasks")); len(got) != 0 {
		t.Errorf("a former contact still sees %v", got)
	}
}

// The list across programmes reads plain SQL; nobody may see through it what
// the rule of the collection would not show them.
func TestMineNeverShowsMoreThanTheRule(t *testing.T) {
	w := newWorld(t)
	w.add("title", "Milik forum", "organisation", w.Forum.Id)
	w.Make("tasks", "programme", w.Rantang.Id, "organisation", w.Bali.Id, "title", "Milik Bali")
	for _, person := range people(w) {
		d := access.As(w.App, person)
		mine, err := tasks.Mine(d, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range mine {
			if _, err := access.As(w.App, person).View("tasks", l.ID); err != nil {
				t.Errorf("%s sees %s in the list only", person.GetString("email"), l.Title)
			}
		}
	}
}

func TestEachNumberOfAttentionOpensExactlyItsList(t *testing.T) {
	w := newWorld(t)
	w.add("title", "Terlambat", "due_on", "2026-11-20", "state", "in_progress")
	w.add("title", "Perlu waktu", "reply", "more_time")
	w.add("title", "Tidak sanggup", "reply", "declined", "reply_reason", "tidak ada orang")
	w.add("title", "Milik sendiri", "organisation", w.Agency.Id)
	w.add("title", "Selesai terlambat", "due_on", "2026-11-20", "state", "done")
	w.Make("tasks", "programme", w.Rantang.Id, "organisation", w.Bali.Id, "title", "Terlambat di Bali", "due_on", "2026-11-20")
	for _, person := range people(w) {
		needs, err := tasks.Attention(access.As(w.App, person))
		if err != nil {
			t.Fatal(err)
		}
		if person.GetString("email") == "initiator@example.org" && needs != (tasks.Needs{Late: 1, Unanswered: 1, Trouble: 2}) {
			t.Errorf("the initiator needs %+v", needs)
		}
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

func TestLatenessFollowsTheProgrammesZone(t *testing.T) {
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
	if text := late.Text("li.task"); !strings.Contains(text, "Noken Peduli") || !strings.Contains(text, "Terlambat 1 hari") {
		t.Errorf("late is %q", text)
	}
	if text := w.As(w.BaliInitiator).Get("/programmes/rantang/tasks").Text("li.task"); strings.Contains(text, "Terlambat") {
		t.Errorf("in Tabanan it is still the day: %q", text)
	}
}

func TestForProgrammeReturnsTheFirstFew(t *testing.T) {
	w := newWorld(t)
	w.add("title", "Lebih dulu", "due_on", "2026-11-24")
	w.add("title", "Selesai", "due_on", "2026-11-23", "state", "done")
	w.add("title", "Nanti", "due_on", "2026-12-24")
	d, p := entered(w, w.Observer)
	found, err := tasks.ForProgramme(d, p, 2)
	if err != nil {
		t.Fatal(err)
	}
	rows := tasks.Rows(d, "id", found)
	if len(rows) != 2 || rows[0].Title != "Lebih dulu" || rows[0].Helix != "government" || rows[0].MayTick {
		t.Errorf("rows %+v", rows)
	}
}
