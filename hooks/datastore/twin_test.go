package datastore

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// hub is an app with one table of numbers, whose temporary files go to a folder of the test.
func hub(t *testing.T, numbers ...string) (app *core.BaseApp, temporary string) {
	t.Helper()
	temporary = t.TempDir()
	t.Setenv("TMPDIR", temporary)
	app = bootstrap(t, Connect)
	must(t, app, "CREATE TABLE numbers (n INTEGER)")
	for _, n := range numbers {
		must(t, app, "INSERT INTO numbers VALUES ("+n+")")
	}
	return app, temporary
}

func must(t *testing.T, app core.App, query string) {
	t.Helper()
	if _, err := app.NonconcurrentDB().NewQuery(query).Execute(); err != nil {
		t.Fatal(err)
	}
}

func sum(t *testing.T, app core.App) (n int) {
	t.Helper()
	if err := app.DB().NewQuery("SELECT SUM(n) FROM numbers").Row(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func files(t *testing.T, dir string) []os.DirEntry {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// content is what the files of a database hold, by name. The index of its log is no content.
func content(t *testing.T, app core.App) map[string][32]byte {
	t.Helper()
	sums := map[string][32]byte{}
	for _, name := range []string{"data.db", "data.db-wal", "auxiliary.db"} {
		body, err := os.ReadFile(filepath.Join(app.DataDir(), name))
		if err != nil {
			t.Fatal(err)
		}
		sums[name] = sha256.Sum256(body)
	}
	return sums
}

func TestATwinIsACopyThatItsHubNeverFeels(t *testing.T) {
	app, temporary := hub(t, "1", "2")
	before := content(t, app)
	twin, err := NewTwin(context.Background(), app)
	if err != nil {
		t.Fatal(err)
	}
	if got := sum(t, twin); got != 3 {
		t.Errorf("the twin holds %d", got)
	}
	must(t, twin, "INSERT INTO numbers VALUES (40)")
	if got := sum(t, twin); got != 43 {
		t.Errorf("after a change the twin holds %d", got)
	}
	for name, was := range before {
		if content(t, app)[name] != was {
			t.Errorf("%s of the hub is another", name)
		}
	}
	if err := errors.Join(twin.Remove(), twin.Remove()); err != nil {
		t.Error(err)
	}
	if left := files(t, temporary); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestATwinDoesNotKeepAnybodyWaitingAndSeesWhatWasSavedBefore(t *testing.T) {
	app, _ := hub(t, "1")
	saved, copied := make(chan struct{}), make(chan struct{})
	done := make(chan error)
	go func() {
		done <- app.RunInTransaction(func(tx core.App) error {
			if _, err := tx.NonconcurrentDB().NewQuery("INSERT INTO numbers VALUES (100)").Execute(); err != nil {
				return err
			}
			close(saved)
			<-copied // a save that takes as long as the copy
			return nil
		})
	}()
	<-saved
	begin := time.Now()
	twin, err := NewTwin(context.Background(), app)
	close(copied)
	if err != nil {
		t.Fatal(err)
	}
	defer twin.Remove()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("the copy waited %s for the save", took)
	}
	if in, out := sum(t, twin), sum(t, app); in != 1 || out != 101 {
		t.Errorf("the twin holds %d, the hub %d", in, out)
	}
}

func TestNothingIsLeftOfATwinThatCouldNotBeMade(t *testing.T) {
	app, temporary := hub(t, "1")
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if twin, err := NewTwin(ended, app); err == nil || twin != nil {
		t.Errorf("made %v in spite of its end, %v", twin, err)
	}
	if left := files(t, temporary); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	t.Setenv("TMPDIR", filepath.Join(temporary, "missing"))
	if _, err := NewTwin(context.Background(), app); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without a folder for it, %v", err)
	}
}

func TestATwinIsForItsMakerOnly(t *testing.T) {
	app, _ := hub(t, "1")
	twin, err := NewTwin(context.Background(), app)
	if err != nil {
		t.Fatal(err)
	}
	defer twin.Remove()
	info, err := os.Stat(twin.DataDir())
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder is open to %v, %v", info.Mode().Perm(), err)
	}
	if sync := read(t, twin, "synchronous"); sync != "0" {
		t.Errorf("a copy to throw away is written with synchronous=%s", sync)
	}
}
