package contributions

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/web"
)

// formMemory is how much of an upload is kept in memory while it is read.
const formMemory = 4 << 20

// recordInputs are the inputs of a contribution and the organisations to choose from; those it names now can still
// be chosen, even if they no longer take part in the programme.
func recordInputs(e *core.RequestEvent, d *access.Scope, p *programmes.Programme, r *core.Record) (web.Inputs, []web.Option, error) {
	parties, err := roster.OrganisationOptions(d, p, web.Language(e))
	if err == nil && !r.IsNew() {
		err = d.With([]*core.Record{r}, "channelled_through", "recipient")
	}
	parties = slices.Clip(parties)
	choices := web.Choices{"contributor": parties, "unit": unitOptions(web.Language(e)), "channelled_through": parties, "recipient": parties}
	in := web.RecordInputs(r, choices.Keep(r, "channelled_through", "recipient")).Without("seen", "value_idr").
		After("stage", web.Money("value_idr").Draft().Fold("contributions.more"))
	if sentValue(e, "kind") == kindMoney {
		// An amount may be typed in more ways than a quantity: "Rp 1,5 juta".
		in = in.Without("quantity").After("item", web.Money("quantity").Need().Draft())
	}
	in.Get("kind").Offer(kinds...).Cards()
	in.Get("quantity").Beside()
	in.Get("stage").Offer(stageDelivered, stagePledged)
	in.Get("value_basis").Offer("invoice", "market_estimate")
	return in, parties, err
}

// newForm asks for a contribution to a programme by one of its contributors: the team may log for every
// stakeholder, a partner for its own organisations.
func newForm(e *core.RequestEvent, d *access.Scope, p *programmes.Programme) (*web.Form, error) {
	r, err := d.New("contributions")
	if err != nil {
		return nil, err
	}
	in, contributors, err := recordInputs(e, d, p, r)
	if err != nil {
		return nil, err
	}
	if !p.Roles.Team {
		own, err := ownOrganisations(d, p)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(own, func(a, b web.Option) int { return strings.Compare(a.Label, b.Label) })
		if i := slices.Index(web.Values(own), sentValue(e, "contributor")); i >= 0 {
			own = own[i : i+1]
		}
		input := web.Choice("contributor", own).Need()
		if len(own) == 1 {
			input = web.Hidden("contributor")
		}
		in = in.Without("contributor").After("once", input)
		contributors = own
	}
	photo := photoInputs(web.Language(e))
	for _, i := range photo {
		i.Fold("contributions.add_photo")
	}
	in = in.After("once", web.Hidden("programme"), web.Hidden("task"), web.Hidden("pledge"), web.Hidden("again")).After("unit", photo...)
	form := web.NewForm(e, "contributions", in...).Usually("given_on", today(p)).Usually("stage", stageDelivered)
	if len(contributors) == 1 {
		form.Set("contributor", contributors[0].Value)
	}
	return form.Set("programme", p.ID()).Set("given_on", today(p)).Set("stage", stageDelivered), nil
}

// ownOrganisations offers those the reader represents in a programme.
func ownOrganisations(d *access.Scope, p *programmes.Programme) ([]web.Option, error) {
	names, err := namesOf(d, "organisations", p.Roles.Organisations...)
	options := []web.Option{}
	for _, id := range p.Roles.Organisations {
		options = append(options, web.Option{Value: id, Label: names[id]})
	}
	return options, err
}

// unitOptions offers every unit under the kinds it counts.
func unitOptions(language string) []web.Option {
	options := []web.Option{}
	for _, kind := range kinds {
		group := lang.T(language, "contributions.kind."+kind)
		for _, unit := range units[kind] {
			options = append(options, web.Option{Value: unit, Label: unitLabel(language, unit, 2), Group: group})
		}
	}
	return options
}

// unitField marks the chosen unit under the chosen kind only, since some units stand under several.
func unitField(form *web.Form, language string) web.Field {
	field := form.Field("unit")
	if kind := form.Value("kind"); suits(kind, form.Value("unit")) {
		group := lang.T(language, "contributions.kind."+kind)
		for i, o := range field.Options {
			field.Options[i].Chosen = o.Chosen && o.Group == group
		}
	}
	return field
}

