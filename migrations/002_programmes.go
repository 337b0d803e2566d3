package migrations

import "github.com/pocketbase/pocketbase/core"

// Programmes, their members and their plan.
func init() { core.AppMigrations.Register(create(programmes), nil) }

var programmes = []collection{
	// A programme is a collaboration with an owner, a place and a time zone.
	{name: "programmes", fields: []field{
		{"slug", text(80, required, matching(`^[a-z0-9]+(-[a-z0-9]+)*$`)), "Nama di alamat halaman: huruf kecil, angka, tanda hubung. / Name in the address: lower case, digits, hyphens."},
		{"name", text(nameMax, required, presentable), "Nama program. / Name of the programme."},
		{"expansion", text(300), "Kepanjangan dari nama. / What the name stands for."},
		{"kind", oneOf(codes("change_action change_project regional_innovation national_programme service good_practice")), "Jenis program. / Kind of programme."},
		{"summary", text(longMax), "Ringkasan dalam markdown. / Summary in markdown."},
		rendered("summary_html"),
		{"owner", to("organisations", required), "Unit pemilik yang bertanggung jawab. / Organisation responsible for it."},
		{"parent", to("programmes"), "Program payung. / Programme it is part of."},
		{"adopted_from", to("programmes"), "Program asal yang direplikasi. / Programme it was adopted from."},
		{"template", flag(), "Dipakai sebagai contoh untuk program baru. / Used as a template for new programmes."},
		{"province", text(100), "Provinsi; menentukan zona waktu. / Province; determines the time zone."},
		{"regency", text(100), "Kabupaten atau kota. / Regency or city."},
		{"time_zone", oneOf(timeZones), "Zona waktu tenggat dan rapat. / Time zone of due dates and meetings."},
		{"status", oneOf(codes("draft planning active paused closing completed institutionalised cancelled")), "Status program. / Status of the programme."},
		{"starts_on", day(), "Hari mulai (TTTT-BB-HH). / First day (YYYY-MM-DD)."},
		{"ends_on", day(), "Hari akhir (TTTT-BB-HH). / Last day (YYYY-MM-DD)."},
		{"target_groups", someOf(targetGroups), "Kelompok sasaran; hanya jumlah, tanpa nama orang. / Target groups; counts only, never names."},
		{"public", flag(), "Boleh tampil di halaman publik. / May appear on the public page."},
		mailFrequency,
		sendAt,
		{"example", flag(), "Data contoh; terhapus bersama contoh. / Example data; removed with the examples."},
		formKey,
	}, indexes: []index{
		unique("slug"), sorted("owner", "name"), sorted("parent", "name"), sorted("adopted_from"), sorted("status", "name"),
		sorted("name"), onceOnly,
	}},
	// One row gives one user one role in one programme. Every access rule reads
	// this table and nothing else, so it is indexed from both ends.
	{name: "memberships", fields: []field{
		inProgramme,
		{"user", to("users", required, cascade, presentable), "Orang yang punya akses. / Person who has access."},
		{"role", oneOf(codes("initiator coordinator member observer partner"), required, presentable), "Peran dalam program. / Role in the programme."},
		{"organisation", to("organisations", cascade), "Untuk mitra: mewakili siapa; diisi otomatis. / For partners: the organisation they represent; filled in automatically."},
	}, indexes: []index{unique("programme", "user", "role", "organisation"), sorted("user", "programme", "role"), sorted("organisation", "programme")}},
	// The ordered service stages of a programme, each with what it counts.
	{name: "stages", fields: []field{
		inProgramme,
		{"position", whole(0, 1000), "Urutan tahap. / Order of the stage."},
		{"name", text(nameMax, required, presentable), "Nama tahap layanan. / Name of the service stage."},
		{"description", text(2000), "Apa yang terjadi di tahap ini. / What happens in this stage."},
		{"unit_of_count", text(60), "Satuan hitung, misalnya orang atau paket. / What is counted, such as people or packages."},
	}, indexes: []index{sorted("programme", "position")}},
	// A result with a due day in a horizon. Whether it is late is computed, never stored.
	{name: "milestones", fields: []field{
		inProgramme,
		{"title", text(nameMax, required, presentable), "Hasil yang hendak dicapai. / The result to be achieved."},
		{"horizon", oneOf(codes("short medium long"), required), "Jangka pendek, menengah, panjang. / Short, medium, long term."},
		{"due_on", day(presentable), "Tenggat (TTTT-BB-HH). / Due day (YYYY-MM-DD)."},
		{"state", oneOf(codes("planned in_progress achieved partly_achieved missed")), "Status. / Status."},
		{"evidence_wanted", facts(20_000), "Daftar bukti dukung yang diminta (JSON). / List of the required evidence (JSON)."},
		{"note", text(longMax), "Catatan. / Note."},
	}, indexes: []index{sorted("programme", "due_on")}},
	// An organisation, or one office of it, in one programme. How the team means
	// to work with it is hidden from REST.
	{name: "stakeholders", fields: []field{
		inProgramme,
		{"organisation", to("organisations", required, presentable), "Organisasi yang terlibat. / Organisation taking part."},
		{"position", text(nameMax, presentable), "Jabatan yang disebut dalam SK, bila ada. / Office named in the decree, if any."},
		{"helix", oneOf(helices), "Isi hanya bila berbeda dari organisasinya. / Fill only if it differs from the organisation's."},
		{"role", text(nameMax, presentable), "Peran dalam program. / Role in the programme."},
		{"responsibility", text(2000), "Tanggung jawab. / Responsibility."},
		{"partner_status", oneOf(codes("identified contacted committed agreed active dormant ended"), hidden), "Sejauh mana kemitraan; hanya untuk tim. / How far the partnership is; team only."},
		{"engagement_level", oneOf(codes("inform consult involve collaborate empower"), hidden),
			"Tingkat pelibatan; hanya untuk tim. / Level of engagement; team only."},
		{"comms_strategy", text(5000, hidden), "Strategi komunikasi; hanya untuk tim. / Communication strategy; team only."},
		{"joined_on", day(), "Bergabung (TTTT-BB-HH). / Joined (YYYY-MM-DD)."},
		{"ended_on", day(), "Tanggal berakhir; sejak hari itu tidak terlibat lagi. Kosong berarti masih terlibat. / Last day of involvement. Empty means still involved."},
		{"urgent", flag(hidden), "Perlu segera didekati; hanya untuk tim. / Needs to be approached soon; team only."},
		formKey,
	}, indexes: []index{unique("programme", "organisation", "position"), sorted("organisation", "programme"), onceOnly}},
	// The team's assessment of a stakeholder on one day. Never edited: the newest
	// counts. Four steps without a middle, so that each falls into a quadrant.
	{name: "assessments", fields: []field{
		{"stakeholder", to("stakeholders", required, cascade, presentable), "Pemangku kepentingan yang dinilai. / Stakeholder assessed."},
		{"influence", whole(1, 4, required), "Pengaruh: 1 sangat rendah sampai 4 sangat tinggi. / Influence: 1 very low to 4 very high."},
		{"interest", whole(1, 4, required), "Kepentingan: 1 sangat rendah sampai 4 sangat tinggi. / Interest: 1 very low to 4 very high."},
		{"stance", oneOf(codes("supportive neutral resistant unknown")), "Sikap terhadap program. / Stance towards the programme."},
		{"assessed_on", day(required, presentable), "Tanggal penilaian (TTTT-BB-HH). / Day of the assessment (YYYY-MM-DD)."},
		{"reason", text(2000), "Alasan penilaian. / Reason for the assessment."},
		{"assessor", to("users"), "Siapa yang menilai. / Who assessed."},
	}, indexes: []index{sorted("stakeholder", "assessed_on"), sorted("assessor")}},
}
