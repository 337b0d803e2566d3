package migrations

import "github.com/pocketbase/pocketbase/core"

// What the team thinks of a stakeholder on one day. Never edited: the newest
// counts. Four steps without a middle, so that everybody falls into a quadrant.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "assessments", []core.Field{
			to("stakeholder", "stakeholders", "Pemangku kepentingan yang dinilai. / Stakeholder assessed.", required, dying, presentable),
			whole("influence", span{1, 4}, "Pengaruh: 1 sangat rendah sampai 4 sangat tinggi. / Influence: 1 very low to 4 very high.", required),
			whole("interest", span{1, 4}, "Kepentingan: 1 sangat rendah sampai 4 sangat tinggi. / Interest: 1 very low to 4 very high.", required),
			oneOf("stance", []string{"supportive", "neutral", "resistant", "unknown"}, "Sikap terhadap program. / Stance towards the programme."),
			day("assessed_on", "Tanggal penilaian (TTTT-BB-HH). / Day of the assessment (YYYY-MM-DD).", required, presentable),
			text("reason", 2000, "Alasan penilaian. / Reason for the assessment."),
			to("assessor", "users", "Siapa yang menilai. / Who assessed."),
		}, []index{
			sorted("stakeholder", "assessed_on"),
			sorted("assessor"),
		})
	}, remove("assessments"))
}
