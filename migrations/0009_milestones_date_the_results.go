package migrations

import "github.com/pocketbase/pocketbase/core"

// A dated result in a horizon. Whether it is late is computed, never stored.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "milestones", []core.Field{
			inProgramme(),
			text("title", nameMax, "Hasil yang hendak dicapai. / The result to reach.", required, presentable),
			oneOf("horizon", []string{"short", "medium", "long"}, "Jangka pendek, menengah, panjang. / Short, medium, long term.", required),
			day("due_on", "Tenggat (TTTT-BB-HH). / Due day (YYYY-MM-DD).", presentable),
			oneOf("anchor", []string{"start", "launch", "end"}, "Tenggat dihitung dari mana. / What the due day is counted from."),
			whole("offset_days", span{-3650, 3650}, "Selisih hari dari patokan. / Days from the anchor."),
			oneOf("state", []string{"planned", "in_progress", "achieved", "partly_achieved", "missed"}, "Keadaan. / State."),
			facts("evidence_wanted", 20_000, "Daftar bukti dukung yang diminta (JSON). / List of the evidence asked for (JSON)."),
			text("note", longMax, "Catatan. / Note."),
		}, []index{
			sorted("programme", "due_on"),
		})
	}, remove("milestones"))
}
