package migrations

import "github.com/pocketbase/pocketbase/core"

// One measured value on one day. A wrong one is corrected by a new one.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "indicator_values", []core.Field{
			to("indicator", "indicators", "Indikator. / Indicator.", required, dying, presentable),
			day("on", "Tanggal nilai (TTTT-BB-HH). / Day of the value (YYYY-MM-DD).", required, presentable),
			number("value", "Nilai; nol juga nilai. / Value; zero is a value too.", presentable),
			text("note", 2000, "Catatan. / Note."),
			text("source", 500, "Sumber. / Source."),
			to("entered_by", "users", "Siapa yang mengisi; diisi otomatis. / Who entered it; kept by the hub."),
			to("corrects", "indicator_values", "Nilai lama yang diperbaiki. / Earlier value this corrects."),
			formKey(),
		}, []index{
			sorted("indicator", "on"),
			sorted("entered_by"),
			sorted("corrects"),
			onceOnly(),
		})
	}, remove("indicator_values"))
}
