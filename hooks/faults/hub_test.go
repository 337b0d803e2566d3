package faults_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

// program is the hub's program, built once for all tests.
var program = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "simpul-program-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "simpul")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Dir = testkit.Root()
	if out, err := build.CombinedOutput(); err != nil {
		return "", errors.Join(err, errors.New(string(out)))
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := program(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// hub is one data folder and the process that serves it, if any.
type hub struct {
	testing.TB
	dir     string
	address string
	cmd     *exec.Cmd
	said    *sayings
	ended   chan error
}

// sayings is what a process prints.
type sayings struct {
	mu    sync.Mutex
	words bytes.Buffer
}

func (s *sayings) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.words.Write(p)
}

func (s *sayings) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.words.String()
}

// over makes a hub of the small world's data folder. What prepare does to the
// world is in it; after that the world is closed.
func over(t testing.TB, prepare func(w *testkit.World)) *hub {
	t.Helper()
	w := testkit.New(t)
	prepare(w)
	dir := w.App.DataDir()
	check.NoError(t, w.App.ClearBootstrap())
	return &hub{TB: t, dir: dir}
}

// freeAddress is one on this machine that nobody listens at.
func freeAddress(t testing.TB) string {
	t.Helper()
	listener := check.Must(net.Listen("tcp", "127.0.0.1:0"))
	defer listener.Close()
	return listener.Addr().String()
}

// command is the program with the hub's data folder.
func (h *hub) command(args ...string) *exec.Cmd {
	h.Helper()
	path := check.Must(program())
	cmd := exec.Command(path, append(args, "--dir", h.dir)...)
	cmd.Dir = filepath.Dir(path)
	return cmd
}

// start runs serve or demo until the first page comes, and says how long that took.
func (h *hub) start(command string) time.Duration {
	h.Helper()
	h.address = freeAddress(h)
	h.said, h.ended = &sayings{}, make(chan error, 1)
	h.cmd = h.command(command, "--http", h.address)
	h.cmd.Stdout, h.cmd.Stderr = h.said, h.said
	begin := time.Now()
	check.NoError(h, h.cmd.Start())
	cmd, ended := h.cmd, h.ended
	go func() { ended <- cmd.Wait() }()
	h.Cleanup(func() { _ = cmd.Process.Kill() })
	h.waitForPage()
	return time.Since(begin)
}

func (h *hub) waitForPage() {
	h.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); {
		select {
		case err := <-h.ended:
			h.Fatalf("the hub ended: %v\n%s", err, h.said)
		case <-time.After(5 * time.Millisecond):
		}
		answer, err := http.Get("http://" + h.address + "/sign-in")
		if err != nil {
			continue
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return
		}
	}
	h.Fatalf("no page after a minute\n%s", h.said)
}

// kill ends the process as a power cut would.
func (h *hub) kill() {
	h.Helper()
	check.NoError(h, h.cmd.Process.Kill())
	<-h.ended
}

// stop asks the process to end, as an administrator would, and says how it did
// and how long it took.
func (h *hub) stop() (took time.Duration, err error) {
	h.Helper()
	begin := time.Now()
	check.NoError(h, h.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case err := <-h.ended:
		return time.Since(begin), err
	case <-time.After(20 * time.Second):
		h.Fatalf("the hub does not stop\n%s", h.said)
	}
	return 0, nil
}
