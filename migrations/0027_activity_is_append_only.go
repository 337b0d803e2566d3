package migrations

import "github.com/pocketbase/pocketbase/core"

// Who did what, as audit and as news. Rows are never changed, not even when what
// they speak of is deleted: so they keep plain ids, because a relation would be
// emptied then. An actor may also be an administrator, who is no user.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "activity", []core.Field{
			text("actor", 30, "Siapa yang bertindak (id akun). / Who acted (id of the account)."),
			text("on_behalf_of", 30, "Atas nama organisasi mana (id). / For which organisation (id)."),
			oneOf("via", []string{"page", "link", "api", "admin", "job"}, "Lewat mana. / By which way.", required, presentable),
			text("programme", 30, "Program yang bersangkutan (id). / Programme concerned (id)."),
			text("collection", 60, "Koleksi. / Collection.", required, presentable),
			text("record", 30, "Catatan (id). / Record (id).", required),
			text("action", 60, "Tindakan. / Action.", required, presentable),
			facts("changes", 200_000, "Perubahan pada kolom yang boleh dicatat (JSON). / Changes of the fields allowed here (JSON)."),
			text("hash", 64, "Sidik baris ini. / Fingerprint of this row."),
			text("previous_hash", 64, "Sidik baris sebelumnya. / Fingerprint of the row before."),
		}, []index{
			sorted("programme", "created"),
			sorted("record", "created"),
			sorted("actor", "created"),
		})
	}, remove("activity"))
}
