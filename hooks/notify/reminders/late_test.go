package reminders_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/testkit"
)

// serverAt points the hub at a mail server's port; at port 1 nobody listens.
func (p *post) serverAt(port int) {
	p.Helper()
	settings, err := p.App.Settings().Clone()
	if err != nil {
		p.Fatal(err)
	}
	settings.SMTP.Port = port
	if err := p.App.Save(settings); err != nil {
		p.Fatal(err)
	}
}

// lost enters a reminder that is useful until a moment.
func lost(p *post, n int, due, until string) *core.Record {
	p.Helper()
	return enter(p, n, "state", "planned", "user", p.Partner.Id, "due_at", stored(p, due), "useful_until_at", stored(p, until),
		"subject_collection", "tasks", "subject_id", task(p.World, "2026-12-12", "title", fmt.Sprintf("Tugas %d", n)).Id)
}

func TestA5AMailServerThatIsAwayADayLosesNothingUsefulAndSaysWhatItLost(t *testing.T) {
	p := newPost(t)
	p.summaries = true
	useful := []*core.Record{}
	for range 5 {
		useful = append(useful, task(p.World, "2026-12-12")) // three days before it is 9 December
	}
	useless := lost(p, 1, "2026-12-09 09:00", "2026-12-09 12:00")
	uselessLater := lost(p, 2, "2026-12-09 10:00", "2026-12-09 23:00")
	port := p.App.Settings().SMTP.Port
	p.serverAt(1)
	start := slot(t, "2026-12-09 07:55")
	for at := start; at.Before(start.Add(24 * time.Hour)); at = at.Add(20 * time.Minute) {
		if left := p.tick(at.In(clock.Zone(clock.Western)).Format("2006-01-02 15:04")); len(left) > 0 {
			t.Fatalf("%d letters left without a server", len(left))
		}
	}
	p.serverAt(port)
	left := p.tick("2026-12-10 08:00")
	left = append(left, p.tick("2026-12-10 08:01")...)
	partner, summaries := 0, []testkit.Post{}
	for _, l := range left {
		switch {
		case l.To == "partner@example.org":
			partner++
			if !strings.Contains(text(l), "terlambat") && !strings.Contains(text(l), "Menunggu Anda") {
				t.Errorf("a letter a day late does not say so:\n%s", text(l))
			}
		case strings.Contains(l.Header("Subject"), "tidak terkirim"):
			summaries = append(summaries, l)
		}
	}
	if partner == 0 {
		t.Error("nothing useful left once the server was back")
	}
	for _, about := range useful {
		row := p.row(about, "2026-12-09 08:00", "partner@example.org")
		if state := row.GetString("state"); state != "sent" && state != "digested" || row.GetInt("attempts") > 1 {
			t.Errorf("a useful letter is %s after %d attempts", state, row.GetInt("attempts"))
		}
		if n := tellOf(p, about, "partner@example.org"); n != 1 {
			t.Errorf("a useful letter arrived %d times", n)
		}
	}
	for _, row := range []*core.Record{useless, uselessLater} {
		if fresh := p.Fresh(row); stateOf(p, row) != "skipped stale" || fresh.GetInt("attempts") != 0 {
			t.Errorf("a useless letter is %s after %d attempts", stateOf(p, row), fresh.GetInt("attempts"))
		}
	}
	summary := p.only(summaries)
	if summary.To != "initiator@example.org" || !strings.Contains(text(summary), "/programmes/kopi/reminders") || !strings.Contains(text(summary), "2 pengingat") {
		t.Errorf("the summary to %s reads\n%s", summary.To, text(summary))
	}
	if again := p.tick("2026-12-10 09:00"); slices.ContainsFunc(again, func(l testkit.Post) bool { return strings.Contains(l.Header("Subject"), "tidak terkirim") }) {
		t.Error("what was lost is summed up twice")
	}
}

