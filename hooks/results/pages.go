package results

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/clock"
	"simpul/hooks/lang"
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
	base := p.Page(e, "indicators.title")
	data := listPage{Base: base.Under(base.Title, ""), Programme: p, Tabs: p.Tabs("overview", language)}
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

// NewIndicator is the form of a new indicator.
func NewIndicator(e *core.RequestEvent) (*web.CRUD, error) {
	p, d, err := programmes.ForTeam(e)
	if err != nil {
		return nil, err
	}
	r, err := d.New("indicators")
	if err != nil {
		return nil, err
	}
	r.Set("programme", p.ID())
	return &web.CRUD{Event: e, Record: r,
		Form: func(bool) (*web.Form, error) {
			inputs := web.RecordInputs(r, nil)
			inputs.Get("method").Offer("latest", "periodic", "cumulative")
			return web.NewForm(e, "indicators", inputs...), nil
		},
		Check: askSource,
		Show: func(status int, form *web.Form) error {
			b := p.Page(e, "indicators.new")
			return showForm(e, p, status, web.FormPage{Base: b.Under(b.Title, ""), Form: form, Action: listURL(p)})
		},
		Saved: func(*core.Record) error { return web.RedirectWithFlash(e, listURL(p), "indicators.saved") },
	}, nil
}

// NewValue is the form of a new value.
func NewValue(e *core.RequestEvent) (*web.CRUD, error) {
	indicator, p, err := programmes.ViewForTeam(e, "indicators")
	if err != nil {
		return nil, err
	}
	r, err := web.Scope(e).New("indicator_values")
	if err != nil {
		return nil, err
	}
	r.Set("indicator", indicator.Id)
	return &web.CRUD{Event: e, Record: r,
		Fill: func(form *web.Form) { form.Set("on", clock.Today(p.Zone())) },
		Show: func(status int, form *web.Form) error {
			b := p.Page(e, "indicators.enter")
			b = b.Under(b.Title, "")
			b.Title = indicator.GetString("name")
			return showForm(e, p, status, web.FormPage{Base: b, Form: form,
				Action: "/indicators/" + indicator.Id + "/values"})
		},
		Saved: func(*core.Record) error { return web.RedirectWithFlash(e, listURL(p), "indicators.entered") },
	}, nil
}

func listURL(p *programmes.Programme) string { return p.URL() + "/indicators" }

func showForm(e *core.RequestEvent, p *programmes.Programme, status int, data web.FormPage) error {
	data.Cancel, data.Submit = listURL(p), lang.T(data.Language, "indicators.save")
	return web.ShowForm(e, status, data)
}

// askSource asks for the day of a zero that was typed: without one it could not
// be told from nothing at all and would not be shown.
func askSource(form *web.Form) error {
	zero := func(name string) bool { return form.Value(name) != "" && form.Number(name) == 0 }
	if zero("baseline") && form.Value("baseline_on") == "" && form.Value("baseline_source") == "" {
		form.AddError("baseline_on", "indicators.problem_zero")
	}
	if zero("target") && form.Value("target_on") == "" {
		form.AddError("target_on", "indicators.problem_zero")
	}
	return nil
}
