package inbox_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/access"
	"simpul/hooks/notify/inbox"
	"simpul/hooks/testkit"
)

// What every page asks must come out of an index in order, whatever lies in the ledger.
func TestQueries_Inbox_UseAnIndex(t *testing.T) {
	w := testkit.New(t)
	for index, question := range inbox.Questions {
		var plan []struct {
			Detail string `db:"detail"`
		}
		err := w.App.DB().NewQuery("EXPLAIN QUERY PLAN " + question).Bind(dbx.Params{"me": w.Partner.Id, "programme": w.Kopi.Id,
			"now": "2026-11-23", "since": "2026-10-23", "most": 31, "skip": 0}).All(&plan)
		if err != nil || len(plan) == 0 {
			t.Fatalf("%s: %v", question, err)
		}
		used := false
		for _, step := range plan {
			used = used || strings.Contains(step.Detail, "USING INDEX "+strings.TrimSpace(index)+" ")
			if strings.Contains(step.Detail, "TEMP B-TREE") || strings.HasPrefix(step.Detail, "SCAN deliveries") {
				t.Errorf("%s: %s", index, step.Detail)
			}
		}
		if !used {
			t.Errorf("%s is not used but %v", index, plan)
		}
	}
}

// fill gives the partner a year of messages, a few of them unread.
func fill(b *testing.B, w *testkit.World) {
	b.Helper()
	_, err := w.App.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
		INSERT INTO deliveries (id, kind, key, user, email, programme, state, due_at, read_at, created, updated)
		SELECT printf('bench%010d', i), 'task_due', 'bench' || i, {:user}, 'partner@example.org', {:programme}, 'sent',
			strftime('%Y-%m-%d %H:%M:%fZ', '2026-11-23 01:00:00', '-' || (i * 4) || ' hours'),
			CASE WHEN i % 40 = 0 THEN '' ELSE '2026-11-23 01:00:00.000Z' END, '', '' FROM n`).
		Bind(dbx.Params{"user": w.Partner.Id, "programme": w.Kopi.Id}).Execute()
	if err != nil {
		b.Fatal(err)
	}
}

// BenchmarkCount is what the count adds to every page of a person with two
// thousand messages.
func BenchmarkCount(b *testing.B) {
	w := testkit.New(b)
	fill(b, w)
	d := access.As(w.App, w.Partner)
	for b.Loop() {
		if n, err := inbox.Unread(d); err != nil || n == 0 {
			b.Fatal(n, err)
		}
	}
}
