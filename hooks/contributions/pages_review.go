package contributions

import (
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// reasons are the usual ones for sending a contribution back.
var reasons = []string{"quantity", "unit", "date", "proof", "giver", "duplicate", "other"}

// reviewBox is what the team decides about a contribution that waits.
type reviewBox struct {
	// Own says that the reader logged it and so may not judge it.
	Own                    bool
	Verify, Return, Reject *web.Form
	Unit                   string
	// Seen is the shape of the contribution that the reader has before them.
	Seen string
	// Returning and Rejecting keep the fold open that holds a sentence.
	Returning, Rejecting bool
}

func (s *contributionView) box(e *core.RequestEvent) *reviewBox {
	if !s.p.Roles.Team || s.c.Status() != Submitted {
		return nil
	}
	if !s.d.Can(access.MayReview, s.c.Record) {
		return &reviewBox{Own: true}
	}
	return &reviewBox{
		Verify: web.NewForm(e, "contributions", foundInput(s.c)),
		Return: web.NewForm(e, "contributions",
			web.Codes("return_reason", reasons...).Need(), web.Long("return_note").Max(1500).Need()),
		Reject: web.NewForm(e, "contributions", web.Long("reject_note").Max(1500).Need()),
		Unit:   unitLabel(web.Language(e), s.c.GetString("unit"), 2),
		Seen:   s.c.GetString("updated"),
	}
}

func foundInput(c *Contribution) *web.Input {
	if c.IsMoney() {
		return web.Money("verified_quantity")
	}
	return web.Quantity("verified_quantity")
}

// VerifyPage accepts a contribution, with what the team found where that differs.
func VerifyPage(e *core.RequestEvent) error {
	s, box, err := reviewing(e, Verified)
	if box == nil {
		return err
	}
	return s.decide(e, box, box.Verify, func() error {
		found := box.Verify.Number("verified_quantity")
		if found == 0 && box.Verify.Value("verified_quantity") != "" {
			// Empty means as given; a zero that was typed means that nothing came.
			return lang.Problems{{Field: "verified_quantity", Key: "contributions.problem_none_found"}}
		}
		return Verify(s.d, s.c.Record, found)
	})
}

// ReturnPage sends a contribution back with a reason of the list and words.
func ReturnPage(e *core.RequestEvent) error {
	s, box, err := reviewing(e, NeedsRevision)
	if box == nil {
		return err
	}
	box.Returning = true
	return s.decide(e, box, box.Return, func() error {
		reason := lang.T(web.Language(e), "contributions.return_reason."+box.Return.Value("return_reason"))
		return Return(s.d, s.c.Record, reason+": "+box.Return.Value("return_note"))
	})
}

// RejectPage refuses a contribution with a reason.
func RejectPage(e *core.RequestEvent) error {
	s, box, err := reviewing(e, Rejected)
	if box == nil {
		return err
	}
	box.Rejecting = true
	return s.decide(e, box, box.Reject, func() error {
		return Reject(s.d, s.c.Record, box.Reject.Value("reject_note"))
	})
}

// reviewing views the contribution for somebody who may judge it. There is no
// box where the answer is given already: the step leads to a status, and whoever
// has just taken it pressed the button twice, which is no mistake.
func reviewing(e *core.RequestEvent, status string) (*contributionView, *reviewBox, error) {
	s, err := view(e)
	if err != nil {
		return nil, nil, err
	}
	box := s.box(e)
	switch {
	case box == nil && s.c.Status() == status && s.isReviewer():
		return nil, nil, s.done(e)
	case box == nil || box.Own:
		return nil, nil, access.ErrRefused
	}
	return s, box, nil
}

// isReviewer reports whether the last step of the review was the reader's.
func (s *contributionView) isReviewer() bool {
	return s.p.Roles.Team && s.reader() != "" && s.reader() == s.c.GetString("reviewed_by")
}

// done leads to the contribution and says where it stands now.
func (s *contributionView) done(e *core.RequestEvent) error {
	return web.RedirectWithFlash(e, s.c.URL(), "contributions.done."+s.c.Status(), "number", s.c.Number())
}

// decide reads a form of the box and takes its step. A contribution that has
// changed since the reader saw it is shown again first.
func (s *contributionView) decide(e *core.RequestEvent, box *reviewBox, form *web.Form, step func() error) error {
	if err := form.Read(e); err != nil {
		return err
	}
	if seen := e.Request.PostFormValue("seen"); seen != "" && seen != box.Seen {
		form.AddError("", "problem.changed_meanwhile")
	}
	if !form.OK() {
		return s.show(e, http.StatusUnprocessableEntity, forms{review: box})
	}
	err := step()
	if form.AddErrors(err) {
		if err := s.again(); err != nil {
			return err
		}
		return s.show(e, http.StatusUnprocessableEntity, forms{review: box})
	}
	if err != nil {
		return err
	}
	return s.done(e)
}

func photoForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "evidence", photoInputs(web.Language(e))...)
}

// AddEvidence keeps a photo or a PDF that proves a contribution.
func AddEvidence(e *core.RequestEvent) error {
	s, err := view(e)
	if err != nil {
		return err
	}
	if !s.p.Roles.Team && !s.isGiver() {
		return access.ErrRefused
	}
	form := photoForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if form.Upload("photo") == nil {
		form.AddError("photo", "evidence.problem_nothing")
	}
	checkPhoto(form)
	if !form.OK() {
		return s.show(e, http.StatusUnprocessableEntity, forms{photo: form})
	}
	err = s.prove(form)
	if form.AddErrors(err) {
		return s.show(e, http.StatusUnprocessableEntity, forms{photo: form})
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, s.c.URL()+"#evidence", "evidence.added")
}

// prove keeps what the form brings; a form sent twice adds nothing.
func (s *contributionView) prove(form *web.Form) error {
	proof, err := newProof(s.d, form)
	if err != nil {
		return err
	}
	same, err := s.d.List("evidence", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{
			"evidence.contribution": s.c.ID(), "evidence.uploaded_by": s.reader(), "evidence.sha256": proof.GetString(fingerprint),
			"evidence.caption": proof.GetString("caption"), "evidence.people_in_it": proof.GetString("people_in_it"),
		}).Limit(1)
	})
	if err != nil || len(same) > 0 {
		return err
	}
	return attach(s.d, proof, s.c.Record)
}

// RemoveEvidence takes a file away again.
func RemoveEvidence(e *core.RequestEvent) error {
	d := web.Scope(e)
	proof, err := d.View("evidence", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if err := d.Delete(proof); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, "/contributions/"+proof.GetString("contribution"), "evidence.removed")
}

// File sends the file of a piece of evidence to those who may see it.
func File(e *core.RequestEvent) error {
	proof, err := web.Scope(e).View("evidence", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return serve(e, proof)
}
