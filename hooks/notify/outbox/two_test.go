package outbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const (
	// a9Letters is how many messages two hubs on one folder fight for.
	a9Messages = 1600
	// childOfTwo makes a child tick like a hub that does not know of the other one.
	childOfTwo = "SIMPUL_MAIL_TEST_TWO"
)

// beOneOfTwo ticks until nothing is left. That the other one has the database for itself at this moment is an error of
// sendOne tick, after which the next follows.
func beOneOfTwo(dir string) int {
	app, err := boot(dir)
	if err != nil {
		return complain(err)
	}
	said := Contents{Subject: "Tenggat", Greeting: "Yth. mitra,", Lines: []string{"Satu tugas menunggu."}}
	kinds := Kinds{"task_due": {Wanted: func(core.App, Delivery, time.Time) (Contents, string, error) { return said, "", nil }}}
	sender, err := NewSender(app, kinds, templateFiles())
	if err != nil {
		return complain(err)
	}
	sent := 0
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		var tally Tally
		tally, err = sender.ProcessDue(context.Background(), monday)
		sent += tally[StateSent]
		var waiting int
		errCount := app.DB().NewQuery("SELECT COUNT(*) FROM deliveries WHERE state IN ('planned', 'queued', 'retry')").Row(&waiting)
		if err == nil && errCount == nil && waiting == 0 {
			break
		}
	}
	sender.Close()
	if err = errors.Join(err, app.ClearBootstrap()); err != nil {
		return complain(err)
	}
	fmt.Println(sent)
	return 0
}

// The lock of the data folder keeps a second hub away, which is tested where the lock is. Should it fail, as on some
// network disks, two processes still send each message once: what counts is the claim in the database.
func TestProcessDue_TwoProcesses_SendOnce(t *testing.T) {
	w := newWorld(t)
	o := newOffice(t)
	w.connectTo("127.0.0.1", o.port)
	messages := make([]Message, a9Messages)
	for i := range messages {
		messages[i] = letter(i)
	}
	w.queue(messages...)
	both, said := []*exec.Cmd{}, [2]bytes.Buffer{}
	for i := range said {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childDir+"="+w.DataDir(), childOfTwo+"=1")
		cmd.Stdout, cmd.Stderr = &said[i], os.Stderr
		check(t, cmd.Start())
		both = append(both, cmd)
	}
	for _, cmd := range both {
		check(t, cmd.Wait())
	}
	w.checkLedger(a9Messages)
	checkCopies(t, o.got(), a9Messages, 0)
	t.Logf("%d letters, each once: one process sent %s, the other %s", a9Messages, strings.TrimSpace(said[0].String()), strings.TrimSpace(said[1].String()))
}
