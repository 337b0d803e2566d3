package reminders_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

const rulesPage = "/programmes/kopi/reminders"

// typed is a rule as its form sends it: three workdays before, twice again.
func typed(more ...string) []string {
	return append([]string{"kind", "task_due", "amount", "3", "unit", "workdays", "side", "before", "anchor", "task.due_on", "at", "09.30",
		"to_focal_point", "on", "useful", "anchor", "digest", "on"}, more...)
}

// with is a form in which some fields hold something else.
func with(form []string, changes ...string) []string {
	out := append([]string{}, form...)
	for i := 0; i+1 < len(changes); i += 2 {
		found := false
		for j := 0; j+1 < len(out); j += 2 {
			if out[j] == changes[i] {
				out[j+1], found = changes[i+1], true
			}
		}
		if !found {
			out = append(out, changes[i], changes[i+1])
		}
	}
	return out
}

func ownRule(w *testkit.World) *core.Record {
	w.Helper()
	return w.Only("reminder_rules", "programme", w.Kopi.Id)
}

func TestAnInitiatorAddsARuleByItsSentence(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	if n := c.Get(rulesPage + "/new").Want(http.StatusOK).Doc().Find("main ul.rows a").Length(); n < 11 {
		t.Errorf("%d kinds are offered", n)
	}
	page := c.Get(rulesPage + "/new?kind=task_due").Want(http.StatusOK)
	for _, name := range []string{"amount", "unit", "side", "anchor", "at", "to_assignee", "every", "most", "up_initiators", "wait", "useful", "subject_id", "body_en"} {
		if page.Doc().Find(`form [name="`+name+`"]`).Length() != 1 {
			t.Errorf("the sentence has no blank for %s", name)
		}
	}
	if !strings.Contains(page.Text("main"), "tidak berlaku lagi di program ini") {
		t.Error("the page does not say that the hub's rules end")
	}
	kept := c.Follow(c.Post(rulesPage, typed("every", "2", "most", "1", "subject_id", "Ingat: {title}")...))
	want := "Kirim 3 hari kerja sebelum tenggat tugas pukul 09.30 waktu penerima kepada narahubung utama, ulang tiap 2 hari sampai selesai, paling banyak 1 kali lagi."
	if text := kept.Want(http.StatusOK).Text("main"); !strings.Contains(text, want) {
		t.Errorf("the rule reads %s", text)
	}
	r := ownRule(w)
	if r.GetInt("offset_days") != -3 || !r.GetBool("workdays") || r.GetString("at") != "09:30" || !r.GetBool("active") || r.GetString("name") != want {
		t.Errorf("kept as %v", r.FieldsData())
	}
	// Its own page shows it as it is, and the overview leads there.
	for name, value := range map[string]string{"amount": "3", "every": "2", "most": "1", "at": "09:30", "subject_id": "Ingat: {title}"} {
		if got, _ := kept.Doc().Find(`[name="` + name + `"]`).Attr("value"); got != value {
			t.Errorf("%s shows %q, want %q", name, got, value)
		}
	}
	if c.Get(rulesPage+"?show=rules").Doc().Find(`a[href="`+rulesPage+"/"+r.Id+`"]`).Length() != 1 {
		t.Error("the overview does not lead to the rule")
	}
}

func TestAnInitiatorChangesSwitchesAndDeletesARule(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	c.Post(rulesPage, typed()...).Want(http.StatusSeeOther)
	r := ownRule(w)
	task := task(w, "2026-12-10")
	seen, _ := c.Get(rulesPage + "/" + r.Id).Doc().Find(`[name="seen"]`).Attr("value")
	form := with(typed(), "amount", "1", "unit", "days", "seen", seen, "up_initiators", "on", "wait", "2", "side", "after")
	c.Post(rulesPage+"/"+r.Id, form...).Want(http.StatusSeeOther)
	got := w.Fresh(r)
	if got.GetInt("offset_days") != 1 || got.GetBool("workdays") || got.GetInt("escalate_after_workdays") != 2 || len(got.GetStringSlice("escalate_to")) != 1 {
		t.Errorf("kept as %v", got.FieldsData())
	}
	c.Post(rulesPage+"/"+r.Id, with(form, "amount", "9")...).Want(http.StatusUnprocessableEntity) // somebody else saved meanwhile
	c.Post(rulesPage+"/"+r.Id+"/active", "active", "").Want(http.StatusSeeOther)
	if w.Fresh(r).GetBool("active") || !strings.Contains(c.Get(rulesPage+"?show=rules").Text("section:has(#rules)"), "dimatikan") {
		t.Error("the rule is not switched off in sight of all")
	}
	if rows := ledger(w, task); !strings.Contains(strings.Join(rows, "\n"), "2026-12-07 08:00 task_due partner@example.org planned") {
		t.Errorf("without its own rule the hub's do not hold again: %v", rows)
	}
	c.Post(rulesPage+"/"+r.Id+"/active", "active", "on").Want(http.StatusSeeOther)
	c.Post(rulesPage + "/" + r.Id + "/delete").Want(http.StatusSeeOther)
	if n := w.Count("reminder_rules"); n != 14 {
		t.Errorf("%d rules are left", n)
	}
}

