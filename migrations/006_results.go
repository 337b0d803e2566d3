package migrations

import "github.com/pocketbase/pocketbase/core"

// Indicators and their values.
func init() { core.AppMigrations.Register(create(results), nil) }

var results = []collection{
	// A measured thing with its baseline and target. A baseline or target of zero
	// is real when its day or source is given.
	{name: "indicators", fields: []field{
		inProgramme,
		{"stage", to("stages"), "Tahap layanan yang diukur. / Service stage it measures."},
		{"name", text(nameMax, required, presentable), "Apa yang diukur. / What is measured."},
		{"unit", text(60, presentable), "Satuan, misalnya orang atau hari. / Unit, such as people or days."},
		{"type", oneOf(codes("input output outcome")), "Masukan, keluaran atau hasil. / Input, output or outcome."},
		{"direction", oneOf(codes("higher_better lower_better state")), "Naik lebih baik, turun lebih baik, atau tanpa arah. / Higher is better, lower is better, or no direction."},
		{"period", oneOf(codes("once monthly quarterly yearly")), "Seberapa sering diukur. / How often it is measured."},
		{"method", oneOf(codes("periodic cumulative latest")), "Nilai per periode, dijumlahkan, atau yang terbaru. / Value per period, summed, or the latest."},
		{"baseline", number(), "Nilai awal. / Value at the start."},
		{"baseline_on", day(), "Tanggal nilai awal (TTTT-BB-HH). / Day of the baseline (YYYY-MM-DD)."},
		{"baseline_source", text(500), "Sumber nilai awal. / Source of the baseline."},
		{"target", number(), "Target. / Target."},
		{"target_on", day(), "Tanggal target (TTTT-BB-HH). / Day of the target (YYYY-MM-DD)."},
		{"public", flag(), "Boleh tampil di halaman publik. / May appear on the public page."},
		{"derived_from", text(120), "Dihitung dari apa; kosong berarti diisi manual. / What it is computed from; empty means entered manually."},
		formKey,
	}, indexes: []index{sorted("programme", "name"), sorted("stage"), onceOnly}},
	// One measured value on one day. A wrong one is corrected by a new one.
	{name: "indicator_values", fields: []field{
		{"indicator", to("indicators", required, cascade, presentable), "Indikator. / Indicator."},
		{"on", day(required, presentable), "Tanggal nilai (TTTT-BB-HH). / Day of the value (YYYY-MM-DD)."},
		{"value", number(presentable), "Nilai; nol juga nilai. / Value; zero is a value too."},
		{"note", text(2000), "Catatan. / Note."},
		{"source", text(500), "Sumber. / Source."},
		{"entered_by", to("users"), "Siapa yang mengisi; diisi otomatis. / Who entered it; filled in automatically."},
		{"corrects", to("indicator_values"), "Nilai lama yang diperbaiki. / Earlier value this corrects."},
		formKey,
	}, indexes: []index{sorted("indicator", "on"), sorted("entered_by"), sorted("corrects"), onceOnly}},
}
