package faults_test

import (
	"errors"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

func TestA9ASecondServerOnTheSameFolderIsToldWhoHoldsIt(t *testing.T) {
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
			if !strings.Contains(string(out), want) {
				t.Errorf("%s does not say %q: %s", command, want, out)
			}
		}
	}
	if got, err := h.visitor().get("/sign-in"); err != nil || got.status != http.StatusOK {
		t.Errorf("the first server was disturbed: %d, %v", got.status, err)
	}
	h.kill()
	h.start("serve") // a killed holder leaves the folder free
}

func TestAnAdministratorCanBeMadeBesideARunningServer(t *testing.T) {
	h := over(t, func(*testkit.World) {})
	h.start("serve")
	if out, err := h.command("superuser", "upsert", "kepala@example.org", "kata-sandi-kepala").CombinedOutput(); err != nil {
		t.Fatalf("superuser upsert: %v %s", err, out)
	}
	v := h.visitor()
	v.signIn("kepala@example.org", "kata-sandi-kepala")
	if got, err := v.get("/mailbox"); err != nil || got.status != http.StatusOK {
		t.Errorf("the new administrator reads the mailbox: %d, %v", got.status, err)
	}
	if took, err := h.stop(); err != nil || took > 5*time.Second {
		t.Errorf("an idle server stops in %s with %v", took, err)
	}
}

func TestEightPeopleWriteAtOnceAndNoneFails(t *testing.T) {
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
	if len(tasks) != people*each/2 || len(gifts) != people*each/2 {
		t.Errorf("%d tasks and %d numbers, want %d each", len(tasks), len(gifts), people*each/2)
	}
	t.Logf("%d people wrote %d times in %s, signing in included", people, people*each, took)
	h.kill()
	h.sound()
	h.chained()
	checkWhole(h)
}

func TestTheFirstPageComesSoonOnAFullFolder(t *testing.T) {
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
	if took > 10*time.Second {
		t.Errorf("the first page came after %s", took)
	}
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
