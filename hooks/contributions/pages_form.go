package contributions

import (
	"cmp"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// New asks what was given. Who has one programme and one organisation is not asked for either.
func New(e *core.RequestEvent) error {
	d := web.Scope(e)
	pledge, like := requested(e, d, "pledge"), requested(e, d, "like")
	p, err := requestedProgramme(e, d, cmp.Or(like, pledge))
	if err != nil {
		return err
	}
	if p == nil {
		targets, err := listFormTargets(d)
		if err != nil {
			return err
		}
		if len(targets) != 1 {
			data := choosePage{Base: web.New(e, "contributions.new").At("contributions"), Openings: targets}
			return web.Render(e, http.StatusOK, "contributions/choose", data)
		}
		if p, err = programmes.ByID(d, targets[0].id); err != nil {
			return err
		}
	}
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
	if like != nil {
		prefill(form, like, today(p))
	}
	if pledge != nil {
		prefill(form, pledge, today(p))
		form.Set("pledge", pledge.Id)
	}
	return showNew(e, p, form, http.StatusOK)
}

// requested returns the contribution that the address names to be repeated or delivered, nil if there is none that
// the reader may see.
func requested(e *core.RequestEvent, d *access.Scope, name string) *core.Record {
	id := e.Request.URL.Query().Get(name)
	if id == "" {
		return nil
	}
	r, err := d.View("contributions", id)
	if err != nil {
		return nil
	}
	return r
}

// requestedProgramme is the programme of an earlier contribution or that of the address, nil if neither is given.
func requestedProgramme(e *core.RequestEvent, d *access.Scope, earlier *core.Record) (*programmes.Programme, error) {
	if earlier != nil {
		return programmes.ByID(d, earlier.GetString("programme"))
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

// choosePage asks for which programme, and on whose behalf.
type choosePage struct {
	web.Base
	Openings []formTarget
}

// formTarget is one way to log: for a programme, on behalf of an organisation the reader represents, or as its
// team for any stakeholder.
type formTarget struct{ id, Programme, Giver, URL string }

// listFormTargets lists every way in which the reader may log, by programme.
func listFormTargets(d *access.Scope) ([]formTarget, error) {
	found, err := d.List("programmes", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.Not(dbx.HashExp{"programmes.status": "cancelled"})).OrderBy("programmes.name").Limit(200)
	})
	if err != nil {
		return nil, err
	}
	names, err := namesOf(d, "organisations", d.Speaks()...)
	targets := []formTarget{}
	for _, r := range found {
		p := programmes.Wrap(d, r)
		target := formTarget{id: r.Id, Programme: p.Name(), URL: newURL(p)}
		if p.Roles.Team {
			targets = append(targets, target)
			continue
		}
		for _, id := range p.Roles.Organisations {
			targets = append(targets, formTarget{r.Id, p.Name(), names[id], target.URL + "&contributor=" + id})
		}
	}
	return targets, err
}

// prefill fills the form after an earlier contribution, on today's date.
func prefill(form *web.Form, earlier *core.Record, today string) {
	once, programme := form.Value("once"), form.Value("programme")
	form.From(earlier)
	form.Set("once", once).Set("programme", programme).Set("given_on", today).Set("stage", stageDelivered)
	form.Set("task", "").Set("pledge", "").Set("note", "")
	if earlier.GetString("kind") == kindMoney {
		form.Set("value_idr", "").Set("value_basis", "")
	}
}

// Create saves what was given and shows its number.
func Create(e *core.RequestEvent) error {
	d := web.Scope(e)
	p, err := programmes.ByID(d, sentValue(e, "programme"))
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
	interpret(form, web.Language(e))
	validatePhoto(form)
	err = confirmDuplicate(d, p, form)
	var made *core.Record
	if form.OK() && err == nil {
		made, err = create(d, form)
	}
	if form.AddErrors(err) || err == nil && !form.OK() {
		return showNew(e, p, form, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, "/contributions/"+made.Id+"?sent=1", "contributions.sent", "number", unbroken(made.GetString("number")))
}

// create saves the contribution and its photo, both or neither. A form sent twice creates one.
func create(d *access.Scope, form *web.Form) (*core.Record, error) {
	evidence, err := newEvidence(d, form)
	if err != nil {
		return nil, err
	}
	r, err := d.New("contributions")
	if err != nil {
		return nil, err
	}
	form.Into(r)
	if evidence == nil {
		return d.CreateIdempotent(r)
	}
	made := r
	err = d.InTransaction(func(d *access.Scope) (err error) {
		if made, err = d.CreateIdempotent(r); err != nil || made != r {
			return err
		}
		return saveEvidence(d, evidence, r)
	})
	return made, err
}

// confirmDuplicate asks whether a contribution is meant that the person has just logged.
func confirmDuplicate(d *access.Scope, p *programmes.Programme, form *web.Form) error {
	r, err := d.New("contributions")
	if err != nil {
		return err
	}
	form.Into(r)
	access.SetDefault(r, "given_on", today(p))
	access.SetDefault(r, "stage", stageDelivered)
	same := dbx.HashExp{}
	for _, field := range []string{"programme", "contributor", "kind", "item", "quantity", "unit", "given_on", "stage"} {
		same[field] = r.Get(field)
	}
	made, err := web.FindDuplicate(d, form, "contributions", same)
	if made != nil {
		form.Confirm("/contributions/"+made.Id, "contributions.problem_duplicate", "number", made.GetString("number"))
	}
	return err
}

// newURL opens the form of a new contribution to a programme.
func newURL(p *programmes.Programme) string { return "/contributions/new?programme=" + p.Slug() }

func showNew(e *core.RequestEvent, p *programmes.Programme, form *web.Form, status int) error {
	data := formPage{FormPage: web.FormPage{Base: p.Page(e, "contributions.new").At("contributions"), Form: form,
		Action: "/contributions", Cancel: listURL(p), Draft: "contribution-" + p.Slug()}}
	data.Base = data.Under(lang.T(data.Language, "contributions.title"), listURL(p))
	data.Submit = lang.T(data.Language, "contributions.send")
	if form.Value("again") != "" {
		data.Submit = lang.T(data.Language, "contributions.send_twice")
	}
	giver := ""
	if form.Field("contributor").Kind == "hidden" {
		giver = organisationName(web.Scope(e), form.Value("contributor"))
	}
	return data.show(e, status, giver, p)
}

// formPage asks for a contribution, a new one or corrections of a returned one. Lead says for whom.
type formPage struct {
	web.FormPage
	Lead  string
	Parts []web.Part
}

func (data formPage) show(e *core.RequestEvent, status int, giver string, p *programmes.Programme) error {
	data.Base, data.Parts = data.AsForm(), data.Form.Parts()
	data.Lead = lang.T(data.Language, "contributions.for_programme", "programme", p.Name())
	if giver != "" {
		data.Lead = lang.T(data.Language, "contributions.for_giver", "giver", giver, "programme", p.Name())
	}
	for _, row := range data.Parts[0].Rows {
		for i := range row {
			if row[i].Name == "unit" {
				row[i] = unitField(data.Form, data.Language)
			}
		}
	}
	return web.Render(e, status, "contributions/form", data)
}

// Edit shows a contribution that was returned, to be corrected.
func Edit(e *core.RequestEvent) error {
	v, form, err := loadForEdit(e)
	if err != nil {
		return err
	}
	form.From(v.r)
	if v.isMoney() {
		form.Set("value_idr", "").Set("value_basis", "")
	}
	if v.r.GetString("value_basis") == "not_valued" {
		form.Set("value_basis", "")
	}
	return v.showEdit(e, form, http.StatusOK)
}

// Save stores the corrections and submits the contribution again.
func Save(e *core.RequestEvent) error {
	v, form, err := loadForEdit(e)
	if err != nil {
		return err
	}
	if err := form.Read(e); err != nil {
		return err
	}
	if interpret(form, web.Language(e)); form.OK() {
		form.Into(v.r)
		err = takeStep(v.d, v.r, "submit", stepInput{})
	}
	if form.AddErrors(err) || err == nil && !form.OK() {
		return v.showEdit(e, form, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, v.url()+"?sent=corrected", "contributions.corrected", "number", unbroken(v.r.GetString("number")))
}

// loadForEdit loads the contribution for its contributor while it may be changed.
func loadForEdit(e *core.RequestEvent) (*contributionView, *web.Form, error) {
	v, err := loadView(e)
	if err != nil {
		return nil, nil, err
	}
	if !v.isEditable() || !v.d.Can(access.MaySubmit, v.r) {
		return nil, nil, access.ErrRefused
	}
	in, _, err := recordInputs(e, v.d, v.p, v.r)
	form := web.NewForm(e, "contributions", in...).Usually("given_on", today(v.p)).Usually("stage", stageDelivered)
	return v, form, err
}

func (v *contributionView) showEdit(e *core.RequestEvent, form *web.Form, status int) error {
	b := v.p.Page(e, "contributions.edit").At("contributions").Under(v.r.Original().GetString("item"), v.url())
	data := formPage{FormPage: web.FormPage{Base: b, Form: form, Action: v.url(), Cancel: v.url(),
		Submit: lang.T(b.Language, "contributions.send_again"), Draft: "contribution-" + v.r.Id}}
	if reason := v.r.GetString("review_note"); reason != "" {
		data.Before = []web.Callout{{Title: lang.T(b.Language, "contributions.please_correct"), Text: reason}}
	}
	return data.show(e, status, organisationName(v.d, v.r.GetString("contributor")), v.p)
}
