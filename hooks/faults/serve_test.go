package faults_test

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/pocketbase/dbx"

	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// A9
func TestServe_FolderInUse_NamesHolder(t *testing.T) {
	h := over(t, func(*testkit.World) {})
	h.start("serve")
	for _, command := range []string{"serve", "demo"} {
		begin := time.Now()
		out, err := h.command(command, "--http", freeAddress(t)).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() == 0 || time.Since(begin) > 20*time.Second {
			t.Errorf("%s beside a server ended with %v after %s", command, err, time.Since(begin))
		}
		for _, want := range []string{strconv.Itoa(h.cmd.Process.Pid), h.address, "sedang dipakai", "is in use"} {
			check.That(t, strings.Contains(string(out), want), "%s does not say %q: %s", command, want, out)
		}
	}
	check.Equal(t, "the first server was disturbed", check.Must(h.visitor().get("/sign-in")).status, http.StatusOK)
	h.kill()
	h.start("serve") // a killed holder leaves the folder free
}

func TestSuperuser_WhileServing_Created(t *testing.T) {
	h := over(t, func(*testkit.World) {})
	h.start("serve")
	if out, err := h.command("superuser", "upsert", "kepala@example.org", "kata-sandi-kepala").CombinedOutput(); err != nil {
		t.Fatalf("superuser upsert: %v %s", err, out)
	}
	v := h.visitor()
	v.signIn("kepala@example.org", "kata-sandi-kepala")
	check.Equal(t, "the new administrator reads the mailbox", check.Must(v.get("/mailbox")).status, http.StatusOK)
	if took, err := h.stop(); err != nil || took > 5*time.Second {
		t.Errorf("an idle server stops in %s with %v", took, err)
	}
}

func TestServe_EightWriters_NoneFails(t *testing.T) {
	const people, each = 8, 12
	var organisation, programme string
	h := over(t, func(w *testkit.World) { organisation, programme = w.Puskesmas.Id, w.Kopi.Id })
	h.start("serve")
	var all sync.WaitGroup
	faults := make(chan error, people*each)
	begin := time.Now()
	for i := range people {
		who := []string{"initiator", "partner", "coordinator", "partner"}[i%4]
		v := h.signedIn(who + "@example.org")
		all.Go(func() {
			for n := range each {
				once := who + strconv.Itoa(i) + "-" + strconv.Itoa(n)
				w := newTask(once, organisation)
				if who == "partner" {
					w = newGift(once, organisation, programme)
				}
				if err := v.send(w); err != nil {
					faults <- err
				}
			}
		})
	}
	all.Wait()
	took := time.Since(begin)
	close(faults)
	for err := range faults {
		t.Error(err)
	}
	tasks, gifts := h.column("SELECT id FROM tasks WHERE once != ''"), h.column("SELECT DISTINCT number FROM contributions")
	check.Equal(t, "number of tasks", len(tasks), people*each/2)
	check.Equal(t, "number of gifts", len(gifts), people*each/2)
	t.Logf("%d people wrote %d times in %s, signing in included", people, people*each, took)
	h.kill()
	h.sound()
	h.chained()
	checkWhole(h)
}

func TestServe_FullFolder_FirstPageSoon(t *testing.T) {
	const tasks = 50_000
	h := over(t, func(w *testkit.World) {
		// As after years of use: most tasks are done, a thousand are open.
		fill(w, `INSERT INTO tasks (id, programme, title, organisation, accountable, due_on, state, urgency, created, updated)
			SELECT printf('t%014d', n), {:programme}, 'Tugas ' || n, {:organisation}, {:accountable}, date('now', '+' || (n % 30) || ' days'),
			CASE WHEN n % 50 = 0 THEN 'todo' ELSE 'done' END, 'normal', datetime('now') || '.000Z', datetime('now') || '.000Z' FROM upto`, tasks)
		fill(w, `INSERT INTO deliveries (id, kind, programme, subject_collection, subject_id, email, key, due_at, state, created, updated)
			SELECT printf('d%014d', n), 'task_due', {:programme}, 'tasks', printf('t%014d', n), 'partner@example.org', 'k' || n,
			datetime('now', '-9 days') || '.000Z', 'sent', datetime('now') || '.000Z', datetime('now') || '.000Z' FROM upto`, 2*tasks)
	})
	took := h.start("serve")
	check.That(t, took <= 10*time.Second, "the first page came after %s", took)
	v := h.signedIn("initiator@example.org")
	begin := time.Now()
	if rows := v.doc("/programmes/kopi/tasks").Find("main li").Length(); rows < 10 {
		t.Errorf("the list of tasks shows %d rows", rows)
	}
	t.Logf("%d tasks and %d letters: first page after %s, the list of tasks in %s", tasks, 2*tasks, took, time.Since(begin))
}

