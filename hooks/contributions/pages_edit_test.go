package contributions_test

import (
	"net/http"
	"strings"
	"testing"

	"simpul/hooks/testkit"
)

func TestWhatIsPutRightIsCheckedAgain(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "review_note", "Mohon foto")
	for name, c := range map[string]struct {
		changes []string
		field   string
	}{
		"no kind":                   {[]string{"kind", ""}, "kind"},
		"no item":                   {[]string{"item", ""}, "item"},
		"an item with a NIK":        {[]string{"item", "3374010101900001"}, "item"},
		"no quantity":               {[]string{"quantity", ""}, "quantity"},
		"a quantity of none":        {[]string{"quantity", "0,0"}, "quantity"},
		"no unit":                   {[]string{"unit", ""}, "unit"},
		"a unit of another kind":    {[]string{"unit", "module"}, "unit"},
		"a day to come":             {[]string{"given_on", "2027-01-01"}, "given_on"},
		"a day in words":            {[]string{"given_on", "besok"}, "given_on"},
		"a value without a basis":   {[]string{"value_idr", "5 juta"}, "value_basis"},
		"a basis without a value":   {[]string{"value_basis", "market_estimate"}, "value_idr"},
		"a value in words":          {[]string{"value_idr", "lumayan"}, "value_idr"},
		"half a person":             {[]string{"people_reached", "0,5"}, "people_reached"},
		"a receiver from elsewhere": {[]string{"recipient", w.Bali.Id}, "recipient"},
		"a note like a book":        {[]string{"note", strings.Repeat("a", 5001)}, "note"},
	} {
		answer := w.As(w.Partner).Post("/contributions/"+r.Id, form(w, c.changes...)...)
		if answer.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: status %d", name, answer.Status)
			continue
		}
		at := answer.Doc().Find("#" + c.field + "-error")
		if at.Length() != 1 || answer.Doc().Find(`.problems a[href="#`+c.field+`"]`).Length() == 0 {
			t.Errorf("%s: %d sentences at %s", name, at.Length(), c.field)
		}
		if fold := at.Closest("details"); fold.Length() == 1 && !fold.Is("[open]") {
			t.Errorf("%s: the sentence is folded away", name)
		}
		keeps(t, name, answer, with(form(w, c.changes...), "once", "", "programme", "", "contributor", "")[6:])
	}
	after := w.Fresh(r)
	if after.GetString("updated") != r.GetString("updated") {
		t.Error("something was changed")
	}
}

func TestTheTeamPutsRightWhatItLoggedOnBehalf(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "needs_revision", "logged_by", w.Coordinator.Id, "on_behalf", true)
	for _, a := range askers(w) {
		want := http.StatusNotFound
		switch a.name {
		case "partner", "coordinator", "initiator", "administrator":
			want = http.StatusOK
		case "guest", "disabled":
			want = http.StatusSeeOther
		}
		if got := w.As(a.record).Get("/contributions/" + r.Id + "/edit").Status; got != want {
			t.Errorf("%s: %d, want %d", a.name, got, want)
		}
	}
	w.As(w.Initiator).Post("/contributions/"+r.Id, form(w, "quantity", "21")...).Want(http.StatusSeeOther)
	after := w.Fresh(r)
	wantText(t, after, "quantity", "21")
	wantText(t, after, "logged_by", w.Coordinator.Id)
	wantText(t, after, "on_behalf", "true")
}

func TestWhatWasWithdrawnStaysWithdrawn(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "submitted")
	partner := w.As(w.Partner)
	shown := partner.Follow(partner.Post("/contributions/" + r.Id + "/withdraw")).Want(http.StatusOK)
	if said := shown.Text(".flash"); !strings.Contains(said, r.GetString("number")+" ditarik.") {
		t.Errorf("flash: %q", said)
	}
	partner.Post("/contributions/"+r.Id, form(w)...).Want(http.StatusNotFound)
	w.As(w.Initiator).Post("/contributions/" + r.Id + "/verify").Want(http.StatusNotFound)
	wantText(t, w.Fresh(r), "review_status", "withdrawn")
}

func TestADraftIsCompletedAndSent(t *testing.T) {
	w := testkit.New(t)
	r := inState(w, "draft")
	partner := w.As(w.Partner)
	shown := partner.Get("/contributions/" + r.Id).Want(http.StatusOK)
	if said := shown.Text(".callout"); !strings.Contains(said, "belum dikirim") {
		t.Errorf("a draft says %q", said)
	}
	thanks := partner.Follow(partner.Post("/contributions/"+r.Id, form(w, "quantity", "12")...)).Want(http.StatusOK)
	if !strings.Contains(thanks.Text("#number"), "SL-2026-000001") || !strings.Contains(thanks.Text("main"), "12 paket") {
		t.Errorf("the acknowledgement of a draft: %s", thanks.Text("main"))
	}
}
