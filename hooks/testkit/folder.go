package testkit

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// temporaries is where folders of tests are made: in memory if there is plenty of
// it, because each save waits for the disk (access: 28 s on a disk, 20 s in memory).
var temporaries = func() string {
	const memory, enough = "/dev/shm", 2 << 30
	var free syscall.Statfs_t
	if err := syscall.Statfs(memory, &free); err != nil || free.Bavail*uint64(free.Bsize) < enough {
		return os.TempDir()
	}
	return memory
}()

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
