package migrations

import "github.com/pocketbase/pocketbase/core"

// Administrators read in Bahasa Indonesia too that somebody signed in as them.
// Words that a hub has written itself stay.
func init() {
	theirs := core.NewAuthCollection("").AuthAlert.EmailTemplate
	core.AppMigrations.Register(func(app core.App) error {
		return changeAlert(app, theirs, administratorAlert)
	}, func(app core.App) error {
		return changeAlert(app, administratorAlert, theirs)
	})
}

func changeAlert(app core.App, from, to core.EmailTemplate) error {
	c, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil || c.AuthAlert.EmailTemplate != from {
		return err
	}
	c.AuthAlert.EmailTemplate = to
	return app.Save(c)
}
