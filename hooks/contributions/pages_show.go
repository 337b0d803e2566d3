package contributions

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
)

// showPage is one contribution: its acknowledgement, how it stands, what proves
// it and what the reader may do.
type showPage struct {
	page.Base
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
	Photo                     *page.Form
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
	photo  *page.Form
}

func (s *sight) show(e *core.RequestEvent, status int, typed forms) error {
	if err := s.with(); err != nil {
		return err
	}
	b := page.Titled(e, s.c.Item()).At("programmes")
	b.Crumbs = append(s.p.Crumbs(b.Language), page.Crumb{Label: lang.T(b.Language, "contributions.title"), URL: base(s.p)})
	data := showPage{
		Base: b, C: s.c, Programme: s.p.Name(), Giver: s.name("contributor"),
		Status: statusBadge(b.Language, s.c.Status()), Amount: s.c.Amount(b.Language),
		Sent:      e.Request.URL.Query().Get("sent") != "" && s.isGiver(),
		Corrected: e.Request.URL.Query().Get("sent") == "corrected",
		When:      lang.Moment(b.Language, s.c.GetDateTime("submitted_at").Time(), s.p.Zone()),
		Facts:     s.facts(b.Language), Note: s.c.GetString("review_note"), Own: s.isGiver(),
		MaySubmit: s.d.May(access.MaySubmit, s.c.Record) && s.c.IsEditable(),
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
	return page.Render(e, status, "contributions/show", data)
}

// offer says which ways lead on from here.
func (s *sight) offer(data *showPage) {
	status := s.c.Status()
	open := status == Submitted || s.c.IsEditable()
	data.MayWithdraw = open && s.d.May(access.MayWithdraw, s.c.Record)
	data.MayFulfil = s.c.GetString("stage") == Pledged && status == Verified && (s.p.Roles.Team || data.Own)
	data.Again = "/contributions/new?programme=" + s.p.Slug() + "&contributor=" + s.c.GetString("contributor")
	data.Like = "/contributions/new?like=" + s.c.ID()
	data.Fulfil = "/contributions/new?pledge=" + s.c.ID()
	data.Share = lang.T(data.Language, "contributions.share_text", "number", s.c.Number(), "item", s.c.Item(),
		"amount", data.Amount, "giver", data.Giver, "programme", s.p.Name(), "when", data.When, "status", data.Status.Text)
}

// fill reads what stands in other collections.
func (s *sight) fill(data *showPage) (err error) {
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
