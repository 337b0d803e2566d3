package programmes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// Subtypes lists the kinds of organisation of each helix in the order of the screen.
var Subtypes = map[string][]string{
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
		"business_association", "tjsl_forum", Unnamed,
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

// Unnamed is the kind of a group that nobody has named yet, such as "local businesses".
const Unnamed = "business_group_unnamed"

// HelixOf returns the helix to which a kind of organisation belongs, "" if none.
func HelixOf(subtype string) string {
	for helix, kinds := range Subtypes {
		if slices.Contains(kinds, subtype) {
			return helix
		}
	}
	return ""
}

// SubtypeOptions offers every kind of organisation under the name of its helix.
func SubtypeOptions(language string) []web.Option {
	options := []web.Option{}
	for _, helix := range Helices {
		group := HelixLabel(language, helix)
		for _, kind := range Subtypes[helix] {
			options = append(options, web.Option{Value: kind, Label: lang.T(language, "organisations.subtype."+kind), Group: group})
		}
	}
	return options
}

// NewOrganisation records an organisation of the place where a programme runs,
// unless somebody did so a moment ago.
func NewOrganisation(d *access.Scope, programme *core.Record, values map[string]any) (*core.Record, error) {
	r, err := d.New("organisations")
	if err != nil {
		return nil, err
	}
	r.Load(map[string]any{"province": programme.GetString("province"), "regency": programme.GetString("regency")})
	r.Load(values)
	known, err := LookUp(d, r.GetString("name"), r.GetString("regency"))
	if err != nil || known.Found != nil {
		return known.Found, err
	}
	return r, d.Create(r)
}

// offered is how many organisations a form lists at most; a name beyond them is
// typed and found again by LookUp.
const offered = 300

// OrganisationOptions offers the organisations that the hub knows, under the
// names of their helices. Where there are too many for a list, those of the
// province come first.
func OrganisationOptions(d *access.Scope, language, province string) ([]web.Option, error) {
	found, err := d.List("organisations", func(q *dbx.SelectQuery) {
		q.Select("organisations.id", "organisations.name", "organisations.regency", "organisations.helix").
			AndWhere(dbx.HashExp{"organisations.merged_into": ""}).
			OrderBy("(organisations.province = {:province}) DESC", "organisations.name").
			AndBind(dbx.Params{"province": province}).
			Limit(offered)
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, byHelixAndName)
	options := make([]web.Option, 0, len(found))
	for _, r := range found {
		options = append(options, option(language, r))
	}
	return options, nil
}

// Including adds an organisation to a list of options that may have been cut
// off before it, so that what is stored can always be kept.
func Including(options []web.Option, language string, organisation *core.Record) []web.Option {
	chosen := func(o web.Option) bool { return o.Value == organisation.Id }
	if slices.ContainsFunc(options, chosen) {
		return options
	}
	return append([]web.Option{option(language, organisation)}, options...)
}

func byHelixAndName(a, b *core.Record) int {
	return cmp.Or(
		cmp.Compare(HelixRank(a.GetString("helix")), HelixRank(b.GetString("helix"))),
		cmp.Compare(strings.ToLower(a.GetString("name")), strings.ToLower(b.GetString("name"))),
	)
}

// option shows the regency where the name does not say it already.
func option(language string, r *core.Record) web.Option {
	label, regency := r.GetString("name"), r.GetString("regency")
	if regency != "" && !strings.Contains(Spelling(label), Spelling(regency)) {
		label += " (" + regency + ")"
	}
	return web.Option{Value: r.Id, Label: label, Group: HelixLabel(language, r.GetString("helix"))}
}
