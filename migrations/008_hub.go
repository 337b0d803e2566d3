package migrations

import "github.com/pocketbase/pocketbase/core"

// What concerns the hub as a whole: the audit trail, its settings, its administrators.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{create(hub), addSettingsRow, configureSettings, configureSuperusers} {
			if err := step(app); err != nil {
				return err
			}
		}
		return nil
	}, nil)
}

var hub = []collection{
	// Who did what, as audit trail and as news. Rows never change, not even when what
	// they are about is deleted; a relation would be emptied then, so they keep plain
	// ids. An actor may also be an administrator, who is no user.
	{name: "activity", fields: []field{
		{"actor", text(30), "Siapa yang bertindak (id akun). / Who acted (id of the account)."},
		{"on_behalf_of", text(30), "Atas nama organisasi mana (id). / For which organisation (id)."},
		{"via", oneOf(codes("page link api admin job"), required, presentable), "Lewat mana. / By which channel."},
		{"programme", text(30), "Program yang bersangkutan (id). / Programme concerned (id)."},
		{"collection", text(60, required, presentable), "Koleksi. / Collection."},
		{"record", text(30, required), "Catatan (id). / Record (id)."},
		{"action", text(60, required, presentable), "Tindakan. / Action."},
		{"changes", facts(200_000), "Perubahan pada kolom yang boleh dicatat (JSON). / Changes of the fields allowed here (JSON)."},
		{"hash", text(64), "Sidik baris ini. / Fingerprint of this row."},
		{"previous_hash", text(64), "Sidik baris sebelumnya. / Fingerprint of the row before."},
	}, indexes: []index{sorted("programme", "created"), sorted("record", "created"), sorted("actor", "created")}},
	// The settings of this hub, in one row.
	{name: "hub_settings", fields: []field{
		{"hub_name", text(nameMax, required, presentable), "Nama aplikasi di halaman dan email. / Name of the site on pages and emails."},
		{"letterhead_lines", text(1000), "Baris kop surat. / Lines of the letterhead."},
		{"mail_held", flag(), "Tahan semua email; tidak ada yang hilang. / Hold all emails; none is lost."},
		{"mail_held_reason", text(500), "Mengapa email ditahan. / Why emails are held."},
		{"mails_per_hour", whole(0, 1_000_000),
			"Paling banyak email per jam, menurut batas server email; 0 berarti tanpa batas. Kode masuk selalu dikirim. / Maximum emails per hour, as the mail server allows; 0 means no limit. Sign-in codes are always sent."},
		{"dkim_domain", text(nameMax, hidden), "Domain yang menandatangani email, misalnya example.org. / Domain that signs emails, such as example.org."},
		{"dkim_selector", text(63, hidden), "Selektor DKIM, misalnya simpul. / DKIM selector, such as simpul."},
		{"dkim_key", text(8000, hidden), "Kunci privat DKIM (PEM) dari perintah: simpul dkim. / Private DKIM key (PEM) from the command: simpul dkim."},
		{"link_secret", text(100, hidden), "Dibuat otomatis; mengamankan tautan dalam email. / Created automatically; secures the links in emails."},
		{"push_key", text(100, hidden), "Kunci pemberitahuan perangkat; dibuat otomatis. / Key for notices on devices; created automatically."},
		{"instance", text(40, hidden), "Tanda pengenal instalasi ini; diisi otomatis. / Identifier of this installation; filled in automatically."},
		{"mail_rounds", whole(0, 1<<50, hidden), "Jumlah putaran pengiriman; diisi otomatis. / Number of sending rounds; filled in automatically."},
		{"night_on", day(hidden), "Malam terakhir yang tugasnya selesai; diisi otomatis. / Last night whose work was done; filled in automatically."},
		{"planned_at", instant(hidden), "Kapan semua email terakhir direncanakan; diisi otomatis. / When all emails were last planned; filled in automatically."},
	}},
}

// settingsID is the id every row of hub_settings must have, so there is just one.
const settingsID = "thesinglehubrow"

func addSettingsRow(app core.App) error {
	c, err := app.FindCollectionByNameOrId("hub_settings")
	if err != nil {
		return err
	}
	id := c.Fields.GetByName(core.FieldNameId).(*core.TextField)
	id.Pattern, id.AutogeneratePattern = "^"+settingsID+"$", settingsID
	if err := app.Save(c); err != nil {
		return err
	}
	row := core.NewRecord(c)
	row.Set("hub_name", "Simpul Lima")
	return app.Save(row)
}

// configureSettings gives the hub its name, limits on requests and short logs
// without addresses. No mail is sent until an administrator enters a mail server.
func configureSettings(app core.App) error {
	settings, err := app.Settings().Clone()
	if err != nil {
		return err
	}
	settings.Meta.AppName = "Simpul Lima"
	settings.Meta.SenderName = "Simpul Lima"
	settings.Meta.AccentColor = "#0b3a5b"
	// Fields are changed by migrations only; the admin UI hides its schema controls.
	settings.Meta.HideControls = true
	settings.Logs.MaxDays = 5
	settings.Logs.LogIP = false
	settings.SMTP.Enabled = false
	settings.Batch.Enabled = false
	settings.RateLimits.Enabled = true
	settings.RateLimits.Rules = rateLimits()
	return app.Save(settings)
}

// rateLimits slows guessing down without locking out an office that shares one
// address: thirty people can sign in within the same minute. Each limit is for
// one address, in requests per so many seconds; a page counts at its own
// address and again at the address of PocketBase's API that it asks. Guessing
// at one account's code is limited by PocketBase itself to five tries in three
// minutes. A label that ends in a slash means everything below it.
func rateLimits() []core.RateLimitRule {
	return []core.RateLimitRule{
		{Label: "POST /sign-in", MaxRequests: 30, Duration: minute},
		{Label: "POST /sign-in/code", MaxRequests: 30, Duration: minute},
		{Label: "POST /sign-in/reset/", MaxRequests: 10, Duration: minute},
		{Label: "POST /sign-in/new-address/", MaxRequests: 10, Duration: minute},
		{Label: "POST /api/collections/users/request-otp", MaxRequests: 30, Duration: minute},
		{Label: "*:requestPasswordReset", MaxRequests: 10, Duration: minute},
		{Label: "*:confirmEmailChange", MaxRequests: 10, Duration: minute},
		// A password typed on the page is tried as a user's and as an administrator's.
		{Label: "*:auth", MaxRequests: 60, Duration: minute},
		{Label: "*:create", MaxRequests: 60, Duration: 10},
		{Label: "/api/", MaxRequests: 300, Duration: 10},
	}
}

// configureSuperusers signs administrators out after a day and alerts them of a
// sign-in from a new place in both languages.
func configureSuperusers(app core.App) error {
	c, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return err
	}
	c.AuthToken.Duration = dayLength
	c.AuthAlert.EmailTemplate = administratorAlert
	return app.Save(c)
}
