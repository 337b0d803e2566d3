package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/dbutils"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	minute    = 60
	dayLength = 24 * 60 * minute
)

// People and organisations. PocketBase has made `users` already.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		c, err := app.FindCollectionByNameOrId(users.name)
		if err != nil {
			return err
		}
		c.Fields.RemoveByName("avatar")
		c.OAuth2.MappedFields.AvatarURL = ""
		configureAccounts(c)
		if err := users.store(app, c); err != nil {
			return err
		}
		return create(organisations)(app)
	}, nil)
}

// What the hub knows about a person: a name, the office held and how and when
// messages may come. No address, no identity number.
var users = collection{name: "users", fields: []field{
	{"name", text(nameMax, required, presentable), "Nama seperti biasa ditulis, dengan gelar bila perlu. / Name as usually written, with titles if wanted."},
	{"position", text(nameMax, presentable), "Jabatan yang dicetak di tempat umum. / Office held; printed in public places."},
	{"language", oneOf(languages), "Bahasa halaman dan email. / Language of pages and emails."},
	{"time_zone", oneOf(timeZones), "Zona waktu: WIB, WITA atau WIT. / Time zone: WIB, WITA or WIT."},
	{"mail_frequency", oneOf(frequencies), "Seberapa sering email dikirim: segera, harian, mingguan. / How often emails are sent: at once, daily, weekly."},
	{"send_at", clockTime(), "Jam kirim setempat, misalnya 08:00. / Local hour emails are sent, such as 08:00."},
	{"weekend_off", flag(), "Tanpa email pada Sabtu dan Minggu. / No emails on Saturdays and Sundays."},
	{"paused_until_on", day(), "Pengingat dijeda sampai tanggal ini (TTTT-BB-HH). / Reminders are paused until this day (YYYY-MM-DD)."},
	{"muted_kinds", someOf(refusableKinds), "Jenis pengingat yang tidak ingin diterima. / Kinds of reminder this person does not want."},
	{"may_create_programmes", flag(hidden), "Boleh membuat program baru. / May create programmes."},
	{"disabled", flag(hidden), "Akun tidak boleh masuk lagi. / The account may not sign in any more."},
	{"example", flag(hidden), "Data contoh; terhapus bersama contoh. / Example data; removed with the examples."},
}, indexes: []index{
	sorted("name"),
}}

var organisations = []collection{
	// An organisation belongs to one of the five helices. One that is in use
	// cannot be deleted: relations that need it are required and do not cascade.
	{name: "organisations", fields: []field{
		{"name", text(nameMax, required, presentable), "Nama resmi lengkap. / Full official name."},
		{"short_name", text(60), "Nama singkat untuk layar sempit. / Short name for narrow screens."},
		{"helix", oneOf(helices, required, presentable), "Salah satu dari lima unsur pentahelix. / One of the five helices of the pentahelix."},
		{"subtype", oneOf(organisationSubtypes), "Jenis organisasi di dalam unsurnya. / Kind of organisation within its helix."},
		{"province", text(100), "Provinsi. / Province."},
		{"regency", text(100), "Kabupaten atau kota. / Regency or city."},
		{"address", text(500), "Alamat kantor, bukan rumah. / Office address, not a private one."},
		{"email", email(), "Email kantor. / Office email."},
		{"phone", text(40), "Telepon kantor. / Office telephone."},
		{"website", link(), "Alamat situs. / Web site."},
		{"parent", to("organisations"), "Organisasi induk. / Organisation it belongs to."},
		{"verified_at", instant(), "Kapan data ini diperiksa. / When this entry was checked."},
		{"verified_by", to("users"), "Siapa yang memeriksa. / Who checked it."},
		{"merged_into", to("organisations"), "Catatan ganda: pakai organisasi ini. / Duplicate entry: use this organisation instead."},
		{"note", text(longMax, hidden), "Catatan tim; mitra tidak pernah melihatnya. / Team note; partners never see it."},
		mailFrequency,
		sendAt,
		{"example", flag(hidden), "Data contoh; terhapus bersama contoh. / Example data; removed with the examples."},
		formKey,
	}, indexes: []index{
		sorted("helix", "name"), sorted("name"), sorted("province", "regency"), sorted("parent", "name"), sorted("verified_by"),
		sorted("merged_into"), onceOnly,
	}},
	// A contact is a position at an organisation. A user represents an
	// organisation exactly while a contact of it with that user is current, so
	// the two days decide about access.
	{name: "contacts", fields: []field{
		{"organisation", to("organisations", required, cascade, presentable), "Organisasi yang diwakili. / Organisation this position represents."},
		{"position", text(nameMax, required, presentable), "Jabatan, misalnya Kepala Puskesmas. / Position, such as head of the health centre."},
		{"name", text(nameMax, presentable), "Nama orang, bila perlu. / Name of the person, if needed."},
		{"email", email(), "Email untuk undangan dan pengingat. / Email address for invitations and reminders."},
		{"phone", text(40), "Nomor telepon atau WhatsApp. / Telephone or WhatsApp number."},
		{"user", to("users"), "Akun orang ini, bila ada. / This person's account, if any."},
		{"focal_point", flag(), "Narahubung utama organisasi. / Main contact of the organisation."},
		{"from_on", day(), "Mulai menjabat (TTTT-BB-HH). / In office from (YYYY-MM-DD)."},
		{"until_on", day(), "Hari terakhir menjabat; kosong berarti masih. / Last day in office; empty means still."},
		{"language", oneOf(languages), "Bahasa email. / Language of emails."},
		{"time_zone", oneOf(timeZones), "Zona waktu. / Time zone."},
	}, indexes: []index{sorted("organisation", "position"), sorted("user", "organisation"), sorted("email")}},
}

