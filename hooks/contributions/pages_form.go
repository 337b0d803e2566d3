package contributions

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/clock"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/roster"
	"simpul/hooks/web"
)

// formPage asks for a gift, a new one or another shape of one sent back.
type formPage struct {
	web.Base
	Form *web.Form
	Unit web.Field
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
	web.Base
	Openings []opening
}

// New asks what was given. Who has one programme and one organisation is not
// asked for either.
func New(e *core.RequestEvent) error {
	d := web.Scope(e)
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
func wanted(e *core.RequestEvent, d *access.Scope) (*programmes.Programme, error) {
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
func choose(e *core.RequestEvent, d *access.Scope) error {
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
	return web.Render(e, http.StatusOK, "contributions/choose",
		choosePage{Base: web.New(e, "contributions.new").At("contributions"), Openings: ways})
}

func ask(e *core.RequestEvent, d *access.Scope, p *programmes.Programme) error {
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
func repeat(form *web.Form, like *core.Record, today string) {
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
	d := web.Scope(e)
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
	understand(form, web.Language(e))
	checkPhoto(form)
	if form.OK() {
		err = doubtDuplicate(d, p, form)
	}
	if err != nil {
		return err
	}
	if !form.OK() {
		return showNew(e, p, form, http.StatusUnprocessableEntity)
	}
	made, err := save(d, form)
	if form.AddErrors(err) {
		return showNew(e, p, form, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, Wrap(made).URL()+"?sent=1", "contributions.sent", "number", unbroken(made.GetString("number")))
}

func save(d *access.Scope, form *web.Form) (*core.Record, error) {
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

func showNew(e *core.RequestEvent, p *programmes.Programme, form *web.Form, status int) error {
	b := web.New(e, "contributions.new").At("contributions").AsForm()
	b.Crumbs = append(p.Crumbs(b.Language), web.Crumb{Label: lang.T(b.Language, "contributions.title"), URL: base(p)})
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
		data.Giver = giverName(web.Scope(e), form.Value("contributor"))
		data.Hidden = append(data.Hidden, "contributor")
	}
	return web.Render(e, status, "contributions/form", data)
}

// Edit shows a contribution that was sent back, to be put right.
func Edit(e *core.RequestEvent) error {
	s, form, err := correcting(e)
	if err != nil {
		return err
	}
	form.From(s.c.Record)
	if s.c.IsMoney() {
		form.Set("value_idr", "").Set("value_basis", "")
	}
	if s.c.GetString("value_basis") == "not_valued" {
		form.Set("value_basis", "")
	}
	return s.showEdit(e, form, http.StatusOK)
}

// Save keeps what was put right and sends it in again.
func Save(e *core.RequestEvent) error {
	s, form, err := correcting(e)
	if err != nil {
		return err
	}
	if err := form.Read(e); err != nil {
		return err
	}
	understand(form, web.Language(e))
	if !form.OK() {
		return s.showEdit(e, form, http.StatusUnprocessableEntity)
	}
	err = Submit(s.d, s.c.Record, form.Into)
	if form.AddErrors(err) {
		return s.showEdit(e, form, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, s.c.URL()+"?sent=corrected", "contributions.corrected", "number", unbroken(s.c.Number()))
}

// WithdrawPage takes a contribution back.
func WithdrawPage(e *core.RequestEvent) error {
	s, err := view(e)
	if err != nil {
		return err
	}
	if s.c.Status() == Withdrawn && s.isGiver() {
		return s.done(e) // the button was pressed twice
	}
	if err := Withdraw(s.d, s.c.Record); err != nil {
		return err
	}
	return s.done(e)
}

// correcting views the contribution for its giver while it may be changed.
func correcting(e *core.RequestEvent) (*contributionView, *web.Form, error) {
	s, err := view(e)
	if err != nil {
		return nil, nil, err
	}
	if !s.c.IsEditable() || !s.d.Can(access.MaySubmit, s.c.Record) {
		return nil, nil, access.ErrRefused
	}
	form, err := s.editForm(e)
	return s, form, err
}

func (s *contributionView) showEdit(e *core.RequestEvent, form *web.Form, status int) error {
	b := web.New(e, "contributions.edit").At("contributions").AsForm()
	b.Crumbs = append(s.p.Crumbs(b.Language), web.Crumb{Label: s.c.Original().GetString("item"), URL: s.c.URL()})
	return web.Render(e, status, "contributions/form", formPage{
		Base: b, Form: form, Unit: unitField(form, b.Language), Programme: s.p.Name(),
		Giver:  giverName(s.d, s.c.GetString("contributor")),
		Action: s.c.URL(), Cancel: s.c.URL(), Submit: lang.T(b.Language, "contributions.send_again"),
		Draft: "contribution-" + s.c.ID(), Reason: s.c.GetString("review_note"),
		More: filledIn(form, folded, s.p), Folded: folded,
	})
}

// folded are the inputs that most gifts can do without.
var folded = []string{
	"given_on", "stage", "value_idr", "value_basis", "place", "people_reached",
	"channelled_through", "recipient", "note",
}

// formMemory is how much of an upload is kept in memory while it is read.
const formMemory = 4 << 20

// inputs asks what was given. Of these only kind, item, quantity and unit must
// be filled.
func inputs(e *core.RequestEvent, parties []web.Option) []*web.Input {
	quantity := web.Quantity("quantity")
	if sent(e, "kind") == Money {
		// An amount may be typed in more ways than a quantity: "Rp 1,5 juta".
		quantity = web.Money("quantity")
	}
	return []*web.Input{
		web.Codes("kind", Kinds...).Cards().Need().Draft(),
		web.Text("item").Need().Draft(),
		quantity.Need().Draft(),
		web.Choice("unit", unitOptions(web.Language(e))).Need().Draft(),
		web.Date("given_on"),
		web.Codes("stage", Delivered, Pledged),
		web.Money("value_idr").Draft(),
		web.Codes("value_basis", "invoice", "market_estimate"),
		web.Text("place").Draft(),
		web.Quantity("people_reached").Draft(),
		web.Choice("channelled_through", parties),
		web.Choice("recipient", parties),
		web.Long("note").Max(5000).Draft(),
	}
}

// newForm asks for a gift to a programme, in the name of one of the givers.
func newForm(e *core.RequestEvent, d *access.Scope, p *programmes.Programme) (*web.Form, error) {
	language := web.Language(e)
	givers, err := giversOf(d, p, language)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(givers, func(o web.Option) bool { return o.Value == sent(e, "contributor") }); i >= 0 && !p.Roles.Team {
		givers = givers[i : i+1]
	}
	parties, err := roster.OrganisationOptions(d, p, language)
	if err != nil {
		return nil, err
	}
	giver := web.Choice("contributor", givers).Need()
	if len(givers) == 1 && !p.Roles.Team {
		giver = web.Hidden("contributor")
	}
	asked := append([]*web.Input{web.Hidden("once"), web.Hidden("programme"), web.Hidden("task"), web.Hidden("pledge"), web.Hidden("again"), giver},
		inputs(e, parties)...)
	form := web.NewForm(e, "contributions", append(asked, photoInputs(language)...)...)
	form.Set("programme", p.ID()).Set("given_on", today(p)).Set("stage", Delivered)
	if len(givers) == 1 {
		form.Set("contributor", givers[0].Value)
	}
	return form, nil
}

// editForm asks for another shape of a gift. Whom the gift names now stays to be
// chosen, even if it takes no part in the programme any more.
func (s *contributionView) editForm(e *core.RequestEvent) (*web.Form, error) {
	parties, err := roster.OrganisationOptions(s.d, s.p, web.Language(e))
	if err != nil {
		return nil, err
	}
	for _, relation := range []string{"channelled_through", "recipient"} {
		id := s.c.GetString(relation)
		if id != "" && !slices.ContainsFunc(parties, func(o web.Option) bool { return o.Value == id }) {
			parties = append(parties, web.Option{Value: id, Label: giverName(s.d, id)})
		}
	}
	return web.NewForm(e, "contributions", inputs(e, parties)...), nil
}

// giversOf offers in whose name the reader may log: the team for every
// stakeholder, a partner for its own organisations.
func giversOf(d *access.Scope, p *programmes.Programme, language string) ([]web.Option, error) {
	if p.Roles.Team {
		return roster.OrganisationOptions(d, p, language)
	}
	return ownOrganisations(d, p)
}

// unitOptions offers every unit under the kind it counts.
func unitOptions(language string) []web.Option {
	options := []web.Option{}
	for _, kind := range Kinds {
		group := lang.T(language, "contributions.kind."+kind)
		for _, unit := range units[kind] {
			options = append(options, web.Option{Value: unit, Label: unitLabel(language, unit, 2), Group: group})
		}
	}
	return options
}

// unitField marks the chosen unit once, under the chosen kind, since some units
// stand under several.
func unitField(form *web.Form, language string) web.Field {
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
func understand(form *web.Form, language string) {
	kind := form.Value("kind")
	none := form.Number("quantity") == 0 && !refused(form, "quantity")
	if form.Value("quantity") == "" {
		none = understandItem(form, kind, language)
	}
	if none {
		form.AddError("quantity", "problem.not_positive")
	}
	if unit := onlyUnit(kind); unit != "" && form.Value("unit") == "" {
		form.Set("unit", unit)
		forgive(form, "unit")
	}
	if unit := form.Value("unit"); unit != "" && kind != "" && !Suits(kind, unit) && !refused(form, "unit") {
		form.AddError("unit", "contributions.problem_unit")
	}
	if people := form.Number("people_reached"); people != float64(int64(people)) {
		form.AddError("people_reached", "contributions.problem_people")
	}
	if kind != Money && form.Number("value_idr") > 0 && form.Value("value_basis") == "" {
		form.AddError("value_basis", "contributions.problem_basis")
	}
}

// forgive takes back that a field is empty, which turned out not to matter.
func forgive(form *web.Form, field string) {
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

func refused(form *web.Form, field string) bool {
	_, found := form.Problems.Of(field)
	return found
}

// filledIn reports whether a fold holds something to look at: a sentence, or
// more than what it begins with.
func filledIn(form *web.Form, fields []string, p *programmes.Programme) bool {
	begins := map[string]string{"given_on": today(p), "stage": Delivered}
	return slices.ContainsFunc(fields, func(name string) bool {
		return refused(form, name) || form.Value(name) != begins[name]
	})
}

// giverName is the name of one organisation, "" if the reader may not see it.
func giverName(d *access.Scope, id string) string {
	names, err := namesOf(d, []string{id})
	if err != nil {
		return ""
	}
	return names[id]
}

// base is the address of a programme's contributions.
func base(p *programmes.Programme) string { return p.URL() + "/contributions" }

// opening is one way to log: for a programme, in the name of an organisation
// the reader speaks for, or as its team for whoever gave.
type opening struct {
	Programme, Giver string
	slug, giver      string
}

// URL opens the form with both chosen.
func (o opening) URL() string {
	url := "/contributions/new?programme=" + o.slug
	if o.giver != "" {
		url += "&contributor=" + o.giver
	}
	return url
}

// openings lists every way in which the reader may log, by programme.
func openings(d *access.Scope) ([]opening, error) {
	found, err := d.List("programmes", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.Not(dbx.HashExp{"programmes.status": "cancelled"})).OrderBy("programmes.name").Limit(200)
	})
	if err != nil {
		return nil, err
	}
	names, err := namesOf(d, d.Speaks())
	if err != nil {
		return nil, err
	}
	out := []opening{}
	for _, programme := range found {
		p := programmes.Wrap(d, programme)
		if p.Roles.Team {
			out = append(out, opening{Programme: p.Name(), slug: p.Slug()})
			continue
		}
		for _, id := range p.Roles.Organisations {
			out = append(out, opening{Programme: p.Name(), Giver: names[id], slug: p.Slug(), giver: id})
		}
	}
	return out, nil
}

// ownOrganisations offers those the reader speaks for in a programme.
func ownOrganisations(d *access.Scope, p *programmes.Programme) ([]web.Option, error) {
	names, err := namesOf(d, p.Roles.Organisations)
	if err != nil {
		return nil, err
	}
	options := []web.Option{}
	for _, id := range p.Roles.Organisations {
		options = append(options, web.Option{Value: id, Label: names[id]})
	}
	slices.SortFunc(options, func(a, b web.Option) int { return strings.Compare(a.Label, b.Label) })
	return options, nil
}

func namesOf(d *access.Scope, organisations []string) (map[string]string, error) {
	names := map[string]string{}
	if len(organisations) == 0 {
		return names, nil
	}
	found, err := d.List("organisations", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.In("organisations.id", list(organisations)...))
	})
	for _, o := range found {
		names[o.Id] = o.GetString("name")
	}
	return names, err
}

// mayLog reports whether the reader logs in a programme at all.
func mayLog(p *programmes.Programme) bool { return p.Roles.Team || len(p.Roles.Organisations) > 0 }

func today(p *programmes.Programme) string { return clock.Today(p.Zone()) }

// viewed returns a contribution of which a new one is to be made after the same
// pattern, nil if the address names none that the reader may see.
func viewed(e *core.RequestEvent, d *access.Scope, name string) *core.Record {
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

// soon is how long the same gift, logged again by the same person, is rather a
// form sent twice.
const soon = 10 * time.Minute

// doubtDuplicate asks whether a gift is meant that the person has just logged: the
// browser's way back leads to a form that looks unsent. Sent once more with the
// answer in the hidden field "again" it counts.
func doubtDuplicate(d *access.Scope, p *programmes.Programme, form *web.Form) error {
	gift, err := d.New("contributions")
	if err != nil {
		return err
	}
	form.Into(gift)
	same := dbx.HashExp{
		"quantity": gift.GetFloat("quantity"),
		"given_on": cmp.Or(gift.GetString("given_on"), today(p)),
		"stage":    cmp.Or(gift.GetString("stage"), Delivered),
	}
	for _, field := range []string{"programme", "contributor", "kind", "item", "unit"} {
		same[field] = gift.GetString(field)
	}
	duplicate, err := d.FindRecentDuplicate("contributions", soon, same)
	if err != nil || duplicate == nil || answered(form, duplicate) {
		return err
	}
	form.Set("again", duplicate.Id).Confirm(Wrap(duplicate).URL(), "contributions.problem_duplicate", "number", duplicate.GetString("number"))
	return nil
}

// answered reports whether the form is the one that made the duplicate, or says that
// another is meant.
func answered(form *web.Form, duplicate *core.Record) bool {
	return form.Value("once") != "" && form.Value("once") == duplicate.GetString("once") || form.Value("again") == duplicate.Id
}
