package sentlog

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"simpul/hooks/clock"
)

var monday = time.Date(2026, 12, 7, 1, 0, 0, 0, time.UTC)

func TestOpen_TornLine_ReadsTheRestAndGoesOn(t *testing.T) {
	t.Cleanup(clock.Freeze(monday))
	path := filepath.Join(t.TempDir(), "log")
	text := "hub abc /srv/my data\nround 7\nsent a%2Fb " + hash("m1") + " " + monday.Format(time.RFC3339) + "\nnonsense\nsent torn 12"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	l := open(t, path)
	if l.Instance != "abc" || l.Folder != "/srv/my data" || l.Rounds != 7 || l.Len() != 1 {
		t.Errorf("log = %+v", l)
	}
	if e, known := l.Find("a/b"); !known || !e.Matches("m1") || e.Matches("m2") || !e.At.Equal(monday) {
		t.Errorf("Find = %+v, %v", e, known)
	}
	for range 2 {
		if err := l.Add("next one", "m2", monday); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l = open(t, path)
	if n := l.Len(); n != 2 {
		t.Errorf("%d messages after reading again, want 2", n)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if n := strings.Count(string(raw), "next+one"); err != nil || n != 1 {
		t.Errorf("the message is entered %d times, want once: %v", n, err)
	}
}

func open(t *testing.T, path string) *Log {
	t.Helper()
	l, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return l
}
