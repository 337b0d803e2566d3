package contributions

import (
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// showPage is one contribution: its acknowledgement, how it stands, what proves
// it and what the reader may do.
type showPage struct {
	web.Base
	C         *Contribution
	Programme string
	Status    *Badge
	Amount    string
	// Sent says that it has just been sent, which is when it thanks.
	Sent, Corrected           bool
	When, Share               string
	Giver, Owner              string
	Lines                     []string
	Totals                    []Total
	Facts                     []Fact
	Steps                     []Step
	Evidence                  []Proof
	Photo                     *web.Form
	Review                    *reviewBox
	Note                      string
	Own                       bool
	MaySubmit                 bool
	MayWithdraw               bool
	MayFulfil                 bool
	Again, Like, Fulfil, List string
}

// Show shows a contribution.
func Show(e *core.RequestEvent) error {
	s, err := view(e)
	if err != nil {
		return err
	}
	return s.show(e, http.StatusOK, forms{})
}

// forms are what a reader has just sent and gets back to put right.
type forms struct {
	review *reviewBox
	photo  *web.Form
}

func (s *contributionView) show(e *core.RequestEvent, status int, typed forms) error {
	if err := s.with(); err != nil {
		return err
	}
	b := web.Titled(e, s.c.Item()).At("programmes")
	b.Crumbs = append(s.p.Crumbs(b.Language), web.Crumb{Label: lang.T(b.Language, "contributions.title"), URL: base(s.p)})
	data := showPage{
		Base: b, C: s.c, Programme: s.p.Name(), Giver: s.name("contributor"),
		Status: statusBadge(b.Language, s.c.Status()), Amount: s.c.Amount(b.Language),
		Sent:      e.Request.URL.Query().Get("sent") != "" && s.isGiver(),
		Corrected: e.Request.URL.Query().Get("sent") == "corrected",
		When:      lang.Moment(b.Language, s.c.GetDateTime("submitted_at").Time(), s.p.Zone()),
		Facts:     s.facts(b.Language), Note: s.c.GetString("review_note"), Own: s.isGiver(),
		MaySubmit: s.d.Can(access.MaySubmit, s.c.Record) && s.c.IsEditable(),
		List:      base(s.p),
	}
	s.offer(&data)
	if err := s.fill(&data); err != nil {
		return err
	}
	data.Review, data.Photo = typed.review, typed.photo
	if data.Review == nil {
		data.Review = s.box(e)
	}
	if data.Photo == nil && (s.p.Roles.Team || data.Own) {
		data.Photo = photoForm(e)
	}
	return web.Render(e, status, "contributions/show", data)
}

// offer says which ways lead on from here.
func (s *contributionView) offer(data *showPage) {
	status := s.c.Status()
	open := status == Submitted || s.c.IsEditable()
	data.MayWithdraw = open && s.d.Can(access.MayWithdraw, s.c.Record)
	data.MayFulfil = s.c.GetString("stage") == Pledged && status == Verified && (s.p.Roles.Team || data.Own)
	data.Again = "/contributions/new?programme=" + s.p.Slug() + "&contributor=" + s.c.GetString("contributor")
	data.Like = "/contributions/new?like=" + s.c.ID()
	data.Fulfil = "/contributions/new?pledge=" + s.c.ID()
	data.Share = lang.T(data.Language, "contributions.share_text", "number", s.c.Number(), "item", s.c.Item(),
		"amount", data.Amount, "giver", data.Giver, "programme", s.p.Name(), "when", data.When, "status", data.Status.Text)
}

// fill reads what stands in other collections.
func (s *contributionView) fill(data *showPage) (err error) {
	if data.Evidence, err = s.evidence(data.Language); err != nil {
		return err
	}
	data.Owner = giverName(s.d, s.p.GetString("owner"))
	if data.Lines, err = letterhead(s.d); err != nil {
		return err
	}
	if data.Sent {
		data.Totals, err = TotalsOf(s.d, s.p, s.c.GetString("contributor"))
		return err
	}
	data.Steps, err = s.history(data.Language)
	return err
}

// contributionView is a contribution in front of a reader.
type contributionView struct {
	c *Contribution
	p *programmes.Programme
	d *access.Scope
}

// view brings the contribution of the address before the reader, with the
// names of those it speaks of.
func view(e *core.RequestEvent) (*contributionView, error) {
	d := web.Scope(e)
	r, err := d.View("contributions", e.Request.PathValue("id"))
	if err != nil {
		return nil, err
	}
	p, err := programmes.ByID(d, r.GetString("programme"))
	if err != nil {
		return nil, err
	}
	return &contributionView{c: Wrap(r), p: p, d: d}, nil
}

// again reads the contribution anew, after a step that was refused changed it
// in memory.
func (s *contributionView) again() error {
	r, err := s.d.View("contributions", s.c.ID())
	if err == nil {
		s.c = Wrap(r)
	}
	return err
}

func (s *contributionView) with() error {
	return s.d.With([]*core.Record{s.c.Record}, "contributor", "channelled_through", "recipient", "task", "logged_by", "reviewed_by")
}

// name is what a relation of the contribution is called, "" if it has none or
// the reader may not see it.
func (s *contributionView) name(relation string) string {
	r := s.c.ExpandedOne(relation)
	if r == nil {
		return ""
	}
	if r.Collection().Name == "tasks" {
		return r.GetString("title")
	}
	return r.GetString("name")
}

// isGiver reports whether the reader speaks for the giver, or logged for it.
func (s *contributionView) isGiver() bool {
	for _, organisation := range s.p.Roles.Organisations {
		if organisation == s.c.GetString("contributor") {
			return true
		}
	}
	return s.isLogger()
}

// isLogger reports whether the entry is the reader's own; then somebody else
// of the team reviews it.
func (s *contributionView) isLogger() bool {
	return s.reader() != "" && s.reader() == s.c.GetString("logged_by")
}

// reader is the id of the user who reads, "" for an administrator.
func (s *contributionView) reader() string {
	if s.d.Person() == nil || s.d.Super() {
		return ""
	}
	return s.d.Person().Id
}

// Fact is one line about a contribution, as the part "summary_list" shows it.
type Fact struct{ Label, Value, URL, Action, ActionURL string }

// facts tells what is known, without empty lines.
func (s *contributionView) facts(language string) []Fact {
	c := s.c
	t := func(key string) string { return lang.T(language, "contributions."+key) }
	code := func(field string) string {
		if c.GetString(field) == "" {
			return ""
		}
		return t(field + "." + c.GetString(field))
	}
	all := []Fact{
		{Label: t("number"), Value: c.Number()},
		{Label: t("contributor"), Value: s.name("contributor"), URL: "/organisations/" + c.GetString("contributor")},
		{Label: t("kind"), Value: code("kind")},
		{Label: t("given"), Value: c.Item()},
		{Label: t("quantity"), Value: c.Amount(language)},
		{Label: t("verified_quantity"), Value: c.VerifiedAmount(language)},
		{Label: t("phase"), Value: code("stage")},
		{Label: t("given_on"), Value: lang.DayLong(language, c.GetString("given_on"))},
		{Label: t("value_idr"), Value: s.value(language)},
		{Label: t("place"), Value: c.GetString("place")},
		{Label: t("people_reached"), Value: count(language, c.GetFloat("people_reached"))},
		{Label: t("channelled_through"), Value: s.name("channelled_through"), URL: "/organisations/" + c.GetString("channelled_through")},
		{Label: t("recipient"), Value: s.name("recipient"), URL: "/organisations/" + c.GetString("recipient")},
		{Label: t("task"), Value: s.name("task"), URL: "/tasks/" + c.GetString("task")},
		{Label: t("note"), Value: c.GetString("note")},
	}
	return known(all)
}

// value writes the estimated value with what it rests on; money is its own.
func (s *contributionView) value(language string) string {
	if s.c.IsMoney() || s.c.GetFloat("value_idr") == 0 {
		return ""
	}
	basis := lang.T(language, "contributions.value_basis."+s.c.GetString("value_basis"))
	return lang.Money(language, int64(s.c.GetFloat("value_idr"))) + " (" + basis + ")"
}

func count(language string, n float64) string {
	if n == 0 {
		return ""
	}
	return lang.Number(language, n)
}

func known(all []Fact) []Fact {
	out := []Fact{}
	for _, f := range all {
		if f.Value != "" {
			out = append(out, f)
		}
	}
	return out
}

// Step is one thing that happened to a contribution.
type Step struct{ Text, When string }

// happening is a step before it is written out.
type happening struct {
	state, person, via string
	at                 time.Time
}

// history tells what happened, oldest first. The team reads it from the
// activity; others read what the contribution itself remembers.
func (s *contributionView) history(language string) ([]Step, error) {
	found, err := s.remembered()
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		found = s.kept()
	}
	names, err := people(s.d, found)
	if err != nil {
		return nil, err
	}
	steps := []Step{}
	for _, h := range found {
		who := names[h.person]
		switch {
		case who == "" && h.via == access.ViaAdmin:
			who = lang.T(language, "contributions.by_administrator")
		case who == "":
			who = lang.T(language, "contributions.by_team")
		}
		steps = append(steps, Step{
			Text: lang.T(language, "contributions.history."+h.state, "who", who),
			When: lang.Moment(language, h.at, s.p.Zone()),
		})
	}
	return steps, nil
}

