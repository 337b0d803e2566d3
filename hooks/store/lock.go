package store

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/pocketbase/pocketbase/core"
)

// lockName is the file in the data folder that the serving process keeps locked.
const lockName = ".simpul.lock"

// Busy says that another process serves the same data folder. The zero PID means
// that the other process could not be read.
type Busy struct {
	Dir string
	PID int
	// Address is where the holder serves, empty if it did not say.
	Address string
	// Since is when the holder took the folder, in UTC.
	Since time.Time
}

// Error names the holder in Indonesian, then in English, as far as it is known.
func (b *Busy) Error() string {
	if b.PID == 0 {
		return fmt.Sprintf("Folder data %s sedang dipakai oleh proses lain; hentikan dulu proses itu. / "+
			"The data folder %s is in use by another process; stop that one first.", b.Dir, b.Dir)
	}
	di, at := "", ""
	if b.Address != "" {
		di, at = " di "+b.Address, " at "+b.Address
	}
	since := b.Since.Format(time.RFC3339)
	return fmt.Sprintf("Folder data %s sedang dipakai oleh proses %d%s sejak %s; hentikan dulu proses itu. / "+
		"The data folder %s is in use by process %d%s since %s; stop that one first.",
		b.Dir, b.PID, di, since, b.Dir, b.PID, at, since)
}

// holder is what stands in the lock file while the folder is held.
type holder struct {
	PID     int       `json:"pid"`
	Address string    `json:"address"`
	Since   time.Time `json:"since"`
}

// Lock takes the data folder for this process, making the folder if need be; who
// is the address it serves at. If another process holds the folder the error is a
// *Busy. The operating system frees the lock when the process ends, however it ends.
func Lock(dir, who string) (release func() error, err error) {
	// People's addresses live here: only the account that serves may look in.
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("datastore: make %s: %w", dir, err)
	}
	path := filepath.Join(dir, lockName)
	lock := flock.New(path)
	taken, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("datastore: lock %s: %w", path, err)
	}
	if !taken {
		return nil, busy(dir, path)
	}
	if err := signName(path, who); err != nil {
		return nil, fmt.Errorf("datastore: lock %s: %w", path, err)
	}
	return func() error { return free(lock) }, nil
}

// signName writes who holds the folder into the locked file itself.
func signName(path, who string) error {
	name, err := json.Marshal(holder{PID: os.Getpid(), Address: who, Since: time.Now().UTC()})
	if err != nil {
		return err
	}
	return os.WriteFile(path, name, 0o600)
}

// free forgets the name first, so that a free folder never names anybody. The
// file stays: removing it could free a lock somebody else has just taken.
func free(lock *flock.Flock) error {
	if !lock.Locked() {
		return nil
	}
	if err := os.Truncate(lock.Path(), 0); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("datastore: free %s: %w", lock.Path(), err)
	}
	return lock.Unlock()
}

// busy reads the holder's name, waiting a moment for one that is only just starting.
func busy(dir, path string) *Busy {
	const tries, pause = 10, 20 * time.Millisecond
	found := &Busy{Dir: dir}
	for range tries {
		var h holder
		text, err := os.ReadFile(path)
		if err == nil && json.Unmarshal(text, &h) == nil {
			found.PID, found.Address, found.Since = h.PID, h.Address, h.Since
			return found
		}
		time.Sleep(pause)
	}
	return found
}

// KeepLock leaves the lock file out of backups and in its place during a restore,
// so that the folder stays held while its contents are exchanged. It suits both
// of PocketBase's backup events.
func KeepLock(e *core.BackupEvent) error {
	e.Exclude = append(e.Exclude, lockName)
	return e.Next()
}
