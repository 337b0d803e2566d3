package migrations_test

import (
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Nobody begins with a heap of unread letters: what was due before counts as
// read, what is planned does not.
func TestLettersOfBeforeCountAsRead(t *testing.T) {
	h := fillHub(t)
	const step = "0037_letters_are_read_and_told_by_hand.go"
	runner, back := core.NewMigrationsRunner(h.BaseApp, core.AppMigrations), 0
	for _, m := range core.AppMigrations.Items() {
		if m.File >= step {
			back++
		}
	}
	if _, err := runner.Down(back); err != nil {
		t.Fatal(err)
	}
	for key, due := range map[string]string{"before": "2020-01-01 01:00:00.000Z", "later": "2999-01-01 01:00:00.000Z"} {
		h.must("deliveries", values{"kind": "task_due", "key": key, "state": "sent", "due_at": due, "user": h.ids["users"]})
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	for key, read := range map[string]bool{"before": true, "later": false} {
		r, err := h.FindFirstRecordByData("deliveries", "key", key)
		if err != nil {
			t.Fatal(err)
		}
		if r.GetDateTime("read_at").IsZero() == read {
			t.Errorf("%s is read: %v", key, !read)
		}
	}
	if n, err := h.CountRecords("deliveries", dbx.NewExp("told_by != '' OR channel != ''")); err != nil || n != 0 {
		t.Errorf("%d letters were told by somebody, %v", n, err)
	}
}
