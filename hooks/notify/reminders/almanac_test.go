package reminders_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/testkit"
)

// A rule that is changed and taken back leaves no trace, neither in the ledger
// nor in what the next planning believes.
func TestARuleChangedInVainPlansNothing(t *testing.T) {
	w := testkit.New(t)
	before := ledger(w, task(w, "2026-12-10"))
	rule, err := w.App.FindFirstRecordByFilter("reminder_rules", "kind = 'task_due' && offset_days = -3")
	if err != nil {
		t.Fatal(err)
	}
	refusal := errors.New("taken back")
	err = w.App.RunInTransaction(func(tx core.App) error {
		rule.Set("offset_days", -9)
		if err := tx.Save(rule); err != nil {
			return err
		}
		return refusal
	})
	if !errors.Is(err, refusal) {
		t.Fatal(err)
	}
	expect(t, ledger(w, task(w, "2026-12-10")), before...)
}

// Rules are remembered between saves. Whoever saves a task while somebody
// changes the rule must not keep to the rule as it was.
func TestTasksSavedWhileARuleChangesFollowTheRuleInTheEnd(t *testing.T) {
	p := newPost(t)
	rule := p.rule("task_due", -3)
	var both sync.WaitGroup
	faults := make(chan error, 100)
	both.Go(func() {
		for i := range 20 {
			fresh, err := p.App.FindRecordById("reminder_rules", rule.Id)
			if err == nil {
				fresh.Set("at", fmt.Sprintf("%02d:15", i))
				err = p.App.Save(fresh)
			}
			faults <- err
		}
	})
	both.Go(func() {
		c, err := p.App.FindCachedCollectionByNameOrId("tasks")
		for i := 0; i < 40 && err == nil; i++ {
			r := core.NewRecord(c)
			r.Load(map[string]any{"programme": p.Kopi.Id, "title": "Tugas", "organisation": p.Puskesmas.Id, "due_on": "2026-12-10"})
			faults <- p.App.Save(r)
		}
		faults <- err
	})
	both.Wait()
	close(faults)
	for err := range faults {
		if err != nil {
			t.Error(err)
		}
	}
	var hours []string
	err := p.App.DB().Select("due_at").From("deliveries").Where(dbx.HashExp{"rule": rule.Id, "state": "planned"}).Column(&hours)
	if err != nil || len(hours) != 40 {
		t.Fatalf("%d letters follow the rule, want 40; %v", len(hours), err)
	}
	for _, due := range hours {
		if due != stored(p, "2026-12-07 19:15") {
			t.Errorf("a letter keeps to an older rule: %s", due)
		}
	}
}

func TestOnlyWhatConcernsMessagesPlansThemAnew(t *testing.T) {
	p := newPost(t)
	r := task(p.World, "2026-12-10")
	disturb := func() {
		if _, err := p.App.DB().NewQuery("UPDATE deliveries SET due_at = '2026-12-06 01:00:00.000Z' WHERE due_at LIKE '2026-12-07%'").Execute(); err != nil {
			t.Fatal(err)
		}
	}
	contact := p.contact("partner@example.org")
	for _, c := range []struct {
		record *core.Record
		field  string
		value  any
		anew   bool
	}{
		{r, "title", "Lain", false},
		{r, "urgency", "urgent", false},
		{r, "assignee", contact.Id, true},
		{contact, "phone", "0812 3456 789", false},
		{contact, "language", "en", true},
		{p.Partner, "name", "Nama lain", false},
	} {
		disturb()
		p.change(c.record, c.field, c.value)
		first := ledger(p.World, r)[0]
		if anew := strings.HasPrefix(first, "2026-12-07"); anew != c.anew {
			t.Errorf("another %s of %s plans anew: %v, want %v", c.field, c.record.Collection().Name, anew, c.anew)
		}
	}
}
