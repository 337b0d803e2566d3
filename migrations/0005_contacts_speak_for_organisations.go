package migrations

import "github.com/pocketbase/pocketbase/core"

// A contact is a position at an organisation. Somebody speaks for an
// organisation exactly while a contact of it with that user is current, so the
// two days decide who may enter.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "contacts", []core.Field{
			to("organisation", "organisations", "Organisasi yang diwakili. / Organisation this position speaks for.", required, dying, presentable),
			text("position", nameMax, "Jabatan, misalnya Kepala Puskesmas. / Position, such as head of the health centre.", required, presentable),
			text("name", nameMax, "Nama orang, bila perlu. / Name of the person, if needed.", presentable),
			email("email", "Surel untuk undangan dan pengingat. / Address for invitations and reminders."),
			text("phone", 40, "Nomor telepon atau WhatsApp. / Telephone or WhatsApp number."),
			to("user", "users", "Akun orang ini, bila ada. / This person's account, if any."),
			flag("focal_point", "Narahubung utama organisasi. / Main contact person of the organisation."),
			day("from_on", "Mulai menjabat (TTTT-BB-HH). / In office from (YYYY-MM-DD)."),
			day("until_on", "Hari terakhir menjabat; kosong berarti masih. / Last day in office; empty means still."),
			oneOf("language", languages, "Bahasa surat. / Language of letters."),
			oneOf("time_zone", timeZones, "Zona waktu. / Time zone."),
		}, []index{
			sorted("organisation", "position"),
			sorted("user", "organisation"),
			sorted("email"),
		})
	}, remove("contacts"))
}
