package migrations

import "github.com/pocketbase/pocketbase/core"

// One row lets one person into one programme in one role. Every access rule
// reads this table and nothing else, so it is indexed from both ends.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "memberships", []core.Field{
			inProgramme(),
			to("user", "users", "Orang yang boleh masuk. / Person who may enter.", required, dying, presentable),
			oneOf("role", []string{"initiator", "coordinator", "member", "observer", "partner"},
				"Peran dalam program. / Role in the programme.", required, presentable),
			to("organisation", "organisations", "Untuk mitra: mewakili siapa; diisi otomatis. / For partners: whose; kept by the hub.", dying),
		}, []index{
			unique("programme", "user", "role", "organisation"),
			sorted("user", "programme", "role"),
			sorted("organisation", "programme"),
		})
	}, remove("memberships"))
}
