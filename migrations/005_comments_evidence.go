package migrations

import "github.com/pocketbase/pocketbase/core"

// What people write and upload about work and gifts.
func init() { core.AppMigrations.Register(create(talk), nil) }

var talk = []collection{
	// A comment belongs to exactly one task, meeting or contribution and is deleted with it.
	{name: "comments", fields: []field{
		inProgramme,
		{"task", to("tasks", cascade), "Tugas yang ditanggapi. / Task commented on."},
		{"meeting", to("meetings", cascade), "Rapat yang ditanggapi. / Meeting commented on."},
		{"contribution", to("contributions", cascade), "Kontribusi yang ditanggapi. / Contribution commented on."},
		{"author", to("users", presentable), "Penulis; diisi otomatis. / Author; filled in automatically."},
		{"body", text(5000, required, presentable), "Isi dalam markdown. / Text in markdown."},
		rendered("body_html"),
		{"visibility", oneOf(codes("team partners")), "Dibaca tim saja atau juga mitra. / Read by the team only or by partners too."},
		formKey,
	}, indexes: []index{
		sorted("programme", "created"), sorted("task", "created"), sorted("meeting", "created"), sorted("contribution", "created"),
		sorted("author"), onceOnly,
	}},
	// A file or link that proves exactly one thing. Pictures of beneficiaries
	// without their consent have no code here, so they cannot be stored.
	{name: "evidence", fields: []field{
		inProgramme,
		{"contribution", to("contributions", cascade), "Kontribusi yang dibuktikan. / Contribution it proves."},
		{"task", to("tasks", cascade), "Tugas yang dibuktikan. / Task it proves."},
		{"milestone", to("milestones", cascade), "Tahapan utama yang dibuktikan. / Milestone it proves."},
		{"meeting", to("meetings", cascade), "Rapat yang dibuktikan. / Meeting it proves."},
		{"kind", oneOf(evidenceKinds, presentable), "Jenis bukti dukung. / Kind of evidence."},
		{"file", files(1), "Berkas, paling besar 10 MB. / File, at most 10 MB."},
		{"url", link(), "Tautan, misalnya berita. / Link, such as a news item."},
		{"caption", text(500, presentable), "Keterangan. / Caption."},
		{"visibility", oneOf(codes("team partners public")), "Siapa yang boleh melihat. / Who may see it."},
		{"people_in_it", oneOf(codes("none staff_only beneficiaries_consented")), "Orang di dalamnya; penerima manfaat hanya dengan izin. / People in it; beneficiaries only with consent."},
		{"sha256", text(64), "Sidik berkas; diisi otomatis. / Fingerprint of the file; filled in automatically."},
		{"uploaded_by", to("users"), "Pengunggah; diisi otomatis. / Who uploaded it; filled in automatically."},
	}, indexes: []index{
		sorted("programme", "created"), sorted("contribution"), sorted("task"), sorted("milestone"), sorted("meeting"),
		sorted("uploaded_by"),
	}},
}
