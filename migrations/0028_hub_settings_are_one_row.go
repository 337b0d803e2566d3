package migrations

import "github.com/pocketbase/pocketbase/core"

// theOnlyRow is the id every row of hub_settings must have, so there is just one.
const theOnlyRow = "thesinglehubrow"

// The hub's own settings, with the one row already there.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		err := create(app, "hub_settings", []core.Field{
			text("hub_name", nameMax, "Nama hub di halaman dan surat. / Name of the hub on pages and letters.", required, presentable),
			text("letterhead_lines", 1000, "Baris kepala surat. / Lines of the letterhead."),
			&core.FileField{Name: "letterhead_logo", MaxSelect: 1, MaxSize: 1 * megabyte, MimeTypes: pictureTypes,
				Help: "Logo kepala surat, paling besar 1 MB. / Logo of the letterhead, at most 1 MB."},
			text("signatory", nameMax, "Jabatan penanda tangan. / Office that signs."),
			text("place", nameMax, "Tempat surat dibuat. / Place letters are dated from."),
			whole("retention_days", span{0, 36_500}, "Berapa hari data disimpan; 0 berarti tanpa batas. / Days data is kept; 0 means without limit."),
			flag("public_directory", "Tampilkan direktori publik. / Show the public directory."),
			flag("mail_held", "Tahan semua surat; tidak ada yang hilang. / Hold all letters; none is lost."),
			text("mail_held_reason", 500, "Mengapa surat ditahan. / Why letters are held."),
		}, nil)
		if err != nil {
			return err
		}
		return addTheOnlyRow(app)
	}, remove("hub_settings"))
}

func addTheOnlyRow(app core.App) error {
	settings, err := app.FindCollectionByNameOrId("hub_settings")
	if err != nil {
		return err
	}
	id := settings.Fields.GetByName(core.FieldNameId).(*core.TextField)
	id.Pattern, id.AutogeneratePattern = "^"+theOnlyRow+"$", theOnlyRow
	if err := app.Save(settings); err != nil {
		return err
	}
	row := core.NewRecord(settings)
	row.Set("hub_name", "Simpul Lima")
	return app.Save(row)
}
