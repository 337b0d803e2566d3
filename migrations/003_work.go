package migrations

import "github.com/pocketbase/pocketbase/core"

// Meetings and what comes out of them: minutes, decisions, tasks.
func init() { core.AppMigrations.Register(create(work), nil) }

var work = []collection{
	// Any dated gathering. Start and end are instants in UTC; the zone says how to print them.
	{name: "meetings", fields: []field{
		inProgramme,
		{"kind", oneOf(meetingKinds), "Jenis pertemuan. / Kind of meeting."},
		{"title", text(nameMax, required, presentable), "Judul pertemuan. / Title of the meeting."},
		{"starts_at", instant(required, presentable), "Mulai; admin UI memakai zona peramban Anda. / Start; the admin UI uses your browser's zone."},
		{"ends_at", instant(), "Selesai; kosong berarti sampai selesai. / End; empty means open end."},
		{"time_zone", oneOf(timeZones), "Zona waktu yang dicetak. / Time zone printed with the hours."},
		{"mode", oneOf(codes("in_person online hybrid")), "Luring, daring atau hibrida. / In person, online or hybrid."},
		{"place", text(300), "Tempat. / Place."},
		{"link", link(), "Tautan rapat daring. / Link of the online meeting."},
		{"chair", to("contacts"), "Pimpinan rapat. / Chair."},
		{"taken_by", to("contacts"), "Notulis. / Minute taker."},
		{"status", oneOf(codes("draft scheduled held postponed cancelled")), "Status pertemuan. / Status of the meeting."},
		{"agenda", text(longMax), "Agenda dalam markdown. / Agenda in markdown."},
		rendered("agenda_html"),
		{"uid", text(120), "Tanda pengenal di kalender. / Identifier in calendars."},
		{"sequence", whole(0, 1_000_000), "Berapa kali jadwal berubah, untuk kalender. / How often the schedule changed, for calendars."},
		{"quorum_note", text(500), "Catatan kuorum. / Note on the quorum."},
		{"series", to("meetings"), "Pertemuan pertama dari rangkaian. / First meeting of the series."},
		formKey,
	}, indexes: []index{
		sorted("programme", "starts_at"), sorted("chair"), sorted("taken_by"), sorted("series", "starts_at"),
		uniqueWhere("`uid` != ''", "uid"), onceOnly,
	}},
	// The record of one meeting, in markdown. Final minutes do not change.
	{name: "minutes", fields: []field{
		{"meeting", to("meetings", required, cascade, presentable), "Rapat yang dicatat. / Meeting recorded."},
		{"body", text(longMax), "Isi notulen dalam markdown. / Body of the minutes in markdown."},
		rendered("body_html"),
		{"status", oneOf(codes("draft circulated final"), presentable), "Draf, diedarkan atau disahkan. / Draft, circulated or final."},
		{"revision", whole(0, 1_000_000), "Nomor revisi; bertambah setiap disimpan. / Revision number; increases with every save."},
		{"finalised_at", instant(), "Kapan disahkan; diisi otomatis. / When it was made final; filled in automatically."},
		{"finalised_by", to("users"), "Siapa yang mengesahkan; diisi otomatis. / Who made it final; filled in automatically."},
	}, indexes: []index{unique("meeting"), sorted("finalised_by")}},
	// Every saved version of minutes.
	{name: "minutes_revisions", fields: []field{
		{"minutes", to("minutes", required, cascade), "Notulen yang disimpan. / Minutes that were saved."},
		{"revision", whole(1, 1_000_000, required, presentable), "Nomor revisi. / Number of the revision."},
		{"body", text(longMax), "Isi saat disimpan. / Body as it was saved."},
		{"author", to("users", presentable), "Siapa yang menyimpan. / Who saved it."},
	}, indexes: []index{unique("minutes", "revision"), sorted("author")}},
	// A decision of a meeting, until another supersedes it.
	{name: "decisions", fields: []field{
		{"meeting", to("meetings", required, cascade), "Rapat yang memutuskan. / Meeting that decided."},
		{"source_key", text(120), "Baris notulen asalnya; diisi otomatis. / Line of the minutes it came from; filled in automatically."},
		{"text", text(2000, required, presentable), "Bunyi keputusan. / Wording of the decision."},
		{"review_on", day(), "Ditinjau lagi pada (TTTT-BB-HH). / To be reviewed on (YYYY-MM-DD)."},
		{"state", oneOf(codes("standing superseded withdrawn")), "Berlaku, diganti atau dicabut. / Standing, superseded or withdrawn."},
		{"superseded_by", to("decisions"), "Keputusan penggantinya. / Decision that replaces it."},
		{"public", flag(), "Boleh tampil di halaman publik. / May appear on the public page."},
	}, indexes: []index{sorted("meeting", "review_on"), uniqueWhere("`source_key` != ''", "meeting", "source_key"), sorted("superseded_by")}},
	// Who was invited to a meeting and who came, on whose behalf. Guests have a name only.
	{name: "attendances", fields: []field{
		{"meeting", to("meetings", required, cascade), "Rapat. / Meeting."},
		{"stakeholder", to("stakeholders"), "Pemangku kepentingan yang diundang. / Stakeholder invited."},
		{"contact", to("contacts"), "Narahubung yang diundang. / Contact invited."},
		{"name", text(nameMax, presentable), "Nama seperti di daftar hadir. / Name as on the attendance list."},
		{"position", text(nameMax, presentable), "Jabatan. / Position."},
		{"organisation_name", text(nameMax), "Organisasi tamu. / A guest's organisation."},
		{"state", oneOf(codes("invited confirmed present_in_person present_online represented excused absent"), presentable), "Kehadiran. / Attendance."},
		{"represents", text(nameMax), "Mewakili siapa. / On whose behalf."},
		formKey,
	}, indexes: []index{unique("meeting", "stakeholder", "contact", "name"), sorted("stakeholder", "meeting"), sorted("contact", "meeting"), onceOnly}},
	// A task belongs to one organisation, and one user of the team answers for it.
	// Lateness is computed from due_on and the programme's zone.
	{name: "tasks", fields: []field{
		inProgramme,
		{"title", text(nameMax, required, presentable), "Apa yang harus dikerjakan. / What is to be done."},
		{"details", text(longMax), "Rincian dalam markdown. / Details in markdown."},
		rendered("details_html"),
		{"organisation", to("organisations", required, presentable), "Organisasi pelaksana tugas. / Organisation that holds the task."},
		{"assignee", to("contacts"), "Orang yang mengerjakan, bila sudah jelas. / Person doing it, if known."},
		{"accountable", to("users", required), "Satu orang tim yang bertanggung jawab. / The person in the team who is accountable."},
		{"stage", to("stages"), "Tahap layanan. / Service stage."},
		{"milestone", to("milestones"), "Tahapan utama yang didukung. / Milestone it contributes to."},
		{"meeting", to("meetings"), "Rapat asal tugas. / Meeting it came from."},
		{"source_key", text(120), "Baris notulen asalnya; diisi otomatis. / Line of the minutes it came from; filled in automatically."},
		{"starts_on", day(), "Mulai (TTTT-BB-HH). / Start (YYYY-MM-DD)."},
		{"due_on", day(presentable), "Tenggat (TTTT-BB-HH). / Due day (YYYY-MM-DD)."},
		{"due_reason", text(1000), "Alasan tenggat diubah; menjadi komentar, tidak tersimpan di sini. / Reason for the new due day; becomes a comment, not stored here."},
		{"urgency", oneOf(codes("normal urgent very_urgent")), "Biasa, segera, sangat segera. / Normal, urgent, very urgent."},
		{"state", oneOf(codes("todo in_progress waiting done cancelled")), "Status; terlambat dihitung otomatis. / Status; late is computed."},
		{"reply", oneOf(codes("accepted more_time declined")), "Jawaban organisasi. / Answer of the organisation."},
		{"reply_reason", text(1000), "Alasan jawaban. / Reason for the answer."},
		{"blocked_by", toSome("tasks", 20), "Tugas yang harus selesai dulu. / Tasks that must be done first."},
		{"recurrence", text(300), "Pola berulang (RRULE). / Recurrence (RRULE)."},
		{"recurs_from", to("tasks"), "Tugas pertama dari yang berulang. / First task of the recurrence."},
		{"done_at", instant(), "Kapan selesai; diisi otomatis. / When it was done; filled in automatically."},
		{"done_by", to("users"), "Siapa yang menyelesaikan; diisi otomatis. / Who did it; filled in automatically."},
		{"position", whole(0, 1_000_000), "Urutan di papan. / Order on the board."},
		{"files", files(10), "Lampiran, paling besar 10 MB. / Attachments, at most 10 MB each."},
		formKey,
	}, indexes: []index{
		sorted("programme", "due_on"), sorted("programme", "state", "due_on"), sorted("organisation", "state", "due_on"),
		sorted("assignee"), sorted("accountable", "state", "due_on"), sorted("stage"), sorted("milestone"),
		uniqueWhere("`source_key` != '' AND `meeting` != ''", "meeting", "source_key"), sorted("meeting"),
		sorted("recurs_from", "due_on"), sorted("done_by"), sorted("state", "due_on"), onceOnly, openTasks,
	}},
}

// openTasks is in the order of the lists of open tasks: the nearest due day
// first, tasks without one last. So the first thirty of a programme are found
// without reading the rest; condition and expression must equal those of the query.
var openTasks = index{name: "open", columns: []string{"programme", "(`due_on` = '')", "due_on", "id"},
	where: "`state` IN ('todo', 'in_progress', 'waiting')"}
