package hooks_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase"

	"simpul/hooks"
	"simpul/hooks/datastore"
	"simpul/hooks/testkit"
)

// started runs the program with these words, from the reading of its flags on.
func started(t *testing.T, words ...string) error {
	t.Helper()
	before := os.Args
	t.Cleanup(func() { os.Args = before })
	os.Args = append([]string{"simpul"}, words...)
	app := pocketbase.NewWithConfig(pocketbase.Config{DBConnect: datastore.Connect, HideStartBanner: true})
	if err := hooks.Register(app, testkit.Templates(), testkit.Public()); err != nil {
		t.Fatal(err)
	}
	hooks.AddCommands(app)
	app.RootCmd.SetArgs(words)
	app.RootCmd.SetOut(&strings.Builder{})
	app.RootCmd.SetErr(&strings.Builder{})
	return app.Execute()
}

func TestNoHubIsMadeByAskingForOne(t *testing.T) {
	for name, words := range map[string][]string{
		"simulate": {"simulate", "--days", "3"},
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
				if err == nil || !strings.Contains(err.Error(), "di sini tidak ada hub / there is no hub here: "+dir) {
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
	if err := started(t, "simulate", "--days", "1", "--dir", w.App.DataDir()); err != nil {
		t.Error(err)
	}
}
