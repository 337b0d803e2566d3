package faults_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"simpul/hooks/testkit"
)

// copied puts one folder's contents in the place of another's.
func copied(t testing.TB, from, to string) {
	t.Helper()
	if err := os.RemoveAll(to); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

// quiet checks that nothing leaves while letters are due.
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
	const letters = 30
	h, office, heard := mailing(t, letters)
	backup := filepath.Join(t.TempDir(), "backup")
	copied(t, h.dir, backup)
	h.start("serve") // for the first time with a list of sent letters
	await(h, heard, 10)
	if _, err := h.stop(); err != nil {
		t.Fatal(err)
	}
	sent := len(office.Letters())
	// The mark of the hub is in this backup; the ten or more letters are not sent in it.
	marked := filepath.Join(t.TempDir(), "marked")
	copied(t, h.dir, marked)
	h.start("serve")
	settled(h)
	if _, err := h.stop(); err != nil {
		t.Fatal(err)
	}
	if n := len(office.Letters()); n != letters {
		t.Fatalf("%d of %d letters left", n, letters)
	}
	for name, old := range map[string]string{"from before the list": backup, "from in between": marked} {
		copied(t, old, h.dir)
		h.start("serve")
		time.Sleep(500 * time.Millisecond)
		if n := len(office.Letters()); n != letters {
			t.Errorf("%s: %d letters left a second time", name, n-letters)
		}
		if held := h.column("SELECT mail_held_reason FROM hub_settings WHERE mail_held"); len(held) != 1 || held[0] != "restored" {
			t.Errorf("%s: letters are held because of %v", name, held)
		}
		release(h)
		settled(h)
		if _, err := h.stop(); err != nil {
			t.Fatal(err)
		}
	}
	checkCopies(t, office.Letters(), letters, 0)
	t.Logf("%d letters, %d before the backup: none left twice", letters, sent)
}

func release(h *hub) {
	h.Helper()
	got, err := h.signedIn("admin@example.org").post("/mailbox/release-all")
	if err != nil || got.status != http.StatusSeeOther {
		h.Errorf("the release: %d, %v", got.status, err)
	}
}

func TestA10ACopyOfTheFolderHoldsWhatTheOtherHubSends(t *testing.T) {
	const letters = 30
	h, office, heard := mailing(t, letters)
	h.start("serve")
	await(h, heard, 5)
	if _, err := h.stop(); err != nil {
		t.Fatal(err)
	}
	sent := len(office.Letters())
	twin := &hub{TB: t, dir: filepath.Join(t.TempDir(), "copy")}
	copied(t, h.dir, twin.dir)
	twin.start("serve")
	quiet(twin, office, sent)
	if _, err := twin.stop(); err != nil {
		t.Fatal(err)
	}
	h.start("serve")
	settled(h)
	if n := len(office.Letters()); n != letters {
		t.Errorf("the first hub sent %d of %d letters", n, letters)
	}
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
