package reminders_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/notify/reminders"
	"simpul/hooks/testkit"
)

func TestWithoutAMailServerMessagesWaitAndLeaveOnceWhileTheyHelp(t *testing.T) {
	p := unconnected(t)
	useful, stale, done := task(p.World, "2026-12-12"), task(p.World, "2026-12-08"), task(p.World, "2026-12-12", "title", "Selesai")
	p.tick("2026-12-09 08:00")
	for _, r := range []*core.Record{useful, stale} {
		if row := ledger(p.World, r)[0]; !strings.HasSuffix(row, "held") {
			t.Errorf("without a mail server: %s", row)
		}
	}
	page := p.As(p.Initiator).Get("/programmes/kopi/reminders").Want(http.StatusOK)
	if !strings.Contains(page.Text("main"), "menunggu karena server email belum diatur") {
		t.Errorf("the page does not say that letters wait: %s", page.Text("main"))
	}
	p.change(done, "state", "done")
	if err := p.office.Connect(p.App); err != nil {
		t.Fatal(err)
	}
	left := p.tick("2026-12-10 10:00")
	for _, l := range left {
		if strings.Contains(l.Header("Subject"), "8 Desember") && !strings.HasPrefix(l.Header("Subject"), "Lewat") || strings.Contains(l.Header("Subject"), "Selesai") {
			t.Errorf("a letter that helps nobody left: %s", l.Header("Subject"))
		}
	}
	if got := p.row(useful, "2026-12-09 08:00", "partner@example.org").GetString("state"); got != "sent" {
		t.Errorf("a letter that still helps is %s", got)
	}
	for _, due := range []string{"2026-12-05 08:00", "2026-12-07 08:00"} {
		if got := p.row(stale, due, "partner@example.org"); got.GetString("state") != "skipped" || got.GetString("reason") != "stale" {
			t.Errorf("a letter about a day gone by is %s (%s)", got.GetString("state"), got.GetString("reason"))
		}
	}
	if again := p.tick("2026-12-10 10:01"); len(again) != 0 {
		t.Errorf("%d letters left twice", len(again))
	}
}

// crowd fills programme Kopi with many open tasks by plain SQL.
func crowd(w *testkit.World, tasks int) {
	w.Helper()
	_, err := w.App.DB().NewQuery(`WITH RECURSIVE upto(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM upto WHERE n < {:tasks})
		INSERT INTO tasks (id, programme, title, organisation, accountable, due_on, state, urgency, created, updated)
		SELECT printf('t%014d', n), {:programme}, 'Tugas ' || n, {:organisation}, {:accountable},
			date('2026-12-10', '+' || (n % 10) || ' days'), 'todo', 'normal', {:now}, {:now} FROM upto`).
		Bind(dbx.Params{"tasks": tasks, "programme": w.Kopi.Id, "organisation": w.Puskesmas.Id, "accountable": w.Initiator.Id,
			"now": "2026-11-23 02:00:00.000Z"}).Execute()
	if err != nil {
		w.Fatal(err)
	}
}

func TestARuleOfManyTasksIsSavedAtOnceAndFollowedWithTheNextTick(t *testing.T) {
	p := newPost(t)
	const many = 2000
	crowd(p.World, many)
	rule := p.rule("task_due", -3)
	begin := time.Now()
	p.change(rule, "at", "10:00")
	if took := time.Since(begin); took > 2*time.Second {
		t.Errorf("saving a rule that speaks of %d tasks took %s", many, took)
	}
	if n := p.Count("deliveries"); n != 0 {
		t.Errorf("%d letters were planned within the save", n)
	}
	begin = time.Now()
	pending(p)
	t.Logf("planning %d tasks anew: %s", many, time.Since(begin))
	var n int
	err := p.App.DB().NewQuery(`SELECT COUNT(*) FROM deliveries WHERE state = 'planned' AND rule = {:rule} AND due_at LIKE '% 03:00:00.000Z'`).
		Bind(dbx.Params{"rule": rule.Id}).Row(&n)
	if err != nil || n != many {
		t.Errorf("%d letters follow the rule, %v", n, err)
	}
	before := p.Count("deliveries")
	if err := reminders.Reconcile(t.Context(), p.App, clock.Now()); err != nil || p.Count("deliveries") != before {
		t.Errorf("the next tick plans again: %v", err)
	}
}

func TestOneRecordThatCannotBePlannedDoesNotStopTheNight(t *testing.T) {
	w := testkit.New(t)
	crowd(w, 30)
	for _, id := range []string{"t00000000000003", "t00000000000007"} {
		// As if a programme had been removed by hand.
		if _, err := w.App.DB().NewQuery("UPDATE tasks SET programme = 'nowhere' WHERE id = {:id}").Bind(dbx.Params{"id": id}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	err := reminders.ReconcileAll(t.Context(), w.App, testkit.Monday)
	if err == nil || strings.Count(err.Error(), "plan tasks") != 2 {
		t.Errorf("the night says %v", err)
	}
	for n := range 30 {
		id := fmt.Sprintf("t%014d", n+1)
		messages, err := w.App.CountRecords("deliveries", dbx.HashExp{"subject_id": id})
		if broken := n+1 == 3 || n+1 == 7; err != nil || (messages == 0) != broken {
			t.Errorf("task %d has %d letters, %v", n+1, messages, err)
		}
	}
}