// fill makes n rows at once by plain SQL.
func fill(w *testkit.World, sql string, n int) {
	w.Helper()
	check.Must(w.App.DB().NewQuery("WITH RECURSIVE upto(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM upto WHERE n < {:n}) " + sql).
		Bind(dbx.Params{"n": n, "programme": w.Kopi.Id, "organisation": w.Puskesmas.Id, "accountable": w.Initiator.Id}).Execute())
}

// empty is a hub whose data folder is not there yet.
func empty(t *testing.T) *hub {
	t.Helper()
	return &hub{TB: t, dir: filepath.Join(t.TempDir(), "data")}
}

// printed finds who the demonstration says one can be: title, address, password.
var printed = regexp.MustCompile(`(?m)^  (\S.*?)\s{2,}(\S+@\S+)\s+kata sandi / password: (\S+)$`)

func TestDemo_Start_PrintsSignInAndKeepsData(t *testing.T) {
	h := empty(t)
	t.Logf("the first start took %s", h.start("demo"))
	said := greeting(h)
	people := map[string][2]string{}
	for _, found := range printed.FindAllStringSubmatch(said, -1) {
		people[found[1]] = [2]string{found[2], found[3]}
	}
	for title, page := range map[string]string{
		"Inisiator KOPI REHAT": "/programmes/kopi-rehat/tasks/new", "Mitra KOPI REHAT": "/contributions/new?programme=kopi-rehat",
		"Mitra Rantang Tresna": "/programmes/rantang-tresna/tasks", "Administrator": "/mailbox",
	} {
		who, there := people[title]
		if !there {
			t.Fatalf("nobody is called %s: %s", title, said)
		}
		v := h.visitor()
		v.signIn(who[0], who[1])
		v.doc(page)
	}
	initiator := people["Inisiator KOPI REHAT"]
	v := h.visitor()
	v.signIn(initiator[0], initiator[1])
	title := "Dibuat dalam peragaan"
	addTask(v, title)
	before := h.column("SELECT id FROM programmes ORDER BY id")
	if _, err := h.stop(); err != nil {
		t.Error(err)
	}
	t.Logf("the second start took %s", h.start("demo"))
	check.Equal(t, "the second start prints", len(printed.FindAllString(greeting(h), -1)), len(people))
	if after := h.column("SELECT id FROM programmes ORDER BY id"); strings.Join(after, " ") != strings.Join(before, " ") || len(after) < 12 {
		t.Errorf("%d programmes became %d", len(before), len(after))
	}
	check.Equal(t, "the task", len(h.column("SELECT id FROM tasks WHERE title = '"+title+"'")), 1)
	// The cookie of the first start still opens the scope.
	v.doc("/programmes/kopi-rehat/tasks")
}

// greeting is all the demonstration says, down to its last line: where the
// administrator goes. What a process prints comes a little after its first page.
func greeting(h *hub) string {
	h.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if said := h.said.String(); strings.Contains(said, "http://"+h.address+"/_/\n") {
			return said
		}
	}
	h.Fatalf("the address is not printed: %s", h.said)
	return ""
}

// addTask fills in the form of a new task, with the first organisation it offers.
func addTask(v *visitor, title string) {
	v.Helper()
	const path = "/programmes/kopi-rehat/tasks"
	form := v.doc(path + "/new").Find(`form[method="post"]`).FilterFunction(func(_ int, f *goquery.Selection) bool {
		return f.Find(`[name="title"]`).Length() > 0
	})
	organisation := form.Find(`select[name="organisation"] option[value!=""]`).First().AttrOr("value", "")
	got, err := v.post(path, "title", title, "organisation", organisation, "once", form.Find(`[name="once"]`).AttrOr("value", ""))
	if err != nil || got.status != http.StatusSeeOther {
		v.Fatalf("a task in the demonstration: %d, %v %.400s", got.status, err, got.body)
	}
}

func TestDemo_OtherHosts_Refused(t *testing.T) {
	h := empty(t)
	out, err := h.command("demo", "--http", "0.0.0.0:0").CombinedOutput()
	check.That(t, err != nil && strings.Contains(string(out), "for this machine only"), "the program ended with %v: %s", err, out)
	if _, err := os.Stat(filepath.Join(h.dir, "data.db")); err == nil {
		found := h.column("SELECT name FROM sqlite_master WHERE name = 'programmes'")
		check.That(t, len(found) == 0, "the examples were loaded all the same")
	}
}

