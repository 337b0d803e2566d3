package contributions

import (
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/list"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/programmes"
	"simpul/hooks/web"
)

// contributionView is a contribution with its programme, for one reader.
type contributionView struct {
	r *core.Record
	p *programmes.Programme
	d *access.Scope
}

// loadView loads the contribution of the address for its reader.
func loadView(e *core.RequestEvent) (*contributionView, error) {
	r, p, err := programmes.View(e, "contributions")
	return &contributionView{r: r, p: p, d: web.Scope(e)}, err
}

func (v *contributionView) url() string    { return "/contributions/" + v.r.Id }
func (v *contributionView) status() string { return v.r.GetString("review_status") }
func (v *contributionView) isMoney() bool  { return v.r.GetString("kind") == kindMoney }

// isEditable reports whether the contributor may still change it.
func (v *contributionView) isEditable() bool {
	return v.status() == statusDraft || v.status() == statusNeedsRevision
}

// amount formats the quantity of a field with its unit: "20 paket", "Rp500.000".
func (v *contributionView) amount(language, field string) string {
	return formatAmount(language, v.r.GetString("unit"), v.r.GetFloat(field))
}

// namesOf are the names of users or organisations whom the reader may see, by id.
func namesOf(d *access.Scope, collection string, ids ...string) (map[string]string, error) {
	names := map[string]string{}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	if len(ids) == 0 {
		return names, nil
	}
	found, err := d.List(collection, func(q *dbx.SelectQuery) { q.AndWhere(dbx.In(collection+".id", list.ToInterfaceSlice(ids)...)) })
	for _, r := range found {
		names[r.Id] = r.GetString("name")
	}
	return names, err
}

// isContributor reports whether the reader represents the contributor, or logged for it.
func (v *contributionView) isContributor() bool {
	return slices.Contains(v.p.Roles.Organisations, v.r.GetString("contributor")) ||
		v.reader() != "" && v.reader() == v.r.GetString("logged_by")
}

// reader is the id of the user who reads, "" for an administrator.
func (v *contributionView) reader() string { return access.UserID(v.d.Person()) }

// showPage is one contribution: its acknowledgement, status, evidence and what the reader may do.
type showPage struct {
	web.Base
	URL, Number, Code, Programme, Amount, Giver, Owner, Note, When string
	Status                                                         *web.Badge
	// Sent says that it has just been sent, which is when it thanks.
	Sent, Corrected, IsMoney               bool
	Lines                                  []string
	Totals                                 []Total
	Facts                                  []web.Fact
	Steps                                  []historyLine
	Evidence                               []evidenceItem
	Photo                                  *web.Form
	Review                                 *reviewBox
	Own, MaySubmit, MayWithdraw, MayFulfil bool
	Again, Like, Fulfil, List, Share       string
}

// Show shows a contribution.
func Show(e *core.RequestEvent) error {
	v, err := loadView(e)
	if err != nil {
		return err
	}
	return v.show(e, http.StatusOK, sentForms{})
}

// sentForms are forms that come back to be corrected, nil for fresh ones.
type sentForms struct {
	review *reviewBox
	photo  *web.Form
}

func (v *contributionView) show(e *core.RequestEvent, status int, sent sentForms) error {
	err := v.d.With([]*core.Record{v.r}, "contributor", "channelled_through", "recipient", "task", "logged_by", "reviewed_by")
	if err != nil {
		return err
	}
	b := web.Titled(e, v.r.GetString("item")).At("programmes")
	b.Crumbs = v.p.Crumbs(b.Language)
	b = b.Under(lang.T(b.Language, "contributions.title"), listURL(v.p))
	isOpen := v.status() == statusSubmitted || v.isEditable()
	data := showPage{
		Base: b, URL: v.url(), Number: v.r.GetString("number"), Code: v.status(), IsMoney: v.isMoney(), Programme: v.p.Name(), Giver: web.Named(v.r, "contributor"),
		Status: statusBadge(b.Language, v.status()), Amount: v.amount(b.Language, "quantity"),
		Sent:      e.Request.URL.Query().Get("sent") != "" && v.isContributor(),
		Corrected: e.Request.URL.Query().Get("sent") == "corrected",
		When:      lang.Moment(b.Language, v.r.GetDateTime("submitted_at").Time(), v.p.Zone()),
		Facts:     v.facts(b.Language), Note: v.r.GetString("review_note"), Own: v.isContributor(),
		MaySubmit:   v.isEditable() && v.d.Can(access.MaySubmit, v.r),
		MayWithdraw: isOpen && v.d.Can(access.MayWithdraw, v.r),
		Again:       newURL(v.p) + "&contributor=" + v.r.GetString("contributor"),
		Like:        "/contributions/new?like=" + v.r.Id,
		Fulfil:      "/contributions/new?pledge=" + v.r.Id, List: listURL(v.p),
		Review: sent.review, Photo: sent.photo,
	}
	data.MayFulfil = v.r.GetString("stage") == stagePledged && v.status() == statusVerified && (v.p.Roles.Team || data.Own)
	data.Share = lang.T(b.Language, "contributions.share_text", "number", v.r.GetString("number"), "item", v.r.GetString("item"),
		"amount", data.Amount, "giver", data.Giver, "programme", v.p.Name(), "when", data.When, "status", data.Status.Text)
	if err := v.fill(&data); err != nil {
		return err
	}
	if data.Review == nil {
		data.Review = v.newReviewBox(e)
	}
	if data.Photo == nil && (v.p.Roles.Team || data.Own) {
		data.Photo = photoForm(e)
	}
	return web.Render(e, status, "contributions/show", data)
}

