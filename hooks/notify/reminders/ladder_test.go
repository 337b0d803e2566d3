package reminders_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/reminders"
)

// climbing lets the hub's rule on overdue tasks climb: once on the day after,
// then after every two workdays one step higher.
func (p *post) climbing(words ...string) *core.Record {
	p.Helper()
	rule := p.rule("task_overdue", 1)
	p.change(rule, "audience", []string{"assignee"}, "repeat_every_days", 0, "repeat_max", 0,
		"escalate_to", words, "escalate_after_workdays", 2)
	return rule
}

// overdueOf lists the messages about an overdue task, "day address".
func overdueOf(p *post, r *core.Record) (out []string) {
	p.Helper()
	for _, row := range ledger(p.World, r) {
		if words := strings.Fields(row); words[2] == "task_overdue" && words[4] == "planned" {
			out = append(out, words[0][5:]+" "+words[3])
		}
	}
	return out
}

func TestSilenceClimbsStepByStepInWorkdays(t *testing.T) {
	p := newPost(t)
	p.Make("contacts", "organisation", p.Puskesmas.Id, "position", "Bidan", "email", "bidan@example.org")
	// Whatever order was typed, the ladder has its own.
	p.climbing("initiators", "accountable", "focal_point", "organisation")
	r := task(p.World, "2026-11-19", "accountable", p.Coordinator.Id)
	p.born(r, "2026-11-12 09:00")
	// Due on Thursday the 19th, reminded on Friday; a weekend later the workdays begin.
	planAll(t, p.World, p.stand("2026-11-26 00:30"))
	expect(t, overdueOf(p, r), "11-24 partner@example.org", "11-26 bidan@example.org", "11-26 partner@example.org",
		"11-30 coordinator@example.org", "12-02 initiator@example.org")
}

// What was written down late gets its workdays before it climbs.
func TestAnOldDueDayDoesNotClimbOnTheFirstDay(t *testing.T) {
	p := newPost(t)
	p.climbing("initiators")
	r := task(p.World, "2026-11-02")
	p.born(r, "2026-11-23 09:00")
	expect(t, overdueOf(p, r), "11-25 initiator@example.org")
}

// born dates a record back, or to the world's own time, and plans it anew.
func (p *post) born(r *core.Record, at string) {
	p.Helper()
	_, err := p.App.DB().NewQuery("UPDATE " + r.Collection().Name + " SET created = {:at} WHERE id = {:id}").
		Bind(map[string]any{"at": stored(p, at), "id": r.Id}).Execute()
	if err != nil {
		p.Fatal(err)
	}
	planAll(p, p.World, clock.Now())
}

func TestAHolidayIsNoDayOfSilence(t *testing.T) {
	p := newPost(t)
	p.climbing("initiators")
	p.holiday("2026-11-26", "national_holiday", "", false)
	expect(t, overdueOf(p, task(p.World, "2026-11-24")), "11-30 initiator@example.org")
}

func TestTheLadderEndsWhenTheTaskIsDoneOrMoved(t *testing.T) {
	for name, change := range map[string][]any{"done": {"state", "done"}, "cancelled": {"state", "cancelled"}, "moved": {"due_on", "2027-03-01"}} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			p.climbing("accountable", "initiators")
			r := task(p.World, "2026-11-23")
			p.tick("2026-11-26 08:00") // the first step
			p.change(r, change...)
			if left := overdueOf(p, r); len(left) != 0 {
				t.Errorf("planned still: %v", left)
			}
			for _, l := range p.tick("2026-12-10 12:00") {
				if strings.Contains(l.Header("Subject"), "Lewat tenggat") {
					t.Errorf("a letter climbed to %s", l.To)
				}
			}
		})
	}
}