func TestServe_NoDemoData(t *testing.T) {
	h := empty(t)
	h.start("serve")
	if said := h.said.String(); printed.MatchString(said) {
		t.Errorf("the hub prints passwords: %s", said)
	}
	for _, table := range []string{"programmes", "organisations", "users"} {
		if rows := h.column("SELECT id FROM " + table); len(rows) > 0 {
			t.Errorf("a new hub has %d %s", len(rows), table)
		}
	}
	got, err := h.visitor().post("/sign-in", "email", "admin@example.org", "password", "simpul-lima-contoh")
	check.That(t, err == nil && got.status == http.StatusUnprocessableEntity, "the example's password: %d, %v", got.status, err)
	if got, err := h.visitor().get("/mailbox"); err != nil || got.location != "/sign-in?next=%2Fmailbox" {
		t.Errorf("the mailbox of a real hub shows itself to guests: %d, %v", got.status, err)
	}
}

func TestVerify_Chain_Reported(t *testing.T) {
	var row string
	whole := over(t, func(*testkit.World) {})
	check.Contains(t, "an untouched activity", string(check.Must(whole.command("verify").CombinedOutput())), "Riwayat utuh")
	altered := over(t, func(w *testkit.World) {
		row = w.Only("activity", "record", w.Kopi.Id).Id
		check.NoError(t, rewrite(w, row))
	})
	out, err := altered.command("verify").CombinedOutput()
	check.That(t, err != nil && strings.Contains(string(out), row), "an altered activity passes: %v %s", err, out)
}

// rewrite changes what a row of the activity says, past all that would refuse it.
func rewrite(w *testkit.World, id string) error {
	_, err := w.App.NonconcurrentDB().Update("activity", dbx.Params{"action": "delete"}, dbx.HashExp{"id": id}).Execute()
	return err
}

// copied puts one folder's contents in the place of another's.
func copied(t testing.TB, from, to string) {
	t.Helper()
	check.NoError(t, os.RemoveAll(to))
	check.NoError(t, os.CopyFS(to, os.DirFS(from)))
}

// quiet checks that nothing leaves while messages are due.
func quiet(h *hub, office *testkit.Office, already int) {
	h.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if len(h.column("SELECT id FROM deliveries WHERE state = 'held' AND reason = 'mail_held'")) > 0 {
			break
		}
	}
	time.Sleep(200 * time.Millisecond)
	if n := len(office.Letters()); n != already {
		h.Errorf("%d letters left before anybody released them", n-already)
	}
}

// A10
func TestRestore_Folder_HoldsMailUntilReleased(t *testing.T) {
	const messages = 30
	h, office, heard := mailing(t, messages)
	backup := filepath.Join(t.TempDir(), "backup")
	copied(t, h.dir, backup)
	h.start("serve") // for the first time with a list of sent messages
	await(h, heard, 10)
	check.Must(h.stop())
	sent := len(office.Letters())
	// The mark of the hub is in this backup; the ten or more messages are not sent in it.
	marked := filepath.Join(t.TempDir(), "marked")
	copied(t, h.dir, marked)
	h.start("serve")
	settled(h)
	check.Must(h.stop())
	if n := len(office.Letters()); n != messages {
		t.Fatalf("%d of %d letters left", n, messages)
	}
	for name, old := range map[string]string{"from before the list": backup, "from in between": marked} {
		copied(t, old, h.dir)
		h.start("serve")
		time.Sleep(500 * time.Millisecond)
		if n := len(office.Letters()); n != messages {
			t.Errorf("%s: %d letters left a second time", name, n-messages)
		}
		if held := h.column("SELECT mail_held_reason FROM hub_settings WHERE mail_held"); len(held) != 1 || held[0] != "restored" {
			t.Errorf("%s: letters are held because of %v", name, held)
		}
		release(h)
		settled(h)
		check.Must(h.stop())
	}
	checkCopies(t, office.Letters(), messages, 0)
	t.Logf("%d letters, %d before the backup: none left twice", messages, sent)
}

func release(h *hub) {
	h.Helper()
	got, err := h.signedIn("admin@example.org").post("/mailbox/release-all")
	check.That(h, err == nil && got.status == http.StatusSeeOther, "the release: %d, %v", got.status, err)
}

// A10
func TestCopy_Folder_HoldsMail(t *testing.T) {
	const messages = 30
	h, office, heard := mailing(t, messages)
	h.start("serve")
	await(h, heard, 5)
	check.Must(h.stop())
	sent := len(office.Letters())
	duplicate := &hub{TB: t, dir: filepath.Join(t.TempDir(), "copy")}
	copied(t, h.dir, duplicate.dir)
	duplicate.start("serve")
	quiet(duplicate, office, sent)
	check.Must(duplicate.stop())
	h.start("serve")
	settled(h)
	check.Equal(t, "the first hub sent", len(office.Letters()), messages)
}

func TestDemo_End_LeavesNoFiles(t *testing.T) {
	h := empty(t)
	h.start("demo")
	greeting(h)
	if _, err := h.stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(h.dir + ".sent"); !os.IsNotExist(err) {
		t.Errorf("a list of sent letters stands beside the folder: %v", err)
	}
}
