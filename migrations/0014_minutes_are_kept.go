package migrations

import "github.com/pocketbase/pocketbase/core"

// The record of one meeting, in markdown. Once final it stays as it is.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "minutes", []core.Field{
			to("meeting", "meetings", "Rapat yang dicatat. / Meeting recorded.", required, dying, presentable),
			text("body", longMax, "Isi notulen dalam markdown. / Body of the minutes in markdown."),
			rendered("body_html"),
			oneOf("status", []string{"draft", "circulated", "final"},
				"Draf, diedarkan atau disahkan. / Draft, circulated or final.", presentable),
			whole("revision", span{0, 1_000_000}, "Nomor revisi; naik setiap disimpan. / Revision; rises with every save."),
			instant("finalised_at", "Kapan disahkan; diisi otomatis. / When made final; kept by the hub."),
			to("finalised_by", "users", "Siapa yang mengesahkan; diisi otomatis. / Who made it final; kept by the hub."),
		}, []index{
			unique("meeting"),
			sorted("finalised_by"),
		})
	}, remove("minutes"))
}
