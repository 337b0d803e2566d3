package migrations

import "github.com/pocketbase/pocketbase/core"

// When to remind whom of what. A rule without a programme holds for all.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "reminder_rules", append(ruleTiming(), ruleWording()...), []index{
			sorted("programme", "kind"),
			sorted("active", "kind"),
		})
	}, remove("reminder_rules"))
}

func ruleTiming() []core.Field {
	return []core.Field{
		to("programme", "programmes", "Kosong berarti untuk semua program. / Empty means for all programmes.", dying, presentable),
		text("name", nameMax, "Nama aturan dalam kata-kata. / The rule's name in words.", required, presentable),
		oneOf("kind", reminderKinds, "Jenis pengingat. / Kind of reminder.", required, presentable),
		text("anchor", 60, "Patokan waktu, misalnya task.due_on. / What it counts from, such as task.due_on.",
			required, matching(`^[a-z_]+\.[a-z_]+$`)),
		whole("offset_days", span{-365, 365}, "Hari dari patokan; minus berarti sebelum. / Days from the anchor; minus means before."),
		whole("offset_hours", span{-240, 240}, "Jam dari patokan; minus berarti sebelum. / Hours from the anchor; minus means before."),
		flag("workdays", "Hitung hari kerja saja. / Count workdays only."),
		clockTime("at", "Jam kirim setempat, misalnya 08:00. / Local hour to send, such as 08:00."),
		someOf("audience", reminderAudiences, "Siapa yang diingatkan. / Who is reminded.", required),
		whole("repeat_every_days", span{0, 365}, "Ulangi setiap sekian hari; 0 berarti sekali. / Repeat every so many days; 0 means once."),
		whole("repeat_max", span{0, 100}, "Paling banyak berapa kali diulang. / How often it repeats at most."),
		oneOf("escalate_to", reminderAudiences, "Siapa yang diberi tahu bila tetap diam. / Who is told if nothing happens."),
		text("useful_until", 20, "Berguna sampai: anchor, atau +3 berarti tiga hari sesudahnya. / Useful until: anchor, or +3 for three days after it.",
			matching(`^(anchor|\+\d{1,3})$`)),
	}
}

func ruleWording() []core.Field {
	return []core.Field{
		flag("digest", "Boleh digabung dalam ringkasan harian. / May be merged into a digest."),
		flag("mandatory", "Tidak dapat dimatikan penerima; juga dikirim pada hari libur. / Recipients cannot mute it; sent on holidays too."),
		flag("active", "Aturan berlaku. / The rule is in force."),
		text("subject_id", nameMax, "Judul surat berbahasa Indonesia; kosong berarti bawaan. / Indonesian subject; empty means the built-in one."),
		text("subject_en", nameMax, "Judul surat berbahasa Inggris; kosong berarti bawaan. / English subject; empty means the built-in one."),
		text("body_id", 5000, "Isi surat berbahasa Indonesia; kosong berarti bawaan. / Indonesian text; empty means the built-in one."),
		text("body_en", 5000, "Isi surat berbahasa Inggris; kosong berarti bawaan. / English text; empty means the built-in one."),
	}
}
