package datastore

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// twinDir names the folder of a hub of which a child process of these tests keeps a twin.
const twinDir = "SIMPUL_TEST_TWIN"

// keepTwin makes a twin, says where, and removes it when its input ends.
func keepTwin(dir string) int {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: Connect})
	if err := app.Bootstrap(); err != nil {
		return 1
	}
	twin, err := NewTwin(context.Background(), app)
	if err != nil {
		os.Stderr.WriteString(err.Error())
		return 2
	}
	os.Stdout.WriteString(twin.DataDir() + "\n")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return 3
	}
	if err := errors.Join(twin.Remove(), app.ClearBootstrap()); err != nil {
		return 4
	}
	return 0
}

// neighbour is another process with a twin of its own; it returns the twin's folder.
func neighbour(t *testing.T) (cmd *exec.Cmd, stdin io.WriteCloser, dir string) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), twinDir+"="+t.TempDir())
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return cmd, stdin, strings.TrimSpace(line)
}

// temporaries makes a folder of the test's own the one for temporary files.
func temporaries(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	return dir
}

// age dates a folder earlier.
func age(t *testing.T, dir string, by time.Duration) {
	t.Helper()
	at := time.Now().Add(-by)
	if err := os.Chtimes(dir, at, at); err != nil {
		t.Fatal(err)
	}
}

func sweepAll(t *testing.T) {
	t.Helper()
	if err := SweepTwins(); err != nil {
		t.Error(err)
	}
}

func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

func TestACopyThatAKilledProcessLeftIsSweptAfterAnHour(t *testing.T) {
	temporaries(t)
	cmd, _, dir := neighbour(t)
	if !there(filepath.Join(dir, "data.db")) {
		t.Fatalf("no copy in %s", dir)
	}
	age(t, dir, 3*time.Hour)
	if sweepAll(t); !there(dir) {
		t.Fatal("a copy in use was swept")
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the killed process ended well")
	}
	age(t, dir, 50*time.Minute)
	if sweepAll(t); !there(dir) {
		t.Fatal("a copy was swept within the hour")
	}
	age(t, dir, 61*time.Minute)
	if sweepAll(t); there(dir) {
		t.Error("the copy is still there")
	}
}

func TestASimulationSweepsWhatIsLeftAndLeavesALivingNeighbour(t *testing.T) {
	app, temporary := hub(t, "1")
	cmd, stdin, living := neighbour(t)
	dead := filepath.Join(temporary, twinPrefix+"dead")
	if err := os.Mkdir(dead, 0o700); err != nil { // as made before copies were locked
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dead, "data.db"), []byte("everybody"), 0o600); err != nil {
		t.Fatal(err)
	}
	age(t, dead, 2*time.Hour)
	age(t, living, 2*time.Hour)
	twin, err := NewTwin(context.Background(), app)
	if err != nil {
		t.Fatal(err)
	}
	if there(dead) || !there(filepath.Join(living, "data.db")) || sum(t, twin) != 1 {
		t.Errorf("left behind: %v, in use: %v", there(dead), there(living))
	}
	if err := errors.Join(twin.Remove(), stdin.Close(), cmd.Wait()); err != nil {
		t.Error(err)
	}
	if left := files(t, temporary); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestOnlyOurOwnFoldersAreSwept(t *testing.T) {
	temporary := temporaries(t)
	outside := t.TempDir()
	kept := filepath.Join(outside, "kept")
	make := func(name string, mode os.FileMode) string {
		dir := filepath.Join(temporary, name)
		if err := errors.Join(os.Mkdir(dir, 0o700), os.Chmod(dir, mode)); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	open, named := make(twinPrefix+"open", 0o755), make("simpul-world-1", 0o700)
	pointing, holding := make(twinPrefix+"pointing", 0o700), make(twinPrefix+"holding", 0o700)
	link, file := filepath.Join(temporary, twinPrefix+"link"), filepath.Join(temporary, twinPrefix+"file")
	err := errors.Join(os.WriteFile(kept, []byte("x"), 0o600), os.WriteFile(file, []byte("x"), 0o600), os.Symlink(outside, link),
		os.Symlink(kept, filepath.Join(pointing, lockName)), os.Symlink(outside, filepath.Join(holding, "pb")))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{open, named, pointing, holding, file, outside} {
		age(t, path, 2*time.Hour)
	}
	sweepAll(t)
	for _, path := range []string{open, named, pointing, link, file, kept} {
		if !there(path) {
			t.Errorf("%s is gone", path)
		}
	}
	if there(holding) {
		t.Error("a copy with a link in it stays")
	}
}

func TestTwoProcessesMaySweepAtOnce(t *testing.T) {
	temporary := temporaries(t)
	for range 20 {
		dir, err := os.MkdirTemp("", twinPrefix)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"data.db", "auxiliary.db", lockName} {
			if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		age(t, dir, 2*time.Hour)
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() { sweepAll(t) })
	}
	both.Wait()
	if left := files(t, temporary); len(left) != 0 {
		t.Errorf("%d copies are left", len(left))
	}
}

func TestAFolderThatIsNotThereCannotBeSwept(t *testing.T) {
	t.Setenv("TMPDIR", filepath.Join(temporaries(t), "missing"))
	if err := SweepTwins(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("sweeping says %v", err)
	}
}
