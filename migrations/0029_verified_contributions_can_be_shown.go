package migrations

import "github.com/pocketbase/pocketbase/core"

// What other members of a programme may see of a verified gift: no value and no note.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		view := core.NewViewCollection("verified_contributions")
		view.ViewQuery = `SELECT id, programme, contributor, channelled_through, recipient, kind, item, quantity, unit, given_on, stage, number
FROM contributions WHERE review_status = 'verified'`
		return app.Save(view)
	}, remove("verified_contributions"))
}
