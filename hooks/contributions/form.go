package contributions

import (
	"errors"
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
)

// folded are the inputs that most gifts can do without.
var folded = []string{
	"given_on", "stage", "value_idr", "value_basis", "place", "people_reached",
	"channelled_through", "recipient", "note",
}

// formMemory is how much of an upload is kept in memory while it is read.
const formMemory = 4 << 20

// inputs asks what was given. Of these only kind, item, quantity and unit must
// be filled.
func inputs(e *core.RequestEvent, parties []page.Option) []*page.Input {
	quantity := page.Quantity("quantity")
	if sent(e, "kind") == Money {
		// An amount may be typed in more ways than a quantity: "Rp 1,5 juta".
		quantity = page.Money("quantity")
	}
	return []*page.Input{
		page.Codes("kind", Kinds...).Cards().Need().Draft(),
		page.Text("item").Need().Draft(),
		quantity.Need().Draft(),
		page.Choice("unit", unitOptions(page.Language(e))).Need().Draft(),
		page.Date("given_on"),
		page.Codes("stage", Delivered, Pledged),
		page.Money("value_idr").Draft(),
		page.Codes("value_basis", "invoice", "market_estimate"),
		page.Text("place").Draft(),
		page.Quantity("people_reached").Draft(),
		page.Choice("channelled_through", parties),
		page.Choice("recipient", parties),
		page.Long("note").Max(5000).Draft(),
	}
}

// newForm asks for a gift to a programme, in the name of one of the givers.
func newForm(e *core.RequestEvent, d *access.Door, p *programmes.Programme) (*page.Form, error) {
	language := page.Language(e)
	givers, err := giversOf(d, p, language)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(givers, func(o page.Option) bool { return o.Value == sent(e, "contributor") }); i >= 0 && !p.Roles.Team {
		givers = givers[i : i+1]
	}
	parties, err := roster.OrganisationOptions(d, p, language)
	if err != nil {
		return nil, err
	}
	giver := page.Choice("contributor", givers).Need()
	if len(givers) == 1 && !p.Roles.Team {
		giver = page.Hidden("contributor")
	}
	asked := append([]*page.Input{page.Hidden("once"), page.Hidden("programme"), page.Hidden("task"), page.Hidden("pledge"), page.Hidden("again"), giver},
		inputs(e, parties)...)
	form := page.NewForm(e, "contributions", append(asked, photoInputs(language)...)...)
	form.Set("programme", p.ID()).Set("given_on", today(p)).Set("stage", Delivered)
	if len(givers) == 1 {
		form.Set("contributor", givers[0].Value)
	}
	return form, nil
}

// editForm asks for another shape of a gift. Whom the gift names now stays to be
// chosen, even if it takes no part in the programme any more.
func (s *sight) editForm(e *core.RequestEvent) (*page.Form, error) {
	parties, err := roster.OrganisationOptions(s.d, s.p, page.Language(e))
	if err != nil {
		return nil, err
	}
	for _, relation := range []string{"channelled_through", "recipient"} {
		id := s.c.GetString(relation)
		if id != "" && !slices.ContainsFunc(parties, func(o page.Option) bool { return o.Value == id }) {
			parties = append(parties, page.Option{Value: id, Label: giverName(s.d, id)})
		}
	}
	return page.NewForm(e, "contributions", inputs(e, parties)...), nil
}

// giversOf offers in whose name the reader may log: the team for every
// stakeholder, a partner for its own organisations.
func giversOf(d *access.Door, p *programmes.Programme, language string) ([]page.Option, error) {
	if p.Roles.Team {
		return roster.OrganisationOptions(d, p, language)
	}
	return ownOrganisations(d, p)
}

// unitOptions offers every unit under the kind it counts.
func unitOptions(language string) []page.Option {
	options := []page.Option{}
	for _, kind := range Kinds {
		group := lang.T(language, "contributions.kind."+kind)
		for _, unit := range units[kind] {
			options = append(options, page.Option{Value: unit, Label: unitLabel(language, unit, 2), Group: group})
		}
	}
	return options
}

// unitField marks the chosen unit once, under the chosen kind, since some units
// stand under several.
func unitField(form *page.Form, language string) page.Field {
	field := form.Field("unit")
	group := ""
	if kind := form.Value("kind"); Suits(kind, form.Value("unit")) {
		group = lang.T(language, "contributions.kind."+kind)
	}
	for i, o := range field.Options {
		field.Options[i].Chosen = o.Chosen && (group == "" || o.Group == group)
	}
	return field
}

// understand reads what stands in one field and belongs to others, and checks
// what no single field shows.
func understand(form *page.Form, language string) {
	kind := form.Value("kind")
	none := form.Number("quantity") == 0 && !refused(form, "quantity")
	if form.Value("quantity") == "" {
		none = understandItem(form, kind, language)
	}
	if none {
		form.Refuse("quantity", "problem.not_positive")
	}
	if unit := onlyUnit(kind); unit != "" && form.Value("unit") == "" {
		form.Set("unit", unit)
		forgive(form, "unit")
	}
	if unit := form.Value("unit"); unit != "" && kind != "" && !Suits(kind, unit) && !refused(form, "unit") {
		form.Refuse("unit", "contributions.problem_unit")
	}
	if people := form.Number("people_reached"); people != float64(int64(people)) {
		form.Refuse("people_reached", "contributions.problem_people")
	}
	if kind != Money && form.Number("value_idr") > 0 && form.Value("value_basis") == "" {
		form.Refuse("value_basis", "contributions.problem_basis")
	}
}

// forgive takes back that a field is empty, which turned out not to matter.
func forgive(form *page.Form, field string) {
	form.Problems = slices.DeleteFunc(form.Problems, func(p lang.Problem) bool {
		return p.Field == field && p.Key == "problem.needed"
	})
}

// sent returns what the address or the body says of a field, before there is a
// form to read it.
func sent(e *core.RequestEvent, name string) string {
	if err := e.Request.ParseMultipartForm(formMemory); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return "" // Form.Read meets the same error and says so
	}
	return e.Request.FormValue(name)
}

func refused(form *page.Form, field string) bool {
	_, found := form.Problems.Of(field)
	return found
}

// filledIn reports whether a fold holds something to look at: a sentence, or
// more than what it begins with.
func filledIn(form *page.Form, fields []string, p *programmes.Programme) bool {
	begins := map[string]string{"given_on": today(p), "stage": Delivered}
	return slices.ContainsFunc(fields, func(name string) bool {
		return refused(form, name) || form.Value(name) != begins[name]
	})
}

// giverName is the name of one organisation, "" if the reader may not see it.
func giverName(d *access.Door, id string) string {
	names, err := namesOf(d, []string{id})
	if err != nil {
		return ""
	}
	return names[id]
}

// base is the address of a programme's contributions.
func base(p *programmes.Programme) string { return p.URL() + "/contributions" }
