package migrations

import "github.com/pocketbase/pocketbase/core"

// A measured thing with where it started and where it should go. A baseline or
// target of zero is real when its day or source is given.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		return create(app, "indicators", []core.Field{
			inProgramme(),
			to("stage", "stages", "Tahap layanan yang diukur. / Service stage it measures."),
			text("name", nameMax, "Apa yang diukur. / What is measured.", required, presentable),
			text("unit", 60, "Satuan, misalnya orang atau hari. / Unit, such as people or days.", presentable),
			oneOf("type", []string{"input", "output", "outcome"}, "Masukan, keluaran atau hasil. / Input, output or outcome."),
			oneOf("direction", []string{"higher_better", "lower_better", "state"},
				"Naik lebih baik, turun lebih baik, atau sekadar keadaan. / Higher is better, lower is better, or a plain state."),
			oneOf("period", []string{"once", "monthly", "quarterly", "yearly"}, "Seberapa sering diukur. / How often it is measured."),
			oneOf("method", []string{"periodic", "cumulative", "latest"},
				"Nilai per periode, dijumlahkan, atau yang terbaru. / Value per period, summed up, or the latest."),
			number("baseline", "Nilai awal. / Value at the start."),
			day("baseline_on", "Tanggal nilai awal (TTTT-BB-HH). / Day of the baseline (YYYY-MM-DD)."),
			text("baseline_source", 500, "Sumber nilai awal. / Source of the baseline."),
			number("target", "Target. / Target."),
			day("target_on", "Tanggal target (TTTT-BB-HH). / Day of the target (YYYY-MM-DD)."),
			flag("public", "Boleh tampil di halaman publik. / May appear on the public page."),
			text("derived_from", 120, "Dihitung dari apa; kosong berarti diisi tangan. / What it is computed from; empty means entered by hand."),
		}, []index{
			sorted("programme", "name"),
			sorted("stage"),
		})
	}, remove("indicators"))
}
