package contributions

import (
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/page"
)

func photoForm(e *core.RequestEvent) *page.Form {
	return page.NewForm(e, "evidence", photoInputs(page.Language(e))...)
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
		form.Refuse("photo", "evidence.problem_nothing")
	}
	checkPhoto(form)
	if !form.OK() {
		return s.show(e, http.StatusUnprocessableEntity, forms{photo: form})
	}
	err = s.prove(form)
	if form.Take(err) {
		return s.show(e, http.StatusUnprocessableEntity, forms{photo: form})
	}
	if err != nil {
		return err
	}
	return page.See(e, s.c.URL()+"#evidence", "evidence.added")
}

// prove keeps what the form brings; a form sent twice adds nothing.
func (s *sight) prove(form *page.Form) error {
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
	d := page.Door(e)
	proof, err := d.View("evidence", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if err := d.Delete(proof); err != nil {
		return err
	}
	return page.See(e, "/contributions/"+proof.GetString("contribution"), "evidence.removed")
}

// File sends the file of a piece of evidence to those who may see it.
func File(e *core.RequestEvent) error {
	proof, err := page.Door(e).View("evidence", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return serve(e, proof)
}
