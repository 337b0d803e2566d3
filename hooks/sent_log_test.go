package hooks

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/web"

	"simpul/hooks/testkit/check"
)

func TestTheListOfSentMessagesStandsBesideTheDataFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pb_data")
	for data, want := range map[string]string{dir: dir + ".sent", dir + "/": dir + ".sent"} {
		if got := sentLogPath(core.NewBaseApp(core.BaseAppConfig{DataDir: data})); got != want {
			t.Errorf("for %s it is %s, want %s", data, got, want)
		}
	}
	t.Setenv(sentLogVariable, "/srv/letters/list")
	check.Equal(t, "said otherwise", sentLogPath(core.NewBaseApp(core.BaseAppConfig{DataDir: dir})), "/srv/letters/list")
}

func TestTheDemonstrationKeepsNoListOfSentMessages(t *testing.T) {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: filepath.Join(t.TempDir(), "pb_data")})
	web.Demonstrate(app)
	check.NoError(t, openSentLog(app, nil))
	if _, err := os.Stat(sentLogPath(app)); !os.IsNotExist(err) {
		t.Errorf("a list is there: %v", err)
	}
}
