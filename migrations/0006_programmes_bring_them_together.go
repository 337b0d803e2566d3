package migrations

import "github.com/pocketbase/pocketbase/core"

// A programme is a collaboration with an owner, a place and a time zone.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		fields := append(programmeNames(), programmePlaceAndTime()...)
		return create(app, "programmes", fields, []index{
			unique("slug"),
			sorted("owner", "name"),
			sorted("parent", "name"),
			sorted("adopted_from"),
			sorted("status", "name"),
			sorted("name"),
			onceOnly(),
		})
	}, remove("programmes"))
}

func programmeNames() []core.Field {
	return []core.Field{
		text("slug", 80, "Nama di alamat halaman: huruf kecil, angka, tanda hubung. / Name in the address: small letters, digits, hyphens.",
			required, matching(slugPattern)),
		text("name", nameMax, "Nama program. / Name of the programme.", required, presentable),
		text("expansion", 300, "Kepanjangan dari nama. / What the name stands for."),
		oneOf("kind", []string{"change_action", "change_project", "regional_innovation", "national_programme", "service", "good_practice"},
			"Jenis program. / Kind of programme."),
		text("summary", longMax, "Ringkasan dalam markdown. / Summary in markdown."),
		rendered("summary_html"),
		to("owner", "organisations", "Unit pemilik yang bertanggung jawab. / Organisation answerable for it.", required),
		to("parent", "programmes", "Program payung. / Programme it is part of."),
		to("adopted_from", "programmes", "Program asal yang direplikasi. / Programme it was adopted from."),
		flag("template", "Dipakai sebagai pola program baru. / Serves as a pattern for new programmes."),
	}
}

func programmePlaceAndTime() []core.Field {
	return []core.Field{
		text("province", 100, "Provinsi; menentukan zona waktu. / Province; decides the time zone."),
		text("regency", 100, "Kabupaten atau kota. / Regency or city."),
		oneOf("time_zone", timeZones, "Zona waktu tenggat dan rapat. / Time zone of due dates and meetings."),
		oneOf("status", []string{"draft", "planning", "active", "paused", "closing", "completed", "institutionalised", "cancelled"},
			"Keadaan program. / State of the programme."),
		day("starts_on", "Hari mulai (TTTT-BB-HH). / First day (YYYY-MM-DD)."),
		day("ends_on", "Hari akhir (TTTT-BB-HH). / Last day (YYYY-MM-DD)."),
		someOf("target_groups", targetGroups(), "Kelompok sasaran; hanya jumlah, tanpa nama orang. / Target groups; counts only, never names."),
		flag("public", "Boleh tampil di halaman publik. / May appear on the public page."),
		flag("example", "Data contoh; terhapus bersama contoh. / Example data; removed with the examples."),
		formKey(),
	}
}

// targetGroups lists the people needing social-welfare services: the umbrella
// words agencies use first, then the kinds they count.
func targetGroups() []string {
	return []string{
		"ppks", "neglected_people", "older_people", "children", "people_with_disabilities", "people_with_mental_disorders",
		"former_psychotic_patients", "people_with_visual_impairment",

		"neglected_toddlers", "neglected_children", "children_in_conflict_with_law", "street_children",
		"children_with_disabilities", "child_victims_of_violence", "children_needing_special_protection",
		"neglected_older_people", "sex_workers", "homeless_people", "beggars", "scavengers", "minorities",
		"former_prisoners", "people_with_hiv", "drug_abuse_survivors", "trafficking_survivors", "violence_survivors",
		"troubled_migrant_workers", "natural_disaster_survivors", "social_disaster_survivors",
		"vulnerable_women", "poor_families", "troubled_families", "remote_customary_communities",
	}
}
