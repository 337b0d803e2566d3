package faults_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"simpul/hooks/testkit"
)

// copies are the folders with copies of a database.
func copies(t *testing.T, temporary string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(temporary, "simpul-twin-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// killed is a simulation that ends as by a power cut once its copy is there, which is two hours ago.
func killed(t *testing.T, h *hub, temporary string) {
	t.Helper()
	cmd := h.command("simulate", "--days", "90")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(time.Minute); len(copies(t, temporary)) == 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the simulation was too fast to be killed")
	}
	at := time.Now().Add(-2 * time.Hour)
	for _, dir := range copies(t, temporary) {
		if err := os.Chtimes(dir, at, at); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(copies(t, temporary)); n != 1 {
		t.Fatalf("%d copies are left behind", n)
	}
}

func TestWhatAKilledSimulationLeftIsGoneWithTheNextStart(t *testing.T) {
	h := over(t, func(*testkit.World) {})
	if _, err := program(); err != nil { // built before temporary files go elsewhere
		t.Fatal(err)
	}
	for name, next := range map[string]func(){
		"the hub": func() {
			h.start("serve")
			if _, err := h.stop(); err != nil {
				t.Error(err)
			}
		},
		"a simulation": func() {
			if out, err := h.command("simulate", "--days", "1").CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			temporary := t.TempDir()
			t.Setenv("TMPDIR", temporary)
			killed(t, h, temporary)
			if next(); len(copies(t, temporary)) != 0 {
				t.Errorf("%v is still there", copies(t, temporary))
			}
		})
	}
}
