package datastore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

const (
	// twinPrefix begins the name of every folder with a twin.
	twinPrefix = "simpul-twin-"
	// leftBehind is how old a copy must be to be taken for one that nobody uses: a
	// younger one may just be being made.
	leftBehind = time.Hour
)

// SweepTwins deletes the copies of databases that processes left behind which
// were killed. One that is in use is locked by its process, and with it every
// copy of this account's; what anybody else put there stays. Several processes
// may sweep at once. Links are never followed.
func SweepTwins() error {
	found, err := os.ReadDir(os.TempDir())
	if err != nil {
		return fmt.Errorf("datastore: sweep copies: %w", err)
	}
	var faults []error
	for _, entry := range found {
		if strings.HasPrefix(entry.Name(), twinPrefix) {
			faults = append(faults, sweep(filepath.Join(os.TempDir(), entry.Name())))
		}
	}
	return errors.Join(faults...)
}

func sweep(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil || !info.IsDir() || info.Mode().Perm() != 0o700 || !ours(info) || time.Since(info.ModTime()) < leftBehind {
		return nil // gone, not made by us, or too young
	}
	path := filepath.Join(dir, lockName)
	file, err := os.Lstat(path)
	lock := flock.New(path)
	switch {
	case err == nil && !file.Mode().IsRegular():
		return nil
	case err == nil:
		lock = flock.New(path, flock.SetFlag(os.O_RDONLY)) // not made anew in a folder that is being deleted
	}
	free, err := lock.TryLock()
	if errors.Is(err, fs.ErrNotExist) || err == nil && !free {
		return nil // another process was faster, or it is in use
	}
	if err == nil {
		// Free at the end: on some systems an open file cannot be deleted.
		err = errors.Join(lock.Unlock(), os.RemoveAll(dir))
	}
	if err != nil {
		return fmt.Errorf("datastore: sweep %s: %w", dir, err)
	}
	return nil
}
