package cmd

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase"
	"github.com/spf13/cobra"

	"simpul/hooks"
	"simpul/hooks/notify/outbox"
	"simpul/hooks/notify/smtp"
	"simpul/hooks/store"
	_ "simpul/migrations"
)

// program is the whole program over an empty folder.
func program(t *testing.T) *pocketbase.PocketBase {
	t.Helper()
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: filepath.Join(t.TempDir(), "data"), DBConnect: store.Connect, HideStartBanner: true})
	files := func(name string) fs.FS { return os.DirFS(filepath.Join("..", "..", name)) }
	if err := hooks.Register(app, files("templates"), files("pb_public")); err != nil {
		t.Fatal(err)
	}
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.ClearBootstrap() })
	return app
}

// execute runs a command and returns what it printed.
func execute(t *testing.T, cmd *cobra.Command, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceErrors = true
	err := cmd.Execute()
	return out.String(), err
}

func TestDoctorPrintsALineForEachThingAndFailsWhenOneIsBad(t *testing.T) {
	app := program(t)
	for language, words := range map[string]string{"id": "Server email belum diatur", "en": "No mail server has been set up"} {
		out, err := execute(t, doctorCommand(app), "--language", language)
		if err == nil || !strings.Contains(out, "warn  "+words) || !strings.Contains(out, "bad   ") {
			t.Errorf("%s: %v\n%s", language, err, out)
		}
		for line := range strings.SplitSeq(strings.TrimSpace(out), "\n") {
			if level, _, _ := strings.Cut(line, " "); level != "ok" && level != "warn" && level != "bad" {
				t.Errorf("line %q", line)
			}
		}
	}
	if err := hooks.SetUp(app); err != nil {
		t.Fatal(err)
	}
	out, err := execute(t, doctorCommand(app))
	if err == nil || strings.Contains(out, "Tautan dalam email belum") {
		t.Errorf("after the first start: %v\n%s", err, out)
	}
}

func TestTestmailSaysInBothLanguagesThatThereIsNoServer(t *testing.T) {
	out, err := execute(t, testmailCommand(program(t)), "admin@example.org")
	if err == nil || !strings.Contains(err.Error(), "Server email belum diatur") || !strings.Contains(err.Error(), "No mail server") {
		t.Errorf("%v, %s", err, out)
	}
	if _, err := execute(t, testmailCommand(nil)); err == nil {
		t.Error("no address is needed")
	}
}

func TestDKIMPrintsTheRecordAndTheKey(t *testing.T) {
	for sort, kind := range map[string]string{"rsa": "k=rsa", "ed25519": "k=ed25519"} {
		out, err := execute(t, dkimCommand(nil), "example.org", "--sort", sort, "--selector", "s1")
		if err != nil || !strings.Contains(out, "s1._domainkey.example.org") || !strings.Contains(out, "v=DKIM1; "+kind+"; p=") {
			t.Fatalf("%v\n%s", err, out)
		}
		_, key, _ := strings.Cut(out, "dkim_key\n")
		s := smtp.DKIM{Domain: "example.org", Selector: "s1", Key: key}
		if _, record, err := s.Record(); err != nil || !strings.Contains(out, record) {
			t.Errorf("the key and the record do not belong together: %v", err)
		}
	}
	for _, args := range [][]string{{}, {"Example.org"}, {"example.org", "--selector", "a b"}, {"example.org", "--sort", "dsa"}} {
		if _, err := execute(t, dkimCommand(nil), args...); err == nil {
			t.Errorf("%v is taken", args)
		}
	}
}

func TestDKIMSavesWhatTheHubSignsWith(t *testing.T) {
	app := program(t)
	out, err := execute(t, dkimCommand(app), "example.org", "--sort", "ed25519", "--save")
	if err != nil || strings.Contains(out, "PRIVATE KEY") {
		t.Fatalf("%v\n%s", err, out)
	}
	s, err := outbox.LoadDKIM(app)
	if err != nil || s.Domain != "example.org" || len(s.Check()) > 0 {
		t.Fatalf("%+v, %v", s, err)
	}
	if _, record, err := s.Record(); err != nil || !strings.Contains(out, record) {
		t.Errorf("another key was saved: %v", err)
	}
}
