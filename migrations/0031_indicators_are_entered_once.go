package migrations

import "github.com/pocketbase/pocketbase/core"

// The form of an indicator carries its own key, so that one sent twice makes one
// indicator.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		if err := widen(app, map[string][]core.Field{"indicators": {formKey()}}); err != nil {
			return err
		}
		c, err := app.FindCollectionByNameOrId("indicators")
		if err != nil {
			return err
		}
		onceOnly().addTo(c)
		return app.Save(c)
	}, func(app core.App) error {
		return narrow(app, map[string][]core.Field{"indicators": {formKey()}})
	})
}
