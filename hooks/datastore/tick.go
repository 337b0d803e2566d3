package datastore

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// tickName is the file in the data folder that says when the hub last looked for letters. A file, because a row would
// cost the database a flush every half minute.
const tickName = ".simpul.tick"

// Tick notes that the hub looked for letters at now, for other processes to read.
func Tick(app core.App, now time.Time) error {
	if err := os.WriteFile(filepath.Join(app.DataDir(), tickName), []byte(now.UTC().Format(time.RFC3339)), 0o600); err != nil {
		return fmt.Errorf("datastore: note the tick: %w", err)
	}
	return nil
}

// LastTick returns when the hub last looked for letters, the zero time if it never did.
func LastTick(app core.App) (time.Time, error) {
	raw, err := os.ReadFile(filepath.Join(app.DataDir(), tickName))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("datastore: read the tick: %w", err)
	}
	// A file cut off by a full disk says nothing.
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(string(raw)))
	if err != nil {
		return time.Time{}, nil
	}
	return at, nil
}
