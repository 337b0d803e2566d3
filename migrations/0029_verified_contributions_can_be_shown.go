package migrations

import "github.com/pocketbase/pocketbase/core"

// What other members of a programme may see of a verified gift: the quantity
// that was found, no value and no note. The amount of money is a value too.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		view := core.NewViewCollection("verified_contributions")
		view.ViewQuery = `SELECT c.id, c.programme, c.contributor, c.channelled_through, c.recipient, c.kind, c.item,
found.verified_quantity AS quantity, c.unit, c.given_on, c.stage, c.number
FROM contributions c LEFT JOIN contributions found ON found.id = c.id AND found.kind != 'money'
WHERE c.review_status = 'verified'`
		return app.Save(view)
	}, remove("verified_contributions"))
}
