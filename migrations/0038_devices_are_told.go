package migrations

import "github.com/pocketbase/pocketbase/core"

// Browsers that show reminders, the messages sent to each, and the VAPID key.
func init() {
	keys := func() map[string][]core.Field {
		return map[string][]core.Field{"hub_settings": {
			text("push_key", 100, "Kunci pemberitahuan perangkat; dibuat otomatis. / Key for notices on devices; made by the hub.", hidden),
		}}
	}
	core.AppMigrations.Register(func(app core.App) error {
		if err := create(app, "push_subscriptions", subscriptionFields(), []index{unique("endpoint"), sorted("user")}); err != nil {
			return err
		}
		err := create(app, "push_messages", messageFields(), []index{
			uniqueWhere("`delivery` != ''", "subscription", "delivery"),
			sorted("subscription", "day"),
			sorted("delivery"),
			sorted("state", "next_attempt_at"),
		})
		if err != nil {
			return err
		}
		return widen(app, keys())
	}, func(app core.App) error {
		if err := narrow(app, keys()); err != nil {
			return err
		}
		if err := remove("push_messages")(app); err != nil {
			return err
		}
		return remove("push_subscriptions")(app)
	})
}

// subscriptionFields describe a browser. Who knows the three hidden ones can send to it.
func subscriptionFields() []core.Field {
	return []core.Field{
		to("user", "users", "Pemilik perangkat. / Whose device it is.", required, dying, presentable),
		text("endpoint", 1000, "Alamat di layanan pemberitahuan. / Address at the push service.", required, hidden),
		text("p256dh", 100, "Kunci publik peramban. / Public key of the browser.", required, hidden),
		text("auth", 30, "Rahasia peramban. / Secret of the browser.", required, hidden),
		instant("last_ok_at", "Terakhir berhasil diberi tahu. / When it was last told."),
		text("last_error", nameMax, "Jawaban HTTP terakhir bila gagal; 0 tidak terjangkau. / HTTP status of the last failure; 0 unreachable."),
		whole("failures", span{0, 1000}, "Berapa kali berturut-turut ditolak. / Refusals in a row."),
	}
}

// messageFields describe one delivery's subject line on its way to one browser.
func messageFields() []core.Field {
	return []core.Field{
		to("subscription", "push_subscriptions", "Perangkat tujuan. / Device it is for.", required, dying),
		to("delivery", "deliveries", "Surat yang diberitahukan; kosong untuk rangkuman hari itu. / Letter it tells of; empty for the day's summary.", dying),
		day("day", "Hari setempat. / Local day."),
		oneOf("state", []string{"waiting", "sent", "folded", "skipped", "failed"}, "Keadaan. / State.", required, presentable),
		text("reason", 300, "Mengapa tidak dikirim. / Why it was not sent."),
		whole("attempts", span{0, 1000}, "Berapa kali dicoba. / Number of attempts."),
		instant("next_attempt_at", "Percobaan berikutnya. / Next attempt."),
	}
}
