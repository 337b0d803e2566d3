package store

import (
	"archive/zip"
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations"

	"simpul/hooks/testkit/check"
)

// holdDir names the folder a child process of these tests must hold.
const holdDir = "SIMPUL_TEST_HOLD"

// TestMain lets the test binary also play the other process.
func TestMain(m *testing.M) {
	if dir := os.Getenv(holdDir); dir != "" {
		os.Exit(hold(dir))
	}
	os.Exit(m.Run())
}

// hold takes the folder, says so, and frees it when its input ends.
func hold(dir string) int {
	release, err := Lock(dir, "127.0.0.1:7001")
	if err != nil {
		os.Stderr.WriteString(err.Error())
		return 1
	}
	os.Stdout.WriteString("held\n")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return 2
	}
	if err := release(); err != nil {
		return 3
	}
	return 0
}

// child starts the test binary as another process that wants the folder.
func child(t *testing.T, dir string) (*exec.Cmd, io.WriteCloser, *strings.Builder) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdDir+"="+dir)
	stdin := check.Must(cmd.StdinPipe())
	stderr := &strings.Builder{}
	cmd.Stderr = stderr
	return cmd, stdin, stderr
}

// heldByChild starts a child and waits until it holds the folder.
func heldByChild(t *testing.T, dir string) (*exec.Cmd, io.WriteCloser) {
	t.Helper()
	cmd, stdin, stderr := child(t, dir)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	check.NoError(t, cmd.Start())
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil || line != "held\n" {
		t.Fatalf("child said %q, %v: %s", line, err, stderr)
	}
	return cmd, stdin
}

// A9
func TestLock_SecondProcess_NamesHolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not there yet")
	before := time.Now().Add(-time.Second)
	release, err := Lock(dir, "127.0.0.1:8090")
	if err != nil {
		t.Fatal(err)
	}
	defer release()

	cmd, _, stderr := child(t, dir)
	var exit *exec.ExitError
	if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("second process ended with %v", err)
	}
	pid := strconv.Itoa(os.Getpid())
	for _, want := range []string{
		"Folder data " + dir + " sedang dipakai oleh proses " + pid + " di 127.0.0.1:8090 sejak ",
		"The data folder " + dir + " is in use by process " + pid + " at 127.0.0.1:8090 since ",
	} {
		check.That(t, strings.Contains(stderr.String(), want), "second process said %q, want %q", stderr, want)
	}

	_, err = Lock(dir, "elsewhere")
	var taken *Busy
	if !errors.As(err, &taken) {
		t.Fatalf("second lock gave %v", err)
	}
	check.That(t, !taken.Since.Before(before) && !taken.Since.After(time.Now()), "held since %s, test began %s", taken.Since, before)
}

func TestLock_HolderKilled_Free(t *testing.T) {
	dir := t.TempDir()
	cmd, _ := heldByChild(t, dir)

	_, err := Lock(dir, "127.0.0.1:8090")
	var taken *Busy
	if !errors.As(err, &taken) {
		t.Fatalf("lock beside a living holder gave %v", err)
	}
	check.Equal(t, "named", taken.PID, cmd.Process.Pid)
	check.Equal(t, "named", taken.Address, "127.0.0.1:7001")

	check.NoError(t, cmd.Process.Kill())
	if err := cmd.Wait(); err == nil {
		t.Fatal("the killed child ended well")
	}
	release, err := Lock(dir, "127.0.0.1:8090")
	if err != nil {
		t.Fatalf("after kill -9: %v", err)
	}
	check.NoError(t, release())
}

func TestLock_Released_FreeAndNameRemoved(t *testing.T) {
	dir := t.TempDir()
	cmd, stdin := heldByChild(t, dir)
	check.NoError(t, stdin.Close())
	check.NoError(t, cmd.Wait())
	left, err := os.ReadFile(filepath.Join(dir, lockName))
	check.That(t, err == nil && len(left) == 0, "lock file holds %q, %v", left, err)

	release, err := Lock(dir, "127.0.0.1:8090")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := release(); err != nil {
			t.Errorf("release: %v", err)
		}
	}
}

func TestLock_HolderWithoutAddress_NamedByPID(t *testing.T) {
	since := time.Date(2026, 12, 10, 2, 0, 0, 0, time.UTC)
	got := (&Busy{Dir: "pb_data", PID: 123, Since: since}).Error()
	want := "Folder data pb_data sedang dipakai oleh proses 123 sejak 2026-12-10T02:00:00Z; hentikan dulu proses itu. / " +
		"The data folder pb_data is in use by process 123 since 2026-12-10T02:00:00Z; stop that one first."
	check.Equal(t, "said", got, want)
}

func TestLock_UnreadableHolder_Busy(t *testing.T) {
	dir := t.TempDir()
	release, err := Lock(dir, "127.0.0.1:8090")
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	check.NoError(t, os.WriteFile(filepath.Join(dir, lockName), []byte("{half"), 0o600))
	_, err = Lock(dir, "elsewhere")
	var taken *Busy
	if !errors.As(err, &taken) || taken.PID != 0 {
		t.Fatalf("lock gave %v", err)
	}
	check.Contains(t, "said", err.Error(), "proses lain", "another process")
}

func TestLock_FolderNotMade_Fails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	check.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := Lock(filepath.Join(file, "data"), "127.0.0.1:8090")
	check.That(t, err != nil && !errors.As(err, new(*Busy)), "lock below a file gave %v", err)
}

func TestLock_Backup_Excluded(t *testing.T) {
	app := bootstrap(t, Connect)
	release := check.Must(Lock(app.DataDir(), "127.0.0.1:8090"))
	defer release()
	app.OnBackupCreate().BindFunc(KeepLock)
	check.NoError(t, app.CreateBackup(context.Background(), "copy.zip"))
	backup := check.Must(zip.OpenReader(filepath.Join(app.DataDir(), core.LocalBackupsDirName, "copy.zip")))
	defer backup.Close()
	var names []string
	for _, file := range backup.File {
		names = append(names, file.Name)
	}
	check.That(t, slices.Contains(names, "data.db") && !slices.Contains(names, lockName), "backup holds %v", names)
}
