package migrations

import "github.com/pocketbase/pocketbase/core"

// A task belongs to one organisation and one person of the team answers for it.
// Lateness is computed from due_on and the programme's zone.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "tasks", append(taskDuty(), taskProgress()...), []index{
			sorted("programme", "due_on"),
			sorted("programme", "state", "due_on"),
			sorted("organisation", "state", "due_on"),
			sorted("assignee"),
			sorted("accountable", "state", "due_on"),
			sorted("stage"),
			sorted("milestone"),
			// A task whose meeting was deleted drops out of this index.
			uniqueWhere("`source_key` != '' AND `meeting` != ''", "meeting", "source_key"),
			sorted("meeting"),
			sorted("recurs_from", "due_on"),
			sorted("done_by"),
			sorted("state", "due_on"),
			onceOnly(),
		})
	}, remove("tasks"))
}

func taskDuty() []core.Field {
	return []core.Field{
		inProgramme(),
		text("title", nameMax, "Apa yang harus dikerjakan. / What is to be done.", required, presentable),
		text("details", longMax, "Rincian dalam markdown. / Details in markdown."),
		rendered("details_html"),
		to("organisation", "organisations", "Organisasi pemilik tugas. / Organisation that owns the task.", required, presentable),
		to("assignee", "contacts", "Orang yang mengerjakan, bila sudah jelas. / Person doing it, once known."),
		to("accountable", "users", "Satu orang tim yang bertanggung jawab. / The one person of the team who answers for it.", required),
		to("stage", "stages", "Tahap layanan. / Service stage."),
		to("milestone", "milestones", "Milestone yang dilayani. / Milestone it serves."),
		to("meeting", "meetings", "Rapat asal tugas. / Meeting it came from."),
		text("source_key", 120, "Baris notulen asalnya; diisi otomatis. / Line of the minutes it came from; kept by the hub."),
		day("starts_on", "Mulai (TTTT-BB-HH). / Start (YYYY-MM-DD)."),
		day("due_on", "Tenggat (TTTT-BB-HH). / Due day (YYYY-MM-DD).", presentable),
		text("due_reason", 1000, "Alasan tenggat diubah; menjadi komentar, tidak tersimpan di sini. / Reason for another due day; becomes a comment, is not kept here."),
		oneOf("urgency", []string{"normal", "urgent", "very_urgent"}, "Biasa, segera, sangat segera. / Normal, urgent, very urgent."),
	}
}

func taskProgress() []core.Field {
	return []core.Field{
		oneOf("state", []string{"todo", "in_progress", "waiting", "done", "cancelled"}, "Keadaan; terlambat dihitung sendiri. / State; late is computed."),
		oneOf("reply", []string{"accepted", "more_time", "declined"}, "Jawaban organisasi. / Answer of the organisation."),
		text("reply_reason", 1000, "Alasan jawaban. / Reason for the answer."),
		toSome("blocked_by", "tasks", 20, "Tugas yang harus selesai dulu. / Tasks that must be done first."),
		text("recurrence", 300, "Pola berulang (RRULE). / Recurrence (RRULE)."),
		to("recurs_from", "tasks", "Tugas pertama dari yang berulang. / First task of the recurrence."),
		instant("done_at", "Kapan selesai; diisi otomatis. / When it was done; kept by the hub."),
		to("done_by", "users", "Siapa yang menyelesaikan; diisi otomatis. / Who did it; kept by the hub."),
		whole("position", span{0, 1_000_000}, "Urutan di papan. / Order on the board."),
		files("files", 10, "Lampiran, paling besar 10 MB. / Attachments, at most 10 MB each."),
		formKey(),
	}
}
