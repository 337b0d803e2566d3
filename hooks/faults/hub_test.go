package faults_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/store"
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

// inside lets a test look into the hub's data folder, or change it, beside the
// process or between two.
func (h *hub) inside(look func(db *dbx.DB)) {
	h.Helper()
	db := check.Must(store.Connect(filepath.Join(h.dir, "data.db")))
	look(db)
	check.NoError(h, db.Close())
}

// column reads one column of a query.
func (h *hub) column(sql string) (values []string) {
	h.Helper()
	h.inside(func(db *dbx.DB) {
		check.NoError(h, db.NewQuery(sql).Column(&values))
	})
	return values
}

// run executes SQL.
func (h *hub) run(sql string) {
	h.Helper()
	h.inside(func(db *dbx.DB) {
		check.Must(db.NewQuery(sql).Execute())
	})
}

// sound checks that the database is whole.
func (h *hub) sound() {
	h.Helper()
	if found := h.column("PRAGMA integrity_check"); len(found) != 1 || found[0] != "ok" {
		h.Errorf("the database is damaged: %v", found)
	}
	check.Equal(h, "rows point nowhere", len(h.column("SELECT \"table\" FROM pragma_foreign_key_check")), 0)
}

// app opens the data folder as the hub itself does, while no process holds it.
func (h *hub) app(use func(app core.App)) {
	h.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: h.dir, DBConnect: store.Connect})
	check.NoError(h, app.Bootstrap())
	use(app)
	check.NoError(h, app.ClearBootstrap())
}

// chained checks that the activity is one unbroken chain.
func (h *hub) chained() {
	h.Helper()
	h.app(func(app core.App) {
		check.Equal(h, "the activity breaks", check.Must(access.VerifyActivity(app)), "")
	})
}

// visitor is a person with a browser. The cookie outlives the process it came from.
type visitor struct {
	*hub
	client *http.Client
}

// answer is what came back.
type answer struct {
	status   int
	location string
	body     string
}

func (h *hub) visitor() *visitor {
	h.Helper()
	jar := check.Must(cookiejar.New(nil))
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &visitor{h, &http.Client{Jar: jar, CheckRedirect: stay, Timeout: 30 * time.Second}}
}

// signedIn is somebody of the small world who gave the password once.
func (h *hub) signedIn(email string) *visitor {
	h.Helper()
	v := h.visitor()
	v.signIn(email, testkit.Password)
	return v
}

func (v *visitor) signIn(email, password string) {
	v.Helper()
	got, err := v.post("/sign-in", "email", email, "password", password)
	if err != nil || got.status != http.StatusSeeOther {
		v.Fatalf("%s cannot sign in: %d %v %.400s", email, got.status, err, got.body)
	}
}

func (v *visitor) get(path string) (answer, error) {
	return read(v.client.Get("http://" + v.address + path))
}

// post sends a form; fields are name, value pairs. An error means that no answer came.
func (v *visitor) post(path string, fields ...string) (answer, error) {
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return read(v.client.PostForm("http://"+v.address+path, form))
}

func read(got *http.Response, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	return answer{got.StatusCode, got.Header.Get("Location"), string(body)}, err
}

// doc parses a page.
func (v *visitor) doc(path string) *goquery.Document {
	v.Helper()
	got, err := v.get(path)
	if err != nil || got.status != http.StatusOK {
		v.Fatalf("%s: %d, %v %.300s", path, got.status, err, got.body)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(got.body))
	if err != nil {
		v.Fatal(err)
	}
	return doc
}

// write is one form that a visitor sends, known by its own key.
type write struct {
	table, once, path string
	fields            []string
}

// newTask is a task of an organisation, due in a fortnight.
func newTask(once, organisation string) write {
	due := time.Now().AddDate(0, 0, 14).Format(time.DateOnly)
	return write{"tasks", once, "/programmes/kopi/tasks", []string{"title", "Tugas " + once, "organisation", organisation, "due_on", due, "once", once}}
}

// newGift is a contribution of an organisation.
func newGift(once, organisation, programme string) write {
	return write{"contributions", once, "/contributions", []string{"programme", programme, "contributor", organisation, "kind", "goods",
		"item", "Sembako " + once, "quantity", "20", "unit", "package", "once", once}}
}

// send reports whether the hub said that it has what was sent.
func (v *visitor) send(w write) error {
	got, err := v.post(w.path, w.fields...)
	if err != nil {
		return err
	}
	if got.status != http.StatusSeeOther || strings.HasPrefix(got.location, "/sign-in") {
		return fmt.Errorf("%s %s: %d %s %.300s", w.path, w.once, got.status, got.location, got.body)
	}
	return nil
}
