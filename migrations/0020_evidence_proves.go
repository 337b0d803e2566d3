package migrations

import "github.com/pocketbase/pocketbase/core"

// A file or link that proves exactly one thing. Pictures of beneficiaries
// without their consent have no code here, so they cannot be stored.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "evidence", []core.Field{
			inProgramme(),
			to("contribution", "contributions", "Kontribusi yang dibuktikan. / Contribution it proves.", dying),
			to("task", "tasks", "Tugas yang dibuktikan. / Task it proves.", dying),
			to("milestone", "milestones", "Milestone yang dibuktikan. / Milestone it proves.", dying),
			to("meeting", "meetings", "Rapat yang dibuktikan. / Meeting it proves.", dying),
			oneOf("kind", evidenceKinds(), "Jenis bukti dukung. / Kind of evidence.", presentable),
			files("file", 1, "Berkas, paling besar 10 MB. / File, at most 10 MB."),
			link("url", "Tautan, misalnya berita. / Link, such as a news item."),
			text("caption", 500, "Keterangan. / Caption.", presentable),
			day("taken_on", "Tanggal diambil (TTTT-BB-HH). / Day it was taken (YYYY-MM-DD)."),
			oneOf("visibility", visibilities, "Siapa yang boleh melihat. / Who may see it."),
			oneOf("people_in_it", []string{"none", "staff_only", "beneficiaries_consented"},
				"Orang di dalamnya; penerima manfaat hanya dengan izin. / People in it; beneficiaries only with consent."),
			text("sha256", 64, "Sidik berkas; diisi otomatis. / Fingerprint of the file; kept by the hub."),
			to("uploaded_by", "users", "Pengunggah; diisi otomatis. / Who uploaded it; kept by the hub."),
		}, []index{
			sorted("programme", "created"),
			sorted("contribution"),
			sorted("task"),
			sorted("milestone"),
			sorted("meeting"),
			sorted("uploaded_by"),
		})
	}, remove("evidence"))
}

func evidenceKinds() []string {
	return []string{"photo", "attendance_list", "minutes", "invitation", "assignment_letter", "decree", "handover_record",
		"receipt", "payment_receipt", "agreement", "support_letter", "news_link", "video", "testimonial", "screenshot",
		"other_document"}
}
