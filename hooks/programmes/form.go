package programmes

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

var (
	kinds    = []string{"change_action", "change_project", "regional_innovation", "national_programme", "service", "good_practice"}
	statuses = []string{"draft", "planning", "active", "paused", "closing", "completed", "institutionalised", "cancelled"}
)

// unlisted stands in the list of owners for one who is not on it.
const unlisted = "new"

// startForm asks what a new programme needs; most of it can follow later.
func startForm(e *core.RequestEvent, d *access.Door) (*web.Form, error) {
	language := web.Language(e)
	owners, err := OrganisationOptions(d, language, "")
	if err != nil {
		return nil, err
	}
	inputs := append([]*web.Input{web.Hidden("once")}, names()...)
	inputs = append(inputs,
		web.Choice("owner", append([]web.Option{{Value: unlisted, Label: lang.T(language, "programmes.owner_unlisted")}}, owners...)).Need(),
		web.Text("owner_name").Unmarked(),
		web.Choice("owner_helix", HelixOptions(language)).Unmarked(),
	)
	inputs = append(inputs, placeAndTime(language)...)
	return web.NewForm(e, "programmes", append(inputs, web.Long("summary").Draft())...), nil
}

// changeForm asks what can be changed of a programme.
func changeForm(e *core.RequestEvent, d *access.Door, p *Programme) (*web.Form, error) {
	language := web.Language(e)
	owners, err := OrganisationOptions(d, language, p.GetString("province"))
	if err != nil {
		return nil, err
	}
	owner, err := d.View("organisations", p.GetString("owner"))
	if err != nil {
		return nil, err
	}
	inputs := append(names(), web.Seen(),
		web.Codes("status", statuses...).Need(),
		web.Choice("owner", Including(owners, language, owner)).Need(),
	)
	inputs = append(inputs, placeAndTime(language)...)
	inputs = append(inputs, web.Long("summary").Draft(), web.Codes("mail_frequency", "immediate", "daily", "weekly"), web.Time("send_at"))
	return web.NewForm(e, "programmes", inputs...), nil
}

func names() []*web.Input {
	return []*web.Input{
		web.Text("name").Need(),
		web.Text("expansion").Max(300),
		web.Codes("kind", kinds...),
	}
}

func placeAndTime(language string) []*web.Input {
	return []*web.Input{
		web.Choice("province", ProvinceOptions()),
		web.Text("regency").Max(100),
		web.Choice("time_zone", zoneOptions(language)),
		web.Date("starts_on"),
		web.Date("ends_on"),
	}
}

// ProvinceOptions offers the 38 provinces from west to east.
func ProvinceOptions() []web.Option {
	options := make([]web.Option, 0, len(clock.Provinces))
	for _, province := range clock.Provinces {
		options = append(options, web.Option{Value: province, Label: province})
	}
	return options
}

// zoneOptions begins with the zone of the province, which is right nearly always.
func zoneOptions(language string) []web.Option {
	options := []web.Option{{Label: lang.T(language, "programmes.zone_of_province")}}
	for _, zone := range clock.Zones {
		options = append(options, web.Option{Value: zone, Label: lang.T(language, "users.time_zone."+zone)})
	}
	return options
}