// fill reads what is stored in other collections.
func (v *contributionView) fill(data *showPage) (err error) {
	if data.Evidence, err = v.listEvidence(data.Language); err != nil {
		return err
	}
	data.Owner = organisationName(v.d, v.p.GetString("owner"))
	if data.Lines, err = letterhead(v.d); err != nil {
		return err
	}
	if data.Sent {
		data.Totals, err = contributorTotals(v.d, v.p, v.r.GetString("contributor"))
		return err
	}
	data.Steps, err = v.history(data.Language)
	return err
}

// facts lists what is known, without empty lines.
func (v *contributionView) facts(language string) []web.Fact {
	r := v.r
	f := web.NewFacts(language, r)
	linked := func(relation, path string) {
		f.Add(relation, web.Named(r, relation), path+r.GetString(relation))
	}
	var verified, value, people string
	if v.status() == statusVerified {
		verified = v.amount(language, "verified_quantity")
	}
	if idr := r.GetFloat("value_idr"); idr != 0 && !v.isMoney() {
		value = lang.Money(language, int64(idr)) + " (" + web.Words(language, r, "value_basis") + ")"
	}
	if n := r.GetFloat("people_reached"); n != 0 {
		people = lang.Number(language, n)
	}
	f.Field("number")
	linked("contributor", "/organisations/")
	f.Field("kind").Add("given", r.GetString("item"), "").Add("quantity", v.amount(language, "quantity"), "").
		Add("verified_quantity", verified, "").Add("phase", web.Words(language, r, "stage"), "").
		Add("given_on", lang.DayLong(language, r.GetString("given_on")), "").Add("value_idr", value, "").
		Field("place").Add("people_reached", people, "")
	linked("channelled_through", "/organisations/")
	linked("recipient", "/organisations/")
	linked("task", "/tasks/")
	return f.Field("note").List
}

// historyLine is one status change as the page shows it.
type historyLine struct{ Text, When string }

// statusChange is a change of the review's status; "logged" is the first.
type statusChange struct {
	status, person, via string
	at                  time.Time
}

// history lists the status changes, oldest first. The team reads them from the activity; others read what the
// contribution itself stores.
func (v *contributionView) history(language string) ([]historyLine, error) {
	changes, err := v.changesFromActivity()
	if err != nil {
		return nil, err
	}
	if len(changes) == 0 {
		changes = v.changesFromRecord()
	}
	people := []string{}
	for _, c := range changes {
		people = append(people, c.person)
	}
	names, err := namesOf(v.d, "users", people...)
	if err != nil {
		return nil, err
	}
	lines := []historyLine{}
	for _, c := range changes {
		who := names[c.person]
		switch {
		case who == "" && c.via == access.ViaAdmin:
			who = lang.T(language, "contributions.by_administrator")
		case who == "":
			who = lang.T(language, "contributions.by_team")
		}
		lines = append(lines, historyLine{
			Text: lang.T(language, "contributions.history."+c.status, "who", who),
			When: lang.Moment(language, c.at, v.p.Zone()),
		})
	}
	return lines, nil
}

// changesFromActivity is empty if the reader may not read the activity, or if a job created the contribution: then
// the record knows more.
func (v *contributionView) changesFromActivity() ([]statusChange, error) {
	if !v.p.Roles.Team {
		return nil, nil
	}
	rows, err := v.d.List("activity", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"activity.record": v.r.Id, "activity.collection": "contributions"}).
			OrderBy("activity.created", "activity.rowid").Limit(50)
	})
	if err != nil {
		return nil, err
	}
	found := []statusChange{}
	for _, row := range rows {
		if row.GetString("action") == "create" && row.GetString("via") == access.ViaJob {
			return nil, nil
		}
		if status := newStatus(row); status != "" {
			found = append(found, statusChange{status: status, person: row.GetString("actor"), via: row.GetString("via"),
				at: row.GetDateTime("created").Time()})
		}
	}
	return found, nil
}

// newStatus is the status that a row of the activity set, "" if it set none.
func newStatus(row *core.Record) string {
	changes := map[string][]string{}
	if err := row.UnmarshalJSONField("changes", &changes); err != nil {
		return ""
	}
	if row.GetString("action") == "create" {
		return "logged"
	}
	if status := changes["review_status"]; len(status) == 2 {
		return status[1]
	}
	return ""
}

// changesFromRecord are the changes that the fields of a contribution still show.
func (v *contributionView) changesFromRecord() []statusChange {
	r, logger := v.r, v.r.GetString("logged_by")
	found := []statusChange{{status: "logged", person: logger, at: r.GetDateTime("created").Time()}}
	reviewed, submitted := r.GetDateTime("reviewed_at").Time(), r.GetDateTime("submitted_at").Time()
	review := statusChange{status: v.status(), person: r.GetString("reviewed_by"), at: reviewed}
	switch v.status() {
	case statusSubmitted:
		if !reviewed.IsZero() && submitted.After(reviewed) {
			review.status = statusNeedsRevision
			found = append(found, review, statusChange{status: statusSubmitted, person: logger, at: submitted})
		}
	case statusVerified, statusNeedsRevision, statusRejected:
		found = append(found, review)
	case statusWithdrawn:
		found = append(found, statusChange{status: statusWithdrawn, person: logger, at: r.GetDateTime("updated").Time()})
	}
	return found
}
