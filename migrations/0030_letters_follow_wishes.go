package migrations

import "github.com/pocketbase/pocketbase/core"

// How often and when letters come: what a person sets goes before what the
// person's organisation sets, and that before what the programme sets.
func init() {
	wishes := func() []core.Field {
		return []core.Field{
			oneOf("mail_frequency", frequencies, "Seberapa sering surat dikirim; kosong berarti tidak diatur di sini. / How often letters are sent; empty means not set here."),
			clockTime("send_at", "Jam kirim setempat; kosong berarti tidak diatur di sini. / Local hour letters are sent; empty means not set here."),
		}
	}
	weekend := func() []core.Field {
		return []core.Field{flag("weekend_off", "Tanpa surat pada Sabtu dan Minggu. / No letters on Saturdays and Sundays.")}
	}
	core.AppMigrations.Register(func(app core.App) error {
		return widen(app, map[string][]core.Field{"users": weekend(), "organisations": wishes(), "programmes": wishes()})
	}, func(app core.App) error {
		return narrow(app, map[string][]core.Field{"users": weekend(), "organisations": wishes(), "programmes": wishes()})
	})
}
