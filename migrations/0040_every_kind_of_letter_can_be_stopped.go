package migrations

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"
)

// Whatever letter carries the link that stops its kind, the kind can be written
// down: for an account, and for an address.
func init() {
	kinds := map[string][]string{
		"users":        {"stale_summary", "rule_test"},
		"suppressions": {"programme_date", "invitation_open", "stale_summary", "rule_test"},
	}
	core.AppMigrations.Register(func(app core.App) error {
		return offer(app, func(collection string, offered []string) []string { return append(offered, kinds[collection]...) })
	}, func(app core.App) error {
		return offer(app, func(collection string, offered []string) []string {
			return slices.DeleteFunc(offered, func(kind string) bool { return slices.Contains(kinds[collection], kind) })
		})
	})
}
