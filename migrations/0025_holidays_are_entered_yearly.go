package migrations

import "github.com/pocketbase/pocketbase/core"

// Public holidays, entered each year from the joint ministerial decree.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "holidays", []core.Field{
			day("on", "Tanggal (TTTT-BB-HH). / Day (YYYY-MM-DD).", required, presentable),
			text("name", nameMax, "Nama hari libur. / Name of the holiday.", required, presentable),
			oneOf("kind", []string{"national_holiday", "joint_leave", "regional_holiday"},
				"Libur nasional, cuti bersama atau libur daerah. / National holiday, joint leave or regional holiday.", required),
			text("province", 100, "Hanya untuk libur daerah. / Only for regional holidays."),
			flag("no_mail", "Hari tanpa surat sama sekali, misalnya Nyepi. / No letters at all that day, such as Nyepi."),
		}, []index{
			unique("on", "province", "name"),
		})
	}, remove("holidays"))
}
