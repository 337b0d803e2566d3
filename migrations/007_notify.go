package migrations

import "github.com/pocketbase/pocketbase/core"

// Reminder rules, the outbox, and who is not to be reminded when.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		if err := create(notify)(app); err != nil {
			return err
		}
		_, err := app.DB().NewQuery(reminderDirty).Execute()
		return err
	}, nil)
}

// reminderDirty notes which subjects to compare with the outbox once a save is
// committed. No person reads or writes it, so it is no collection.
const reminderDirty = `CREATE TABLE reminder_dirty (collection TEXT NOT NULL, record TEXT NOT NULL, saved BOOLEAN NOT NULL,
	due_at TEXT NOT NULL, UNIQUE (collection, record));
	CREATE INDEX idx_reminder_dirty_due_at ON reminder_dirty (due_at)`

var notify = []collection{
	// When to remind whom of what. A rule without a programme applies to all.
	{name: "reminder_rules", fields: []field{
		{"programme", to("programmes", cascade, presentable), "Kosong berarti untuk semua program. / Empty means for all programmes."},
		{"name", text(nameMax, required, presentable), "Nama aturan. / Name of the rule."},
		{"kind", oneOf(ruleKinds, required, presentable), "Jenis pengingat. / Kind of reminder."},
		{"anchor", text(60, required, matching(`^[a-z_]+\.[a-z_]+$`)), "Patokan waktu, misalnya task.due_on. / What it counts from, such as task.due_on."},
		{"offset_days", whole(-365, 365), "Hari dari patokan; minus berarti sebelum. / Days from the anchor; minus means before."},
		{"offset_hours", whole(-240, 240), "Jam dari patokan; minus berarti sebelum. / Hours from the anchor; minus means before."},
		{"on_day", day(), "Hari tertentu, untuk patokan programme.on_day. / A chosen day, for the anchor programme.on_day."},
		{"workdays", flag(), "Hitung hari kerja saja. / Count workdays only."},
		{"at", clockTime(), "Jam kirim setempat, misalnya 08:00. / Local hour to send, such as 08:00."},
		{"audience", someOf(ruleAudiences, required), "Siapa yang diingatkan. / Who is reminded."},
		{"repeat_every_days", whole(0, 365), "Ulangi setiap sekian hari; 0 berarti sekali. / Repeat every so many days; 0 means once."},
		{"repeat_max", whole(0, 100), "Paling banyak berapa kali diulang. / How often it repeats at most."},
		{"escalate_to", someOf(escalationAudiences), "Kepada siapa pengingat naik bila tidak ada hasil. / To whom it escalates without result."},
		{"escalate_after_workdays", whole(0, 60), "Hari kerja tanpa hasil sebelum naik. / Workdays without result before each escalation."},
		{"useful_until", text(20, matching(`^(anchor|\+\d{1,3})$`)), "Berguna sampai: anchor, atau +3 berarti tiga hari sesudahnya. / Useful until: anchor, or +3 for three days after it."},
		{"digest", flag(), "Boleh masuk email harian. / May be part of the daily email."},
		{"mandatory", flag(), "Tidak dapat dimatikan penerima; juga dikirim pada hari libur. / Recipients cannot switch it off; sent on holidays too."},
		{"active", flag(), "Aturan berlaku. / The rule is in force."},
		{"subject_id", text(nameMax), "Judul email berbahasa Indonesia; kosong berarti bawaan. / Indonesian subject; empty means the default."},
		{"subject_en", text(nameMax), "Judul email berbahasa Inggris; kosong berarti bawaan. / English subject; empty means the default."},
		{"body_id", text(5000), "Isi email berbahasa Indonesia; kosong berarti bawaan. / Indonesian text; empty means the default."},
		{"body_en", text(5000), "Isi email berbahasa Inggris; kosong berarti bawaan. / English text; empty means the default."},
	}, indexes: []index{sorted("programme", "kind"), sorted("active", "kind")}},
	// One row a message and recipient: what is due, what was sent and why something
	// was not. The unique key prevents that one message is planned twice.
	{name: "deliveries", fields: []field{
		{"rule", to("reminder_rules"), "Aturan asalnya. / Rule it came from."},
		{"kind", text(60, required, presentable), "Jenis email. / Kind of email."},
		{"programme", to("programmes", cascade), "Program. / Programme."},
		{"subject_collection", text(60), "Koleksi yang diingatkan. / Collection it is about."},
		{"subject_id", text(30), "Catatan yang diingatkan. / Record it is about."},
		{"recipient", to("contacts"), "Narahubung penerima. / Contact who receives it."},
		{"user", to("users"), "Akun penerima. / Account of the recipient."},
		{"email", email(presentable), "Alamat penerima. / Address of the recipient."},
		{"anchor_at", text(60), "Kejadian yang dimaksud: hari atau jam setempat. / What it counts from: a local day or hour."},
		{"step", whole(-365, 730), "Hari atau jam dari patokan, atau langkah eskalasi. / Days or hours from the anchor, or step of the escalation."},
		{"origin", oneOf(codes("rule escalation snooze invite")), "Apa yang menyebabkannya. / What called for it."},
		{"sequence", whole(0, 1_000_000), "Versi rapat menurut kalender. / Version of the meeting as calendars count."},
		{"fingerprint", text(20), "Tanda isi rapat selain jamnya. / Mark of what a meeting's email says besides its hour."},
		{"key", text(200, required), "Kunci unik; email yang sama tidak direncanakan dua kali. / Unique key; no email is planned twice."},
		{"due_at", instant(required, presentable), "Saat harus dikirim. / When it is due."},
		{"useful_until_at", instant(), "Sesudah ini tidak berguna lagi. / After this it is no longer useful."},
		{"state", oneOf(deliveryStates, required, presentable), "Status kiriman. / Status of the delivery."},
		{"reason", text(300), "Mengapa tidak dikirim. / Why it was not sent."},
		{"hold_override", flag(), "Dikirim walau semua email ditahan. / Sent although all emails are held."},
		{"deferred_by", oneOf(codes("smtp rate")), "Yang menundanya: server email, atau batas email per jam. / What defers it: the mail server, or the limit of emails an hour."},
		{"digest_id", to("deliveries"), "Email harian yang memuatnya. / Daily email that contains it."},
		{"expiry_report_id", to("deliveries"), "Ringkasan pengingat kedaluwarsa yang menyebutnya. / Summary of expired reminders that counts it."},
		{"attempts", whole(0, 1000), "Berapa kali dicoba. / Number of attempts."},
		{"resend_count", whole(0, 1000), "Berapa kali dikirim ulang tanpa jawaban yang jelas. / How often it was sent again without a clear answer."},
		{"next_attempt_at", instant(), "Percobaan berikutnya. / Next attempt."},
		{"leased_until_at", instant(), "Sedang dikirim sampai saat ini. / Being sent until this moment."},
		{"message_id", text(255), "Tanda pengenal email (Message-ID). / Identifier of the email (Message-ID)."},
		{"message", text(300_000, hidden), "Email lengkap (RFC 5322) selama belum pasti terkirim; lalu dikosongkan. / Complete email (RFC 5322) while delivery is uncertain; cleared afterwards."},
		{"server_reply", text(1000), "Jawaban server email. / Answer of the mail server."},
		{"last_error", text(1000), "Galat terakhir. / Last error."},
		{"sent_at", instant(), "Kapan terkirim. / When it was sent."},
		{"language", oneOf(languages), "Bahasa email. / Language of the email."},
		{"subject", text(300), "Judul email. / Subject of the email."},
		{"text_body", text(100_000, hidden), "Isi teks; dikosongkan setelah terkirim. / Plain text; cleared once sent."},
		{"html_body", text(richMax, hidden), "Isi HTML; dikosongkan setelah terkirim. / HTML text; cleared once sent."},
		{"url", text(2000), "Halaman yang dituju tombol. / Page the button leads to."},
		{"words", text(5000, hidden), "Isi yang tidak bisa disusun lagi; dikosongkan setelah terkirim. / Content that cannot be composed again; cleared once sent."},
		{"calendar", text(20_000, hidden), "Undangan untuk kalender; dikosongkan setelah terkirim. / Invitation for calendars; cleared once sent."},
		{"answer", oneOf(codes("done later declined_by_recipient nil_reported")), "Jawaban penerima lewat tautan di email. / The recipient's answer by a link in the email."},
		{"answered_at", instant(), "Kapan dijawab. / When it was answered."},
		{"replaced", text(1000, hidden), "Alasan sebelum dijawab; dipakai lagi bila jawabannya diurungkan. / Reason before the answer; restored when the answer is undone."},
		{"read_at", instant(), "Kapan dibaca atau tidak perlu dibaca lagi. / When it was read, or no longer needed to be."},
		{"contacted_by", to("users"), "Siapa yang menghubungi penerima. / Who contacted the recipient."},
		{"channel", oneOf(codes("whatsapp")), "Lewat apa penerima dihubungi; kosong berarti email. / How the recipient was contacted; empty means by email."},
	}, indexes: []index{
		unique("key"), sorted("state", "due_at"), sorted("subject_collection", "subject_id"), sorted("user", "due_at"),
		sorted("programme", "due_at"), sorted("recipient", "due_at"), sorted("rule", "due_at"), sorted("digest_id"), sorted("expiry_report_id"), sorted("contacted_by"),
		unreadDeliveries, offlineDeliveries, queuePageDeliveries,
	}},
	// Public holidays, entered each year from the joint ministerial decree.
	{name: "holidays", fields: []field{
		{"on", day(required, presentable), "Tanggal (TTTT-BB-HH). / Day (YYYY-MM-DD)."},
		{"name", text(nameMax, required, presentable), "Nama hari libur. / Name of the holiday."},
		{"kind", oneOf(codes("national_holiday joint_leave regional_holiday"), required), "Libur nasional, cuti bersama atau libur daerah. / National holiday, joint leave or regional holiday."},
		{"province", text(100), "Hanya untuk libur daerah. / Only for regional holidays."},
		{"no_mail", flag(), "Hari tanpa email sama sekali, misalnya Nyepi. / No emails at all that day, such as Nyepi."},
	}, indexes: []index{unique("on", "province", "name")}},
	// Addresses that get no messages, or none of one kind.
	{name: "suppressions", fields: []field{
		{"email", email(required, presentable), "Alamat yang tidak dikirimi email. / Address that receives no emails."},
		{"reason", oneOf(codes("bounced unsubscribed complaint"), required, presentable), "Alasan. / Reason."},
		{"kind", oneOf(refusableKinds), "Jenis pengingat; kosong berarti semua. / Kind of reminder; empty means all."},
	}, indexes: []index{unique("email", "kind")}},
	// Browsers that show notifications. Whoever knows the three hidden fields can send to one.
	{name: "push_subscriptions", fields: []field{
		{"user", to("users", required, cascade, presentable), "Pemilik perangkat. / Owner of the device."},
		{"endpoint", text(1000, required, hidden), "Alamat di layanan pemberitahuan. / Address at the push service."},
		{"p256dh", text(100, required, hidden), "Kunci publik peramban. / Public key of the browser."},
		{"auth", text(30, required, hidden), "Rahasia peramban. / Secret of the browser."},
		{"last_ok_at", instant(), "Pemberitahuan terakhir yang berhasil. / Last successful notice."},
		{"last_error", text(nameMax), "Jawaban HTTP terakhir bila gagal; 0 tidak terjangkau. / HTTP status of the last failure; 0 unreachable."},
		{"failures", whole(0, 1000), "Berapa kali berturut-turut ditolak. / Refusals in a row."},
	}, indexes: []index{unique("endpoint"), sorted("user")}},
	// The subject line of one delivery on its way to one browser.
	{name: "push_messages", fields: []field{
		{"subscription", to("push_subscriptions", required, cascade), "Perangkat tujuan. / Device it is for."},
		{"delivery", to("deliveries", cascade), "Pengingat yang diberitahukan; kosong untuk rangkuman hari itu. / Reminder of the notice; empty for the day's summary."},
		{"day", day(), "Hari setempat. / Local day."},
		{"state", oneOf(codes("waiting sent folded skipped failed"), required, presentable), "Status. / Status."},
		{"reason", text(300), "Mengapa tidak dikirim. / Why it was not sent."},
		{"attempts", whole(0, 1000), "Berapa kali dicoba. / Number of attempts."},
		{"next_attempt_at", instant(), "Percobaan berikutnya. / Next attempt."},
	}, indexes: []index{
		uniqueWhere("`delivery` != ''", "subscription", "delivery"), sorted("subscription", "day"), sorted("delivery"),
		sorted("state", "next_attempt_at"),
	}},
}

// Indexes of three pages: what a person has not read, what no mail brings, and the queue in the order of its page.
var (
	unreadDeliveries  = index{name: "unread", columns: []string{"user", "due_at"}, where: "`read_at` = '' AND `user` != ''"}
	offlineDeliveries = index{name: "unmailed", columns: []string{"programme", "due_at"},
		where: "`email` = '' OR `reason` IN ('bounced', 'refused', 'bad_address')"}
	queuePageDeliveries = index{name: "queue_page", columns: []string{"(COALESCE(NULLIF(sent_at, ''), due_at))"}, where: "`state` != 'planned'"}
)