// remembered reads the steps from the activity, none if the reader may not.
func (s *contributionView) remembered() ([]happening, error) {
	if !s.p.Roles.Team {
		return nil, nil
	}
	rows, err := s.d.List("activity", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"activity.record": s.c.ID(), "activity.collection": "contributions"}).
			OrderBy("activity.created", "activity.rowid").Limit(50)
	})
	if err != nil {
		return nil, err
	}
	found := []happening{}
	for _, row := range rows {
		if row.GetString("action") == "create" && row.GetString("via") == access.ViaJob {
			return nil, nil // the hub brought it in; the record knows more
		}
		if h, ok := toHappening(row); ok {
			found = append(found, h)
		}
	}
	return found, nil
}

// toHappening takes the change of state out of a row of the activity.
func toHappening(row *core.Record) (happening, bool) {
	changes := map[string][]string{}
	if err := row.UnmarshalJSONField("changes", &changes); err != nil {
		return happening{}, false
	}
	h := happening{person: row.GetString("actor"), via: row.GetString("via"), at: row.GetDateTime("created").Time()}
	switch state := changes["review_status"]; {
	case row.GetString("action") == "create":
		h.state = "logged"
	case len(state) == 2 && state[1] != "":
		h.state = state[1]
	default:
		return h, false
	}
	return h, true
}

