package programmes

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/web"
)

// offered is how many organisations a form lists at most; a name beyond them is
// typed and found again by LookUp.
const offered = 300

// OrganisationOptions offers the organisations that the hub knows, under the
// names of their helices. Where there are too many for a list, those of the
// province come first.
func OrganisationOptions(d *access.Door, language, province string) ([]web.Option, error) {
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
