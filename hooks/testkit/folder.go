package testkit

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// temporaries is where folders of tests are made; a test may name another place
// to see what the hub itself leaves there.
var temporaries = os.TempDir()

// folder is a temporary data folder that is removed when the test ends, with
// what the hub keeps beside it. PocketBase removes the files of a deleted record
// in the background and may make a folder for it while everything is removed,
// which the testing package's own folder takes for a failure; so it is tried
// again for a while.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp(temporaries, "simpul-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := os.RemoveAll(dir)
		for try := 0; err != nil && try < 40; try++ {
			time.Sleep(50 * time.Millisecond)
			err = os.RemoveAll(dir)
		}
		if err != nil {
			t.Errorf("remove the test's folder: %v", err)
		}
	})
	return filepath.Join(dir, "pb_data")
}
