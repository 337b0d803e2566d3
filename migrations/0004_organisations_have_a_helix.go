package migrations

import "github.com/pocketbase/pocketbase/core"

// Every organisation belongs to one of the five helices. One that is in use
// cannot be deleted: whoever needs it requires it.
func init() {
	core.AppMigrations.Register(func(app core.App) error {
		fields := append(organisationFields(),
			to("parent", "organisations", "Organisasi induk. / Organisation it belongs to."),
			instant("verified_at", "Kapan data ini diperiksa. / When this entry was checked."),
			to("verified_by", "users", "Siapa yang memeriksa. / Who checked it."),
			to("merged_into", "organisations", "Catatan ganda: pakai organisasi ini. / Duplicate entry: use this organisation instead."),
			text("note", longMax, "Catatan tim; mitra tidak pernah melihatnya. / Team note; partners never see it.", hidden),
			flag("example", "Data contoh; terhapus bersama contoh. / Example data; removed with the examples.", hidden),
			formKey(),
		)
		return create(app, "organisations", fields, []index{
			sorted("helix", "name"),
			sorted("name"),
			sorted("province", "regency"),
			sorted("parent", "name"),
			sorted("verified_by"),
			sorted("merged_into"),
			onceOnly(),
		})
	}, remove("organisations"))
}

func organisationFields() []core.Field {
	return []core.Field{
		text("name", nameMax, "Nama resmi lengkap. / Full official name.", required, presentable),
		text("short_name", 60, "Nama singkat untuk layar sempit. / Short name for narrow screens."),
		oneOf("helix", helices, "Salah satu dari lima unsur pentahelix. / One of the five parties of the pentahelix.", required, presentable),
		oneOf("subtype", organisationSubtypes(), "Jenis organisasi di dalam unsurnya. / Kind of organisation within its helix."),
		text("province", 100, "Provinsi. / Province."),
		text("regency", 100, "Kabupaten atau kota. / Regency or city."),
		text("address", 500, "Alamat kantor, bukan rumah. / Office address, never a home."),
		email("email", "Surel kantor. / Office e-mail."),
		text("phone", 40, "Telepon kantor. / Office telephone."),
		link("website", "Alamat situs. / Web site."),
		&core.FileField{Name: "logo", MaxSelect: 1, MaxSize: 1 * megabyte, MimeTypes: pictureTypes,
			Thumbs: []string{"120x120f"}, Help: "Logo, paling besar 1 MB. / Logo, at most 1 MB."},
	}
}

// organisationSubtypes lists the kinds helix by helix, in the order of the screen.
func organisationSubtypes() []string {
	return []string{
		"ministry", "ministry_unit", "central_upt", "provincial_agency", "city_regency_agency",
		"city_regency_government", "regional_upt", "puskesmas", "hospital", "planning_agency",
		"training_agency", "district", "village", "task_force", "police_military", "legislature", "other_government",

		"public_university", "private_university", "public_religious_university", "polytechnic", "lppm",
		"faculty", "student_body", "research_body", "school",

		"private_company", "soe", "regional_soe", "foreign_company", "msme", "cooperative",
		"business_association", "tjsl_forum", "business_group_unnamed",

		"tksk", "psm_forum", "tagana", "karang_taruna", "pkk", "lks", "k3s", "lk3", "wksbm",
		"disability_organisation", "faith_organisation", "customary_body", "volunteer_community",
		"local_leader", "beneficiary_group",

		"online_media", "print", "television", "radio", "news_agency", "community_media",
		"government_channel", "content_creator", "journalist_association",
	}
}
