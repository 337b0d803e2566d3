// Package hooks is the map of the program: which address calls which package,
// what a save sets off, what happens by itself. The packages below do the work.
package hooks

import (
	"fmt"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"simpul/hooks/access"
	"simpul/hooks/demo"
	"simpul/hooks/markdown"
	"simpul/hooks/notify/inbox"
	"simpul/hooks/notify/push"
	"simpul/hooks/signedlink"
	"simpul/hooks/store"
	"simpul/hooks/web"
)

// New returns PocketBase with our way of opening the database.
func New() *pocketbase.PocketBase {
	return pocketbase.NewWithConfig(pocketbase.Config{DBConnect: store.Connect})
}

// Register wires the hub into an app: reactions, set-up at start, pages and
// the schedule.
func Register(app core.App, files *web.Files) error {
	site := web.Open(files, inbox.Unread)
	bindEvents(app)
	app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id:       "hubSetUp",
		Priority: -100,
		Func: func(se *core.ServeEvent) error {
			if err := SetUp(se.App); err != nil {
				return err
			}
			site.Bind(se)
			bindRoutes(se.Router)
			return se.Next()
		},
	})
	return bindSchedule(app, files.Source)
}

// SetUp brings a migrated database to the state the hub relies on, and checks
// that it is safe to write to. It changes nothing the second time.
func SetUp(app core.App) error {
	if err := store.Assert(app); err != nil {
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
	if err := demo.LoadHolidays(app); err != nil {
		return fmt.Errorf("holidays: %w", err)
	}
	return demo.LoadDefaults(app)
}

// markdownFields lists the markdown fields; each has a hidden duplicate `…_html` that is
// rendered once when it is saved, so that no reader waits for it.
var markdownFields = map[string][]string{
	"programmes": {"summary"},
	"tasks":      {"details"},
	"comments":   {"body"},
	"meetings":   {"agenda"},
	"minutes":    {"body"},
}

// renderMarkdown fills the duplicates of the fields that changed.
func renderMarkdown(e *core.RecordEvent) error {
	for _, field := range markdownFields[e.Record.Collection().Name] {
		source, was := e.Record.GetString(field), e.Record.Original()
		duplicate := field + "_html"
		// A duplicate that was typed into the admin UI is rendered anew as well.
		kept := source == was.GetString(field) && e.Record.GetString(duplicate) == was.GetString(duplicate)
		if !e.Record.IsNew() && kept {
			continue
		}
		html, err := markdown.HTML(source)
		if err != nil {
			return fmt.Errorf("render %s: %w", field, err)
		}
		e.Record.Set(duplicate, html)
	}
	return e.Next()
}
