package contributions

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
	"simpul/hooks/programmes"
)

// formPage asks for a gift, a new one or another shape of one sent back.
type formPage struct {
	page.Base
	Form *page.Form
	Unit page.Field
	// Giver is in whose name it is, "" where the form asks.
	Giver, Programme              string
	Action, Cancel, Submit, Draft string
	Reason                        string
	Asks, Photo, More, MorePhoto  bool
	Folded                        []string
	Hidden                        []string
}

// choosePage asks for which programme, and in whose name.
type choosePage struct {
	page.Base
	Openings []opening
}

// New asks what was given. Who has one programme and one organisation is not
// asked for either.
func New(e *core.RequestEvent) error {
	d := page.Door(e)
	p, err := wanted(e, d)
	if err != nil {
		return err
	}
	if p == nil {
		return choose(e, d)
	}
	return ask(e, d, p)
}

// wanted is the programme that the address means, nil if it means none.
func wanted(e *core.RequestEvent, d *access.Door) (*programmes.Programme, error) {
	for _, name := range []string{"like", "pledge"} {
		if r := viewed(e, d, name); r != nil {
			return programmes.ByID(d, r.GetString("programme"))
		}
	}
	slug := e.Request.URL.Query().Get("programme")
	if slug == "" {
		return nil, nil
	}
	r, err := d.First("programmes", "slug", slug)
	if err != nil {
		return nil, err
	}
	return programmes.Wrap(d, r), nil
}

// choose goes straight on where there is no choice.
func choose(e *core.RequestEvent, d *access.Door) error {
	ways, err := openings(d)
	if err != nil {
		return err
	}
	if len(ways) == 1 {
		r, err := d.First("programmes", "slug", ways[0].slug)
		if err != nil {
			return err
		}
		return ask(e, d, programmes.Wrap(d, r))
	}
	return page.Render(e, http.StatusOK, "contributions/choose",
		choosePage{Base: page.New(e, "contributions.new").At("contributions"), Openings: ways})
}

func ask(e *core.RequestEvent, d *access.Door, p *programmes.Programme) error {
	if !mayLog(p) {
		return access.ErrRefused
	}
	form, err := newForm(e, d, p)
	if err != nil {
		return err
	}
	query := e.Request.URL.Query()
	form.Set("kind", query.Get("kind")).Set("task", query.Get("task"))
	if p.Roles.Team && query.Get("contributor") != "" {
		form.Set("contributor", query.Get("contributor"))
	}
	if like := viewed(e, d, "like"); like != nil {
		repeat(form, like, today(p))
	}
	if pledge := viewed(e, d, "pledge"); pledge != nil {
		repeat(form, pledge, today(p))
		form.Set("pledge", pledge.Id)
	}
	return showNew(e, p, form, http.StatusOK)
}

// repeat fills the form after an earlier gift, on today's date.
func repeat(form *page.Form, like *core.Record, today string) {
	once, programme := form.Value("once"), form.Value("programme")
	form.From(like)
	form.Set("once", once).Set("programme", programme).Set("given_on", today).Set("stage", Delivered)
	form.Set("task", "").Set("pledge", "").Set("note", "")
	if like.GetString("kind") == Money {
		form.Set("value_idr", "").Set("value_basis", "")
	}
}

// Create saves what was given and shows its number.
func Create(e *core.RequestEvent) error {
	d := page.Door(e)
	p, err := programmes.ByID(d, sent(e, "programme"))
	if err != nil {
		return err
	}
	if !mayLog(p) {
		return access.ErrRefused
	}
	form, err := newForm(e, d, p)
	if err != nil {
		return err
	}
	if err := form.Read(e); err != nil {
		return err
	}
	understand(form, page.Language(e))
	checkPhoto(form)
	if form.OK() {
		err = doubtTwin(d, p, form)
	}
	if err != nil {
		return err
	}
	if !form.OK() {
		return showNew(e, p, form, http.StatusUnprocessableEntity)
	}
	made, err := save(d, form)
	if form.Take(err) {
		return showNew(e, p, form, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return page.See(e, Wrap(made).URL()+"?sent=1", "contributions.sent", "number", unbroken(made.GetString("number")))
}

func save(d *access.Door, form *page.Form) (*core.Record, error) {
	proof, err := newProof(d, form)
	if err != nil {
		return nil, err
	}
	gift, err := d.New("contributions")
	if err != nil {
		return nil, err
	}
	form.Into(gift)
	return give(d, gift, proof)
}

func showNew(e *core.RequestEvent, p *programmes.Programme, form *page.Form, status int) error {
	b := page.New(e, "contributions.new").At("contributions").AsForm()
	b.Crumbs = append(p.Crumbs(b.Language), page.Crumb{Label: lang.T(b.Language, "contributions.title"), URL: base(p)})
	data := formPage{
		Base: b, Form: form, Unit: unitField(form, b.Language), Programme: p.Name(),
		Action: "/contributions", Cancel: base(p), Submit: lang.T(b.Language, "contributions.send"),
		Draft: "contribution-" + p.Slug(), Photo: true,
		Asks: form.Field("contributor").Kind != "hidden",
		More: filledIn(form, folded, p), MorePhoto: refused(form, "photo") || refused(form, "people_in_it"),
		Folded: folded, Hidden: []string{"once", "programme", "task", "pledge", "again"},
	}
	if form.Value("again") != "" {
		data.Submit = lang.T(b.Language, "contributions.send_twice")
	}
	if !data.Asks {
		data.Giver = giverName(page.Door(e), form.Value("contributor"))
		data.Hidden = append(data.Hidden, "contributor")
	}
	return page.Render(e, status, "contributions/form", data)
}
