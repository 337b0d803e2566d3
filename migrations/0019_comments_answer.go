package migrations

import "github.com/pocketbase/pocketbase/core"

// A comment stands under exactly one task, meeting or contribution and goes with it.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "comments", []core.Field{
			inProgramme(),
			to("task", "tasks", "Tugas yang ditanggapi. / Task commented on.", dying),
			to("meeting", "meetings", "Rapat yang ditanggapi. / Meeting commented on.", dying),
			to("contribution", "contributions", "Kontribusi yang ditanggapi. / Contribution commented on.", dying),
			to("author", "users", "Penulis; diisi otomatis. / Author; kept by the hub.", presentable),
			text("body", 5000, "Isi dalam markdown. / Text in markdown.", required, presentable),
			rendered("body_html"),
			oneOf("visibility", []string{"team", "partners"}, "Dibaca tim saja atau juga mitra. / Read by the team only or by partners too."),
			formKey(),
		}, []index{
			sorted("programme", "created"),
			sorted("task", "created"),
			sorted("meeting", "created"),
			sorted("contribution", "created"),
			sorted("author"),
			onceOnly(),
		})
	}, remove("comments"))
}
