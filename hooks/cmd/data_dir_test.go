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
	"simpul/hooks/signedlink"
	"simpul/hooks/store"
	"simpul/hooks/testkit"
	"simpul/hooks/testkit/check"
)

// command runs the hub's own command line on a data folder, as another process would.
func command(t *testing.T, dir string, args ...string) (said string, err error) {
	t.Helper()
	app := pocketbase.NewWithConfig(pocketbase.Config{DefaultDataDir: dir, DBConnect: store.Connect, HideStartBanner: true})
	check.NoError(t, hooks.Register(app, testkit.Files()))
	cmd.AddCommands(app)
	check.NoError(t, app.Bootstrap())
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
	check.NoError(t, hooks.Register(app, testkit.Files()))
	cmd.AddCommands(app)
	app.RootCmd.SetArgs(words)
	app.RootCmd.SetOut(&strings.Builder{})
	app.RootCmd.SetErr(&strings.Builder{})
	return app.Execute()
}

func TestCommands_NoDataDir_Refused(t *testing.T) {
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
				check.That(t, err != nil && strings.Contains(err.Error(), "folder ini belum berisi data Simpul Lima / this folder holds no Simpul Lima data: "+dir), "%s in %s: %v", name, dir, err)
			}
		}
		if made := folder(t, empty); len(made) > 0 {
			t.Errorf("%s made %d files", name, len(made))
		}
	}
}

func TestCommands_DataDir_Found(t *testing.T) {
	w := testkit.New(t)
	check.NoError(t, started(t, "verify", "--dir", w.App.DataDir()))
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

func TestRenew_Links_NewSecret(t *testing.T) {
	for what, c := range map[string]struct {
		field, keeps string
		subscribed   int64
	}{
		"links": {"link_secret", "push_key", 1},
		"push":  {"push_key", "link_secret", 0},
	} {
		t.Run(what, func(t *testing.T) {
			w := testkit.New(t)
			w.Make("push_subscriptions", "user", w.Partner.Id, "endpoint", "https://fcm.googleapis.com/x", "p256dh", "p", "auth", "a")
			token, err := signedlink.New(w.App, "stop", "x")
			if err != nil {
				t.Fatal(err)
			}
			before := w.Only("hub_settings", "hub_name", "Simpul Lima")
			// The hub goes on running meanwhile.
			said, err := command(t, w.App.DataDir(), "renew", what)
			if err != nil || !strings.Contains(said, " / ") {
				t.Fatalf("it says %q, %v", said, err)
			}
			after := w.Fresh(before)
			if now := after.GetString(c.field); now == before.GetString(c.field) || len(now) != len(before.GetString(c.field)) {
				t.Errorf("%s is %q", c.field, now)
			}
			check.Equal(t, c.keeps+" is another as well", after.GetString(c.keeps), before.GetString(c.keeps))
			check.Equal(t, "rows of push_subscriptions", w.Count("push_subscriptions"), c.subscribed)
			if _, err := signedlink.Read(w.App, "stop", token); (err == nil) != (what != "links") {
				t.Errorf("an old link gives %v", err)
			}
		})
	}
	w := testkit.New(t)
	for _, args := range [][]string{{"renew"}, {"renew", "everything"}, {"renew", "links", "push"}} {
		if said, err := command(t, w.App.DataDir(), args...); err == nil {
			t.Errorf("%v is taken: %s", args, said)
		}
	}
}
