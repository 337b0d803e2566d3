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
		page.Text("owner_name"),
		page.Choice("owner_helix", HelixOptions(language)),
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
	inputs := append(names(),
		page.Codes("status", statuses...).Need(),
		page.Choice("owner", Including(owners, language, owner)).Need(),
	)
	inputs = append(inputs, placeAndTime(language)...)
	return page.NewForm(e, "programmes", append(inputs, page.Long("summary").Draft())...), nil
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

// checkOwner looks at an owner who is named rather than chosen from the list. A
// name that the hub knows already chooses the organisation of that name.
func checkOwner(d *access.Door, form *page.Form) error {
	chosen, name := form.Value("owner"), form.Value("owner_name")
	switch {
	case chosen != unlisted && name != "":
		form.Refuse("owner_name", "programmes.problem_owner_twice")
		return nil
	case chosen != unlisted:
		return nil
	case name == "":
		form.Refuse("owner_name", "problem.needed")
		return nil
	}
	known, err := LookUp(d, name, form.Value("regency"))
	if err != nil {
		return err
	}
	switch {
	case known.Found != nil:
		form.Set("owner", known.Found.Id).Set("owner_name", "")
	case known.Several:
		form.Refuse("owner_name", "organisations.problem_several")
	case form.Value("owner_helix") == "":
		form.Refuse("owner_helix", "programmes.problem_owner_helix")
	}
	return nil
}

// start saves a new programme and, if it is new too, its owner: both or
// neither. A form that was sent before answers with what it made then.
func start(d *access.Door, form *page.Form) (made *core.Record, err error) {
	err = d.Together(func(inner *access.Door) error {
		if made = Sent(inner, "programmes", form); made != nil {
			return nil
		}
		programme, err := inner.New("programmes")
		if err != nil {
			return err
		}
		form.Into(programme)
		if form.Value("owner") == unlisted {
			owner, err := newOwner(inner, form)
			if err != nil {
				return err
			}
			programme.Set("owner", owner)
		}
		made = programme
		return inner.Create(programme)
	})
	return made, err
}

// Sent returns the record that a form made when it was sent before, nil if it
// is new. Asked inside a transaction, it holds until that ends.
func Sent(d *access.Door, collection string, form *page.Form) *core.Record {
	if form.Value("once") == "" {
		return nil
	}
	made, err := d.First(collection, "once", form.Value("once"))
	if err != nil {
		return nil
	}
	return made
}

// newOwner records the owner, unless somebody did so a moment ago.
func newOwner(d *access.Door, form *page.Form) (id string, err error) {
	known, err := LookUp(d, form.Value("owner_name"), form.Value("regency"))
	if err != nil {
		return "", err
	}
	if known.Found != nil {
		return known.Found.Id, nil
	}
	owner, err := d.New("organisations")
	if err != nil {
		return "", err
	}
	owner.Set("name", form.Value("owner_name"))
	owner.Set("helix", form.Value("owner_helix"))
	owner.Set("province", form.Value("province"))
	owner.Set("regency", form.Value("regency"))
	err = d.Create(owner)
	return owner.Id, err
}

// Touched reports whether one of these inputs holds something or is wrong, so
// that the part of a form they stand in must not be folded away.
func Touched(form *page.Form, names ...string) bool {
	for _, name := range names {
		_, wrong := form.Problems.Of(name)
		if wrong || form.Value(name) != "" {
			return true
		}
	}
	return false
}