func TestAfterTheHubWasOffTheOldestMessageLeavesFirstAndSaysThatItIsLate(t *testing.T) {
	p := newPost(t)
	p.summaries = true
	mandatory(p)
	late, soon := task(p.World, "2026-12-12"), task(p.World, "2026-12-13")
	left := p.tick("2026-12-10 09:00")
	var order []string
	for _, l := range left {
		if l.To == "partner@example.org" {
			order = append(order, fmt.Sprint(strings.Contains(text(l), "Surat ini terlambat. Seharusnya dikirim Rab, 9 Des 2026, 08.00 WIB.")))
		}
	}
	if !slices.Equal(order, []string{"true", "false"}) {
		t.Errorf("late letters, in the order in which they left: %v", order)
	}
	for _, about := range []*core.Record{late, soon} {
		if rows := strings.Join(ledger(p.World, about), " "); !strings.Contains(rows, "sent") {
			t.Errorf("the ledger says %s", rows)
		}
	}
}

// Mandatory lets every message leave by itself.
func mandatory(p *post) {
	p.Helper()
	if _, err := p.App.DB().NewQuery("UPDATE reminder_rules SET mandatory = TRUE").Execute(); err != nil {
		p.Fatal(err)
	}
	rules, err := p.App.FindAllRecords("reminder_rules")
	if err != nil {
		p.Fatal(err)
	}
	p.change(rules[0], "active", rules[0].GetBool("active"))
}

// A daily message that came too late tells nobody of what it was to tell.
func TestWhatAStaleDailyMessageWasToTellIsToldByTheNext(t *testing.T) {
	p := newPost(t)
	p.summaries = true
	folding(p, "task_due")
	p.change(p.Partner, "send_at", "10:00")
	about := task(p.World, "2026-12-12")
	port := p.App.Settings().SMTP.Port
	p.serverAt(1)
	p.tick("2026-12-09 10:00")
	row := p.row(about, "2026-12-09 10:00", "partner@example.org")
	first := row.GetString("digest_id")
	if first == "" {
		t.Fatalf("the letter is %s", stateOf(p, row))
	}
	p.serverAt(port)
	left := p.tick("2026-12-10 10:30")
	if slices.Contains(to(left), "partner@example.org") == false {
		left = append(left, p.tick("2026-12-11 10:30")...)
	}
	told, err := p.App.FindRecordById("deliveries", first)
	if err != nil || told.GetString("state") != "skipped" {
		t.Fatalf("the daily letter of the day before is %v, %v", told, err)
	}
	row = p.row(about, "2026-12-09 10:00", "partner@example.org")
	if row.GetString("state") != "digested" || row.GetString("digest_id") == first || !slices.Contains(to(left), "partner@example.org") {
		t.Errorf("the letter is %s, letters left to %v", stateOf(p, row), to(left))
	}
}

func TestASummaryIsForThoseWhoLeadTheProgrammeNow(t *testing.T) {
	p := newPost(t)
	p.summaries = true
	lost(p, 1, "2026-12-09 09:00", "2026-12-09 12:00")
	port := p.App.Settings().SMTP.Port
	p.serverAt(1)
	p.tick("2026-12-09 13:00")
	summary := p.Only("deliveries", "kind", "expired_summary")
	if summary.GetString("email") != "initiator@example.org" {
		t.Errorf("the summary is for %s", summary.GetString("email"))
	}
	if _, err := p.App.DB().NewQuery("UPDATE memberships SET role = 'coordinator' WHERE user = {:id}").Bind(dbx.Params{"id": p.Initiator.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	p.serverAt(port)
	p.tick("2026-12-09 14:00")
	if got := stateOf(p, summary); got != "skipped "+outbox.ReasonNoAccess {
		t.Errorf("the summary is %s", got)
	}
	browser(p, p.Initiator).Get("/programmes/kopi/reminders").Want(http.StatusOK)
}
