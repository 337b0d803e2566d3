// Package hooks is the roof of the house: which address leads to which room,
// what a save sets off, what happens by itself. The rooms below do the work.
package hooks

import (
	"fmt"
	"io/fs"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"simpul/hooks/access"
	"simpul/hooks/datastore"
	"simpul/hooks/deliveries"
	"simpul/hooks/example"
	"simpul/hooks/notify/push"
	"simpul/hooks/page"
	"simpul/hooks/reminders"
	"simpul/hooks/signedlink"
	"simpul/hooks/tasks"
)

// New returns PocketBase with our way of opening the database.
func New() *pocketbase.PocketBase {
	return pocketbase.NewWithConfig(pocketbase.Config{DBConnect: datastore.Connect})
}

// Register wires the hub into an app: reactions, set-up at start, pages and
// the schedule. Files are the templates and the public assets.
func Register(app core.App, templates, public fs.FS) error {
	if err := page.Open(app, templates, public); err != nil {
		return err
	}
	bindEvents(app)
	tasks.Foretell(app, reminders.Outlook)
	page.HangBell(app, deliveries.Unread)
	reminders.CountUnreached(app, deliveries.Unreached)
	app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id:       "hubSetUp",
		Priority: -100,
		Func: func(se *core.ServeEvent) error {
			if err := SetUp(se.App); err != nil {
				return err
			}
			page.Prepare(se)
			bindRoutes(se.Router)
			return se.Next()
		},
	})
	return bindSchedule(app, templates)
}

// SetUp brings a migrated database to the state the hub relies on, and checks
// that it is safe to write to. It changes nothing the second time.
func SetUp(app core.App) error {
	if err := datastore.Assert(app); err != nil {
		return err
	}
	if err := access.Apply(app); err != nil {
		return fmt.Errorf("rules: %w", err)
	}
	if err := signedlink.EnsureSecret(app); err != nil {
		return err
	}
	if err := push.EnsureKey(app); err != nil {
		return fmt.Errorf("VAPID key: %w", err)
	}
	if err := example.LoadHolidays(app); err != nil {
		return fmt.Errorf("holidays: %w", err)
	}
	return example.LoadDefaults(app)
}
