package mail

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/mail"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	kills   = 30
	letters = 600
	// childNow carries the moment at which a child believes to live.
	childNow = "SIMPUL_MAIL_TEST_NOW"
)

// beKilled is the life of a child process: it sends what is due until it is killed or nothing is left.
func beKilled(dir string) int {
	now, err := time.Parse(time.RFC3339, os.Getenv(childNow))
	if err != nil {
		return complain(err)
	}
	app, err := boot(dir)
	if err != nil {
		return complain(err)
	}
	said := Contents{Subject: "Tenggat", Greeting: "Yth. mitra,", Lines: []string{"Satu tugas menunggu."}}
	kinds := Kinds{"task_due": {Wanted: func(core.App, Delivery) (Contents, string, error) { return said, "", nil }}}
	sender, err := NewSender(app, kinds, templates())
	if err != nil {
		return complain(err)
	}
	if _, err := sender.Flush(context.Background(), now); err != nil {
		return complain(err)
	}
	sender.Close()
	return 0
}

func complain(err error) int {
	fmt.Fprintln(os.Stderr, "child:", err)
	return 1
}

// child starts a sender on the data folder at a moment. Each start comes after the leases of the one before.
func child(t *testing.T, dir string, starts int) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	now := monday.Add(time.Duration(starts) * 11 * time.Minute)
	cmd.Env = append(os.Environ(), childDir+"="+dir, childNow+"="+now.Format(time.RFC3339))
	cmd.Stderr = os.Stderr
	check(t, cmd.Start())
	return cmd
}

// A killed sender leaves at most one letter in doubt, and that letter is sent exactly once more. The kill comes at a
// random moment after a random letter, but never within the first two of a start: a letter hit by two kills in a row
// stays uncertain by design, which the tests of uncertain letters show.
func TestThirtyKillsLoseNothingAndDoubleHardlyAnything(t *testing.T) {
	w := newWorld(t)
	accepted := make(chan struct{}, letters+kills)
	o := newOffice(t, func(o *office) { o.onLetter = func(int) { accepted <- struct{}{} } })
	w.connectTo("127.0.0.1", o.port)
	for i := range letters {
		w.queue(letter(i))
	}
	for i := range kills {
		killAfter(t, child(t, w.DataDir(), i), accepted, 2+rand.IntN(15))
	}
	for i := range 2 {
		if err := child(t, w.DataDir(), kills+i).Wait(); err != nil {
			t.Fatal(err)
		}
	}
	w.checkLedger()
	checkCopies(t, o.got())
}

func killAfter(t *testing.T, cmd *exec.Cmd, accepted <-chan struct{}, n int) {
	t.Helper()
	for range n {
		select {
		case <-accepted:
		case <-time.After(20 * time.Second):
			t.Fatal("the child sends nothing")
		}
	}
	time.Sleep(time.Duration(rand.IntN(4000)) * time.Microsecond)
	check(t, cmd.Process.Kill())
	// Its exit code only says that it was killed.
	_ = cmd.Wait()
	for len(accepted) > 0 {
		<-accepted
	}
}

func (w *world) checkLedger() {
	w.Helper()
	var integrity string
	check(w, w.DB().NewQuery("PRAGMA integrity_check").Row(&integrity))
	if integrity != "ok" {
		w.Errorf("the database is damaged: %s", integrity)
	}
	states := map[string]int{}
	for _, d := range w.rows() {
		states[d.State]++
	}
	if states[StateSent] != letters || len(states) != 1 {
		w.Errorf("states after all: %v", states)
	}
}

func checkCopies(t *testing.T, all []arrived) {
	t.Helper()
	copies := map[string][][]byte{}
	for _, a := range all {
		m, err := mail.ReadMessage(bytes.NewReader(a.body))
		check(t, err)
		id := m.Header.Get("Message-Id")
		copies[id] = append(copies[id], a.body)
	}
	extra := len(all) - len(copies)
	if len(copies) != letters || extra > kills {
		t.Errorf("%d of %d letters arrived, %d extra copies after %d kills", len(copies), letters, extra, kills)
	}
	for id, same := range copies {
		if len(same) > 2 || len(same) == 2 && !bytes.Equal(same[0], same[1]) {
			t.Errorf("%d copies of %s, equal: %v", len(same), id, bytes.Equal(same[0], same[len(same)-1]))
		}
	}
	t.Logf("%d letters, %d kills: none lost, %d extra", letters, kills, extra)
}
