package results

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

type listPage struct {
	web.Base
	Programme *programmes.Programme
	Tabs      programmes.Tabs
	Rows      []shown
}

// shown is an indicator with its values below it.
type shown struct {
	ID     string
	Row    Row
	Values []Value
	Unit   string
}

// List shows what the programme measures and every value entered so far.
func List(e *core.RequestEvent) error {
	p, d, err := programmes.BySlug(e)
	if err != nil {
		return err
	}
	indicators, err := Indicators(d, p)
	if err != nil {
		return err
	}
	values, err := Values(d, p)
	if err != nil {
		return err
	}
	language := web.Language(e)
	data := listPage{Base: under(e, p, "indicators.title"), Programme: p, Tabs: p.Tabs("overview", language)}
	for _, i := range indicators {
		s := shown{ID: i.ID, Row: i.Row(p, language), Unit: i.Unit}
		for _, v := range values {
			if v.Indicator == i.ID {
				s.Values = append(s.Values, v)
			}
		}
		data.Rows = append(data.Rows, s)
	}
	return web.Render(e, http.StatusOK, "results/list", data)
}

func under(e *core.RequestEvent, p *programmes.Programme, titleKey string) web.Base {
	b := web.New(e, titleKey).At("programmes")
	b.Crumbs = append(p.Crumbs(b.Language), web.Crumb{Label: b.Title})
	return b
}

type formPage struct {
	web.Base
	Form   *web.Form
	Action string
	Back   string
}

func indicatorForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "indicators", web.Hidden("once"),
		web.Text("name").Need(), web.Text("unit").Need().Max(60),
		web.Codes("type", "input", "output", "outcome").Need(),
		web.Codes("direction", "higher_better", "lower_better", "state").Need(),
		web.Codes("period", "once", "monthly", "quarterly", "yearly").Need(),
		web.Codes("method", "latest", "periodic", "cumulative").Need(),
		web.Quantity("baseline"), web.Date("baseline_on"), web.Text("baseline_source"),
		web.Quantity("target"), web.Date("target_on"))
}

// New asks for a new indicator.
func New(e *core.RequestEvent) error {
	p, _, err := leading(e)
	if err != nil {
		return err
	}
	return showNew(e, p, http.StatusOK, indicatorForm(e))
}

// leading views the programme of the address for its team.
func leading(e *core.RequestEvent) (*programmes.Programme, *access.Door, error) {
	p, d, err := programmes.BySlug(e)
	if err == nil && !d.May(access.MayRun, p.Record) {
		err = access.ErrRefused
	}
	return p, d, err
}

func showNew(e *core.RequestEvent, p *programmes.Programme, status int, form *web.Form) error {
	return web.Render(e, status, "results/form", formPage{under(e, p, "indicators.new").AsForm(), form,
		p.URL() + "/indicators", p.URL() + "/indicators"})
}

// Create keeps a new indicator.
func Create(e *core.RequestEvent) error {
	p, d, err := leading(e)
	if err != nil {
		return err
	}
	form := indicatorForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	askWhence(form)
	if form.OK() {
		r, err := d.New("indicators")
		if err != nil {
			return err
		}
		form.Into(r)
		r.Set("programme", p.ID())
		_, err = d.CreateOnce(r)
		if err == nil {
			return web.See(e, p.URL()+"/indicators", "indicators.saved")
		}
		if !form.Take(err) {
			return err
		}
	}
	return showNew(e, p, http.StatusUnprocessableEntity, form)
}

// askWhence asks for the day of a zero that was typed: without one it could not
// be told from nothing at all and would not be shown.
func askWhence(form *web.Form) {
	zero := func(name string) bool { return form.Value(name) != "" && form.Number(name) == 0 }
	if zero("baseline") && form.Value("baseline_on") == "" && form.Value("baseline_source") == "" {
		form.Refuse("baseline_on", "indicators.problem_zero")
	}
	if zero("target") && form.Value("target_on") == "" {
		form.Refuse("target_on", "indicators.problem_zero")
	}
}

func valueForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "indicator_values", web.Hidden("once"), web.Number("value").Need(),
		web.Date("on").Need(), web.Text("source"), web.Long("note").Max(2000))
}

// NewValue asks for a new value of one indicator.
func NewValue(e *core.RequestEvent) error {
	i, p, err := one(e)
	if err != nil {
		return err
	}
	return showValue(e, i, p, valueForm(e).Set("on", clock.Today(p.Zone())))
}

// one returns the indicator the address names and its programme, for its team.
func one(e *core.RequestEvent) (*core.Record, *programmes.Programme, error) {
	d := web.Door(e)
	i, err := d.View("indicators", e.Request.PathValue("id"))
	if err != nil {
		return nil, nil, err
	}
	p, err := programmes.ByID(d, i.GetString("programme"))
	if err != nil {
		return nil, nil, err
	}
	if !d.May(access.MayRun, p.Record) {
		return nil, nil, access.ErrRefused
	}
	return i, p, nil
}

func showValue(e *core.RequestEvent, i *core.Record, p *programmes.Programme, form *web.Form) error {
	status := http.StatusOK
	if !form.OK() {
		status = http.StatusUnprocessableEntity
	}
	b := under(e, p, "indicators.enter").AsForm()
	b.Title = i.GetString("name")
	return web.Render(e, status, "results/form", formPage{b, form, "/indicators/" + i.Id + "/values", p.URL() + "/indicators"})
}

// CreateValue keeps a new value. Values are never changed afterwards.
func CreateValue(e *core.RequestEvent) error {
	i, p, err := one(e)
	if err != nil {
		return err
	}
	form := valueForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if form.OK() {
		d := web.Door(e)
		r, err := d.New("indicator_values")
		if err != nil {
			return err
		}
		form.Into(r)
		r.Set("indicator", i.Id)
		_, err = d.CreateOnce(r)
		if err == nil {
			return web.See(e, p.URL()+"/indicators", "indicators.entered")
		}
		if !form.Take(err) {
			return err
		}
	}
	return showValue(e, i, p, form)
}
