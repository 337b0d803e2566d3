package faults_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"simpul/hooks/testkit/check"
)

// empty is a hub whose data folder is not there yet.
func empty(t *testing.T) *hub {
	t.Helper()
	return &hub{TB: t, dir: filepath.Join(t.TempDir(), "data")}
}

// printed finds who the demonstration says one can be: title, address, password.
var printed = regexp.MustCompile(`(?m)^  (\S.*?)\s{2,}(\S+@\S+)\s+kata sandi / password: (\S+)$`)

func TestTheDemonstrationSaysHowToSignInAndKeepsWhatIsThere(t *testing.T) {
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

func TestTheDemonstrationIsNotShownToOthers(t *testing.T) {
	h := empty(t)
	out, err := h.command("demo", "--http", "0.0.0.0:0").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "for this machine only") {
		t.Errorf("the program ended with %v: %s", err, out)
	}
	if _, err := os.Stat(filepath.Join(h.dir, "data.db")); err == nil {
		found := h.column("SELECT name FROM sqlite_master WHERE name = 'programmes'")
		if len(found) > 0 {
			t.Error("the examples were loaded all the same")
		}
	}
}

func TestTheRealHubHasNoExamplesAndNoExampleSignIn(t *testing.T) {
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
	if err != nil || got.status != http.StatusUnprocessableEntity {
		t.Errorf("the example's password: %d, %v", got.status, err)
	}
	if got, err := h.visitor().get("/mailbox"); err != nil || got.location != "/sign-in?next=%2Fmailbox" {
		t.Errorf("the mailbox of a real hub shows itself to guests: %d, %v", got.status, err)
	}
}
