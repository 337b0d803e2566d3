package migrations_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/store"

	"simpul/hooks/testkit/check"
)

func TestOthersSeeOfAVerifiedGiftNeitherValueNorNote(t *testing.T) {
	h := fillHub(t)
	if h.count("verified_contributions") != 0 {
		t.Fatal("a gift that waits for its review can be seen")
	}
	gift := check.Must(h.FindRecordById("contributions", h.ids["contributions"]))
	gift.Set("review_status", "verified")
	gift.Set("verified_quantity", 18)
	check.NoError(t, h.Save(gift))
	seen := check.Must(h.FindRecordById("verified_contributions", gift.Id))
	if seen.GetFloat("quantity") != 18 || seen.GetString("unit") != "package" || seen.GetString("contributor") != h.ids["organisations"] {
		t.Errorf("seen: %v", seen.PublicExport())
	}
	for _, secret := range []string{"value_idr", "verified_value_idr", "note", "review_note", "logged_by"} {
		if seen.Collection().Fields.GetByName(secret) != nil {
			t.Errorf("others see %s", secret)
		}
	}
	for _, relation := range []string{"programme", "contributor", "recipient"} {
		check.Equal(t, relation+" is no relation in the view, so rules cannot follow", seen.Collection().Fields.GetByName(relation).Type(), core.FieldTypeRelation)
	}
}

func TestOthersDoNotSeeHowMuchMoneyWasGiven(t *testing.T) {
	h := fillHub(t)
	gift := check.Must(h.FindRecordById("contributions", h.ids["contributions"]))
	for field, value := range map[string]any{"kind": "money", "unit": "rupiah", "quantity": 5_000_000,
		"verified_quantity": 5_000_000, "review_status": "verified"} {
		gift.Set(field, value)
	}
	check.NoError(t, h.Save(gift))
	seen := check.Must(h.FindRecordById("verified_contributions", gift.Id))
	if seen.GetFloat("quantity") != 0 || seen.GetString("kind") != "money" {
		t.Errorf("seen: %v", seen.PublicExport())
	}
}

// Lists of a programme must come out of an index in order: sorting a hundred
// thousand rows for thirty of them is what makes lists slow.
func TestListsAreReadInOrder(t *testing.T) {
	lists := []string{
		"tasks WHERE programme = 'p' ORDER BY due_on",
		"tasks WHERE programme = 'p' AND state = 'todo' ORDER BY due_on",
		"tasks WHERE organisation = 'o' AND state = 'todo' ORDER BY due_on",
		"meetings WHERE programme = 'p' ORDER BY starts_at",
		"milestones WHERE programme = 'p' ORDER BY due_on",
		"stages WHERE programme = 'p' ORDER BY position",
		"contributions WHERE programme = 'p' ORDER BY given_on DESC",
		"contributions WHERE programme = 'p' AND review_status = 'submitted' ORDER BY given_on",
		"comments WHERE task = 't' ORDER BY created",
		"indicator_values WHERE indicator = 'i' ORDER BY `on` DESC",
		"assessments WHERE stakeholder = 's' ORDER BY assessed_on DESC",
		"deliveries WHERE state = 'planned' AND due_at <= 'now' ORDER BY due_at",
		"deliveries WHERE programme = 'p' ORDER BY due_at DESC",
		"activity WHERE programme = 'p' ORDER BY created DESC",
		"memberships WHERE user = 'u' AND programme = 'p'",
		"contacts WHERE user = 'u'",
	}
	for _, list := range lists {
		for _, step := range plan(t, reading.DB(), "SELECT * FROM "+list) {
			if strings.Contains(step, "TEMP B-TREE") || strings.HasPrefix(step, "SCAN") {
				t.Errorf("%s: %s", list, step)
			}
		}
	}
}

// What a task was changed to last is asked with every answer to it. Analysed with
// one row, SQLite reads the whole table from its end for that.
func TestAnalyze_ManyActivities_HistoryOfTaskUsesIndex(t *testing.T) {
	app := openHub(t)
	const history = `SELECT changes FROM activity WHERE collection = 'tasks' AND record = 'r7'
		AND json_type(changes, '$.state') IS NOT NULL ORDER BY _rowid_ DESC LIMIT 1`
	insert := func(n string) string {
		return `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ` + n + `)
			INSERT INTO activity (via, collection, record, action, changes, created)
			SELECT 'page', 'tasks', 'r' || (i % 2000), 'update', '{}', '2026-12-10 01:00:00.000Z' FROM n`
	}
	for _, statement := range []string{insert("1"), "ANALYZE", insert("25000")} {
		check.Must(app.NonconcurrentDB().NewQuery(statement).Execute())
	}
	before := plan(t, app.NonconcurrentDB(), history)

	check.NoError(t, store.Analyze(app))

	if !strings.HasPrefix(before[0], "SCAN activity") {
		t.Errorf("before: %v, so this proves nothing", before)
	}
	for name, db := range map[string]dbx.Builder{"reading": app.ConcurrentDB(), "writing": app.NonconcurrentDB()} {
		if got := plan(t, db, history); !strings.HasPrefix(got[0], "SEARCH activity USING INDEX idx_activity_record_created") {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// plan returns the steps by which SQLite answers a query.
func plan(t *testing.T, db dbx.Builder, query string) (steps []string) {
	t.Helper()
	// A connection notices a changed schema when it runs a statement, which EXPLAIN does not.
	check.Must(db.NewQuery("SELECT 1 FROM sqlite_schema").Execute())
	var rows []struct {
		Detail string `db:"detail"`
	}
	if err := db.NewQuery("EXPLAIN QUERY PLAN " + query).All(&rows); err != nil || len(rows) == 0 {
		t.Fatalf("%s: %d steps, %v", query, len(rows), err)
	}
	for _, row := range rows {
		steps = append(steps, row.Detail)
	}
	return steps
}
