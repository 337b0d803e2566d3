package cmd_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks"
	"simpul/hooks/cmd"
	"simpul/hooks/store"
	"simpul/hooks/testkit"
)

// command runs the hub's own command line on a data folder, as another process would.
func command(t *testing.T, dir string, args ...string) (said string, err error) {
	t.Helper()
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: dir, DBConnect: store.Connect, HideStartBanner: true})
	if err := hooks.Register(app, testkit.Templates(), testkit.Public()); err != nil {
		t.Fatal(err)
	}
	cmd.AddCommands(app)
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	out := &bytes.Buffer{}
	app.RootCmd.SetArgs(args)
	app.RootCmd.SetOut(out)
	app.RootCmd.SetErr(out)
	err = app.RootCmd.Execute()
	if ended := app.OnTerminate().Trigger(&core.TerminateEvent{App: app}, func(e *core.TerminateEvent) error { return e.App.ClearBootstrap() }); ended != nil {
		t.Error(ended)
	}
	return out.String(), err
}

// started runs the program with these words, from the reading of its flags on.
func started(t *testing.T, words ...string) error {
	t.Helper()
	before := os.Args
	t.Cleanup(func() { os.Args = before })
	os.Args = append([]string{"simpul"}, words...)
	app := pocketbase.NewWithConfig(pocketbase.Config{DBConnect: store.Connect, HideStartBanner: true})
	if err := hooks.Register(app, testkit.Templates(), testkit.Public()); err != nil {
		t.Fatal(err)
	}
	cmd.AddCommands(app)
	app.RootCmd.SetArgs(words)
	app.RootCmd.SetOut(&strings.Builder{})
	app.RootCmd.SetErr(&strings.Builder{})
	return app.Execute()
}

func TestNoHubIsMadeByAskingForOne(t *testing.T) {
	for name, words := range map[string][]string{
		"doctor":   {"doctor"},
		"testmail": {"testmail", "a@example.org"},
		"dkim":     {"dkim", "example.org"},
		"renew":    {"renew", "links"},
		"verify":   {"verify"},
	} {
		empty := t.TempDir()
		for _, dir := range []string{empty, filepath.Join(empty, "pb_data")} {
			for _, args := range [][]string{append(words, "--dir", dir), append([]string{"--dir", dir}, words...)} {
				err := started(t, args...)
				if err == nil || !strings.Contains(err.Error(), "folder ini belum berisi data Simpul Lima / this folder holds no Simpul Lima data: "+dir) {
					t.Errorf("%s in %s: %v", name, dir, err)
				}
			}
		}
		if made := folder(t, empty); len(made) > 0 {
			t.Errorf("%s made %d files", name, len(made))
		}
	}
}

func TestAHubThatIsThereIsFound(t *testing.T) {
	w := testkit.New(t)
	if err := started(t, "verify", "--dir", w.App.DataDir()); err != nil {
		t.Error(err)
	}
}

func folder(t *testing.T, dir string) map[string]string {
	t.Helper()
	found, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range found {
		body := []byte{}
		if !f.IsDir() {
			if body, err = os.ReadFile(filepath.Join(dir, f.Name())); err != nil {
				t.Fatal(err)
			}
		}
		out[f.Name()] = string(body)
	}
	return out
}
