package migrations

import "github.com/pocketbase/pocketbase/core"

// Any dated gathering. Its hours are instants in UTC; its zone says how to print them.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "meetings", append(meetingPlan(), meetingPaper()...), []index{
			sorted("programme", "starts_at"),
			sorted("chair"),
			sorted("taken_by"),
			sorted("series", "starts_at"),
			uniqueWhere("`uid` != ''", "uid"),
			onceOnly(),
		})
	}, remove("meetings"))
}

func meetingPlan() []core.Field {
	return []core.Field{
		inProgramme(),
		oneOf("kind", []string{"coordination", "team", "technical_coordination", "socialisation", "launch", "fgd", "gathering", "training",
			"field_visit", "study_visit", "signing", "handover", "monitoring", "press", "seminar"}, "Jenis pertemuan. / Kind of meeting."),
		text("title", nameMax, "Judul pertemuan. / Title of the meeting.", required, presentable),
		instant("starts_at", "Mulai; admin UI memakai zona peramban Anda. / Start; the admin UI uses your browser's zone.", required, presentable),
		instant("ends_at", "Selesai; kosong berarti s.d. selesai. / End; empty means open end."),
		oneOf("time_zone", timeZones, "Zona waktu yang dicetak. / Time zone printed with the hours."),
		oneOf("mode", []string{"in_person", "online", "hybrid"}, "Luring, daring atau hibrida. / In person, online or hybrid."),
		text("place", 300, "Tempat. / Place."),
		link("link", "Tautan rapat daring. / Link of the online meeting."),
	}
}

func meetingPaper() []core.Field {
	return []core.Field{
		to("chair", "contacts", "Pimpinan rapat. / Chair."),
		to("taken_by", "contacts", "Notulis. / Minute taker."),
		oneOf("status", []string{"draft", "scheduled", "held", "postponed", "cancelled"}, "Keadaan pertemuan. / State of the meeting."),
		text("agenda", longMax, "Agenda dalam markdown. / Agenda in markdown."),
		rendered("agenda_html"),
		text("uid", 120, "Tanda pengenal di kalender. / Identity in calendars."),
		whole("sequence", span{0, 1_000_000}, "Berapa kali jadwal berubah, untuk kalender. / How often the schedule changed, for calendars."),
		text("quorum_note", 500, "Catatan kuorum. / Note on the quorum."),
		to("series", "meetings", "Pertemuan pertama dari rangkaian. / First meeting of the series."),
		formKey(),
	}
}