func TestWhatIsWrongWithARuleIsSaidAtItsBlank(t *testing.T) {
	w := testkit.New(t)
	c := w.As(w.Initiator)
	for name, of := range map[string]struct {
		form  []string
		field string
		says  string
	}{
		"no hour":                 {with(typed(), "at", ""), "at", ""},
		"no such hour":            {with(typed(), "at", "25.00"), "at", ""},
		"half a day":              {with(typed(), "amount", "1,5"), "amount", "bulat"},
		"too far":                 {with(typed(), "amount", "400"), "amount", ""},
		"a word for a number":     {with(typed(), "amount", "tiga"), "amount", ""},
		"nobody":                  {with(typed(), "to_focal_point", ""), "to_assignee", ""},
		"repeats without a limit": {with(typed(), "every", "2"), "most", "keduanya"},
		"repeats for years":       {with(typed(), "every", "60", "most", "9"), "most", "365"},
		"climbs too early":        {with(typed(), "up_initiators", "on", "wait", "2"), "up_assignee", "lewat"},
		"climbs without a wait":   {with(typed(), "side", "after", "up_initiators", "on"), "wait", "keduanya"},
		"an unknown unit":         {with(typed(), "unit", "hours"), "unit", ""},
		"an unknown anchor":       {with(typed(), "anchor", "meeting.starts_at"), "anchor", ""},
		"a blank nobody fills":    {with(typed(), "body_id", "Halo {nama}"), "body_id", "{nama}"},
		"a subject of 201":        {with(typed(), "subject_en", strings.Repeat("x", 201)), "subject_en", ""},
	} {
		for _, path := range []string{rulesPage, rulesPage + "/preview"} {
			got := c.Post(path, of.form...)
			wrong := got.Doc().Find(`.wrong [name="` + of.field + `"]`)
			if got.Status != http.StatusUnprocessableEntity || wrong.Length() != 1 || !strings.Contains(got.Text(".wrong .error"), of.says) {
				t.Errorf("%s at %s: %d, %s", name, path, got.Status, got.Text(".wrong, .problems"))
			}
			if kept := got.Doc().Find(`[name="to_focal_point"][checked]`).Length(); name != "nobody" && kept != 1 {
				t.Errorf("%s: what was ticked is lost", name)
			}
		}
	}
	if n := w.Count("reminder_rules"); n != 14 {
		t.Errorf("%d rules are kept", n)
	}
	for _, kind := range []string{"", "digest", "nothing"} {
		c.Post(rulesPage, with(typed(), "kind", kind)...).Want(http.StatusUnprocessableEntity)
	}
}

func TestBeforeSavingThePageListsTheRealNextMessages(t *testing.T) {
	w := testkit.New(t)
	w.Make("contacts", "organisation", w.Campus.Id, "position", "Dekan", "email", "dekan@example.org", "focal_point", true, "time_zone", "Asia/Jayapura")
	first := task(w, "2026-12-10")
	w.Make("tasks", "programme", w.Kopi.Id, "title", "Kuliah tamu", "organisation", w.Campus.Id, "accountable", w.Initiator.Id, "due_on", "2026-12-14", "state", "todo")
	before, planned := w.Count("deliveries"), ledger(w, first)
	seen := w.As(w.Initiator).Post(rulesPage+"/preview", typed("body_id", "Mohon {title} selesai {when}.")...).Want(http.StatusOK)
	sends := seen.Text("#preview ol")
	// Three workdays before Thursday the 10th, and before Monday the 14th at the dean's own hour.
	for _, want := range []string{"Jadwal home visitNarahubung Puskesmas (partner@example.org)", "Sen, 7 Des 2026, 09.30 WIB", "Kuliah tamuDekan (dekan@example.org)", "Rab, 9 Des 2026, 09.30 WIT"} {
		if !strings.Contains(sends, want) {
			t.Errorf("the next letters lack %q: %s", want, sends)
		}
	}
	if letter := seen.Text("#preview .letter"); !strings.Contains(letter, "Mohon Jadwal home visit selesai Kamis, 10 Desember 2026.") {
		t.Errorf("the letter reads %s", letter)
	}
	if w.Count("deliveries") != before || w.Count("reminder_rules") != 14 {
		t.Error("looking ahead kept something")
	}
	expect(t, ledger(w, first), planned...)
	// Saved, the rule sends exactly what was listed.
	w.As(w.Initiator).Post(rulesPage, typed()...).Want(http.StatusSeeOther)
	if rows := strings.Join(ledger(w, first), "\n"); !strings.Contains(rows, "2026-12-07 09:30 task_due partner@example.org planned") {
		t.Errorf("saved, it plans %s", rows)
	}
}

func TestAtMostTwentyMessagesAreListedInOrder(t *testing.T) {
	w := testkit.New(t)
	for i := range 25 {
		task(w, "2026-12-"+[]string{"11", "10", "15"}[i%3])
	}
	rows := w.As(w.Initiator).Post(rulesPage+"/preview", typed()...).Want(http.StatusOK).Doc().Find("#preview ol li")
	if rows.Length() != 20 || !strings.Contains(rows.First().Text(), "7 Des") {
		t.Errorf("%d letters, the first %s", rows.Length(), rows.First().Text())
	}
}
