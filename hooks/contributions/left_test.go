package contributions_test

import (
	"net/http"
	"testing"

	"simpul/hooks/testkit"
)

func TestWhoHasLeftStaysNamedInWhatIsPutRight(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "recipient", w.Forum.Id, "channelled_through", w.Agency.Id, "review_note", "Mohon foto")
	part := w.Only("stakeholders", "organisation", w.Forum.Id)
	part.Set("ended_on", "2026-11-01")
	if err := w.App.Save(part); err != nil {
		t.Fatal(err)
	}
	partner, path := w.As(w.Partner), "/contributions/"+r.Id
	begins := typed(partner.Get(path + "/edit").Want(http.StatusOK).Doc())
	partner.Post(path, form(w, "recipient", begins["recipient"], "channelled_through", begins["channelled_through"])...).Want(http.StatusSeeOther)
	wantText(t, w.Fresh(r), "recipient", w.Forum.Id)
	wantText(t, w.Fresh(r), "channelled_through", w.Agency.Id)
}
