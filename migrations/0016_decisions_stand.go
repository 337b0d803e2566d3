package migrations

import "github.com/pocketbase/pocketbase/core"

// What a meeting decided, until another decision takes its place.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "decisions", []core.Field{
			to("meeting", "meetings", "Rapat yang memutuskan. / Meeting that decided.", required, dying),
			text("source_key", 120, "Baris notulen asalnya; diisi otomatis. / Line of the minutes it came from; kept by the hub."),
			text("text", 2000, "Bunyi keputusan. / Wording of the decision.", required, presentable),
			day("review_on", "Ditinjau lagi pada (TTTT-BB-HH). / To be reviewed on (YYYY-MM-DD)."),
			oneOf("state", []string{"standing", "superseded", "withdrawn"}, "Berlaku, diganti atau dicabut. / Standing, superseded or withdrawn."),
			to("superseded_by", "decisions", "Keputusan penggantinya. / Decision that replaces it."),
			flag("public", "Boleh tampil di halaman publik. / May appear on the public page."),
		}, []index{
			sorted("meeting", "review_on"),
			uniqueWhere("`source_key` != ''", "meeting", "source_key"),
			sorted("superseded_by"),
		})
	}, remove("decisions"))
}
