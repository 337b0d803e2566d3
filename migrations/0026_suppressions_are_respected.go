package migrations

import "github.com/pocketbase/pocketbase/core"

// Addresses that get no letters, or none of one kind.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "suppressions", []core.Field{
			email("email", "Alamat yang tidak dikirimi surat. / Address that gets no letters.", required, presentable),
			oneOf("reason", []string{"bounced", "unsubscribed", "complaint"}, "Alasan. / Reason.", required, presentable),
			oneOf("kind", reminderKinds, "Jenis pengingat; kosong berarti semua. / Kind of reminder; empty means all."),
		}, []index{
			unique("email", "kind"),
		})
	}, remove("suppressions"))
}
