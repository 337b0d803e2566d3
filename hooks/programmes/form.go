package programmes

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/page"
)

var (
	kinds    = []string{"change_action", "change_project", "regional_innovation", "national_programme", "service", "good_practice"}
	statuses = []string{"draft", "planning", "active", "paused", "closing", "completed", "institutionalised", "cancelled"}
)

// unlisted stands in the list of owners for one who is not on it.
const unlisted = "new"

// startForm asks what a new programme needs; most of it can follow later.
func startForm(e *core.RequestEvent, d *access.Door) (*page.Form, error) {
	language := page.Language(e)
	owners, err := OrganisationOptions(d, language, "")
	if err != nil {
		return nil, err
	}
	inputs := append([]*page.Input{page.Hidden("once")}, names()...)
	inputs = append(inputs,
		page.Choice("owner", append([]page.Option{{Value: unlisted, Label: lang.T(language, "programmes.owner_unlisted")}}, owners...)).Need(),
		page.Text("owner_name").Unmarked(),
		page.Choice("owner_helix", HelixOptions(language)).Unmarked(),
	)
	inputs = append(inputs, placeAndTime(language)...)
	return page.NewForm(e, "programmes", append(inputs, page.Long("summary").Draft())...), nil
}

// changeForm asks what can be changed of a programme.
func changeForm(e *core.RequestEvent, d *access.Door, p *Programme) (*page.Form, error) {
	language := page.Language(e)
	owners, err := OrganisationOptions(d, language, p.GetString("province"))
	if err != nil {
		return nil, err
	}
	owner, err := d.View("organisations", p.GetString("owner"))
	if err != nil {
		return nil, err
	}
	inputs := append(names(), page.Seen(),
		page.Codes("status", statuses...).Need(),
		page.Choice("owner", Including(owners, language, owner)).Need(),
	)
	inputs = append(inputs, placeAndTime(language)...)
	inputs = append(inputs, page.Long("summary").Draft(), page.Codes("mail_frequency", "immediate", "daily", "weekly"), page.Time("send_at"))
	return page.NewForm(e, "programmes", inputs...), nil
}

func names() []*page.Input {
	return []*page.Input{
		page.Text("name").Need(),
		page.Text("expansion").Max(300),
		page.Codes("kind", kinds...),
	}
}

func placeAndTime(language string) []*page.Input {
	return []*page.Input{
		page.Choice("province", ProvinceOptions()),
		page.Text("regency").Max(100),
		page.Choice("time_zone", zoneOptions(language)),
		page.Date("starts_on"),
		page.Date("ends_on"),
	}
}

// ProvinceOptions offers the 38 provinces from west to east.
func ProvinceOptions() []page.Option {
	options := make([]page.Option, 0, len(clock.Provinces))
	for _, province := range clock.Provinces {
		options = append(options, page.Option{Value: province, Label: province})
	}
	return options
}

// zoneOptions begins with the zone of the province, which is right nearly always.
func zoneOptions(language string) []page.Option {
	options := []page.Option{{Label: lang.T(language, "programmes.zone_of_province")}}
	for _, zone := range clock.Zones {
		options = append(options, page.Option{Value: zone, Label: lang.T(language, "users.time_zone."+zone)})
	}
	return options
}
