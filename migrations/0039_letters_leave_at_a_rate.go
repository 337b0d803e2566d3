package migrations

import "github.com/pocketbase/pocketbase/core"

// Many mail servers take so many letters an hour and refuse the rest.
func init() {
	rate := func() map[string][]core.Field {
		return map[string][]core.Field{"hub_settings": {
			whole("mails_per_hour", span{0, 1_000_000}, "Paling banyak surat per jam, menurut batas server surat; 0 berarti tanpa batas. Kode masuk selalu dikirim. / Most letters an hour, as the mail server allows; 0 means without limit. Sign-in codes always leave."),
		}}
	}
	core.AppMigrations.Register(func(app core.App) error {
		return widen(app, rate())
	}, func(app core.App) error {
		return narrow(app, rate())
	})
}