// interpret completes what was typed: quantity and unit may stand in the item or follow from the kind. It also
// checks what no single field shows.
func interpret(form *web.Form, language string) {
	kind := form.Value("kind")
	isZero := form.Number("quantity") == 0 && !hasError(form, "quantity")
	if form.Value("quantity") == "" {
		isZero = interpretItem(form, kind, language)
	}
	if isZero {
		form.AddError("quantity", "problem.not_positive")
	}
	if unit := onlyUnit(kind); unit != "" && form.Value("unit") == "" {
		setFound(form, "unit", unit)
	}
	if unit := form.Value("unit"); unit != "" && kind != "" && !suits(kind, unit) && !hasError(form, "unit") {
		form.AddError("unit", "contributions.problem_unit")
	}
	if people := form.Number("people_reached"); people != float64(int64(people)) {
		form.AddError("people_reached", "contributions.problem_people")
	}
	if kind != kindMoney && form.Number("value_idr") > 0 && form.Value("value_basis") == "" {
		form.AddError("value_basis", "contributions.problem_basis")
	}
}

// interpretItem takes the quantity and the unit out of "20 paket sembako", and adds an error to the field that is
// unclear. It reports whether the quantity is zero: "0 paket sembako".
func interpretItem(form *web.Form, kind, language string) (isZero bool) {
	parsed := parseQuantity(kind, form.Value("item"))
	if hasError(form, "item") {
		return false
	}
	if !parsed.found {
		interpretNumerals(form, kind)
		return false
	}
	setFound(form, "quantity", strconv.FormatFloat(parsed.quantity, 'f', -1, 64))
	isZero = parsed.quantity == 0
	if chosen := form.Value("unit"); chosen != "" && chosen != parsed.unit {
		return isZero
	}
	if parsed.item == "" && onlyUnit(kind) != "" {
		parsed.item = lang.T(language, "contributions.kind."+kind)
	}
	if parsed.item == "" {
		form.AddError("item", "contributions.problem_item")
	}
	form.Set("item", parsed.item)
	switch {
	case parsed.unit != "":
		setFound(form, "unit", parsed.unit)
	case onlyUnit(kind) == "" && kind != "":
		word, _, _ := strings.Cut(parsed.item, " ")
		setFound(form, "unit", form.Value("unit"))
		form.AddError("unit", "contributions.problem_unit_word", "word", word)
	}
	return isZero
}

// interpretNumerals moves a number in words to the field that asks for figures: "dua puluh paket sembako".
func interpretNumerals(form *web.Form, kind string) {
	number, rest := splitNumerals(form.Value("item"))
	if number == "" || rest == "" {
		return
	}
	parsed := parseQuantity(kind, "1 "+rest)
	if parsed.unit == "" || parsed.item == "" {
		return
	}
	setFound(form, "quantity", number)
	form.Set("item", parsed.item).AddError("quantity", "problem.not_a_number")
	if form.Value("unit") == "" {
		setFound(form, "unit", parsed.unit)
	}
}

// setFound fills a field from another one and drops the error that it is empty.
func setFound(form *web.Form, field, value string) {
	form.Set(field, value)
	form.Problems = slices.DeleteFunc(form.Problems, func(p lang.Problem) bool {
		return p.Field == field && p.Key == "problem.needed"
	})
}

// sentValue returns what the address or the body holds for a field, before there is a form to read it.
func sentValue(e *core.RequestEvent, name string) string {
	if err := e.Request.ParseMultipartForm(formMemory); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return "" // Form.Read meets the same error and reports it
	}
	return e.Request.FormValue(name)
}

func hasError(form *web.Form, field string) bool {
	_, found := form.Problems.Of(field)
	return found
}

// organisationName is the name of an organisation, "" if the reader may not see it.
func organisationName(d *access.Scope, id string) string {
	names, err := namesOf(d, "organisations", id)
	if err != nil {
		return ""
	}
	return names[id]
}

// mayLog reports whether the reader logs in a programme at all.
func mayLog(p *programmes.Programme) bool { return p.Roles.Team || len(p.Roles.Organisations) > 0 }

func today(p *programmes.Programme) string { return clock.Today(p.Zone()) }
