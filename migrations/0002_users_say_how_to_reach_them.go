package migrations

import "github.com/pocketbase/pocketbase/core"

// What the hub knows about a person: a name, the office held and how and when
// letters may come. No address, no identity number.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		users, err := app.FindCollectionByNameOrId("users")
		if err != nil {
			return err
		}
		users.Fields.RemoveByName("avatar")
		users.OAuth2.MappedFields.AvatarURL = ""
		explainAccount(users, func(name string) string { return accountHelp[name] })
		return describe(app, users, userFields(), []index{sorted("name")})
	}, removeUserFields)
}

func userFields() []core.Field {
	return []core.Field{
		text("name", nameMax, "Nama seperti biasa ditulis, dengan gelar bila perlu. / Name as usually written, with titles if wanted.", required, presentable),
		text("position", nameMax, "Jabatan yang dicetak di tempat umum. / Office held; printed in public places.", presentable),
		oneOf("language", languages, "Bahasa halaman dan surat. / Language of pages and letters."),
		oneOf("time_zone", timeZones, "Zona waktu: WIB, WITA atau WIT. / Time zone: WIB, WITA or WIT."),
		oneOf("mail_frequency", frequencies,
			"Seberapa sering surat dikirim: segera, harian, mingguan. / How often letters come: at once, daily, weekly."),
		clockTime("send_at", "Jam kirim setempat, misalnya 08:00. / Local hour letters are sent, such as 08:00."),
		day("paused_until_on", "Pengingat dijeda sampai tanggal ini (TTTT-BB-HH). / Reminders pause until this day (YYYY-MM-DD)."),
		someOf("muted_kinds", reminderKinds, "Jenis pengingat yang tidak ingin diterima. / Kinds of reminder this person does not want."),
		flag("may_create_programmes", "Boleh membuat program baru. / May create programmes.", hidden),
		flag("example", "Data contoh; terhapus bersama contoh. / Example data; removed with the examples.", hidden),
	}
}

// accountHelp explains the fields PocketBase gives every account.
var accountHelp = map[string]string{
	core.FieldNameEmail:           "Boleh kosong: orang tanpa surel tetap tercatat. / May stay empty: people without e-mail still count.",
	core.FieldNameEmailVisibility: "Biarkan kosong: surel orang tidak ditampilkan. / Leave off: people's addresses are not shown.",
	core.FieldNameVerified:        "Nyalakan untuk orang yang diundang. / Switch on for people who were invited.",
	core.FieldNamePassword:        "Paling sedikit 10 huruf; kode sekali pakai juga bisa dipakai masuk. / At least 10 characters; a one-time code signs in too.",
}

// explainAccount gives each field of accountHelp the text that say returns for it.
func explainAccount(users *core.Collection, say func(name string) string) {
	for name := range accountHelp {
		switch field := users.Fields.GetByName(name).(type) {
		case *core.EmailField:
			field.Help = say(name)
		case *core.BoolField:
			field.Help = say(name)
		case *core.PasswordField:
			field.Help = say(name)
		}
	}
}

func removeUserFields(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	for _, i := range []string{"idx_users_name", "idx_users_created"} {
		users.RemoveIndex(i)
	}
	for _, field := range userFields() {
		if field.GetName() != "name" {
			users.Fields.RemoveByName(field.GetName())
		}
	}
	explainAccount(users, func(string) string { return "" })
	users.Fields.Add(
		&core.TextField{Name: "name", Max: 255},
		&core.FileField{Name: "avatar", MaxSelect: 1,
			MimeTypes: []string{"image/jpeg", "image/png", "image/svg+xml", "image/gif", "image/webp"}},
	)
	users.OAuth2.MappedFields.AvatarURL = "avatar"
	return app.Save(users)
}
