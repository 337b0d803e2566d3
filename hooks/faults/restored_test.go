package faults_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"simpul/hooks/testkit"

	"simpul/hooks/testkit/check"
)

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

func TestA10ARestoredFolderAndACopySendNothingUntilReleased(t *testing.T) {
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
	if err != nil || got.status != http.StatusSeeOther {
		h.Errorf("the release: %d, %v", got.status, err)
	}
}

func TestA10ACopyOfTheFolderHoldsWhatTheOtherHubSends(t *testing.T) {
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

func TestTheDemonstrationLeavesNothingBesideItsFolder(t *testing.T) {
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