// Whoever a task names, its silence is nobody's business at another partner.
func TestNoMessageClimbsToAnotherPartner(t *testing.T) {
	p := newPost(t)
	p.climbing("assignee", "focal_point", "organisation", "accountable", "initiators")
	r := task(p.World, "2026-11-23")
	// As if the task had once been the forum's: its contact and its account still stand there.
	_, err := p.App.DB().NewQuery("UPDATE tasks SET assignee = {:contact}, accountable = {:user} WHERE id = {:id}").
		Bind(map[string]any{"contact": p.contact("other-partner@example.org").Id, "user": p.OtherPartner.Id, "id": r.Id}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	for _, day := range []string{"2026-11-24", "2026-11-27", "2026-12-02", "2026-12-05"} {
		planAll(t, p.World, p.stand(day+" 00:30"))
	}
	climbed := map[string]bool{}
	for _, row := range overdueOf(p, r) {
		day, address, _ := strings.Cut(row, " ")
		if day > "11-24" {
			climbed[address] = true
		}
	}
	if climbed["other-partner@example.org"] || !climbed["partner@example.org"] || !climbed["initiator@example.org"] {
		t.Errorf("letters climb to %v", climbed)
	}
}

func TestEveryMessageOfALadderSaysWhereItGoesNext(t *testing.T) {
	p := newPost(t)
	p.climbing("focal_point", "initiators")
	p.change(p.rule("task_overdue", 1), "audience", []string{"accountable"})
	task(p.World, "2026-11-23", "accountable", p.Coordinator.Id)
	p.tick("2026-11-23 09:00")
	next := map[string]string{
		"2026-11-24 08:00": "Tidak ada hasil: naik ke narahubung utama pada Kamis, 26 November 2026.",
		"2026-11-26 08:00": "Tidak ada hasil: naik ke inisiator program pada Senin, 30 November 2026.",
		"2026-11-30 08:00": "",
	}
	for _, at := range []string{"2026-11-24 08:00", "2026-11-26 08:00", "2026-11-30 08:00"} {
		var got string
		for _, l := range p.tick(at) {
			if strings.Contains(l.Header("Subject"), "Lewat tenggat") {
				got += l.Part("text/plain")
			}
		}
		if got == "" || next[at] != "" && !strings.Contains(got, next[at]) || next[at] == "" && strings.Contains(got, "Tidak ada hasil: naik ke") {
			t.Errorf("at %s it reads %s", at, got)
		}
		if climbed := strings.Contains(got, "naik kepada Anda"); climbed != (at != "2026-11-24 08:00") {
			t.Errorf("at %s the letter says that it climbed: %v", at, climbed)
		}
	}
}

func TestTheLadderIsSeenOnTheTasksPageByTeamAndOwnerOnly(t *testing.T) {
	p := unconnected(t)
	p.climbing("accountable", "initiators")
	r := task(p.World, "2026-11-26")
	want := "Tidak ada hasil: naik ke penanggung jawab pada Selasa, 1 Desember 2026."
	for name, of := range map[string]struct {
		person *core.Record
		sees   bool
	}{"initiator": {p.Initiator, true}, "coordinator": {p.Coordinator, true}, "owner": {p.Partner, true},
		"another partner": {p.OtherPartner, false}, "observer": {p.Observer, false}} {
		text := p.As(of.person).Get("/tasks/" + r.Id).Want(http.StatusOK).Text("main")
		if strings.Contains(text, want) != of.sees {
			t.Errorf("%s sees the ladder: %v, want %v: %s", name, !of.sees, of.sees, text)
		}
	}
	for _, change := range []string{"done", "cancelled"} {
		p.change(r, "state", change)
		if got, err := reminders.EscalationPreview(p.App, p.Fresh(r), "id"); err != nil || len(got) != 0 {
			t.Errorf("%s: %v, %v", change, got, err)
		}
	}
	p.change(r, "state", "todo", "due_on", "")
	if got, err := reminders.EscalationPreview(p.App, p.Fresh(r), "en"); err != nil || len(got) != 0 {
		t.Errorf("without a due day: %v, %v", got, err)
	}
}

func TestOneWhoIsOnTwoStepsIsToldOnceADay(t *testing.T) {
	p := newPost(t)
	p.climbing("focal_point", "organisation")
	p.change(p.rule("task_overdue", 1), "audience", []string{"focal_point"})
	rows := overdueOf(p, task(p.World, "2026-11-23"))
	if slices.Sort(rows); len(slices.Compact(slices.Clone(rows))) != len(rows) || len(rows) != 3 {
		t.Errorf("the ledger holds %v", rows)
	}
}
