package migrations

import "github.com/pocketbase/pocketbase/core"

// One row a letter and person: what is due, what went out and why something did
// not. The unique key keeps the same letter from being planned twice.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		fields := append(deliveryPlan(), deliveryState()...)
		return create(app, "deliveries", append(fields, deliveryLetter()...), []index{
			unique("key"),
			sorted("state", "due_at"),
			sorted("subject_collection", "subject_id"),
			sorted("user", "due_at"),
			sorted("programme", "due_at"),
			sorted("recipient", "due_at"),
			sorted("rule", "due_at"),
			sorted("digest"),
		})
	}, remove("deliveries"))
}

func deliveryPlan() []core.Field {
	return []core.Field{
		to("rule", "reminder_rules", "Aturan asalnya. / Rule it came from."),
		text("kind", 60, "Jenis surat. / Kind of letter.", required, presentable),
		to("programme", "programmes", "Program. / Programme.", dying),
		text("subject_collection", 60, "Koleksi yang diingatkan. / Collection it is about."),
		text("subject_id", 30, "Catatan yang diingatkan. / Record it is about."),
		to("recipient", "contacts", "Narahubung penerima. / Contact who receives it."),
		to("user", "users", "Akun penerima. / Account of the recipient."),
		email("email", "Alamat penerima. / Address of the recipient.", presentable),
		text("occurrence", 60, "Kejadian yang dimaksud, tanggal setempat. / Occurrence meant, as a local date."),
		text("key", 200, "Kunci unik; surat yang sama tidak direncanakan dua kali. / Unique key; one letter is never planned twice.", required),
		instant("due_at", "Saat harus dikirim. / When it is due.", required, presentable),
		instant("useful_until_at", "Sesudah ini tidak berguna lagi. / After this it is no longer useful."),
	}
}

func deliveryState() []core.Field {
	return []core.Field{
		oneOf("state", []string{"planned", "queued", "sending", "retry", "sent", "uncertain", "failed", "cancelled", "skipped", "in_digest", "held"},
			"Keadaan kiriman. / State of the delivery.", required, presentable),
		text("reason", 300, "Mengapa tidak dikirim. / Why it was not sent."),
		to("digest", "deliveries", "Ringkasan yang memuatnya. / Digest that holds it."),
		whole("attempts", span{0, 1000}, "Berapa kali dicoba. / Number of attempts."),
		instant("next_attempt_at", "Percobaan berikutnya. / Next attempt."),
		instant("leased_until_at", "Sedang dikirim sampai saat ini. / Being sent until this moment."),
		text("message_id", 255, "Tanda pengenal surat. / Identity of the letter."),
		text("message", 300_000, "Surel jadi (RFC 5322) selama mungkin sudah terkirim tanpa jawaban; lalu dikosongkan. / Finished e-mail (RFC 5322) as long as it may have left without an answer; blanked then.", hidden),
		text("server_reply", 1000, "Jawaban server surat. / Answer of the mail server."),
		text("last_error", 1000, "Galat terakhir. / Last error."),
		instant("sent_at", "Kapan terkirim. / When it was sent."),
	}
}

// deliveryLetter keeps a letter that cannot be written anew, such as one with a
// sign-in code; the hub blanks the two bodies once it is sent.
func deliveryLetter() []core.Field {
	return []core.Field{
		oneOf("language", languages, "Bahasa surat. / Language of the letter."),
		text("subject", 300, "Judul surat. / Subject of the letter."),
		text("text_body", 100_000, "Isi polos; dikosongkan setelah terkirim. / Plain text; blanked once sent.", hidden),
		text("html_body", richMax, "Isi HTML; dikosongkan setelah terkirim. / HTML text; blanked once sent.", hidden),
		text("url", 2000, "Halaman yang dituju tombol. / Page the button leads to."),
	}
}
