package hooks

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/web"
)

func TestTheListOfSentMessagesStandsBesideTheDataFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pb_data")
	for data, want := range map[string]string{dir: dir + ".sent", dir + "/": dir + ".sent"} {
		if got := sentLogPath(core.NewBaseApp(core.BaseAppConfig{DataDir: data})); got != want {
			t.Errorf("for %s it is %s, want %s", data, got, want)
		}
	}
	t.Setenv(sentLogVariable, "/srv/letters/list")
	if got := sentLogPath(core.NewBaseApp(core.BaseAppConfig{DataDir: dir})); got != "/srv/letters/list" {
		t.Errorf("said otherwise it is %s", got)
	}
}

func TestTheDemonstrationKeepsNoListOfSentMessages(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: filepath.Join(t.TempDir(), "pb_data")})
	web.Demonstrate(app)
	if err := openSentLog(app, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(sentLogPath(app)); !os.IsNotExist(err) {
		t.Errorf("a list is there: %v", err)
	}
}