// kept is what the fields of a contribution tell of its way.
func (s *contributionView) kept() []happening {
	c := s.c
	found := []happening{{state: "logged", person: c.GetString("logged_by"), at: c.GetDateTime("created").Time()}}
	reviewed := c.GetDateTime("reviewed_at").Time()
	submitted := c.GetDateTime("submitted_at").Time()
	judged := happening{person: c.GetString("reviewed_by"), at: reviewed, state: c.Status()}
	switch {
	case c.Status() == Submitted && !reviewed.IsZero() && submitted.After(reviewed):
		judged.state = NeedsRevision
		found = append(found, judged, happening{state: Submitted, person: c.GetString("logged_by"), at: submitted})
	case c.Status() == Verified || c.Status() == NeedsRevision || c.Status() == Rejected:
		found = append(found, judged)
	case c.Status() == Withdrawn:
		found = append(found, happening{state: Withdrawn, person: c.GetString("logged_by"), at: c.GetDateTime("updated").Time()})
	}
	return found
}

// people returns the names of those who took the steps and whom the reader may see.
func people(d *access.Scope, steps []happening) (map[string]string, error) {
	ids := []any{}
	for _, h := range steps {
		if h.person != "" {
			ids = append(ids, h.person)
		}
	}
	names := map[string]string{}
	if len(ids) == 0 {
		return names, nil
	}
	found, err := d.List("users", func(q *dbx.SelectQuery) { q.AndWhere(dbx.In("users.id", ids...)) })
	for _, u := range found {
		names[u.Id] = u.GetString("name")
	}
	return names, err
}
