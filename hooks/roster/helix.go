package roster

import (
	"slices"

	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// subtypes lists the kinds of organisation of each helix in the order of the screen.
var subtypes = map[string][]string{
	"government": {
		"ministry", "ministry_unit", "central_upt", "provincial_agency", "city_regency_agency",
		"city_regency_government", "regional_upt", "puskesmas", "hospital", "planning_agency",
		"training_agency", "district", "village", "task_force", "police_military", "legislature", "other_government",
	},
	"university": {
		"public_university", "private_university", "public_religious_university", "polytechnic", "lppm",
		"faculty", "student_body", "research_body", "school",
	},
	"business": {
		"private_company", "soe", "regional_soe", "foreign_company", "msme", "cooperative",
		"business_association", "tjsl_forum", unnamed,
	},
	"community": {
		"tksk", "psm_forum", "tagana", "karang_taruna", "pkk", "lks", "k3s", "lk3", "wksbm",
		"disability_organisation", "faith_organisation", "customary_body", "volunteer_community",
		"local_leader", "beneficiary_group",
	},
	"media": {
		"online_media", "print", "television", "radio", "news_agency", "community_media",
		"government_channel", "content_creator", "journalist_association",
	},
}

// unnamed is the kind of a group that nobody has named yet, such as "local businesses".
const unnamed = "business_group_unnamed"

// helixOf returns the helix to which a kind of organisation belongs, "" if none.
func helixOf(subtype string) string {
	for helix, kinds := range subtypes {
		if slices.Contains(kinds, subtype) {
			return helix
		}
	}
	return ""
}

func subtypeLabel(language, subtype string) string {
	if subtype == "" {
		return ""
	}
	return lang.T(language, "organisations.subtype."+subtype)
}

// subtypeOptions offers every kind of organisation under the name of its helix.
func subtypeOptions(language string) []web.Option {
	options := []web.Option{}
	for _, helix := range programmes.Helices {
		group := programmes.HelixLabel(language, helix)
		for _, kind := range subtypes[helix] {
			options = append(options, web.Option{Value: kind, Label: subtypeLabel(language, kind), Group: group})
		}
	}
	return options
}
