package migrations

import "github.com/pocketbase/pocketbase/core"

// An organisation, or one office of it, in one programme. How the team means to
// work with it is the team's own business and hidden from REST.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "stakeholders", []core.Field{
			inProgramme(),
			to("organisation", "organisations", "Organisasi yang terlibat. / Organisation taking part.", required, presentable),
			text("position", nameMax, "Jabatan yang disebut dalam SK, bila ada. / Office named in the decree, if any.", presentable),
			oneOf("helix", helices, "Isi hanya bila berbeda dari organisasinya. / Fill only if it differs from the organisation's."),
			text("role", nameMax, "Peran dalam program. / Role in the programme.", presentable),
			text("responsibility", 2000, "Tanggung jawab. / Responsibility."),
			oneOf("partner_status", []string{"identified", "contacted", "committed", "agreed", "active", "dormant", "ended"},
				"Sejauh mana kemitraan; hanya untuk tim. / How far the partnership is; team only.", hidden),
			oneOf("engagement_level", []string{"inform", "consult", "involve", "collaborate", "empower"},
				"Tingkat pelibatan; hanya untuk tim. / Level of engagement; team only.", hidden),
			text("comms_strategy", 5000, "Strategi komunikasi; hanya untuk tim. / Communication strategy; team only.", hidden),
			day("joined_on", "Bergabung (TTTT-BB-HH). / Joined (YYYY-MM-DD)."),
			day("ended_on", "Tanggal berakhir; sejak hari itu tidak ikut lagi. Kosong berarti masih. / Day it ends; from then on it takes no part. Empty means still."),
			flag("urgent", "Perlu segera didekati; hanya untuk tim. / Needs attention soon; team only.", hidden),
			formKey(),
		}, []index{
			unique("programme", "organisation", "position"),
			sorted("organisation", "programme"),
			onceOnly(),
		})
	}, remove("stakeholders"))
}
