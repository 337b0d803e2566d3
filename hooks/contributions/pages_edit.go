package contributions

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
)

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
	understand(form, page.Language(e))
	if !form.OK() {
		return s.showEdit(e, form, http.StatusUnprocessableEntity)
	}
	err = Submit(s.d, s.c.Record, form.Into)
	if form.Take(err) {
		return s.showEdit(e, form, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return page.See(e, s.c.URL()+"?sent=corrected", "contributions.corrected", "number", unbroken(s.c.Number()))
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
func correcting(e *core.RequestEvent) (*sight, *page.Form, error) {
	s, err := view(e)
	if err != nil {
		return nil, nil, err
	}
	if !s.c.IsEditable() || !s.d.May(access.MaySubmit, s.c.Record) {
		return nil, nil, access.ErrRefused
	}
	form, err := s.editForm(e)
	return s, form, err
}

func (s *sight) showEdit(e *core.RequestEvent, form *page.Form, status int) error {
	b := page.New(e, "contributions.edit").At("contributions").AsForm()
	b.Crumbs = append(s.p.Crumbs(b.Language), page.Crumb{Label: s.c.Original().GetString("item"), URL: s.c.URL()})
	return page.Render(e, status, "contributions/form", formPage{
		Base: b, Form: form, Unit: unitField(form, b.Language), Programme: s.p.Name(),
		Giver:  giverName(s.d, s.c.GetString("contributor")),
		Action: s.c.URL(), Cancel: s.c.URL(), Submit: lang.T(b.Language, "contributions.send_again"),
		Draft: "contribution-" + s.c.ID(), Reason: s.c.GetString("review_note"),
		More: filledIn(form, folded, s.p), Folded: folded,
	})
}
