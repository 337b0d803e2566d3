package faults_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestVerifyTellsWhetherTheActivityIsWhole(t *testing.T) {
	var row string
	whole := over(t, func(*testkit.World) {})
	if out, err := whole.command("verify").CombinedOutput(); err != nil || !strings.Contains(string(out), "Riwayat utuh") {
		t.Errorf("an untouched activity: %v %s", err, out)
	}
	altered := over(t, func(w *testkit.World) {
		row = w.Only("activity", "record", w.Kopi.Id).Id
		check.NoError(t, rewrite(w, row))
	})
	out, err := altered.command("verify").CombinedOutput()
	if err == nil || !strings.Contains(string(out), row) {
		t.Errorf("an altered activity passes: %v %s", err, out)
	}
}

// rewrite changes what a row of the activity says, past all that would refuse it.
func rewrite(w *testkit.World, id string) error {
	_, err := w.App.NonconcurrentDB().Update("activity", dbx.Params{"action": "delete"}, dbx.HashExp{"id": id}).Execute()
	return err
}
