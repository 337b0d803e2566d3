package migrations

import "github.com/pocketbase/pocketbase/core"

// Every save of minutes, kept as it was.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "minutes_revisions", []core.Field{
			to("minutes", "minutes", "Notulen yang disimpan. / Minutes that were saved.", required, dying),
			whole("revision", span{1, 1_000_000}, "Nomor revisi. / Number of the revision.", required, presentable),
			text("body", longMax, "Isi saat disimpan. / Body as it was saved."),
			to("author", "users", "Siapa yang menyimpan. / Who saved it.", presentable),
		}, []index{
			unique("minutes", "revision"),
			sorted("author"),
		})
	}, remove("minutes_revisions"))
}