// accountHelp explains the fields PocketBase gives every account.
var accountHelp = map[string]string{
	core.FieldNameEmail:           "Boleh kosong: orang tanpa email tetap tercatat. / May stay empty: people without email are recorded too.",
	core.FieldNameEmailVisibility: "Biarkan kosong: email orang tidak ditampilkan. / Leave off: people's email addresses are not shown.",
	core.FieldNameVerified:        "Aktifkan untuk orang yang diundang. / Switch on for people who were invited.",
	core.FieldNamePassword:        "Paling sedikit 10 huruf; kode sekali pakai juga bisa dipakai masuk. / At least 10 characters; a one-time code signs in too.",
}

// configureAccounts closes sign-up: people are invited. A one-time code or a
// password signs in, for two weeks, unless the account is disabled.
func configureAccounts(c *core.Collection) {
	c.ListRule, c.ViewRule, c.CreateRule, c.UpdateRule, c.DeleteRule = nil, nil, nil, nil, nil
	c.AuthRule = types.Pointer("disabled = false")
	c.AuthToken.Duration = 14 * dayLength
	c.PasswordAuth.Enabled = true
	c.OAuth2.Enabled = false
	c.OTP.Enabled = true
	c.OTP.Length = 6
	c.OTP.Duration = 10 * minute
	// Mobile networks change addresses all day, so every sign-in would seem new.
	c.AuthAlert.Enabled = false
	c.OTP.EmailTemplate = codeEmail
	c.ResetPasswordTemplate = resetEmail
	c.VerificationTemplate = verificationEmail
	c.ConfirmEmailChangeTemplate = newAddressEmail
	c.AuthAlert.EmailTemplate = alertEmail
	c.Fields.GetByName(core.FieldNameEmail).(*core.EmailField).Required = false
	c.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField).Min = 10
	for name, help := range accountHelp {
		set(c.Fields.GetByName(name), "Help", help)
	}
	ignoreCaseOfEmail(c)
}

// ignoreCaseOfEmail replaces the index by which PocketBase finds who signs in; it
// compares addresses as the index does, and phones write a capital first.
func ignoreCaseOfEmail(c *core.Collection) {
	name := "idx_email_" + c.Id
	for _, raw := range c.Indexes {
		if index := dbutils.ParseIndex(raw); len(index.Columns) == 1 && index.Columns[0].Name == core.FieldNameEmail {
			name = index.IndexName
		}
	}
	c.RemoveIndex(name)
	c.AddIndex(name, true, "`email` COLLATE NOCASE", "`email` != ''")
}
