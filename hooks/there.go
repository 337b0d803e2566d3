package hooks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// readers are the commands that speak of a hub that is there. On a mistyped
// folder they would otherwise make an empty hub and report on that.
var readers = []string{"doctor", "testmail", "dkim", "renew", "verify"}

// needHub stops the readers before anything is made in a folder without a hub.
func needHub(app *pocketbase.PocketBase) {
	app.OnBootstrap().Bind(&hook.Handler[*core.BootstrapEvent]{Id: "hubThere", Priority: -9999, Func: func(e *core.BootstrapEvent) error {
		cmd, _, err := app.RootCmd.Find(os.Args[1:])
		if err != nil || !slices.Contains(readers, cmd.Name()) {
			return e.Next()
		}
		_, err = os.Stat(filepath.Join(app.DataDir(), "data.db"))
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("di sini tidak ada hub / there is no hub here: %s", app.DataDir())
		}
		return errors.Join(err, e.Next())
	}})
}
