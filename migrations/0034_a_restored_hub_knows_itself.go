package migrations

import "github.com/pocketbase/pocketbase/core"

// By these two the hub tells at its start that its database was restored or
// copied: the file of sent letters beside the data folder has the same.
func init() {
	marks := func() map[string][]core.Field {
		return map[string][]core.Field{"hub_settings": {
			text("instance", 40, "Tanda hub ini; diisi sendiri. / Mark of this hub; filled in by itself.", hidden),
			whole("mail_rounds", span{0, 1 << 50}, "Banyak putaran kirim surat; diisi sendiri. / Rounds of sending; counted by itself.", hidden),
		}}
	}
	core.AppMigrations.Register(func(app core.App) error {
		return widen(app, marks())
	}, func(app core.App) error {
		return narrow(app, marks())
	})
}
