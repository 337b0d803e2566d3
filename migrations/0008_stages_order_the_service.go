package migrations

import "github.com/pocketbase/pocketbase/core"

// A programme's own ordered service stages, each with what it counts.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "stages", []core.Field{
			inProgramme(),
			whole("position", span{0, 1000}, "Urutan tahap. / Order of the stage."),
			text("name", nameMax, "Nama tahap layanan. / Name of the service stage.", required, presentable),
			text("description", 2000, "Apa yang terjadi di tahap ini. / What happens in this stage."),
			text("unit_of_count", 60, "Satuan hitung, misalnya orang atau paket. / What is counted, such as people or packages."),
		}, []index{
			sorted("programme", "position"),
		})
	}, remove("stages"))
}
