package migrations

import "github.com/pocketbase/pocketbase/core"

// Letters that were due while the hub was off for long are written once it runs
// again: it must know when it planned last.
func init() {
	mark := func() map[string][]core.Field {
		return map[string][]core.Field{"hub_settings": {
			instant("planned_at", "Kapan semua surat terakhir direncanakan; diisi sendiri. / When all letters were planned last; filled in by itself.", hidden),
		}}
	}
	core.AppMigrations.Register(func(app core.App) error {
		return widen(app, mark())
	}, func(app core.App) error {
		return narrow(app, mark())
	})
}
